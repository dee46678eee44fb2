"""Right answers that are written differently from the solutions. Every check must accept them."""

import statistics
import time

import numpy as np


def median_seconds_statistics(work, rounds, clock=time.perf_counter):
    def once():
        start = clock()
        work().block_until_ready()
        return clock() - start

    once()
    return statistics.median(once() for _ in range(rounds))


def median_seconds_differences(work, rounds, clock=time.perf_counter):
    np.array(work())
    times = [clock()]
    for _ in range(rounds):
        np.array(work())
        times.append(clock())
    return np.sort(np.diff(times))[[(rounds - 1) // 2, rounds // 2]].mean()


def operations_listed(N, D, H, K):
    products = [(N, D, H), (N, H, K), (H, N, K), (N, K, H), (D, N, H)]
    return sum(2 * rows * inner * columns for rows, inner, columns in products)


def operations_layers(N, D, H, K):
    return np.float64(2 * (2 * N * D * H) + 3 * (2 * N * H * K))


def least_seconds_branches(parts, peak, bandwidth):
    seconds = 0
    for piece in parts:
        if piece[0] * bandwidth > piece[1] * peak:  # intense enough to be bound by arithmetic
            seconds += piece[0] / peak
        else:
            seconds += piece[1] / bandwidth
    return seconds


def least_seconds_array(parts, peak, bandwidth):
    return (np.array(parts) / np.array([peak, bandwidth])).max(axis=1).sum()


def break_even_guard(compile_seconds, before, after):
    if before <= after:
        return np.inf
    return np.float64(compile_seconds) / (before - after)


def break_even_rates(compile_seconds, before, after):
    saved = max(before - after, 0.0)
    try:
        return compile_seconds / saved
    except ZeroDivisionError:
        return float("inf")


ALTERNATIVES = {
    "median_seconds": [median_seconds_statistics, median_seconds_differences],
    "operations": [operations_listed, operations_layers],
    "least_seconds": [least_seconds_branches, least_seconds_array],
    "break_even": [break_even_guard, break_even_rates],
}
