"""Where lessons live, and how they are named."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib.messages import CourseError

ROOT = Path(__file__).resolve().parents[2]
TOPICS = ("rl", "rnn", "cnn_text", "chatbot", "attention", "nn_theano")


class CourseToolError(CourseError):
    """Something in a lesson must be mended; the message says what and where."""


@dataclass(frozen=True, order=True)
class Lesson:
    """One lesson, known by its source file ``<topic>/<chapter>/source/<name>.py``."""

    source: Path

    @property
    def name(self) -> str:
        return self.source.stem

    @property
    def chapter_folder(self) -> Path:
        return self.source.parent.parent

    @property
    def chapter(self) -> str:
        """The chapter as typed on the command line, for example ``rl/04_dynamic_programming``."""
        return f"{self.chapter_folder.parent.name}/{self.chapter_folder.name}"

    @property
    def exercise(self) -> Path:
        return self.chapter_folder / "exercises" / f"{self.name}.ipynb"

    @property
    def solution(self) -> Path:
        return self.chapter_folder / "solutions" / f"{self.name}.ipynb"

    @property
    def checks_module(self) -> str:
        """The module with this lesson's checks, named like the lesson without the numbers."""
        topic, chapter = self.chapter.split("/")
        return f"lib.checks.{topic}.{_unnumbered(chapter)}.{_unnumbered(self.name)}"

    def __str__(self) -> str:
        return f"{self.chapter}/{self.name}"


def find_lessons(selection: Iterable[str] = (), root: Path = ROOT) -> list[Lesson]:
    """Lessons in course order; ``selection`` names topics, chapters, lessons or source files (none: all).

    Raises CourseToolError for a name that matches nothing.
    """
    lessons = [
        Lesson(path) for topic in TOPICS for path in sorted((root / topic).glob("[0-9][0-9]_*/source/[0-9][0-9]_*.py"))
    ]
    chosen: list[Lesson] = []
    for wanted in selection:
        name = wanted.rstrip("/").removesuffix(".py").replace("/source/", "/")
        matching = [
            one for one in lessons if f"{one}/".startswith(f"{name}/") or f"{root}/{one}/".startswith(f"{name}/")
        ]
        if not matching:
            raise CourseToolError(
                f"No lesson is called {wanted!r}: name a topic, a chapter such as {_example(lessons)}."
            )
        chosen += matching
    return [one for one in lessons if one in chosen] if selection else lessons


def _unnumbered(name: str) -> str:
    """``01_from_scratch`` -> ``from_scratch``."""
    return name.split("_", 1)[1]


def _example(lessons: list[Lesson]) -> str:
    return f"{lessons[0].chapter}, or a lesson such as {lessons[0]}" if lessons else "rl/04_dynamic_programming"
