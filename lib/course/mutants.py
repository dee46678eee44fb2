"""How sharp are the checks? Break every solution in every small way and count the breaks that a check notices.

The mutations are those of the library Cosmic Ray; only lines between the solution markers are changed.
A survivor is either equivalent to the solution, and then listed with the reason in ``tests/equivalent_mutants.toml``,
or a hole in the check.
"""

import contextlib
import io
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from tqdm import tqdm

from lib.course.lessons import ROOT, Lesson
from lib.course.namespace import exercise_cells, lesson_check, solution_namespace
from lib.course.source import BEGIN, END

EQUIVALENT = ROOT / "tests" / "equivalent_mutants.toml"
ARITHMETIC = ("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow")  # on floats, bit operators could only crash
COMPARISON = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
OPERATORS = (
    *(f"ReplaceBinaryOperator_{a}_{b}" for a in ARITHMETIC for b in ARITHMETIC if a != b),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a in COMPARISON for b in COMPARISON if a != b),
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Not",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ZeroIterationForLoop",
)


@dataclass(frozen=True)
class Survivor:
    """A broken solution that its check took for right."""

    exercise: str
    before: str
    after: str
    reason: str  # why it is equivalent; empty if nobody has shown that

    def __str__(self) -> str:
        verdict = f"equivalent: {self.reason}" if self.reason else "NOT KILLED"
        return f"{self.exercise}: `{self.before}` -> `{self.after}`  ({verdict})"


@dataclass(frozen=True)
class Score:
    """The mutants of one lesson. ``survivors`` holds equivalent ones too; the ratio leaves them out."""

    lesson: str
    mutants: int
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        return self.mutants - len(self.survivors)

    @property
    def meaningful(self) -> int:
        """The mutants that are not known to be equivalent to the solution."""
        return self.mutants - sum(bool(one.reason) for one in self.survivors)

    @property
    def percent(self) -> float:
        """Killed among the meaningful ones, in percent."""
        return 100 * self.killed / self.meaningful if self.meaningful else 100.0


def mutant_scores(lessons: Iterable[Lesson], jobs: int = 1) -> Iterator[Score]:
    """Mutate every exercise of every lesson; yield a score per lesson."""
    lessons = list(lessons)
    work = [(lesson, exercise) for lesson in lessons for exercise in exercise_cells(lesson)]
    results: dict[Lesson, list] = {lesson: [] for lesson in lessons}
    # Fresh processes: a forked one could inherit a lock from a thread that it does not have.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        done = pool.map(_mutate_exercise, *zip(*work, strict=True)) if work else []
        for (lesson, _), result in zip(work, tqdm(done, total=len(work), unit="exercise"), strict=True):
            results[lesson].append(result)
    for lesson, parts in results.items():
        survivors = tuple(survivor for _, found in parts for survivor in found)
        yield Score(str(lesson), sum(count for count, _ in parts), survivors)


def mutants(code: str) -> Iterator[tuple[str, str, str]]:
    """Every mutant of the lines between the solution markers: its code, the line before, the line after."""
    seen = {code}
    for name in OPERATORS:
        operator, occurrence = get_operator(f"core/{name}")(), 0
        while (mutated := mutate_code(code, operator, occurrence)) is not None:
            occurrence += 1
            change = _changed_line(code, mutated)
            if mutated not in seen and change is not None:
                seen.add(mutated)
                yield mutated, *change


def _changed_line(code: str, mutated: str) -> tuple[str, str] | None:
    """The changed line before and after, or None if it lies outside the solution or does not compile."""
    try:
        compile(mutated, "mutant", "exec")
    except SyntaxError:
        return None
    inside = False
    for before, after in zip(code.splitlines(), mutated.splitlines(), strict=False):
        inside = (inside or BEGIN in before) and END not in before
        if before != after:
            return (before.strip(), after.strip()) if inside else None
    return None


def _mutate_exercise(lesson: Lesson, exercise: str) -> tuple[int, list[Survivor]]:
    namespace, check = solution_namespace(lesson), lesson_check(lesson, exercise)
    reasons = equivalent_mutants().get(str(lesson), {}).get(exercise, {})
    count, survivors = 0, []
    for code, before, after in mutants(exercise_cells(lesson)[exercise]):
        count += 1
        if _passes(check, exercise, code, namespace):
            survivors.append(Survivor(exercise, before, after, reasons.get(f"{before} -> {after}", "")))
    return count, survivors


def _passes(check, exercise: str, code: str, namespace: dict) -> bool:
    world = dict(namespace)
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(code, "mutant", "exec"), world)
            check(world[exercise])
        except Exception:
            return False
    return True


def equivalent_mutants(path: Path = EQUIVALENT) -> dict:
    """lesson -> exercise -> "line before -> line after" -> why no check can tell them apart."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
