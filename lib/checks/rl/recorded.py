"""Stand-in worlds for the checks: they play back known episodes."""

from collections.abc import Callable, Sequence

from gymnasium.spaces import Discrete


class Recorded:
    """Plays back episodes one after the other, whatever is done; from the first again when all are over.

    episodes: for each, its states S_0 … S_T and its rewards R_1 … R_T. The last state ends it.
    """

    def __init__(self, episodes: Sequence[tuple[Sequence[int], Sequence[float]]], n_states: int, n_actions: int = 1):
        self.episodes = [(list(states), list(rewards)) for states, rewards in episodes]
        self.observation_space, self.action_space = Discrete(n_states), Discrete(n_actions)
        self.number, self.time = -1, 0

    @property
    def unwrapped(self):
        return self

    def reset(self, *, seed=None, options=None) -> tuple[int, dict]:
        if seed is not None:
            raise ValueError("with a seed every episode meets the same chances: call env.reset() without one")
        self.number, self.time = (self.number + 1) % len(self.episodes), 0
        return self.episodes[self.number][0][0], {}

    def step(self, action) -> tuple[int, float, bool, bool, dict]:
        if not self.action_space.contains(action):
            raise ValueError(f"there is no action {action!r}: the actions are 0 to {self.action_space.n - 1}")
        states, rewards = self.episodes[self.number]
        if self.number < 0 or self.time == len(rewards):
            raise RuntimeError("step was called after the end of the episode: begin the next one with reset")
        self.time += 1
        return states[self.time], rewards[self.time - 1], self.time == len(rewards), False, {}


class Noted(Recorded):
    """Recorded episodes in which several actions may be taken; it tells `note` of every reset and every step."""

    def __init__(self, episodes, n_states: int, n_actions: int, note: Callable) -> None:
        super().__init__(episodes, n_states, n_actions)
        self.note = note  # functions are not copied with the world, so all is heard

    def reset(self, **options):
        state, info = super().reset(**options)
        self.note("reset", state)
        return state, info

    def step(self, action):
        result = super().step(action)
        self.note("step", int(action), *result[:3])
        return result


def transitions_of(episodes) -> list[tuple[int, float, int, bool]]:
    """(state, reward, next_state, terminated) of every step."""
    return [
        (states[t], rewards[t], states[t + 1], t + 1 == len(rewards))
        for states, rewards in episodes
        for t in range(len(rewards))
    ]


def random_episodes(rng, number: int, inner: int, ends: Sequence[int], longest: int = 9) -> list:
    """Episodes through the states 0 … inner - 1 that end in one of ``ends``; states come back, rewards are normal."""
    episodes = []
    for k in range(number):
        length = int(rng.integers(2, longest)) if k else longest
        states = [*(int(s) for s in rng.integers(inner, size=length)), int(rng.choice(ends))]
        states[1 if k % 2 else -2] = states[0]  # a state that is visited again, sometimes at once
        episodes.append((states, [float(r) for r in rng.normal(size=length)]))
    return episodes
