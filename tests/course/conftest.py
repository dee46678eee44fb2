"""A small lesson to build, break and release."""

from pathlib import Path

import pytest

from lib.course.lessons import find_lessons

SAMPLE = '''\
# %% [markdown] minutes=5
# # A sample
# One exercise, borrowed from a real chapter.

# %%
import numpy as np

from lib import headline, plotting
from lib.checks.nn_theano.from_scratch import neural_network as check

# %% [markdown]
# ### Exercise · softmax

# %% exercise="softmax"
def softmax(z):
    """Rows of scores to rows of probabilities."""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% [markdown]
# Check it.

# %% check="softmax" points=2
check.softmax(softmax)

# %% [markdown] hint="softmax"
# First.

# %% [markdown] hint="softmax"
# Second.

# %% [markdown] hint="softmax"
# Third.

# %% figure="line"
plotting.training_curves({"p": softmax(np.eye(3))[0]}, "A line", "probability")

# %% [markdown] think="why" points=1
# Why?
# <!-- BEGIN SOLUTION -->
# Because.
# <!-- END SOLUTION -->

# %% [markdown]
# The end.

# %%
headline("metric", "1", "1", "nowhere")
'''


@pytest.fixture
def course(tmp_path) -> Path:
    """A course of one lesson in a folder of its own, not yet built."""
    chapter = tmp_path / "nn_theano" / "01_from_scratch"
    (chapter / "source").mkdir(parents=True)
    (chapter / "README.md").write_text("# Chapter\n")
    (chapter / "source" / "01_neural_network.py").write_text(SAMPLE)
    return tmp_path


@pytest.fixture
def lesson(course):
    """Its lesson."""
    return find_lessons(root=course)[0]
