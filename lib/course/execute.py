"""Run a notebook in a fresh kernel and keep only what does not depend on the day."""

import re

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from lib.course.lessons import CourseToolError, Lesson

CELL_SECONDS = 300  # far above the 30 s that a cell may take: only a hang ends here


def execute(notebook: NotebookNode, lesson: Lesson, lines: list[int], allow_stubs: bool = False) -> NotebookNode:
    """Run every cell in the folder of the lesson's solutions; with ``allow_stubs``, exercises may be unwritten.

    lines: for each cell, the line of the source file where it begins.
    Raises CourseToolError with the file, the cell, the line and the error of the first cell that fails.
    """
    folder = lesson.solution.parent
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.from_dict(notebook)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # the kernel warns about its unencrypted local port
        allow_error_names=["NotImplementedError"] if allow_stubs else [],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        number, cell = _failed_cell(notebook)
        line = _line_in_cell(cell)
        raise CourseToolError(
            f"{lesson.source}:{lines[number] + line}: cell {number + 1}, line {line}: {error.ename}: {error.evalue}"
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        number, cell = _running_cell(notebook)
        what = f"no end after {CELL_SECONDS} s" if isinstance(error, CellTimeoutError) else "the kernel died"
        raise CourseToolError(f"{lesson.source}:{lines[number]}: cell {number + 1}: {what}") from None
    return tidy(notebook)


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Drop what varies between machines (widget state, language version) and join the pieces of a stream."""
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        joined: list[NotebookNode] = []
        for output in cell.outputs:
            before = joined[-1] if joined else None
            if before and output.output_type == before.output_type == "stream" and output.name == before.name:
                before.text += output.text
            else:
                joined.append(output)
        cell.outputs = joined
    return notebook


def _failed_cell(notebook: NotebookNode) -> tuple[int, NotebookNode]:
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename != "NotImplementedError":
                return number, cell
    return next(
        (number, cell)
        for number, cell in enumerate(notebook.cells)
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    )


def _running_cell(notebook: NotebookNode) -> tuple[int, NotebookNode]:
    code = [(number, cell) for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    return next(((number, cell) for number, cell in code if cell.execution_count is None), code[-1])


def _line_in_cell(cell: NotebookNode) -> int:
    """The line of the cell that raised, from the traceback's arrow; 1 if the traceback does not show it."""
    for output in cell.outputs:
        if output.output_type == "error":
            plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output.traceback))
            top = plain.split("File ", 2)[0] if plain.count("Cell In[") == 0 else plain[plain.index("Cell In[") :]
            arrow = re.search(r"^-+> ?(\d+)", top, flags=re.MULTILINE) or re.search(r"line (\d+)", top)
            return int(arrow.group(1)) if arrow else 1
    return 1
