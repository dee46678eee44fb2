"""RESULTS.md, the staging of an nbgrader course, and the command line."""

import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from lib.course import check
from lib.course.build import build_one
from lib.course.lessons import CourseToolError, find_lessons
from lib.course.release import release
from lib.course.results import measure, write_results
from lib.messages import CourseError, one_line
from tests.course.conftest import SAMPLE


def command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "lib.course", *arguments], capture_output=True, text=True)


def test_results_hold_number_seconds_and_memory(lesson, course):
    build_one(lesson)
    assert "RESULTS.md does not hold its result" in "\n".join(check.problems(course))
    result = measure(lesson)
    assert result["value"] == "1" and 0.1 < result["seconds"] < 300 and 50 < result["megabytes"] < 2000
    assert write_results([lesson], course) == []
    page = (course / "RESULTS.md").read_text()
    assert (
        "| [A sample](nn_theano/01_from_scratch/solutions/01_neural_network.ipynb) | metric | **1** | 1 | nowhere |"
        in page
    )
    assert check.problems(course) == []


def test_results_refuse_a_number_that_was_not_reached_again(lesson, course):
    build_one(lesson)
    notebook = nbformat.read(lesson.solution, as_version=4)
    for output in notebook.cells[-1].outputs:
        output.data["application/vnd.course.headline+json"]["value"] = "2"
    nbformat.write(notebook, lesson.solution)
    (problem,) = write_results([lesson], course)
    assert "'value': '1'" in problem and "'value': '2'" in problem
    assert not (course / "RESULTS.md").exists()


def test_release_refuses_a_stale_solution(lesson, tmp_path):
    build_one(lesson)
    lesson.source.write_text(SAMPLE.replace("# The end.", "# A new end."))
    with pytest.raises(CourseToolError, match="run `make build` first"):
        release([lesson], tmp_path / "staged")


def test_release_stages_a_course_and_keeps_an_edited_configuration(lesson, tmp_path):
    build_one(lesson)
    folder = tmp_path / "staged"
    assert release([lesson], folder) == ["nn_theano-01_from_scratch"]
    assert (
        folder / "source/nn_theano-01_from_scratch/01_neural_network.ipynb"
    ).read_bytes() == lesson.solution.read_bytes()
    config = folder / "nbgrader_config.py"
    compile(config.read_text(), "config", "exec")
    config.write_text("# mine")
    release([lesson], folder)
    assert config.read_text() == "# mine"


def test_unknown_lesson_is_one_sentence_and_a_failure():
    for name in ("build", "mutants"):
        done = command(name, "rl/99_nothing")
        assert done.returncode != 0 and "Traceback" not in done.stderr
        assert "No lesson is called 'rl/99_nothing'" in done.stderr


def test_check_says_what_it_proved():
    done = command("check")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(find_lessons())} lessons: ")


def test_help_lists_the_commands():
    page = command("--help").stdout
    assert all(name in page for name in ("build", "check", "results", "release", "mutants"))


def test_ctrl_c_ends_a_build_in_one_sentence_and_leaves_no_kernel():
    lesson = find_lessons()[0]
    before = [path.read_bytes() for path in (lesson.exercise, lesson.solution)]
    arguments = [sys.executable, "-m", "lib.course", "build", "--force", str(lesson)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    family = psutil.Process(process.pid)
    deadline = time.monotonic() + 60
    while not (kernels := [one for one in family.children(recursive=True) if "ipykernel" in " ".join(one.cmdline())]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(3)  # while it is still importing, an interrupted kernel speaks for itself
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.rstrip().endswith("Stopped. What is built is complete; the other notebooks are as they were.")
    assert "Traceback" not in errors, errors
    psutil.wait_procs(kernels, timeout=20)
    assert not [kernel for kernel in kernels if kernel.is_running()]
    assert before == [path.read_bytes() for path in (lesson.exercise, lesson.solution)]


def test_course_errors_show_no_traceback_in_a_notebook():
    assert CourseError("do this")._render_traceback_() == ["do this"]


def test_one_line_folds_and_cuts():
    assert one_line(" a\n  b ") == "a b"
    assert one_line("x" * 500, 10) == "x" * 9 + "…"
