"""Posts to newsgroups for the text CNN: shortened, and split so that no part holds a post of another."""

from typing import NamedTuple

import numpy as np

from lib import datasets

DEV = 0.15  # of the training posts


class Posts(NamedTuple):
    """texts: letters and spaces alone, in lower case.  groups: str (posts,), where each was sent to."""

    texts: list[str]
    groups: np.ndarray


def split_posts(prefix: str = "", longest: int = 100) -> tuple[Posts, Posts, Posts]:
    """Training, dev and test part of those 20 Newsgroups whose names begin with ``prefix``.

    longest: words of a post that are kept, the first ones.
    Dev and training posts are of the same weeks, the test posts are later. A post that was sent twice (its kept words
    are the same) is in one part: those of training and dev stand on one side, and the test part has none of theirs.
    """
    earlier, later = (_shortened(posts, prefix, longest) for posts in datasets.newsgroups())
    known = set(earlier.texts)
    parts = [(earlier, rows) for rows in datasets.split_by_group(earlier.texts, (1 - DEV, DEV))]
    parts.append((later, np.array([row for row, text in enumerate(later.texts) if text not in known], np.int64)))
    return tuple(Posts([posts.texts[row] for row in rows], posts.groups[rows]) for posts, rows in parts)


def _shortened(posts: datasets.Posts, prefix: str, longest: int) -> Posts:
    kept = [row for row, group in enumerate(posts.groups) if group.startswith(prefix)]
    texts = [" ".join(posts.texts[row].split()[:longest]) for row in kept]
    return Posts(texts, np.array([posts.groups[row] for row in kept]))
