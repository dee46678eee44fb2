"""Wrong answers that give the right errors: the check of ``fit`` counts steps and draws, too."""

import numpy as np
import pytest

from lib.checks import CheckFailed
from lib.checks.rnn.backpropagation_through_time import a_task_that_needs_memory as check


def extra_step(step, draw, most, solved, window):
    errors = []
    for _ in range(most):
        error = step(*draw())
        if len(errors) >= window and np.mean(errors[-window:]) < solved:
            break
        errors.append(error)
    return errors


def extra_draw(step, draw, most, solved, window):
    draw()
    errors = []
    while len(errors) < most:
        errors.append(step(*draw()))
        if len(errors) >= window and np.mean(errors[-window:]) < solved:
            break
    return errors


@pytest.mark.parametrize(
    ("wrong", "message"),
    [(extra_step, "a step is made whose error is not returned"), (extra_draw, "a batch is drawn that no step uses")],
)
def test_fit_counts_steps_and_draws(wrong, message):
    with pytest.raises(CheckFailed, match=message):
        check.fit(wrong)
