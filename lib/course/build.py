"""source → exercises/ + solutions/, building only what changed."""

import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from lib.course.course_map import write_course_maps
from lib.course.execute import execute
from lib.course.files import notebook_text, write_if_changed
from lib.course.grading import exercise_notebook
from lib.course.lessons import CourseToolError, Lesson
from lib.course.source import read_source, solution_notebook


def build(lessons: Iterable[Lesson], jobs: int = 1, force: bool = False) -> list[str]:
    """Build the lessons, ``jobs`` at a time; return the problems, one line each. What fails keeps its old notebooks."""
    lessons, problems = list(lessons), []
    pool = ThreadPoolExecutor(jobs)  # the work itself is done in kernels, which are processes of their own
    try:
        waiting = {pool.submit(build_one, lesson, force): lesson for lesson in lessons}
        with tqdm(as_completed(waiting), total=len(lessons), unit="lesson") as progress:
            for done in progress:
                try:
                    progress.write(f"{done.result():>9}  {waiting[done]}")
                except CourseToolError as error:
                    problems.append(str(error))
                    progress.write(f"   failed  {waiting[done]}: {error}")
    except KeyboardInterrupt:
        print("Stopped. What is built is complete; the other notebooks are as they were.", file=sys.stderr, flush=True)
        os._exit(1)  # waiting for the threads would mean waiting for the notebooks; a kernel ends with its parent
    write_course_maps()
    return problems


def build_one(lesson: Lesson, force: bool = False) -> str:
    """Build one lesson and say "built" or "unchanged". Raises CourseToolError and writes nothing if a cell fails."""
    fresh = solution_notebook(lesson)
    committed = read_notebook(lesson.solution)
    if force or committed is None or not is_run_of(committed, fresh):
        lines = [cell.metadata["line"] for cell in read_source(lesson).cells]
        committed = execute(fresh, lesson, lines)
    changed = write_if_changed(lesson.solution, notebook_text(committed))
    changed |= write_if_changed(lesson.exercise, notebook_text(exercise_notebook(solution_notebook(lesson))))
    return "built" if changed else "unchanged"


def read_notebook(path) -> NotebookNode | None:
    """The notebook in that file, or None if there is no readable one."""
    try:
        return nbformat.read(path, as_version=4)
    except (FileNotFoundError, nbformat.reader.NotJSONError):
        return None


def is_run_of(solution: NotebookNode, fresh: NotebookNode) -> bool:
    """Whether ``solution`` is ``fresh`` after a complete run without an error."""
    return without_outputs(solution) == without_outputs(fresh) and not unrun_cells(solution)


def without_outputs(notebook: NotebookNode) -> dict:
    """What a run does not change: ids, types, sources and metadata of the cells."""
    cells = [{key: cell[key] for key in ("id", "cell_type", "source", "metadata")} for cell in notebook.cells]
    return {"cells": cells, "metadata": {"kernelspec": notebook.metadata.get("kernelspec")}}


def unrun_cells(notebook: NotebookNode) -> list[int]:
    """Code cells that were not run in order, or that ended in an error."""
    code = [(number, cell) for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    return [
        number
        for count, (number, cell) in enumerate(code, 1)
        if cell.execution_count != count or any(output.output_type == "error" for output in cell.outputs)
    ]
