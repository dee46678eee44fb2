"""A lesson's functions without its notebook: what the checks of the checks and the mutants work with."""

import ast
import contextlib
import importlib
import io

from lib.checks import Check
from lib.course.lessons import Lesson
from lib.course.source import read_source

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def exercise_cells(lesson: Lesson) -> dict[str, str]:
    """Each exercise's name and the code of its solution, in lesson order."""
    return {cell.metadata["exercise"]: cell.source for cell in read_source(lesson).cells if "exercise" in cell.metadata}


def solution_namespace(lesson: Lesson) -> dict:
    """What the lesson imports and defines, executed in order; nothing is trained and nothing is drawn."""
    namespace: dict = {"__name__": "lesson"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in read_source(lesson).cells:
            if cell.cell_type == "code":
                tree = ast.parse(cell.source)
                tree.body = [node for node in tree.body if isinstance(node, DEFINITIONS)]
                exec(compile(tree, f"{lesson.source}:{cell.metadata['line']}", "exec"), namespace)
    return namespace


def lesson_check(lesson: Lesson, exercise: str) -> Check:
    """The check of one exercise."""
    return getattr(importlib.import_module(lesson.checks_module), exercise)
