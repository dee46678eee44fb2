"""What the figures of Mountain Car say and show."""

import numpy as np
import pytest

from lib.models import mountain_car as model
from lib.plotting import cost_to_go, state_maps, tilings
from lib.plotting.mountain_car import HIGH, LOW, SHAPE, mesh


def test_the_mesh_covers_the_states_in_which_there_is_something_to_decide():
    np.testing.assert_array_equal([LOW, HIGH], [model.LOW, model.HIGH])
    states = mesh()
    assert states.shape == (SHAPE[0] * SHAPE[1], 2)
    np.testing.assert_allclose([states.min(axis=0), states.max(axis=0)], [LOW, HIGH])
    inner = mesh(part=0.5)
    np.testing.assert_allclose(np.ptp(inner, axis=0), (HIGH - LOW) / 2)
    np.testing.assert_allclose(inner.mean(axis=0), (LOW + HIGH) / 2, atol=1e-12)


def test_a_plane_has_position_to_the_right_and_velocity_upwards():
    states = mesh()
    picture = state_maps({"a": states[:, 0], "b": states[:, 1]}, "Axes", "number")
    for axes, increasing in zip(picture.figure.axes, (1, 0), strict=False):  # NumPy's axis along which it grows
        (image,) = axes.images
        values = np.asarray(image.get_array())
        assert (np.diff(values, axis=increasing) > 0).all() and np.allclose(np.diff(values, axis=1 - increasing), 0)
        assert image.origin == "lower" and (axes.get_xlabel(), axes.get_ylabel()) == ("position", "velocity per step")
    assert "from -1.2 at position -1.20" in picture.alt and "to 0.07 at position -1.20, velocity 0.070" in picture.alt


def test_each_panel_has_a_colour_scale_of_its_own():
    cost = np.linspace(0, 100, len(mesh()))
    picture = cost_to_go({"early": cost / 50, "late": cost}, "Cost")
    images = [image for axes in picture.figure.axes for image in axes.images]
    assert [image.get_clim() for image in images] == [(0, 2), (0, 100)]
    assert "early: from 0 at" in picture.alt and "to 2 at" in picture.alt and "late: from 0" in picture.alt
    solids = [axes for axes in picture.figure.axes if axes.name == "3d"]
    assert len(solids) == 2 and all(axes.get_zlabel() == "steps still to go" for axes in solids)


def test_a_single_surface_has_its_plane_beside_it():
    cost = np.linspace(0, 100, len(mesh()))
    places = {}
    for panels in ("a", "ab"):
        picture = cost_to_go(dict.fromkeys(panels, cost), "Cost")
        picture.png()  # lays the figure out
        solid = next(axes for axes in picture.figure.axes if axes.name == "3d")
        plane = next(axes for axes in picture.figure.axes if axes.images)
        places[panels] = solid.get_window_extent(), plane.get_window_extent(), solid.xaxis.label.get_size()
    (solid, plane, size), (above, below, small) = places.values()
    assert solid.x1 < plane.x0 and above.y0 > below.y1 and size > small


def test_a_path_is_drawn_from_its_start_to_its_end():
    path = np.array([[-0.5, 0.0], [-0.6, -0.02], [-0.4, 0.03], [0.52, 0.03]])
    picture = cost_to_go({"run": np.zeros(len(mesh()))}, "Cost", paths={"run": path})
    lines = [line for axes in picture.figure.axes for line in axes.lines]
    np.testing.assert_array_equal(np.column_stack(lines[0].get_data()), path)
    assert [line.get_marker() for line in lines[1:]] == ["o", "*"]
    assert "an episode of 3 steps, in which the car turns 1 times and ends at position 0.52" in picture.alt


@pytest.mark.parametrize("shift", [(0, 0), (1 / 8, 3 / 8), (7 / 8, 5 / 8)])
def test_tilings_mark_the_tile_of_the_formula(shift):
    state = np.array([-0.5, 0.005])
    picture = tilings({"a": state}, {"one": shift}, tiles=8, title="Tilings")
    column, row = np.floor((state - LOW) / (HIGH - LOW) * 8 + shift).astype(int)
    assert f"a in column {column}, row {row}" in picture.alt
    (patch,) = [one for one in picture.figure.axes[0].collections if one.get_hatch()]
    corners = patch.get_paths()[0].vertices
    assert (corners.min(axis=0) <= state).all() and (state < corners.max(axis=0)).all()
    np.testing.assert_allclose(np.ptp(corners, axis=0), (HIGH - LOW) / 8)


def test_pictures_become_png():
    for picture in (
        state_maps({"": np.zeros(len(mesh()))}, "One", "number", points=np.array([[-0.5, 0.0]])),
        cost_to_go({name: np.arange(float(len(mesh()))) for name in "abc"}, "Three"),
    ):
        assert picture.png().startswith(b"\x89PNG")
