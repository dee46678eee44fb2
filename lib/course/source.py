"""Read a lesson's source file and expand its short cell keys into an nbgrader notebook.

The keys, written behind ``# %%``:

=====================================  ==============================================================
``[markdown] minutes=45``              the title cell: how long a learner needs
``exercise="softmax"``                 the learner writes what stands between the solution markers
``check="softmax" points=2``           the check of that exercise; its cell is locked
``[markdown] hint="softmax"``          three of them, folded: a nudge, the equation or shape, nearly code
``[markdown] think="why" points=1``    an open question, graded by hand
``figure="loss"``                      the cell draws a picture
``tags=["nbval-ignore-output"]``       as in nbval: run, but do not compare the output
=====================================  ==============================================================
"""

import hashlib
import os
import re
import tomllib
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from lib.course.lessons import ROOT, CourseToolError, Lesson, find_lessons

KEYS = ("exercise", "check", "hint", "think", "figure", "points", "minutes")
HINTS = ("a nudge", "the idea in symbols", "nearly code")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


def read_source(lesson: Lesson) -> NotebookNode:
    """The source as a notebook whose cell metadata still holds the short keys, and ``line``: where it begins.

    Raises CourseToolError for an unknown key or for solution markers that do not pair.
    """
    text = lesson.source.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("# %%")]
    if len(starts) != len(notebook.cells):
        raise CourseToolError(
            f"{lesson.source}: text stands before the first cell; begin the file with `# %% [markdown]`"
        )
    for cell, line in zip(notebook.cells, starts, strict=True):
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's note on blank lines
        unknown = set(cell.metadata) - {*KEYS, "tags"}
        if unknown:
            raise CourseToolError(f"{lesson.source}:{line}: unknown cell key {', '.join(sorted(unknown))}")
        cell.metadata["line"] = line
        _check_markers(cell, f"{lesson.source}:{line}")
    return notebook


def _check_markers(cell: NotebookNode, where: str) -> None:
    """nbgrader drops a stray marker silently and clears a whole cell that has none, so both are refused here."""
    open_now, pairs = False, 0
    for line in cell.source.splitlines():
        if BEGIN in line or END in line:
            if (BEGIN in line) == open_now:
                raise CourseToolError(f"{where}: the solution markers do not pair")
            open_now = not open_now
            pairs += not open_now
    if open_now:
        raise CourseToolError(f"{where}: BEGIN SOLUTION has no END SOLUTION")
    wants = "exercise" in cell.metadata or "think" in cell.metadata
    if wants and not pairs:
        raise CourseToolError(f"{where}: this cell needs a BEGIN SOLUTION and an END SOLUTION")
    if pairs and not wants:
        raise CourseToolError(f"{where}: solution markers belong in an exercise or think cell")


def solution_notebook(lesson: Lesson) -> NotebookNode:
    """The lesson as an nbgrader source notebook, not yet run."""
    source = read_source(lesson)
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": dict(KERNEL)})
    hints: dict[str, int] = {}
    seen: set[str] = set()
    for number, cell in enumerate(source.cells):
        keys = dict(cell.metadata)
        text, grading = cell.source, None
        if number == 0:
            text += "\n\n" + link_row(lesson, keys.get("minutes"))
        if "exercise" in keys:
            grading = _grading(keys["exercise"], solution=True)
        elif "check" in keys:
            grading = _grading(f"check-{keys['check']}", grade=True, locked=True, points=keys.get("points", 1))
        elif "think" in keys:
            grading = _grading(f"think-{keys['think']}", grade=True, solution=True, points=keys.get("points", 1))
        elif "hint" in keys:
            hints[keys["hint"]] = hints.get(keys["hint"], 0) + 1
            label = HINTS[min(hints[keys["hint"]], len(HINTS)) - 1]
            summary = f"Hint {hints[keys['hint']]} · {label}"
            text = f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
        new = nbformat.v4.new_code_cell(text) if cell.cell_type == "code" else nbformat.v4.new_markdown_cell(text)
        if "tags" in keys:
            new.metadata["tags"] = list(keys["tags"])
        if grading is not None:
            new.metadata["nbgrader"] = grading
        new.id = grading["grade_id"] if grading else _content_id(cell.cell_type, text, seen)
        seen.add(new.id)
        notebook.cells.append(new)
    return notebook


def _grading(grade_id: str, grade=False, solution=False, locked=False, points=None) -> dict:
    """nbgrader's cell metadata, schema 3."""
    metadata = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3}
    metadata |= {"solution": solution, "task": False}
    return metadata | ({"points": points} if grade else {})


def _content_id(kind: str, text: str, seen: set[str]) -> str:
    """An id that changes only with the cell, so that a diff of two builds shows what really changed."""
    number = 0
    while True:
        candidate = hashlib.sha256(f"{kind}\n{text}\n{number}".encode()).hexdigest()[:12]
        if candidate not in seen:
            return candidate
        number += 1


def title(lesson: Lesson) -> str:
    """The lesson's title: the first heading of its source."""
    found = re.search(r"^# # (.+)$", lesson.source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if not found:
        raise CourseToolError(f"{lesson.source}:1: the first cell needs a title, `# # Title`")
    return found.group(1).strip()


def minutes(lesson: Lesson) -> int:
    """How many minutes a learner needs, as its title cell says."""
    found = re.search(r"^# %% \[markdown\] minutes=(\d+)", lesson.source.read_text(encoding="utf-8"))
    if not found:
        raise CourseToolError(f"{lesson.source}:1: the first cell needs `minutes=…`")
    return int(found.group(1))


def link_row(lesson: Lesson, minutes: int | None) -> str:
    """Previous, next, exercise, solution, chapter and, once the project has a public address, Colab."""
    root = lesson.chapter_folder.parents[1]
    lessons = find_lessons([lesson.chapter_folder.parent.name], root=root)  # neighbours in the same topic
    here = lessons.index(lesson)
    links = []
    if here > 0:
        links.append(f"[← {title(lessons[here - 1])}]({_relative(lesson, lessons[here - 1].exercise)})")
    links += [f"[Exercise](../exercises/{lesson.name}.ipynb)", f"[Solution](../solutions/{lesson.name}.ipynb)"]
    links.append("[Chapter](../README.md)")
    repository = public_address(root)
    if repository:
        colab = repository.replace("https://github.com", "https://colab.research.google.com/github")
        links.append(f"[Open in Colab]({colab}/blob/main/{lesson.exercise.relative_to(root).as_posix()})")
    if here + 1 < len(lessons):
        links.append(f"[{title(lessons[here + 1])} →]({_relative(lesson, lessons[here + 1].exercise)})")
    time = [f"{minutes} minutes"] if minutes else []
    row = " · ".join(time + links)
    if repository:
        row += f"\n\nIn Colab, run `%pip install -q git+{repository}` first."
    return row


def public_address(root: Path = ROOT) -> str:
    """Where the project is published (``tool.course.repository`` in pyproject.toml); empty before it is."""
    file = root / "pyproject.toml"
    if not file.exists():
        return ""
    return tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("course", {}).get("repository", "")


def _relative(lesson: Lesson, target: Path) -> str:
    return Path(os.path.relpath(target, lesson.exercise.parent)).as_posix()
