"""Judging lists of words."""

import numpy as np

from lib.messages import one_line


def same_words(case, what: str, got, want: list[str]) -> None:
    """End the check unless ``got`` is this list of texts."""
    got = got.tolist() if isinstance(got, np.ndarray) else got
    if not isinstance(got, list | tuple) or not all(isinstance(word, str) for word in got):
        nan = "NaN in it, not a word: " if "nan" in str(got) else ""
        case.fail(f"{what} should be one list of texts, but there is {nan}{one_line(repr(got), 60)}")
    elif list(got) != want:
        at = next((i for i, (a, b) in enumerate(zip(got, want, strict=False)) if a != b), min(len(got), len(want)))
        expected, came = (repr(words[at]) if at < len(words) else "the end" for words in (want, got))
        case.fail(f"{what}, at place {at}: expected {expected}, got {came}")
