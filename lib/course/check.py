"""The drift gate: without running anything, prove that what is committed is what the sources say."""

import importlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from lib.course.build import is_run_of, read_notebook, unrun_cells, without_outputs
from lib.course.course_map import FRONT_PICTURE, course_maps, find_headline, front_picture, read_headline
from lib.course.files import notebook_text
from lib.course.grading import exercise_notebook
from lib.course.lessons import ROOT, CourseToolError, Lesson, find_lessons
from lib.course.source import read_source, solution_notebook

# Libraries that read their settings while they load; lib makes these settings.
READ_THE_ENVIRONMENT = re.compile(r"(from|import) +(pytensor|jax|tensorflow|keras|pygame|torch)\b")
MAX_BYTES = 300_000
MAX_LINES = 30
MAX_SETUP_LINES = 8
HINTS_PER_EXERCISE = 3
MISTAKES_PER_EXERCISE = 3


def problems(root: Path = ROOT) -> list[str]:
    """Everything that keeps the committed notebooks from being trusted, one line each."""
    found: list[str] = []
    lessons = find_lessons(root=root)
    for lesson in lessons:
        try:
            found += [f"{lesson}: {problem}" for problem in lesson_problems(lesson)]
        except CourseToolError as error:
            found.append(str(error))
    expected = {path for lesson in lessons for path in (lesson.exercise, lesson.solution)}
    for chapter in {lesson.chapter_folder for lesson in lessons}:
        stray = {*chapter.glob("exercises/*"), *chapter.glob("solutions/*")} - expected
        found += [f"{path.relative_to(root)}: has no source" for path in sorted(stray) if path.suffix == ".ipynb"]
        if not (chapter / "README.md").exists():
            found.append(f"{chapter.relative_to(root)}: has no README.md")
    page = root / "RESULTS.md"
    results = page.read_text(encoding="utf-8") if page.exists() else ""
    for lesson in lessons:
        record = read_headline(lesson)
        if record and not all(record[key] in results for key in ("metric", "value", "published", "source")):
            found.append(f"{lesson}: RESULTS.md does not hold its result: run `make results`")
    picture, front = front_picture(root), root / FRONT_PICTURE
    if picture and not (front.exists() and front.read_bytes() == picture["png"]):
        found.append(f"{FRONT_PICTURE}: is not the figure of the lesson: run `make build`")
    for path, text in course_maps(root).items():
        if path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(root)}: the course map is out of date: run `make build`")
    return found


def lesson_problems(lesson: Lesson) -> Iterator[str]:
    """What is wrong with one lesson."""
    source = read_source(lesson)
    yield from _source_problems(lesson, source)
    fresh = solution_notebook(lesson)
    for path in (lesson.exercise, lesson.solution):
        if not path.exists():
            yield f"{path.parent.name}/{path.name} is missing: run `make build`"
            return
        if path.stat().st_size > MAX_BYTES:
            size = f"{path.stat().st_size / 1000:.0f} kB; {MAX_BYTES / 1000:.0f} is the most"
            yield f"{path.parent.name}/{path.name} is {size}"
    if lesson.exercise.read_text(encoding="utf-8") != notebook_text(exercise_notebook(solution_notebook(lesson))):
        yield "the exercise differs from its source: run `make build`"
    solution = read_notebook(lesson.solution)
    if solution is None or without_outputs(solution) != without_outputs(fresh):
        yield "the solution differs from its source: run `make build`"
    elif not is_run_of(solution, fresh):
        yield f"the solution's cells {unrun_cells(solution)} were not run in order without error: run `make build`"
    else:
        yield from _output_problems(source, solution)


def _source_problems(lesson: Lesson, source: NotebookNode) -> Iterator[str]:
    keys = [cell.metadata for cell in source.cells]
    exercises = [key["exercise"] for key in keys if "exercise" in key]
    for name in exercises:
        if sum(key.get("check") == name for key in keys) != 1:
            yield f"exercise {name!r} needs one check"
        hints = sum(key.get("hint") == name for key in keys)
        if hints != HINTS_PER_EXERCISE:
            yield f"exercise {name!r} has {hints} hints, not {HINTS_PER_EXERCISE}"
    if exercises:
        checks = importlib.import_module(lesson.checks_module)
        for name in exercises:
            mistakes = len(getattr(getattr(checks, name, None), "mistakes", ()))
            if mistakes < MISTAKES_PER_EXERCISE:
                yield f"exercise {name!r} has {mistakes} named mistakes, fewer than {MISTAKES_PER_EXERCISE}"
    ids = [key[kind] for key in keys for kind in ("exercise", "think") if kind in key]
    yield from (f"the name {name!r} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    if code and sum(bool(line.strip()) for line in code[0].source.splitlines()) > MAX_SETUP_LINES:
        yield f"the setup cell has more than {MAX_SETUP_LINES} lines"
    imports = [line for cell in code for line in cell.source.splitlines() if re.match(r"(from|import) +\w", line)]
    for line in itertools.takewhile(lambda line: not re.match(r"(from|import) +lib\b", line), imports):
        if READ_THE_ENVIRONMENT.match(line):
            yield f"{line!r} stands before the first import of lib and misses its settings: move it to a later cell"
    for cell in code:
        lines = len(cell.source.splitlines()) - 2 * ("exercise" in cell.metadata)
        if lines > MAX_LINES:
            yield f"line {cell.metadata['line']}: a code cell of {lines} lines; {MAX_LINES} is the most"
    prose = sum(cell.cell_type == "markdown" for cell in source.cells)
    if prose < len(code):
        yield f"{prose} prose cells for {len(code)} code cells: every code cell needs its sentence"
    for cell in source.cells:
        if cell.cell_type == "markdown":
            yield from (f"line {cell.metadata['line']}: {text}" for text in _link_problems(lesson, cell.source))


def _link_problems(lesson: Lesson, text: str) -> Iterator[str]:
    """Markdown images without alt text, and relative links that lead nowhere."""
    for mark, words, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", text):
        if mark and not words.strip():
            yield f"the image {target} has no alt text"
        if not re.match(r"[a-z]+:|#", target) and not (lesson.exercise.parent / target.split("#")[0]).exists():
            yield f"the link {target} leads nowhere"
    yield from _image_tag_problems(text)


def _image_tag_problems(text: str) -> Iterator[str]:
    """HTML images without alt text."""
    for tag in re.findall(r"<img\b[^>]*>", text):
        if not re.search(r'\balt="[^"]+"', tag):
            yield f"{tag if len(tag) <= 80 else tag[:80] + '…'} has no alt text"


def _output_problems(source: NotebookNode, solution: NotebookNode) -> Iterator[str]:
    for cell, original in zip(solution.cells, source.cells, strict=True):
        where = f"line {original.metadata['line']}"
        outputs = cell.get("outputs", [])
        images = [output for output in outputs if any(kind.startswith("image/") for kind in output.get("data", {}))]
        if "figure" in original.metadata and not images:
            yield f"{where}: the figure cell draws no picture"
        for output in images:
            kinds = [kind for kind in output.data if kind.startswith("image/")]
            if not all(output.metadata.get(kind, {}).get("alt") for kind in kinds):
                yield f"{where}: a picture without alt text"
        for output in outputs:
            page = "".join(output.get("data", {}).get("text/html", ""))
            yield from (f"{where}: {problem}" for problem in _image_tag_problems(page))
        if any(output.get("name") == "stderr" for output in outputs):
            yield f"{where}: the cell writes to stderr"
    if find_headline(solution) is None:
        yield "no headline(...) states the result"
