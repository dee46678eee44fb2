"""The nbgrader settings, said once: our own build uses them, and so does every course that `release` stages."""

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)
from nbgrader.utils import is_grade
from traitlets.config import Config

SETTINGS = {
    "ClearSolutions": {
        "code_stub": {
            "python": '# Your code here\nraise NotImplementedError("write the function in place of this line")'
        },
        "text_stub": "*Your answer here.*",
    },
    # A learner's endless loop outside a check ends after this many seconds; the rest is graded.
    "Execute": {"timeout": 120, "interrupt_on_timeout": True},
    # nbgrader takes all points from a cell that writes to stderr; a warning is no mistake.
    "IgnorePattern": {"enabled": True, "pattern": r"\w*Warning\b"},
}
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, ClearHiddenTests, ClearMarkScheme)


class ShortTracebacks(NbGraderPreprocessor):
    """Keep of a failed test its message alone: a traceback would show the lines of a hidden test in the feedback."""

    def preprocess_cell(self, cell: NotebookNode, resources: dict, cell_index: int) -> tuple[NotebookNode, dict]:
        if is_grade(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def exercise_notebook(solution: NotebookNode) -> NotebookNode:
    """What the learner gets: solutions cut, outputs cleared, checks locked, checksums written."""
    notebook = NotebookNode(solution)
    for preprocessor in (*PREPROCESSORS, ComputeChecksums):  # twice, as nbgrader does: hidden tests count in neither
        notebook, _ = preprocessor(config=Config(SETTINGS)).preprocess(notebook, {})
    return notebook
