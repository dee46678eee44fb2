"""The cliff keeps Gymnasium's contract, the dynamics of its CliffWalking-v1, and those of the 2016 tutorial."""

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import lib.envs  # noqa: F401  (registers the environments)
from lib.envs.cliff_walking import CLIFF, GOAL, START, CliffWalkingEnv
from lib.envs.grid import DOWN, LEFT, RIGHT, UP

RULES = ("reset", "terminate")
EDGE = [UP] + [RIGHT] * 11 + [DOWN]  # the shortest way
TOP = [UP] * 3 + [RIGHT] * 11 + [DOWN] * 3  # the way that keeps farthest from the cliff
each_rule = pytest.mark.parametrize("rule", RULES)


def make(**options):
    return gymnasium.make("course/CliffWalking-v0", **options)


def reachable(P) -> set[int]:
    """The states in which a walker from the start may ever have to choose an action."""
    found, waiting = set(), [START]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            outcomes = [outcome for row in P[state].values() for outcome in row]
            waiting += [to for _, to, _, terminated in outcomes if not terminated]
    return found


@each_rule
def test_gymnasium_accepts_it_without_a_warning(rule):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(on_fall=rule).unwrapped)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_several_cliffs_run_side_by_side(mode):
    cliffs = gymnasium.make_vec("course/CliffWalking-v0", num_envs=3, vectorization_mode=mode)
    try:
        states, _ = cliffs.reset(seed=1)
        assert states.tolist() == [START] * 3
        states, rewards, *_ = cliffs.step(np.array([UP, RIGHT, LEFT]))
        assert states.tolist() == [24, START, START] and rewards.tolist() == [-1, -100, -1]
    finally:
        cliffs.close()


def test_the_book_s_rule_is_the_default():
    assert make().unwrapped.on_fall == "reset" and make().unwrapped.P == CliffWalkingEnv("reset").P


def test_random_steps_agree_with_gymnasium_s_own_cliff():
    ours, theirs = make().unwrapped, gymnasium.make("CliffWalking-v1").unwrapped
    rng = np.random.default_rng(0)
    falls = ends = 0
    state, _ = ours.reset(seed=0)
    assert state == theirs.reset(seed=0)[0] == START
    for action in rng.choice(4, p=[0.25, 0.35, 0.2, 0.2], size=20_000):  # leaning to the right, to get somewhere
        state, reward, terminated, truncated, _ = ours.step(action)
        assert (state, reward, terminated, truncated) == tuple(theirs.step(action)[:4])
        falls += reward == -100
        if terminated:
            ends += 1
            assert state == GOAL and ours.reset()[0] == theirs.reset()[0] == START
    assert falls > 1000 and ends > 20


def test_the_model_agrees_with_gymnasium_s_where_one_can_be():
    ours, theirs = CliffWalkingEnv().P, gymnasium.make("CliffWalking-v1").unwrapped.P
    cells = reachable(ours)
    assert cells == set(range(48)) - set(CLIFF) - {GOAL}
    for state in cells:
        for action in (UP, RIGHT, DOWN, LEFT):
            assert ours[state][action] == [tuple(outcome) for outcome in theirs[state][action]]


def test_the_playground_of_2016():
    """Up, right, right, and down over the edge: the episode is over."""
    env = make(on_fall="terminate")
    assert env.reset(seed=0)[0] == 36
    seen = [env.step(action)[:3] for action in (UP, RIGHT, RIGHT, DOWN)]
    assert seen == [(24, -1, False), (25, -1, False), (26, -1, False), (38, -100, True)]


@each_rule
def test_rules_differ_in_the_steps_into_the_cliff_alone(rule):
    P = CliffWalkingEnv(rule).P
    falls = {(state, action) for state in reachable(P) for action in P[state] if P[state][action][0][2] == -100}
    assert falls == {(cell - 12, DOWN) for cell in CLIFF} | {(START, RIGHT)}
    for state, action in falls:
        cell = state + 12 if action == DOWN else state + 1
        wanted = (1.0, START, -100.0, False) if rule == "reset" else (1.0, cell, -100.0, True)
        assert P[state][action] == [wanted]
    other = CliffWalkingEnv("terminate" if rule == "reset" else "reset").P
    for state in reachable(P):
        for action in P[state]:
            assert (state, action) in falls or P[state][action] == other[state][action]


@each_rule
def test_every_row_of_the_model_is_complete(rule):
    env = CliffWalkingEnv(rule)
    assert set(env.P) == set(range(48)) and env.observation_space.n == 48 and env.action_space.n == 4
    for state, row in env.P.items():
        assert set(row) == {UP, RIGHT, DOWN, LEFT}
        for ((probability, next_state, reward, terminated),) in row.values():
            assert probability == 1 and 0 <= next_state < 48 and reward in (0, -1, -100)
            assert type(reward) is float and type(terminated) is bool
            if state in env.terminals:
                assert (next_state, reward, terminated) == (state, 0, True)
            else:
                assert reward < 0 and terminated == (next_state in env.terminals)


@each_rule
def test_steps_follow_the_model(rule):
    env = CliffWalkingEnv(rule)
    rng = np.random.default_rng(1)
    state, _ = env.reset(seed=1)
    for action in rng.integers(4, size=2000):
        ((probability, *expected),) = env.P[state][int(action)]
        next_state, reward, terminated, truncated, info = env.step(action)
        assert [next_state, reward, terminated] == expected and not truncated and info == {"prob": probability}
        state = env.reset()[0] if terminated else next_state


@each_rule
@pytest.mark.parametrize(("way", "steps"), [(EDGE, 13), (TOP, 17)])
def test_the_edge_takes_13_steps_and_the_top_row_17(rule, way, steps):
    env = CliffWalkingEnv(rule)
    env.reset(seed=0)
    *before, last = [env.step(action) for action in way]
    assert len(way) == steps and last[:3] == (GOAL, -1, True)
    assert all(reward == -1 and not terminated for _, reward, terminated, _, _ in before)


@each_rule
def test_no_way_is_shorter_than_13_steps(rule):
    P = CliffWalkingEnv(rule).P
    reached, steps = {START}, 0
    while GOAL not in reached:
        reached |= {to for state in reached for ((_, to, _, _),) in P[state].values()}
        steps += 1
    assert steps == 13


def test_an_episode_can_begin_where_the_caller_wants():
    env = make()
    assert env.reset(options={"state": 3})[0] == 3
    for state in (48, -1, 2.5, "a"):
        with pytest.raises(ValueError, match="whole number from 0 to 47"):
            env.reset(options={"state": state})


def test_text_shows_agent_cliff_and_goal():
    env = make(render_mode="ansi")
    env.reset(seed=0)
    row = " ".join("o" * 12)
    assert env.render() == "\n".join([row, row, row, "x C C C C C C C C C C T"])
    env.step(UP)
    assert env.render().splitlines()[2:] == ["x o o o o o o o o o o o", "o C C C C C C C C C C T"]
    fallen = make(on_fall="terminate", render_mode="ansi")
    fallen.reset(seed=0)
    fallen.step(RIGHT)
    assert fallen.render().splitlines()[3] == "o x C C C C C C C C C T"


def test_picture_shows_cliff_goal_and_agent_in_their_cells():
    env = make(render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    side = picture.shape[0] // 4
    assert picture.dtype == np.uint8 and picture.shape == (4 * side, 12 * side, 3)
    middle = picture[side // 2 :: side, side // 2 :: side]
    colours = {tuple(int(part) for part in colour) for colour in middle.reshape(-1, 3)}
    assert len(colours) == 4  # ground, cliff, goal, agent
    assert (middle[3, 1:11] == middle[3, 1]).all() and (middle[:3] == middle[0, 0]).all()
    assert len({tuple(middle[3, column]) for column in (0, 1, 11)}) == 3


@pytest.mark.parametrize("rule", ["restart", "", None, True, 1])
def test_a_rule_that_does_not_exist_is_refused_in_one_sentence(rule):
    with pytest.raises(ValueError, match="on_fall should be 'reset' or 'terminate', not"):
        CliffWalkingEnv(on_fall=rule)


def test_a_bad_render_mode_is_refused():
    with pytest.raises(ValueError, match="'ansi' or 'rgb_array', not 'human'"):
        CliffWalkingEnv(render_mode="human")


@pytest.mark.parametrize("action", [4, -1, 1.5, "up", None])
def test_an_action_that_does_not_exist_is_refused(action):
    env = CliffWalkingEnv()
    env.reset(seed=0)
    with pytest.raises(gymnasium.error.InvalidAction, match=r"2 \(down\)"):
        env.step(action)


def test_a_step_before_reset_says_what_to_do():
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        CliffWalkingEnv().step(UP)
