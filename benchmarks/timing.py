"""Compare ways of doing the same work fairly on a machine that is not quiet."""

import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def seconds(ways: Mapping[str, Work], rounds: int = 7, least: float = 0.05) -> dict[str, float]:
    """Median seconds per call of each way.

    The ways take turns, so that a slow moment of the machine hits all of them; each turn repeats a call until it has
    taken at least ``least`` seconds. A first call of each is not counted: it may compile or fill a cache.
    """
    repeats = {}
    for name, work in ways.items():
        work()
        start = time.perf_counter()
        work()
        repeats[name] = max(1, round(least / max(time.perf_counter() - start, 1e-7)))
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                work()
            samples[name].append((time.perf_counter() - start) / repeats[name])
    return {name: statistics.median(values) for name, values in samples.items()}


def report(
    title: str,
    ways: Mapping[str, Work],
    calls: Mapping[str, float] | None = None,
    compiled: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Time the ways and print them with their speed relative to the first one; return the ratios.

    calls: how many calls of a way make up the whole work, where it is not one: a slow way may do a part of it per call.
    compiled: seconds until a way's first call was done, printed beside its speed.
    """
    times = {name: taken * (calls or {}).get(name, 1) for name, taken in seconds(ways).items()}
    first = next(iter(times.values()))
    print(f"\n{title}")
    for name, taken in times.items():
        bill = f"   first call after {compiled[name]:6.1f} s" if compiled and name in compiled else ""
        print(f"  {name:<58} {1000 * taken:10.3f} ms   {first / taken:7.2f} x{bill}")
    return {name: first / taken for name, taken in times.items()}
