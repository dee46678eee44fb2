"""Building a lesson, and what the drift gate finds."""

import json
from itertools import pairwise

import nbformat
import pytest

from lib.course import check, course_map
from lib.course.build import build_one
from lib.course.course_map import BEGIN, END, course_maps, read_headline
from lib.course.lessons import CourseToolError, find_lessons


def edit(lesson, old, new):
    text = lesson.source.read_text()
    assert old in text
    lesson.source.write_text(text.replace(old, new, 1))


def edit_notebook(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(nbformat.writes(notebook))


def cell(notebook, text):
    return next(one for one in notebook.cells if text in one.source)


def gate(course) -> str:
    return "\n".join(problem for problem in check.problems(course) if "RESULTS.md" not in problem)


def test_build_makes_the_pair(lesson, course):
    assert build_one(lesson) == "built"
    exercise, solution = (nbformat.read(path, as_version=4) for path in (lesson.exercise, lesson.solution))
    nbformat.validate(exercise)
    nbformat.validate(solution)
    assert "e.sum" not in json.dumps(exercise) and "Because" not in json.dumps(exercise)
    assert "NotImplementedError" in cell(exercise, "def softmax").source
    assert cell(exercise, "check.softmax").metadata["nbgrader"]["points"] == 2
    assert cell(exercise, "check.softmax").metadata["editable"] is False
    assert not any(one.get("outputs") or one.get("execution_count") for one in exercise.cells)
    assert "✓ softmax" in cell(solution, "check.softmax").outputs[0].text
    assert set(solution.metadata) == set(exercise.metadata) == {"kernelspec"}
    assert [one.source for one in exercise.cells if one.source.startswith("<details>")]
    assert gate(course) == ""


def test_second_build_changes_no_byte(lesson):
    build_one(lesson)
    before = [path.read_bytes() for path in (lesson.exercise, lesson.solution)]
    assert build_one(lesson) == "unchanged"
    assert build_one(lesson, force=True) == "unchanged"
    assert before == [path.read_bytes() for path in (lesson.exercise, lesson.solution)]


def test_ids_stay_when_another_cell_changes(lesson):
    build_one(lesson)
    before = {one.source: one.id for one in nbformat.read(lesson.solution, as_version=4).cells}
    edit(lesson, "# The end.", "# The very end.")
    build_one(lesson)
    after = {one.source: one.id for one in nbformat.read(lesson.solution, as_version=4).cells}
    assert {text: before[text] for text in before if text in after} == {t: after[t] for t in after if t in before}


def test_picture_has_alt_text_and_words(lesson):
    build_one(lesson)
    output = cell(nbformat.read(lesson.solution, as_version=4), "plotting.training").outputs[0]
    assert output.metadata["image/png"]["alt"] == output.data["text/plain"]
    assert output.data["text/plain"].startswith("A line.")


def test_failing_cell_names_file_line_and_error_and_keeps_the_old_pair(lesson):
    build_one(lesson)
    before = [path.read_bytes() for path in (lesson.exercise, lesson.solution)]
    edit(lesson, 'headline("metric"', 'x = 1\nprint(1 / 0)\nheadline("metric"')
    line = next(n for n, text in enumerate(lesson.source.read_text().splitlines(), 1) if "1 / 0" in text)
    with pytest.raises(CourseToolError) as error:
        build_one(lesson)
    assert f"{lesson.source}:{line}: cell" in str(error.value) and "ZeroDivisionError" in str(error.value)
    assert before == [path.read_bytes() for path in (lesson.exercise, lesson.solution)]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    ### END SOLUTION\n", "", "BEGIN SOLUTION has no END SOLUTION"),
        ("    ### BEGIN SOLUTION\n", "", "do not pair"),
        ("# Check it.", "# Check it.\n# <!-- BEGIN SOLUTION -->\n# x\n# <!-- END SOLUTION -->", "belong in"),
        ('exercise="softmax"', 'excercise="softmax"', "unknown cell key excercise"),
        ("# %% [markdown] minutes=5\n", "hello\n# %% [markdown] minutes=5\n", "before the first cell"),
    ],
)
def test_malformed_source_is_refused_with_its_place(lesson, old, new, complaint):
    edit(lesson, old, new)
    with pytest.raises(CourseToolError, match=complaint) as error:
        build_one(lesson)
    assert str(lesson.source) in str(error.value)
    assert not lesson.solution.exists() and not lesson.exercise.exists()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("# The end.", "# Another end.", "differs from its source"),
        ('# %% [markdown] hint="softmax"\n# Third.\n', "", "has 2 hints, not 3"),
        ('check="softmax" points=2', "tags=[]", "needs one check"),
        ('think="why"', 'think="softmax"', "is used twice"),
        ("# The end.", "# ![](picture.png)", "has no alt text"),
        ("# The end.", "# [there](nowhere.ipynb)", "leads nowhere"),
        ("import numpy as np\n", "import numpy as np\nimport keras\n", "before the first import of lib"),
        ("import numpy as np\n", "import numpy as np\n" + "x = 1\n" * 8, "setup cell has more than 8 lines"),
        ("headline(", "x = 1\n" * 31 + "headline(", "a code cell of 32 lines"),
        ("# %% [markdown]\n# The end.\n\n", "", "every code cell needs its sentence"),
    ],
)
def test_gate_finds_what_is_wrong_in_a_source(lesson, course, old, new, complaint):
    build_one(lesson)
    if complaint.startswith("every"):
        edit(lesson, "# %% [markdown]\n# Check it.\n", "# %%\n1\n\n# %%\n2\n\n# %%\n3\n\n# %%\n4\n")
    edit(lesson, old, new)
    assert complaint in gate(course)


def test_gate_finds_too_few_mistakes(lesson, course, monkeypatch):
    from lib.checks.nn_theano.from_scratch import neural_network

    build_one(lesson)
    monkeypatch.setattr(neural_network.softmax, "mistakes", neural_network.softmax.mistakes[:2])
    assert "has 2 named mistakes" in gate(course)


def test_gate_finds_an_edited_exercise(lesson, course):
    build_one(lesson)
    edit_notebook(lesson.exercise, lambda nb: nb.cells[0].update(source="changed"))
    assert "the exercise differs" in gate(course)


def test_gate_finds_an_unrun_solution(lesson, course):
    build_one(lesson)
    edit_notebook(lesson.solution, lambda nb: cell(nb, "check.softmax").update(execution_count=None))
    assert "were not run in order" in gate(course)


def test_gate_finds_an_error_in_a_solution(lesson, course):
    build_one(lesson)
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
    edit_notebook(lesson.solution, lambda nb: cell(nb, "check.softmax").outputs.append(error))
    assert "without error" in gate(course)


def test_gate_finds_stderr_lost_alt_text_lost_picture_and_lost_headline(lesson, course):
    build_one(lesson)

    def break_outputs(notebook):
        figure = cell(notebook, "plotting.training")
        figure.outputs[0].metadata = {}
        cell(notebook, "check.softmax").outputs.append(nbformat.v4.new_output("stream", name="stderr", text="!"))
        cell(notebook, "headline(").outputs = []

    edit_notebook(lesson.solution, break_outputs)
    found = gate(course)
    assert "a picture without alt text" in found
    assert "writes to stderr" in found
    assert "no headline" in found
    edit_notebook(lesson.solution, lambda nb: cell(nb, "plotting.training").update(outputs=[]))
    assert "draws no picture" in gate(course)


@pytest.mark.parametrize(
    ("data", "metadata", "complaint"),
    [
        ({"image/gif": "R0lGOD"}, {}, "a picture without alt text"),
        ({"image/gif": "R0lGOD"}, {"image/gif": {"alt": "A pole falls."}}, ""),
        ({"image/gif": "R0lGOD", "image/png": "iVBOR"}, {"image/png": {"alt": "A pole."}}, "a picture without alt"),
        ({"text/html": '<p><img src="data:image/gif;base64,R0lGOD"></p>'}, {}, "has no alt text"),
        ({"text/html": '<img alt="A pole falls." src="data:image/gif;base64,R0lGOD">'}, {}, ""),
    ],
)
def test_gate_wants_alt_text_for_every_kind_of_picture(lesson, course, data, metadata, complaint):
    build_one(lesson)
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    edit_notebook(lesson.solution, lambda nb: cell(nb, "plotting.training").outputs.append(output))
    assert complaint in gate(course) if complaint else gate(course) == ""


def test_gate_finds_heavy_missing_and_stray_notebooks(lesson, course, monkeypatch):
    build_one(lesson)
    monkeypatch.setattr(check, "MAX_BYTES", 1000)
    assert "kB" in gate(course)
    monkeypatch.undo()
    lesson.exercise.with_name("02_stray.ipynb").write_text("{}")
    assert "02_stray.ipynb: has no source" in gate(course)
    lesson.exercise.unlink()
    assert "01_neural_network.ipynb is missing" in gate(course)


def test_course_map_lists_lessons_and_results(lesson, course):
    pages = [course / "README.md", lesson.chapter_folder / "README.md"]
    for page in pages:
        page.write_text(f"# Heading\n\n{BEGIN}\n{END}\n\nafter\n")
    build_one(lesson)
    assert gate(course).count("the course map is out of date") == 2
    front, chapter = (course_maps(course)[page] for page in pages)
    row = "| [Heading](nn_theano/01_from_scratch/README.md) | [A sample](nn_theano/01_from_scratch/exercises/"
    assert "### [nn_theano](nn_theano/README.md)" in front and f"{row}01_neural_network.ipynb) | 5 |" in front
    assert "[A sample](exercises/01_neural_network.ipynb)" in chapter and "**1**" in chapter
    for page, text in zip(pages, (front, chapter), strict=True):
        assert text.endswith("\n\nafter\n")
        page.write_text(text)
    assert gate(course) == ""
    assert read_headline(lesson)["published"] == "1"


def test_front_picture_is_the_figure_of_its_lesson(lesson, course, monkeypatch):
    monkeypatch.setattr(course_map, "FRONT_LESSON", str(lesson))
    monkeypatch.setattr(course_map, "FRONT_FIGURE", "line")
    build_one(lesson)
    assert "front_page.png: is not the figure" in gate(course)
    course_map.write_course_maps(course)
    assert gate(course) == ""
    (course / course_map.FRONT_PICTURE).write_bytes(b"another picture")
    assert "front_page.png: is not the figure" in gate(course)


def test_link_row_joins_neighbours_and_colab(lesson, course):
    second = lesson.source.with_name("02_next.py")
    second.write_text(lesson.source.read_text().replace("# # A sample", "# # The next one"))
    (course / "pyproject.toml").write_text('[tool.course]\nrepository = "https://github.com/o/r"\n')
    build_one(lesson)
    row = nbformat.read(lesson.exercise, as_version=4).cells[0].source
    assert "5 minutes" in row and "[The next one →](02_next.ipynb)" in row and "←" not in row
    notebook = "nn_theano/01_from_scratch/exercises/01_neural_network.ipynb"
    assert f"colab.research.google.com/github/o/r/blob/main/{notebook}" in row
    assert "pip install -q git+https://github.com/o/r" in row


def test_selection_by_topic_chapter_lesson_and_file(lesson, course):
    for name in ("nn_theano", "nn_theano/01_from_scratch", str(lesson), str(lesson.source), "nn_theano/"):
        assert find_lessons([name], root=course) == [lesson]
    with pytest.raises(CourseToolError, match="No lesson is called 'nn_thean'"):
        find_lessons(["nn_thean"], root=course)


def test_lessons_stand_in_course_order():
    lessons = find_lessons()
    assert lessons
    assert all(a.chapter != b.chapter or a.name < b.name for a, b in pairwise(lessons))
