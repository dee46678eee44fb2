"""Word vectors that others have trained."""

import io
import zipfile
from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

from lib.datasets.download import fetch
from lib.datasets.registry import REGISTRY

DIMENSIONS = (50, 100, 200, 300)


def glove(words: Iterable[str], dimensions: int = 300) -> dict[str, np.ndarray]:
    """GloVe vectors (Pennington et al. 2014; 6 billion words of Wikipedia and newswire) for those words that have one.

    words: in lower case.  dimensions: 50, 100, 200 or 300, else ValueError.  Each vector: float32 (dimensions,).
    The download is 862 MB, so no lesson makes it unasked; set COURSE_DATA to choose where it is kept.
    Raises DatasetError if it cannot be downloaded.
    """
    if dimensions not in DIMENSIONS:
        raise ValueError(f"GloVe comes with 50, 100, 200 or 300 numbers a word, not {dimensions}.")
    entry, wanted, vectors = REGISTRY["glove"], set(words), {}
    with (
        zipfile.ZipFile(fetch(entry.name)) as archive,
        archive.open(entry.member.format(dimensions=dimensions)) as member,
    ):
        for line in tqdm(io.TextIOWrapper(member, "utf-8", newline="\n"), "GloVe", 400_000, disable=None):
            word, numbers = line.split(" ", 1)
            if word in wanted:
                vectors[word] = np.array(numbers.split(), np.float32)
    return vectors
