"""The gambler's problem solved exactly, in fractions.

With p_h below ½ bold play is optimal, with p_h above ½ timid play is, and with a fair coin everything is (L. E. Dubins
and L. J. Savage, How to Gamble If You Must, 1965). The values of both follow without a sweep, and which stakes are
optimal is then a question of true equality.
"""

import functools
from fractions import Fraction


def bold_values(p: Fraction, goal: int) -> list[Fraction]:
    """The probability to reach the goal from each capital by always staking as much as makes sense."""
    known = {0: Fraction(0), goal: Fraction(1)}

    def next_one(s: int) -> tuple[int, Fraction, Fraction]:
        """V(s) = a + b·V(t), as (t, a, b): after the other side of the coin it is over."""
        return (2 * s, Fraction(0), p) if 2 * s <= goal else (2 * s - goal, p, 1 - p)

    for start in range(1, goal):
        chain = []
        s = start
        while s not in known and s not in chain:
            chain.append(s)
            s = next_one(s)[0]
        if s not in known:  # the chain came back to s: V(s) = total + factor·V(s)
            total, factor, t = Fraction(0), Fraction(1), s
            while factor == 1 or t != s:
                t, a, b = next_one(t)
                total, factor = total + factor * a, factor * b
            known[s] = total / (1 - factor)
        for u in reversed(chain):
            t, a, b = next_one(u)
            known.setdefault(u, a + b * known[t])
    return [known[s] for s in range(goal + 1)]


def timid_values(p: Fraction, goal: int) -> list[Fraction]:
    """The probability to reach the goal from each capital by staking 1: the differences form a geometric series."""
    steps = [((1 - p) / p) ** s for s in range(goal)]
    return [sum(steps[:s], Fraction(0)) / sum(steps) for s in range(goal + 1)]


@functools.cache
def best_values(p: Fraction, goal: int) -> list[Fraction]:
    """The probability to reach the goal from each capital, 0 … goal, by the best play.

    p: the probability of heads, as a fraction strictly between 0 and 1.
    """
    return bold_values(p, goal) if 2 * p < 1 else timid_values(p, goal)


def best_stakes(p: Fraction, goal: int, s: int) -> list[int]:
    """Every optimal stake at capital s, ascending."""
    V = best_values(p, goal)
    worth = {a: p * V[s + a] + (1 - p) * V[s - a] for a in range(1, min(s, goal - s) + 1)}
    return [a for a in worth if worth[a] == max(worth.values())]
