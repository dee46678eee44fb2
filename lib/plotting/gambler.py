"""The stakes of the gambler's problem."""

from collections.abc import Mapping, Sequence

from lib.plotting.picture import Picture
from lib.plotting.style import COLOURS, ink, new_figure


def stakes(
    optimal: Mapping[int, Sequence[int]], goal: int, title: str, chosen: Mapping[int, int] | None = None
) -> Picture:
    """A dot for every optimal stake of every capital, under the line of the largest stake that makes sense.

    optimal: capital -> its optimal stakes.  chosen: capital -> one stake, drawn as a cross, for example by argmax.
    """
    figure, axes = new_figure(7.0, 3.8)
    axes.plot([0, goal / 2, goal], [0, goal / 2, 0], color=ink(), linewidth=1, linestyle=":", label="largest stake")
    pairs = [(capital, stake) for capital, best in optimal.items() for stake in best]
    axes.scatter(*zip(*pairs, strict=True), s=14, color=COLOURS[0], label="optimal stakes", zorder=2)
    words = f"{len(pairs)} optimal stakes for {len(optimal)} capitals, up to {max(map(len, optimal.values()))} for one"
    if chosen:
        axes.scatter(list(chosen), list(chosen.values()), s=34, marker="x", color=COLOURS[5], label="chosen", zorder=3)
        wrong = sum(stake not in optimal[capital] for capital, stake in chosen.items())
        words += f"; of {len(chosen)} chosen stakes {wrong} are not optimal"
    axes.set(title=title, xlabel="capital", ylabel="stake", xlim=(0, goal), ylim=(0, goal / 2 * 1.06))
    axes.grid(True, alpha=0.6)
    axes.legend(loc="upper right")
    single = {capital: best[0] for capital, best in optimal.items() if len(best) == 1}
    most = max(single, key=single.get) if single else None
    if most is not None:
        words += f"; the largest stake that has no equal is {single[most]} at capital {most}"
    return Picture(figure, f"{title}. Stake against capital: {words}.")
