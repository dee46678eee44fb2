"""The mutants are made where they should be, and a weak check is found out."""

from lib.checks import check
from lib.course import mutants as module
from lib.course.lessons import find_lessons
from lib.course.mutants import Score, Survivor, equivalent_mutants, mutant_scores, mutants
from lib.course.namespace import exercise_cells

CODE = '''def f(x, k=2):
    """Twice x."""
    y = x + 1
    ### BEGIN SOLUTION
    return k * x
    ### END SOLUTION
'''


def test_only_the_solution_is_mutated_and_every_mutant_compiles():
    found = list(mutants(CODE))
    assert found
    assert all(before == "return k * x" for _, before, _ in found)
    assert {after for _, _, after in found} >= {"return k / x", "return k + x", "return k - x"}
    for code, _, _ in found:
        compile(code, "mutant", "exec")


def test_a_check_that_accepts_everything_kills_nothing(lesson, monkeypatch):
    @check
    def softmax(case):
        case.call(case.rng.normal(size=(2, 2)))
        return "nothing"

    monkeypatch.setattr(module, "lesson_check", lambda lesson, exercise: softmax)
    count, survivors = module._mutate_exercise(lesson, "softmax")
    assert count > 10 and len(survivors) > count / 2


def test_the_real_check_kills_what_a_weak_one_lets_live(lesson):
    (score,) = mutant_scores([lesson])
    assert score.mutants > 10 and score.percent == 100


def test_equivalent_mutants_leave_the_score():
    survivors = (Survivor("f", "a", "b", "same thing"), Survivor("f", "a", "c", ""))
    assert Score("lesson", 10, survivors).percent == 100 * 8 / 9


def test_every_listed_equivalent_is_still_a_mutant():
    lessons = {str(lesson): lesson for lesson in find_lessons()}
    for name, exercises in equivalent_mutants().items():
        for exercise, changes in exercises.items():
            made = {f"{before} -> {after}" for _, before, after in mutants(exercise_cells(lessons[name])[exercise])}
            assert set(changes) <= made
