"""Diagrams of decision processes: what is drawn is the model, and the words say it."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Arc, Circle, FancyArrowPatch

from lib.envs.recycling_robot import RecyclingRobotEnv
from lib.plotting import backup_diagrams, policy_plane, transition_diagram, use_theme
from lib.plotting.style import COLOURS

ACTIONS = ["search", "wait", "recharge"]


def robot():
    return transition_diagram(RecyclingRobotEnv().P, ["high", "low"], ACTIONS, title="Robot")


def patches(axes, kind):
    return [patch for patch in axes.patches if type(patch) is kind]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_states_are_open_circles_and_actions_are_filled_dots():
    (axes,) = robot().figure.axes
    circles = patches(axes, Circle)
    dots = [circle for circle in circles if to_hex(circle.get_facecolor()) == COLOURS[0].lower()]
    assert len(dots) == 6 and len(circles) - len(dots) == 2
    assert max(dot.radius for dot in dots) < min(circle.radius for circle in circles if circle not in dots)


def test_every_outcome_has_an_arrow_with_its_probability_and_reward():
    (axes,) = robot().figure.axes
    assert len(patches(axes, FancyArrowPatch)) == 8
    shown = texts(axes)
    wanted = ["0.7, +2", "0.3, +2", "0.5, +2", "0.5, −3", "1, +1", "1, +1", "1, 0", "1, 0"]
    assert sorted(text for text in shown if "," in text) == sorted(wanted)
    assert sorted(text for text in shown if "," not in text) == sorted(["high", "low", *2 * ACTIONS])


def test_labels_of_the_robot_do_not_overlap():
    figure = robot().figure
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    for i, one in enumerate(boxes):
        assert figure.bbox.x0 <= one.x0 and one.x1 <= figure.bbox.x1
        assert not any(one.overlaps(other) for other in boxes[:i])


def test_arrows_end_at_the_rim_of_their_state():
    (axes,) = robot().figure.axes
    centres = np.array([circle.center for circle in patches(axes, Circle) if circle.radius > 0.2])
    for arrow in patches(axes, FancyArrowPatch):
        tip = np.array(arrow._posA_posB[1])
        assert np.isclose(np.linalg.norm(centres - tip, axis=1).min(), 0.42)


def test_arrows_end_apart():
    (axes,) = robot().figure.axes
    tips = [np.array(arrow._posA_posB[1]) for arrow in patches(axes, FancyArrowPatch)]
    assert min(np.linalg.norm(a - b) for i, a in enumerate(tips) for b in tips[:i]) > 0.17


def test_the_words_name_every_transition():
    alt = robot().alt
    assert "From high, search: with probability 0.7 back to high, reward +2; with probability 0.3 to low" in alt
    assert "with probability 0.5 to high, reward −3" in alt and "From low, recharge: with probability 1 to high" in alt


def test_more_than_two_states_are_refused():
    P = {s: {0: [(1.0, s, 0.0, False)]} for s in range(3)}
    with pytest.raises(ValueError, match="two states, not for 3"):
        transition_diagram(P, ["a", "b", "c"], ["stay"])


@pytest.mark.parametrize(("kind", "arcs"), [("v_pi", 0), ("q_pi", 0), ("v*", 1), ("q*", 2)])
def test_an_arc_stands_where_the_best_action_is_taken(kind, arcs):
    picture = backup_diagrams([kind])
    (axes,) = picture.figure.axes
    assert len(patches(axes, Arc)) == arcs == texts(axes).count("max")
    assert any(r"\pi" in text for text in texts(axes)) == (arcs == 0)
    assert ("max" in picture.alt) == (arcs > 0)


def test_the_levels_of_a_tree_alternate_between_states_and_actions():
    v, q = backup_diagrams(["v_pi", "q_pi"], title="Two").figure.axes
    for axes, counts in ((v, {2.0: 1, 1.0: 3, 0.0: 6}), (q, {2.0: 1, 1.0: 2, 0.0: 6})):
        for height, count in counts.items():
            level = [circle for circle in patches(axes, Circle) if circle.center[1] == height]
            is_state = {to_hex(circle.get_facecolor()) != COLOURS[0].lower() for circle in level}
            assert len(level) == count and is_state == {(height != 1.0) == (axes is v)}
    assert "$s$" in texts(v) and r"$s,\ a$" in texts(q)


def test_each_policy_is_a_point_of_its_own_look():
    names = {str(n): (float(n), float(-n)) for n in range(9)}
    others = np.array([[1.0, 2.0], [3.0, -8.0]])
    picture = policy_plane(names, others, ["high", "low"], title="Points")
    (axes,) = picture.figure.axes
    cloud, *points, vertical, horizontal = axes.get_lines()
    np.testing.assert_allclose(cloud.get_xydata(), others)
    np.testing.assert_allclose([point.get_xydata()[0] for point in points], list(names.values()))
    assert len({(point.get_marker(), point.get_color()) for point in points}) == 9
    assert (vertical.get_xdata()[0], horizontal.get_ydata()[0]) == (8.0, 2.0)  # the best from each state
    assert axes.get_xlabel() == "value of high" and axes.get_ylabel() == "value of low"
    assert axes.get_xlim()[1] > 8.5 and axes.get_ylim()[1] > 2.5  # beyond the best there is room, and nobody in it
    assert "8 at (8.00, -8.00)" in picture.alt and "1.00 to 3.00 from high and -8.00 to 2.00 from low" in picture.alt


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_can_be_drawn(theme):
    try:
        use_theme(theme)
        for picture in (robot(), backup_diagrams(["v*", "q*"])):
            assert picture.png().startswith(b"\x89PNG")
    finally:
        use_theme("light")
