"""How episodes change while an agent learns: their length, their return, and how many fit into the time."""

from collections.abc import Mapping

import numpy as np

from lib.plotting.curves import mean_and_half_interval, moving_mean
from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, LINES, MARKERS, ink, new_figure

Runs = np.ndarray | list


def episode_statistics(
    lengths: Runs | Mapping[str, Runs],
    rewards: Runs | Mapping[str, Runs],
    title: str = "Episode statistics",
    smoothing: int = 10,
    log_y: bool = False,
) -> Picture:
    """Three panels: the length of each episode, its smoothed return, and episodes against time steps.

    lengths: (T,), the number of steps in each episode, at least 1; or (runs, T), of which the mean is drawn with its
        95 % confidence interval as a band; or label -> one of these.
    rewards: the return of each episode, in the same form.
    smoothing: each point of the second panel is the mean of the last so many episodes (fewer at the beginning).
    log_y: logarithmic lengths and returns, for a first episode that is far longer than the others.

    A length is the number of actions, the last one included. (The 2016 tutorial counted from 0: one step too few.)
    """
    lengths, rewards = _labelled(lengths), _labelled(rewards)
    if {label: one.shape for label, one in lengths.items()} != {label: one.shape for label, one in rewards.items()}:
        raise ValueError("Lengths and rewards should have the same labels and the same shapes.")
    figure, panels = new_figure(10.5, 3.6, 1, 3)
    words = []
    for number, label in enumerate(lengths):
        look = dict(color=COLOURS[number % len(COLOURS)], linestyle=LINES[number % len(LINES)])
        look |= dict(marker=MARKERS[number % len(MARKERS)], ms=4, linewidth=1.4, label=label or None)
        returns, steps = moving_mean(rewards[label], smoothing), np.cumsum(lengths[label], axis=1)
        episode = np.arange(1, steps.shape[1] + 1)
        look["markevery"] = max(1, len(episode) // 8)
        _draw(panels[0], episode, lengths[label], look)
        _draw(panels[1], episode, returns, look)
        _draw(panels[2], episode, steps, look, upright=True)
        words.append(_in_words(label, lengths[label], rewards[label], smoothing))
    smoothed = f", mean of the last {smoothing}" if smoothing > 1 else ""
    panels[0].set(title="Length", xlabel="episode", ylabel="time steps")
    panels[1].set(title="Return", xlabel="episode", ylabel=f"return{smoothed}")
    panels[2].set(title="Episodes against time", xlabel="time steps since the beginning", ylabel="episode")
    if log_y:
        panels[0].set_yscale("log")
        panels[1].set_yscale("symlog", linthresh=10)
        for axes in panels[:2]:
            _plain_ticks(axes)
    for axes in panels:
        axes.grid(True, alpha=0.6)
    if any(lengths):
        panels[0].legend()
    figure.suptitle(title, color=ink(), fontweight="bold", fontsize=12)
    return Picture(figure, f"{title}. Length, return and time of {steps.shape[1]} episodes. " + " ".join(words))


def _labelled(runs: Runs | Mapping[str, Runs]) -> dict[str, np.ndarray]:
    """label -> (runs, T); the label of a single entry is empty."""
    named = runs if isinstance(runs, Mapping) else {"": runs}
    arrays = {label: np.atleast_2d(np.asarray(one, dtype=float)) for label, one in named.items()}
    if any(one.ndim != 2 or one.size == 0 for one in arrays.values()):
        raise ValueError("Lengths and rewards should have the shape (episodes,) or (runs, episodes).")
    return arrays


def _draw(axes, episode: np.ndarray, runs: np.ndarray, look: dict, upright: bool = False) -> None:
    """One run as it is, several as their mean with a band; upright: the episode is the vertical axis."""
    mean, half = mean_and_half_interval(runs) if len(runs) > 1 else (runs[0], None)
    axes.plot(*((mean, episode) if upright else (episode, mean)), **look)
    if half is not None:
        fill = axes.fill_betweenx if upright else axes.fill_between
        fill(episode, mean - half, mean + half, color=look["color"], alpha=0.35, linewidth=0)


def _plain_ticks(axes) -> None:
    """… 10, 20, 50, 100, 200 … on a logarithmic axis: between 20 and 80 there is no power of ten."""
    steps = np.array([digit * 10**power for power in range(8) for digit in (1, 2, 5)])
    low, high = axes.get_ylim()
    axes.set_yticks([tick for tick in (*-steps, *steps) if low <= tick <= high and (abs(tick) >= 10 or low > 0)])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()


def _in_words(label: str, lengths: np.ndarray, rewards: np.ndarray, smoothing: int) -> str:
    last = min(smoothing, lengths.shape[1])
    begin = f"{label}: the" if label else "The"
    of = f" (mean of {len(lengths)} runs)" if len(lengths) > 1 else ""
    return (
        f"{begin} first episode takes {lengths[:, 0].mean():.4g} time steps, the last {last} take "
        f"{lengths[:, -last:].mean():.3g} on average with a return of {rewards[:, -last:].mean():.3g}; "
        f"all together take {lengths.sum(axis=1).mean():.5g} time steps{of}."
    )
