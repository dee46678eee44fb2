"""The nbgrader round trip: a chapter is released, eight learners hand in, nbgrader grades, feedback goes out.

The commands are nbgrader's own, run as an instructor would run them. ``--all-chapters`` does every chapter.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from lib.course.lessons import find_lessons
from lib.course.release import assignment_name, release

FAST_CHAPTER = "rl/01_introduction"
HIDDEN_WORDS = "a secret of the hidden test"


def pytest_generate_tests(metafunc):
    if "chapter" in metafunc.fixturenames:
        every = sorted({lesson.chapter for lesson in find_lessons()})
        chapters = every if metafunc.config.getoption("--all-chapters") else [FAST_CHAPTER]
        metafunc.parametrize("chapter", chapters, scope="module", indirect=True)


def nbgrader(course: Path, *arguments: str) -> str:
    """Run an nbgrader command in the course; its programs (alembic among them) must be on the path."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def grading(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def exercise_cell(notebook, name=None):
    """The last exercise of a notebook, on which no other depends, or the one of that name."""
    cells = [cell for cell in notebook.cells if grading(cell).get("solution") and cell.cell_type == "code"]
    return cells[-1] if name is None else next(cell for cell in cells if grading(cell)["grade_id"] == name)


def check_cell(notebook):
    """The check of the last exercise."""
    name = "check-" + grading(exercise_cell(notebook))["grade_id"]
    return next(cell for cell in notebook.cells if grading(cell).get("grade_id") == name)


def function_name(notebook) -> str:
    return grading(exercise_cell(notebook))["grade_id"]


def hard_coded(notebook):
    name = function_name(notebook)
    exercise_cell(notebook).source += (
        f"\n\n_right, _seen = {name}, []\n\n"
        f"def {name}(*args, **kwargs):\n"
        "    if not _seen:\n"
        "        _seen.append(_right(*args, **kwargs))\n"
        "    return _seen[0]\n"
    )


def wrong_with_check_blanked(notebook):
    exercise_cell(notebook).source = f"def {function_name(notebook)}(*args, **kwargs):\n    return 0\n"
    check_cell(notebook).source = "pass"


def check_removed(notebook):
    notebook.cells.remove(check_cell(notebook))


def endless(notebook):
    exercise_cell(notebook).source = f"def {function_name(notebook)}(*args, **kwargs):\n    while True:\n        pass\n"


def warning(notebook):
    for cell in notebook.cells:
        if grading(cell).get("solution") and cell.cell_type == "code":
            cell.source = cell.source.replace(
                "### BEGIN SOLUTION", 'import warnings; warnings.warn("take care")\n    ### BEGIN SOLUTION'
            )
        elif grading(cell).get("grade") and cell.cell_type == "code":  # the restored check ignores this line
            cell.source = 'import warnings; warnings.warn("take care")\n' + cell.source


def noisy(notebook):
    exercise_cell(notebook).source = exercise_cell(notebook).source.replace(
        "### BEGIN SOLUTION", 'import sys; print("a note to myself", file=sys.stderr)\n    ### BEGIN SOLUTION'
    )


# student -> what became of the solution, and whether the last check of each notebook still earns its points
STUDENTS = {
    "solver": (lambda notebook: None, True),
    "warner": (warning, True),
    "noisy": (noisy, True),
    "hardcoder": (hard_coded, False),
    "blanker": (wrong_with_check_blanked, False),
    "remover": (check_removed, False),
    "looper": (endless, False),
}

HIDDEN = f"""\
assert answer() > 0
### BEGIN HIDDEN TESTS
assert answer() == 42, "not the answer to everything"  # {HIDDEN_WORDS}
### END HIDDEN TESTS
"""


def write_hidden_test_assignment(course: Path) -> None:
    """A small assignment with a hidden test, handed in with a wrong answer."""

    def notebook(answer, test):
        ids = {"grade_id": "answer", "grade": False, "solution": True, "locked": False}
        check = {"grade_id": "check-answer", "grade": True, "solution": False, "locked": True, "points": 1}
        cells = [nbformat.v4.new_code_cell(answer), nbformat.v4.new_code_cell(test)]
        for cell, metadata in zip(cells, (ids, check), strict=True):
            cell.metadata["nbgrader"] = metadata | {"schema_version": 3, "task": False}
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})

    right = "def answer():\n    ### BEGIN SOLUTION\n    return 42\n    ### END SOLUTION"
    for folder, content in (
        ("source/hidden", notebook(right, HIDDEN)),
        ("submitted/solver/hidden", notebook("def answer():\n    return 7", "assert answer() > 0")),
    ):
        (course / folder).mkdir(parents=True)
        nbformat.write(content, course / folder / "01_hidden.ipynb")


@pytest.fixture(scope="module")
def chapter(request, tmp_path_factory):
    """A chapter after the whole round trip: its lessons, the course folder, the assignment's name."""
    lessons = find_lessons([request.param])
    course, name = tmp_path_factory.mktemp("course"), assignment_name(request.param)
    assert release(lessons, course) == [name]
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Execute.timeout = 25\n")  # a test need not wait two minutes for a loop
    write_hidden_test_assignment(course)
    nbgrader(course, "generate_assignment", name, "--create")
    nbgrader(course, "generate_assignment", "hidden", "--create")
    for student, (change, _) in {**STUDENTS, "untouched": (None, False)}.items():
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True)
        for lesson in lessons:
            path = lesson.solution if change else course / "release" / name / f"{lesson.name}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            if change:
                change(notebook)
            nbformat.write(notebook, folder / f"{lesson.name}.ipynb")
    for assignment in (name, "hidden"):
        nbgrader(course, "autograde", assignment)
        nbgrader(course, "generate_feedback", assignment)
    return lessons, course, name


def scores(course, name, student, lesson) -> dict[str, tuple[float, float]]:
    """check -> (points earned, points possible) of the cells that are graded by machine."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(lesson, name, student)
        return {grade.name: (grade.score, grade.max_score) for grade in notebook.grades if grade.name[:6] == "check-"}


def test_release_is_the_committed_exercise_byte_for_byte(chapter):
    lessons, course, name = chapter
    for lesson in lessons:
        assert (course / "release" / name / f"{lesson.name}.ipynb").read_bytes() == lesson.exercise.read_bytes()


@pytest.mark.parametrize("student", STUDENTS)
def test_points(chapter, student):
    lessons, course, name = chapter
    for lesson in lessons:
        last = "check-" + function_name(nbformat.read(lesson.solution, as_version=4))
        found = scores(course, name, student, lesson.name)
        assert found and all(most > 0 for _, most in found.values())
        for cell, (points, most) in found.items():
            keeps = STUDENTS[student][1] or cell != last
            assert points == (most if keeps else 0), (lesson, student, cell)


def test_untouched_exercise_earns_nothing(chapter):
    lessons, course, name = chapter
    for lesson in lessons:
        found = scores(course, name, "untouched", lesson.name)
        assert found and not any(points for points, _ in found.values())
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            assert gradebook.find_submission_notebook(lesson.name, name, "untouched").score == 0


def test_everyone_gets_feedback(chapter):
    lessons, course, name = chapter
    for student in (*STUDENTS, "untouched"):
        for lesson in lessons:
            assert (course / "feedback" / student / name / f"{lesson.name}.html").stat().st_size > 10_000


def test_hidden_test_counts_and_stays_hidden(chapter):
    _, course, _ = chapter
    assert HIDDEN_WORDS not in (course / "release/hidden/01_hidden.ipynb").read_text()
    assert scores(course, "hidden", "solver", "01_hidden") == {"check-answer": (0, 1)}
    feedback = (course / "feedback/solver/hidden/01_hidden.html").read_text()
    assert "not the answer to everything" in feedback
    assert HIDDEN_WORDS not in feedback and "HIDDEN TESTS" not in feedback


def test_second_release_keeps_what_the_instructor_has(chapter):
    lessons, course, _ = chapter
    before = (course / "nbgrader_config.py").read_text(), (course / "gradebook.db").read_bytes()
    release(lessons, course)
    assert before == ((course / "nbgrader_config.py").read_text(), (course / "gradebook.db").read_bytes())
