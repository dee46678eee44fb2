"""The checks of the checks: every exercise of every lesson, the same questions for each."""

import functools
import importlib

import numpy as np
import pytest

from lib.checks import CheckFailed, framework
from lib.course.grading import SETTINGS
from lib.course.lessons import find_lessons
from lib.course.namespace import exercise_cells, lesson_check, solution_namespace

LESSONS = {str(lesson): lesson for lesson in find_lessons()}
EXERCISES = [(name, exercise) for name, lesson in LESSONS.items() for exercise in exercise_cells(lesson)]


def number_of_mistakes(name, exercise) -> int:
    """0 where the check is still missing: then this lesson's tests fail, and the other lessons' tests run."""
    try:
        return len(lesson_check(LESSONS[name], exercise).mistakes)
    except (ImportError, AttributeError, SyntaxError, NameError):
        return 0


MISTAKES = [(name, exercise, n) for name, exercise in EXERCISES for n in range(number_of_mistakes(name, exercise))]
every_exercise = pytest.mark.parametrize(("name", "exercise"), EXERCISES)


@functools.cache
def namespace(name):
    return solution_namespace(LESSONS[name])


@functools.cache
def alternatives(name):
    module = LESSONS[name].checks_module.replace("lib.checks.", "tests.checks.alternatives.")
    return importlib.import_module(module).ALTERNATIVES


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine a right answer must not fail for its time: only endless loops are judged by the clock here."""
    monkeypatch.setattr(framework, "SECONDS", 60.0)


def checked(name, exercise):
    """The check and the solution of an exercise."""
    return lesson_check(LESSONS[name], exercise), namespace(name)[exercise]


def message_of(check, function) -> str:
    with pytest.raises(CheckFailed) as failure:
        check(function)
    return str(failure.value)


@every_exercise
def test_solution_passes_quietly_in_one_line(name, exercise, capsys):
    check, solution = checked(name, exercise)
    check(solution)
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"✓ {exercise}: ") and out.count("\n") == 1


@every_exercise
def test_other_right_answers_pass(name, exercise):
    check, _ = checked(name, exercise)
    right = alternatives(name)[exercise]
    assert len(right) >= 2
    for function in right:
        check(function)


@every_exercise
@pytest.mark.parametrize("seed", ["1", "2", "987654321"])
def test_solution_passes_whatever_the_seed(name, exercise, seed, monkeypatch):
    monkeypatch.setenv(framework.SEED_VARIABLE, seed)
    check, solution = checked(name, exercise)
    check(solution)


@every_exercise
def test_stub_is_not_written_yet(name, exercise, capsys):
    check, _ = checked(name, exercise)
    world = dict(namespace(name))
    code, stub = exercise_cells(LESSONS[name])[exercise].split("### BEGIN SOLUTION")[0], SETTINGS["ClearSolutions"]
    exec(code + stub["code_stub"]["python"].replace("\n", "\n    "), world)
    with pytest.raises(NotImplementedError, match=f"… {exercise}: not written yet"):
        check(world[exercise])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "exercise", "number"), MISTAKES)
def test_each_mistake_is_named(name, exercise, number):
    check, _ = checked(name, exercise)
    message, wrong = check.mistakes[number]
    assert message_of(check, wrong).startswith(f"✗ {exercise}: {message}")


@every_exercise
def test_mistakes_have_messages_of_their_own(name, exercise):
    check, _ = checked(name, exercise)
    messages = [message for message, _ in check.mistakes]
    assert len(messages) >= 3 and len(set(messages)) == len(messages)


@every_exercise
def test_none_is_explained(name, exercise):
    check, _ = checked(name, exercise)
    assert "returned None" in message_of(check, lambda *args, **kwargs: None)


def spoil(value, change):
    """The answer with every array or number changed, whatever it is packed in."""
    if isinstance(value, dict):
        return {key: spoil(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and not all(np.isscalar(one) for one in value):
        return type(value)(spoil(one, change) for one in value)
    return change(np.asarray(value))


def spoiled(solution, change):
    @functools.wraps(solution)
    def function(*args, **kwargs):
        return spoil(solution(*args, **kwargs), change)

    return function


@every_exercise
def test_nan_is_explained(name, exercise):
    check, solution = checked(name, exercise)
    broken = spoiled(solution, lambda values: np.full(values.shape, np.nan))
    assert "NaN" in message_of(check, broken)


@every_exercise
def test_wrong_shape_is_explained(name, exercise):
    check, solution = checked(name, exercise)
    message = message_of(check, spoiled(solution, lambda values: np.stack([values, values])))
    assert any(word in message for word in ("shape", "should", "array", "number"))


@every_exercise
def test_changed_argument_is_explained(name, exercise):
    check, solution = checked(name, exercise)
    changed = []

    @functools.wraps(solution)
    def careless(*args, **kwargs):
        answer = solution(*args, **kwargs)
        for argument in args:
            for values in argument.values() if isinstance(argument, dict) else [argument]:
                if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.size:
                    values += 1
                    changed.append(values)
        return answer

    try:
        message = message_of(check, careless)
    except pytest.fail.Exception:
        assert not changed  # the arguments hold no array
    else:
        assert "changed its argument" in message


@every_exercise
def test_endless_loop_is_explained(name, exercise, monkeypatch):
    check, _ = checked(name, exercise)
    monkeypatch.setattr(framework, "SECONDS", 0.5)

    def endless(*args, **kwargs):
        while True:
            pass

    assert "no answer within 0.5 seconds" in message_of(check, endless)


@every_exercise
def test_error_is_explained_with_its_line(name, exercise):
    check, _ = checked(name, exercise)

    def crashes(*args, **kwargs):
        return [][0]

    message = message_of(check, crashes)
    assert "IndexError" in message and "return [][0]" in message


@every_exercise
def test_calling_the_function_first_is_explained(name, exercise):
    check, _ = checked(name, exercise)
    assert "without calling it" in message_of(check, 3.0)
