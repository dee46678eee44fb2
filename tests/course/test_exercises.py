"""Every exercise notebook, run from top to bottom as it is: it stops at its stubs and at nothing else."""

import nbformat
import pytest

from lib.course.execute import execute
from lib.course.lessons import find_lessons
from lib.course.source import read_source


@pytest.mark.parametrize("lesson", find_lessons(), ids=str)
def test_exercise_runs_to_its_stubs(lesson):
    exercise = nbformat.read(lesson.exercise, as_version=4)
    lines = [cell.metadata["line"] for cell in read_source(lesson).cells]
    run = execute(exercise, lesson, lines, allow_stubs=True)  # any other error raises, with its place
    for cell in run.cells:
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            assert [one.ename for one in errors] == ["NotImplementedError"], cell.source
        for one in errors:
            shown = "\n".join(one.traceback)
            assert "not written yet" in shown and "Traceback" not in shown and len(shown) < 200, shown
        assert not any(output.get("name") == "stderr" for output in cell.get("outputs", []))
