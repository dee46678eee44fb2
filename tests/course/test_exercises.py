"""Every exercise notebook, run from top to bottom as it is: it stops at its stubs and at nothing else."""

import nbformat
import pytest
from nbclient import NotebookClient

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
            assert "not written yet" in one.evalue
            assert "not written yet" in shown and "Traceback" not in shown and len(shown) < 200, shown
        assert not any(output.get("name") == "stderr" for output in cell.get("outputs", []))


def test_a_wrong_answer_is_one_message_without_a_traceback(lesson):
    wrong = "def softmax(z):\n    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)"
    check = "from lib.checks.nn_theano.from_scratch import neural_network as check"
    setup = f"import numpy as np\nfrom lib import setup\n{check}\nsetup()"
    cells = [nbformat.v4.new_code_cell(text) for text in (setup, wrong, "check.softmax(softmax)", "1 + 1")]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    client = NotebookClient(notebook, kernel_name="python3", allow_errors=True)
    *_, check, after = client.execute().cells
    notes = [output for output in check.outputs if output.output_type == "stream"]
    (error,) = [output for output in check.outputs if output.output_type == "error"]
    assert {output.name for output in notes} == {"stdout"} and "note: your code gave a RuntimeWarning" in notes[0].text
    assert error.ename == "CheckFailed" and len(error.traceback) == 1
    assert error.traceback[0].startswith("✗ softmax: exp overflows for large scores")
    assert after.outputs[0].data["text/plain"] == "2"


def test_an_error_that_a_library_raises_is_shown_as_it_is():
    cells = ["from lib import setup\nsetup()", "import asyncio\nasyncio.AbstractEventLoop().stop()"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(text) for text in cells]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    (error,) = NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute().cells[1].outputs
    shown = "\n".join(error.traceback)
    assert error.ename == "NotImplementedError" and "Traceback" in shown and "not written" not in shown
