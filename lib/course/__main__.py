"""The command line of the tool chain: ``python -m lib.course COMMAND --help``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lib.course.lessons import CourseToolError, find_lessons

app = typer.Typer(help="Build, verify, measure and release the course.", no_args_is_help=True, add_completion=False)

CORES = os.cpu_count() or 1

Selection = Annotated[list[str] | None, typer.Argument(help="Topics, chapters or lessons; all if none is named.")]
Jobs = Annotated[int, typer.Option(help="How many notebooks to run at a time.", min=1)]


@app.command()
def build(
    selection: Selection = None,
    jobs: Jobs = CORES,
    force: Annotated[bool, typer.Option(help="Run every solution again, changed or not.")] = False,
) -> None:
    """Turn sources into exercise and solution notebooks; only what changed is run."""
    from lib.course.build import build as build_lessons

    _end(build_lessons(find_lessons(selection or ()), jobs, force))


@app.command()
def check() -> None:
    """The drift gate: prove, without running anything, that the notebooks are what their sources say."""
    from lib.course.check import problems

    found = problems()
    _end(found)
    print(f"{len(find_lessons())} lessons: exercises and solutions are what their sources say.")


@app.command()
def results() -> None:
    """Run every solution, compare its result with the committed one, and write RESULTS.md."""
    from lib.course.results import write_results

    _end(write_results(find_lessons()))


@app.command()
def release(
    chapters: Annotated[list[str], typer.Argument(help="Chapters, such as rl/04_dynamic_programming.")],
    to: Annotated[Path, typer.Option(help="The folder of the nbgrader course.")],
) -> None:
    """Stage chapters as an nbgrader course."""
    from lib.course.release import release as stage

    names = stage(find_lessons(chapters), to)
    print(f"Staged {', '.join(names)}. Go on there with:")
    for name in names:
        print(f"  cd {to} && nbgrader generate_assignment {name} --create")


@app.command()
def mutants(
    selection: Selection = None,
    jobs: Jobs = CORES,
    least: Annotated[float, typer.Option(help="Fail below this score, in percent.")] = 95.0,
) -> None:
    """Break every solution in every small way and count what the checks notice."""
    from lib.course.mutants import mutant_scores

    low = []
    for score in mutant_scores(find_lessons(selection or ()), jobs):
        for survivor in score.survivors:
            print(f"  {survivor}")
        print(f"{score.lesson}: {score.killed} of {score.meaningful} killed, {score.percent:.1f} %")
        if score.percent < least:
            low.append(f"{score.lesson}: {score.percent:.1f} % is below {least:g} %")
    _end(low)


def _end(problems: list[str]) -> None:
    """Say what is wrong and end with exit status 1, if anything is."""
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        raise typer.Exit(1)


if __name__ == "__main__":
    try:
        app(standalone_mode=True)
    except CourseToolError as error:
        sys.exit(str(error))
