"""Checks of ``nn_theano/02_symbolic_graphs/03_how_fast``.

The stopwatch measures a made-up machine, whose every second is known. The operations of a step are counted while
chapter 1's own gradients run. The bounds and the bill are judged by playing them through, moment by moment.
"""

import numpy as np

from lib.checks import check
from lib.models import network


class Machine:
    """A device with a queue, and a clock that moves only when somebody works or waits.

    costs: seconds of computing of each piece of work, in the order in which the pieces are started; the last one stays.
    """

    def __init__(self, costs: list[float], launch: float = 0.001) -> None:
        self.costs, self.launch = costs, launch
        self.now, self.free, self.started = -1000.0, -1000.0, 0  # where a clock begins means nothing

    def start(self) -> float:
        """Launch the next piece of work; the moment at which it will be done."""
        cost = self.costs[min(self.started, len(self.costs) - 1)]
        self.started += 1
        self.now += self.launch
        self.free = max(self.free, self.now) + cost
        return self.free


class Work:
    """A step on the machine. Calling it launches it and hands out a result that is not there yet."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def __call__(self) -> "Later":
        return Later(self.machine, self.machine.start())


class Clock:
    """The machine's time in seconds."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def __call__(self) -> float:
        return self.machine.now


class Later:
    """A result that is computed while you do something else, as JAX's are; who wants its value, waits."""

    def __init__(self, machine: Machine, ready: float) -> None:
        self.machine, self.ready = machine, ready

    def block_until_ready(self) -> "Later":
        self.machine.now = max(self.machine.now, self.ready)
        return self

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        self.block_until_ready()
        return np.zeros(2)


@check
def median_seconds(case):
    for rounds, compiling in ((5, 40.0), (8, 0.5), (1, 3.0)):
        costs = case.rng.uniform(0.02, 0.05, size=rounds)
        costs[: rounds // 3] *= 30  # the moments in which the computer was busy with something else
        costs = case.rng.permutation(costs)
        machine = Machine([compiling, *costs, 1.0])
        want = np.median(costs) + machine.launch
        what = f"the median of {rounds} rounds"
        seconds = case.array(what, case.call(Work(machine), rounds, Clock(machine)), ())
        case.true(
            not 0 < seconds < machine.launch / 2,
            f"{what}: {seconds:.2g} s went by on your own computer; read the clock that is handed in, `clock()`",
        )
        case.near(what, seconds, want)
    return "a machine with a slow first call, busy moments and late results is timed to the microsecond"


def _stopwatch(work, rounds, clock, first=True, first_waits=True, waits=True, summary=np.median, unit=1.0):
    if first:
        result = work()
        if first_waits:
            np.asarray(result)
    seconds = []
    for _ in range(rounds):
        start = clock()
        result = work()
        if waits:
            np.asarray(result)
        seconds.append(clock() - start)
    return unit * float(summary(seconds))


@median_seconds.mistake("the first call is counted, and it compiles: call the work once before the clock starts")
def _cold(work, rounds, clock):
    return _stopwatch(work, rounds, clock, first=False)


@median_seconds.mistake("this is the mean, and one busy moment of the computer spoils it: take the median")
def _mean(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=np.mean)


@median_seconds.mistake("this is the fastest round; the median says what a call usually takes")
def _fastest(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=np.min)


@median_seconds.mistake("this is the slowest round; take the median")
def _slowest(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=np.max)


@median_seconds.mistake("this is the time of all rounds together: return the median of the single rounds")
def _total(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=np.sum)


@median_seconds.mistake(
    "the clock is read before the result is there, so only the launch is timed: np.asarray(work()) waits for it"
)
def _never_waits(work, rounds, clock):
    return _stopwatch(work, rounds, clock, first_waits=False, waits=False)


@median_seconds.mistake("the uncounted first call is still computing when the first round starts: wait for it, too")
def _first_not_awaited(work, rounds, clock):
    return _stopwatch(work, rounds, clock, first_waits=False)


@median_seconds.mistake("the clock is started once, so each round holds all rounds before it: start it in the loop")
def _started_once(work, rounds, clock):
    np.asarray(work())
    start, seconds = clock(), []
    for _ in range(rounds):
        np.asarray(work())
        seconds.append(clock() - start)
    return float(np.median(seconds))


@median_seconds.mistake("these are milliseconds: return seconds")
def _milliseconds(work, rounds, clock):
    return _stopwatch(work, rounds, clock, unit=1000.0)


@median_seconds.mistake("one round is missing: `rounds` of them are counted, after the one that is not")
def _one_round_less(work, rounds, clock):
    return _stopwatch(work, max(rounds - 1, 1), clock) if rounds > 1 else float("nan")


@median_seconds.mistake("one round too many: `rounds` of them are counted, and the first call is not among them")
def _one_round_more(work, rounds, clock):
    return _stopwatch(work, rounds + 1, clock)


@median_seconds.mistake("two calls are left uncounted: one is enough, and then `rounds` that count")
def _two_first_calls(work, rounds, clock):
    np.asarray(work())
    return _stopwatch(work, rounds, clock)


@median_seconds.mistake("the list is not sorted before the middle is taken: use np.median")
def _unsorted_middle(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=lambda seconds: seconds[len(seconds) // 2])


@median_seconds.mistake("with an even number of rounds, the median is the mean of the two in the middle: use np.median")
def _upper_middle(work, rounds, clock):
    return _stopwatch(work, rounds, clock, summary=lambda seconds: sorted(seconds)[len(seconds) // 2])


class Counting(np.ndarray):
    """An array that counts the multiplications and additions of every matrix product it takes part in."""

    total = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [one.view(np.ndarray) if isinstance(one, Counting) else one for one in inputs]
        if options.get("out"):
            options["out"] = tuple(one.view(np.ndarray) for one in options["out"])
        if ufunc is np.matmul:
            (rows, inner), (_, columns) = plain[0].shape, plain[1].shape
            Counting.total += rows * columns * inner * 2  # each entry: `inner` products, each added to a sum
        answer = getattr(ufunc, method)(*plain, **options)
        return answer.view(Counting) if isinstance(answer, np.ndarray) else answer


def counted(N: int, D: int, H: int, K: int) -> int:
    """The floating-point operations in the matrix products of one call of chapter 1's gradients."""
    model = {name: values.view(Counting) for name, values in network.init((D, H, K)).items()}
    Counting.total = 0
    network.gradients(model, np.zeros((N, D)).view(Counting), np.zeros(N, dtype=int), 0.01)
    return Counting.total


@check
def operations(case):
    for _ in range(6):
        N, D, H, K = (int(one) for one in case.rng.permutation(np.arange(2, 40))[:4])
        want = counted(N, D, H, K)
        case.near(f"the operations with N = {N}, D = {D}, H = {H}, K = {K}", case.call(N, D, H, K), want)
    return "6 networks: as many operations as were counted while chapter 1's gradients ran"


@operations.mistake("an entry of a product costs a multiplication and an addition per term: the factor 2 is missing")
def _fused(N, D, H, K):
    return N * H * (2 * D + 3 * K)


@operations.mistake("these are the two products of the way forward; the way back has three more")
def _forward_only(N, D, H, K):
    return 2 * N * H * (D + K)


@operations.mistake("these are the three products of the way back; the two of the way forward come first")
def _backward_only(N, D, H, K):
    return 2 * N * H * (D + 2 * K)


@operations.mistake("the way back counts as much as the way forward here, but it has three products, not two")
def _twice(N, D, H, K):
    return 4 * N * H * (D + K)


@operations.mistake(
    "three times the way forward counts one product too many: nobody needs the derivative by the inputs X"
)
def _three_times(N, D, H, K):
    return 6 * N * H * (D + K)


@operations.mistake("this is for one example: each product runs over all N of them")
def _one_example(N, D, H, K):
    return 2 * H * (2 * D + 3 * K)


@operations.mistake("D and K are exchanged: the inputs are in two products, the classes in three")
def _exchanged(N, D, H, K):
    return 2 * N * H * (3 * D + 2 * K)


@operations.mistake("these are the numbers of entries; an entry of a product is a sum of many terms")
def _entries(N, D, H, K):
    return 2 * N * H + N * K + D * H + H * K


@check
def least_seconds(case):
    for pieces in (1, 1, 2, 3, 5, 8):
        peak, bandwidth = (float(one) for one in 10 ** case.rng.uniform(6, 9, size=2))
        parts, now = [], 0.0
        for bound_by_memory in case.rng.permutation(np.arange(pieces) % 2 == 0):
            busy = case.rng.uniform(0.1, 5, size=2)  # seconds of the arithmetic and of the memory
            arithmetic, memory = sorted(busy) if bound_by_memory else sorted(busy)[::-1]
            parts.append((float(arithmetic * peak), float(memory * bandwidth)))
            now += memory if bound_by_memory else arithmetic  # the next piece begins when both are done
        case.near(f"the least seconds of {pieces} piece{'s' * (pieces > 1)}", case.call(parts, peak, bandwidth), now)
    case.near("the least seconds of a copy", case.call([(0.0, 3e9)], 1e9, 1.5e9), 2.0)
    return "6 programs and a copy: whichever is slower, arithmetic or memory, sets the time of each piece"


def _roofline(piece, parts, total=sum):
    """The answer of a program whose pieces are judged by ``piece`` and put together by ``total``."""
    return total([piece(work, traffic) for work, traffic in parts])


@least_seconds.mistake("arithmetic and memory work at the same time: take the longer of the two times, not their sum")
def _sum(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: work / peak + traffic / bandwidth, parts)


@least_seconds.mistake(
    "the pieces come one after the other: take the longer time of each piece, then add up, not the longer of two sums"
)
def _longer_sum(parts, peak, bandwidth):
    return max(sum(work for work, _ in parts) / peak, sum(traffic for _, traffic in parts) / bandwidth)


@least_seconds.mistake("this is the time of the longest piece; they come one after the other, so add them up")
def _longest_piece(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(work / peak, traffic / bandwidth), parts, max)


@least_seconds.mistake("this is the first piece alone: is the `return` inside the loop?")
def _first_piece(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(work / peak, traffic / bandwidth), parts[:1])


@least_seconds.mistake("this is the last piece alone: add the pieces up, `+=`")
def _last_piece(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(work / peak, traffic / bandwidth), parts[-1:])


@least_seconds.mistake("this is the shorter of the two times; who needs both waits for the longer one")
def _shorter(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: min(work / peak, traffic / bandwidth), parts)


@least_seconds.mistake("only the arithmetic is counted; the numbers must also come from memory and go back")
def _arithmetic_only(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: work / peak, parts)


@least_seconds.mistake("only the memory is counted; the arithmetic takes its time, too")
def _memory_only(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: traffic / bandwidth, parts)


@least_seconds.mistake("peak and bandwidth are exchanged: operations go with the peak, bytes with the bandwidth")
def _exchanged_rates(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(work / bandwidth, traffic / peak), parts)


@least_seconds.mistake("an amount divided by a rate is a time; here the rates are divided by the amounts")
def _upside_down(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(peak / work, bandwidth / traffic), parts)


@least_seconds.mistake("`//` cuts the seconds off behind the point: divide with `/`")
def _whole_seconds(parts, peak, bandwidth):
    return _roofline(lambda work, traffic: max(work // peak, traffic // bandwidth), parts)


@check
def break_even(case):
    case.if_none = "is a `return` missing? What never pays takes float('inf') steps"
    for scale in (0.5, 0.1, 0.01, 1e-3, 1e-5, 1e-7):
        before = scale * case.rng.uniform(0.5, 1)
        after = before * case.rng.uniform(0.05, 0.95)
        bill = case.rng.uniform(0.5, 60)
        steps = case.call(bill, before, after)
        what = f"a compile of {bill:.3g} s that brings a step from {before:.3g} to {after:.3g} s"
        case.true(not (np.shape(steps) == () and steps == np.inf), f"{what} does pay, but the answer is inf")
        steps = case.array("the number of steps", steps, ())
        with_it, without = bill + steps * after, steps * before
        hint = f"after {steps:.6g} steps it is {with_it:.6g} s with the compiler, and {without:.6g} s without"
        if steps % 1 == 0:
            hint += "; the number need not be whole, so do not round it"
        case.true(np.isclose(with_it, without, rtol=1e-9, atol=0), f"{what}: {hint}")
    for after in (0.3, 0.2):
        steps = case.call(20.0, 0.2, after)
        case.true(
            np.shape(steps) == () and steps == np.inf,
            f"a compile that brings a step from 0.2 to {after} s never pays: return float('inf'), not {steps}",
        )
    return "6 bills are paid back to the step, and one that never is"


@break_even.mistake("a negative number of steps where the compile pays: a step saves before - after")
def _minus(compile_seconds, before, after):
    return compile_seconds / (after - before) if after < before else float("inf")


@break_even.mistake("a negative number of steps: a step that became slower never pays, return float('inf')")
def _negative(compile_seconds, before, after):
    return compile_seconds / (before - after) if before != after else float("inf")


@break_even.mistake("division by zero where nothing was gained: that compile never pays, return float('inf')")
def _divides_by_zero(compile_seconds, before, after):
    return compile_seconds / (before - after) if before >= after else float("inf")


@break_even.mistake("negative where the step became slower, and a division by zero where nothing changed: return inf")
def _unguarded(compile_seconds, before, after):
    return compile_seconds / (before - after)


@break_even.mistake("the compile is divided by the old step; divide it by what a step saves, before - after")
def _by_before(compile_seconds, before, after):
    return compile_seconds / before if after < before else float("inf")


@break_even.mistake("the compile is divided by the new step; divide it by what a step saves, before - after")
def _by_after(compile_seconds, before, after):
    return compile_seconds / after if after < before else float("inf")


@break_even.mistake("the speed-up is a ratio, but what a step saves is a difference: before - after")
def _by_ratio(compile_seconds, before, after):
    return compile_seconds / (before / after) if after < before else float("inf")


@break_even.mistake("before and after are exchanged: a compile pays where the step is *faster* after it")
def _exchanged_steps(compile_seconds, before, after):
    return compile_seconds / (after - before) if before < after else float("inf")


@break_even.mistake(
    "a step that became slower costs more with every step; its sign is not for abs: return float('inf')"
)
def _absolute(compile_seconds, before, after):
    return compile_seconds / abs(before - after) if before != after else float("inf")


@break_even.mistake("0 says that it pays at once; what never pays takes float('inf') steps")
def _zero_for_never(compile_seconds, before, after):
    return compile_seconds / (before - after) if after < before else 0.0


@break_even.mistake("this is the fraction of the compile that one step pays: turn it upside down")
def _fraction(compile_seconds, before, after):
    return (before - after) / compile_seconds if after < before else float("inf")
