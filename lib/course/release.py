"""Stage chapters as an ordinary nbgrader course: the instructor goes on with nbgrader's own commands."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from lib.course.build import is_run_of, read_notebook
from lib.course.grading import SETTINGS
from lib.course.lessons import CourseToolError, Lesson
from lib.course.source import solution_notebook

CONFIG = """\
# An ordinary nbgrader course, staged by `python -m lib.course release`. Edit this file as you like: it is kept.
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests

from lib.course.grading import ShortTracebacks

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "course"
{settings}
# Feedback shows no hidden test, neither in its cell nor in a traceback; nbgrader alone would show both.
c.GenerateFeedback.preprocessors = [ClearHiddenTests, ShortTracebacks, *GenerateFeedback().preprocessors]

# The checks draw their cases from a seed. With a seed of your own at autograding time, answers that were fitted to
# the public cases fail:
# import os
# os.environ["CHECK_SEED"] = "any whole number"
"""


def assignment_name(chapter: str) -> str:
    """nbgrader wants flat names: ``rl/04_dynamic_programming`` becomes ``rl-04_dynamic_programming``."""
    return chapter.replace("/", "-")


def release(lessons: Iterable[Lesson], folder: Path) -> list[str]:
    """Copy the chapters' solutions to ``folder/source`` and write the course's configuration; return assignment names.

    A configuration, grade book or submission that is already there is left alone.
    Raises CourseToolError if a solution is not up to date: points must never rest on a stale notebook.
    """
    lessons = list(lessons)
    for lesson in lessons:
        committed = read_notebook(lesson.solution)
        if committed is None or not is_run_of(committed, solution_notebook(lesson)):
            raise CourseToolError(f"{lesson}: the solution is not up to date: run `make build` first.")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nbgrader_config.py"
    if not config.exists():
        lines = [f"c.{cls}.{key} = {value!r}" for cls, keys in SETTINGS.items() for key, value in keys.items()]
        config.write_text(CONFIG.format(settings="\n".join(lines)), encoding="utf-8")
    for lesson in lessons:
        target = folder / "source" / assignment_name(lesson.chapter)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(lesson.solution, target / f"{lesson.name}.ipynb")
    return sorted({assignment_name(lesson.chapter) for lesson in lessons})
