"""The 5 × 5 world keeps Gymnasium's contract and the rewards of Sutton and Barto's Example 3.5."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.grid import DOWN, LEFT, RIGHT, UP
from lib.envs.jump_gridworld import JumpGridworldEnv

A, B, A_END, B_END = 1, 3, 21, 13


def test_gymnasium_accepts_it_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make("course/JumpGridworld-v0").unwrapped)


def test_probabilities_are_complete_and_nothing_ever_ends():
    env = JumpGridworldEnv()
    assert set(env.P) == set(range(25)) and env.terminals == ()
    for row in env.P.values():
        assert set(row) == {UP, RIGHT, DOWN, LEFT}
        for outcomes in row.values():
            assert sum(probability for probability, *_ in outcomes) == 1
            assert all(0 <= next_state < 25 and not terminated for _, next_state, _, terminated in outcomes)


@pytest.mark.parametrize(("cell", "to", "reward"), [(A, A_END, 10.0), (B, B_END, 5.0)])
def test_the_two_special_cells_jump_whatever_the_action(cell, to, reward):
    assert all(outcomes == [(1.0, to, reward, False)] for outcomes in JumpGridworldEnv().P[cell].values())


def test_a_move_off_the_grid_stays_and_costs_one():
    P = JumpGridworldEnv().P
    off = {(s, a) for s, row in P.items() for a, ((_, to, reward, _),) in row.items() if reward == -1 and to == s}
    edges = {UP: range(5), RIGHT: range(4, 25, 5), DOWN: range(20, 25), LEFT: range(0, 25, 5)}
    assert off == {(s, a) for a, cells in edges.items() for s in cells} - {(A, UP), (B, UP)}


def test_every_other_move_goes_one_cell_and_pays_nothing():
    steps = {UP: -5, RIGHT: 1, DOWN: 5, LEFT: -1}
    for s, row in JumpGridworldEnv().P.items():
        for a, ((_, to, reward, _),) in row.items():
            if s not in (A, B) and to != s:
                assert to == s + steps[a] and reward == 0


def test_the_mean_reward_of_the_random_policy():
    """12 + 6 moves off the grid at the edges and the corners, and two cells that pay: counted by hand."""
    rewards = [reward for row in JumpGridworldEnv().P.values() for ((_, _, reward, _),) in row.values()]
    assert sum(rewards) == 4 * 10 + 4 * 5 - (20 - 2)


def test_an_episode_can_begin_everywhere():
    env = JumpGridworldEnv()
    starts = [env.reset(seed=0)[0]] + [env.reset()[0] for _ in range(999)]
    assert set(starts) == set(range(25))


def test_text_and_picture_show_where_the_jumps_begin_and_end():
    env = gymnasium.make("course/JumpGridworld-v0", render_mode="ansi")
    env.reset(options={"state": 24})
    assert env.render() == "o A o B o\no o o o o\no o o b o\no o o o o\no a o o x"
    picture = gymnasium.make("course/JumpGridworld-v0", render_mode="rgb_array")
    picture.reset(options={"state": 24})
    pixels = picture.render()
    assert pixels.dtype == np.uint8 and pixels.shape == (240, 240, 3)
    side = 48
    assert tuple(pixels[10, side + 10]) == tuple(pixels[10, 3 * side + 10]) != tuple(pixels[10, 10])
