"""Newsgroup posts: shortened, and no post in two parts."""

import numpy as np
import pytest

from lib import datasets
from lib.models.posts import split_posts


@pytest.fixture
def posts(monkeypatch):
    """400 posts of three groups; every fourth was sent twice, and two of the later ones were there before."""
    words = [f"subject {number} of the post" for number in range(300)]
    early = words + words[::3]
    groups = [["comp.graphics", "comp.windows.x", "sci.space"][number % 3] for number in range(len(early))]
    late = ["new words here", *words[5:7], "more news from space"]
    late_groups = ["comp.graphics", "comp.graphics", "comp.windows.x", "sci.space"]
    monkeypatch.setattr(
        datasets, "newsgroups", lambda: (datasets.Posts(early, groups), datasets.Posts(late, late_groups))
    )
    return early, groups


def test_no_post_stands_in_two_parts_and_none_is_lost(posts):
    train, dev, test = split_posts()
    parts = [set(part.texts) for part in (train, dev, test)]
    assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
    assert len(train.texts) + len(dev.texts) == 400 and 0.08 < len(dev.texts) / 400 < 0.22
    assert test.texts == ["new words here", "more news from space"]
    assert test.groups.tolist() == ["comp.graphics", "sci.space"]
    assert sorted(zip(train.texts + dev.texts, [*train.groups, *dev.groups], strict=True)) == sorted(
        zip(*posts, strict=True)
    )


def test_a_prefix_keeps_its_groups_and_longest_the_first_words(posts):
    for part in split_posts("comp.", longest=2):
        assert set(part.groups) <= {"comp.graphics", "comp.windows.x"}
        assert isinstance(part.groups, np.ndarray) and len(part.groups) == len(part.texts)
        assert all(len(text.split()) <= 2 for text in part.texts)


def test_posts_that_become_the_same_when_cut_stay_together(posts):
    parts = [set(part.texts) for part in split_posts(longest=1)]
    assert parts == [{"subject"}, set(), {"new", "more"}] or parts == [set(), {"subject"}, {"new", "more"}]
