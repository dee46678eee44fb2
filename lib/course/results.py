"""RESULTS.md: every lesson's number beside the published one, with the seconds and the memory that it took."""

import os
import platform
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
from tqdm import tqdm

from lib.course.course_map import find_headline, read_headline
from lib.course.execute import execute
from lib.course.files import write_if_changed
from lib.course.lessons import ROOT, CourseToolError, Lesson
from lib.course.source import read_source, solution_notebook, title

# Run as the last cell of a measured notebook: the most memory that its kernel ever held.
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def measure(lesson: Lesson) -> dict:
    """Run the solution in a fresh kernel: its headline, ``seconds`` and ``megabytes``.

    Raises CourseToolError if a cell fails, or if the committed solution states another result.
    """
    notebook = solution_notebook(lesson)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK, id="peak-memory"))
    lines = [cell.metadata["line"] for cell in read_source(lesson).cells] + [0]
    start = time.perf_counter()
    run = execute(notebook, lesson, lines)
    seconds = time.perf_counter() - start
    record, committed = find_headline(run), read_headline(lesson)
    if record is None or record != committed:
        raise CourseToolError(
            f"{lesson}: this run states {record}, the committed solution {committed}: run `make build`"
        )
    unit = 1e6 if sys.platform == "darwin" else 1e3  # macOS counts bytes, Linux kilobytes
    return {**record, "seconds": seconds, "megabytes": int(run.cells[-1].outputs[0].text) / unit}


def write_results(lessons: Iterable[Lesson], root: Path = ROOT) -> list[str]:
    """Measure the lessons one after the other and write RESULTS.md; return the problems, and write only without any."""
    rows, problems = [], []
    for lesson in tqdm(list(lessons), unit="lesson"):
        try:
            result = measure(lesson)
        except CourseToolError as error:
            problems.append(str(error))
            continue
        link = f"[{title(lesson)}]({lesson.solution.relative_to(root).as_posix()})"
        rows.append(
            f"| {link} | {result['metric']} | **{result['value']}** | {result['published']} | {result['source']} "
            f"| {result['seconds']:.0f} | {result['megabytes']:.0f} |"
        )
    if not problems:
        write_if_changed(root / "RESULTS.md", _page(rows))
    return problems


def _page(rows: list[str]) -> str:
    machine = f"{os.cpu_count()} CPU cores, Python {platform.python_version()}, no GPU used"
    return "\n".join(
        [
            "# Results",
            "",
            "Every solution notebook, run from top to bottom in a fresh kernel by `make results`. Seconds include the",
            f"start of the kernel and the imports. Measured on {machine}.",
            "",
            "| Lesson | What is measured | Ours | Published | Source | Seconds | MB |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
