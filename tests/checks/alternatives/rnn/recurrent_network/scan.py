"""Right answers that are written differently from the solutions. Every check must accept them."""

import numpy as np
import pytensor
import pytensor.tensor as pt


def decayed_sum_closed_over(x, rate):
    return pytensor.scan(
        fn=lambda number, total: number + rate * total,
        sequences=[x],
        outputs_info=[pt.as_tensor(np.float64(0))],
        return_updates=False,
    )


def decayed_sum_as_product(x, rate):
    t = pt.arange(x.shape[0])
    lag = t[:, None] - t[None, :]
    return pt.switch(lag >= 0, rate ** pt.maximum(lag, 0), 0.0) @ x


def states_closed_over(inputs, W):
    def step(inner, before):
        return pt.tanh(pt.dot(before, W.T) + inner)

    start = pt.zeros_like(W[0])
    return pytensor.scan(step, sequences=inputs, outputs_info=[dict(initial=start)], return_updates=False)


def states_by_index(inputs, W):
    def step(t, before, inputs, W):
        return pt.tanh(inputs[t] + pt.dot(W, before))

    steps = pt.arange(inputs.shape[0])
    return pytensor.scan(
        step, sequences=steps, outputs_info=pt.zeros(W.shape[0]), non_sequences=[inputs, W], return_updates=False
    )


def loss_inside_the_loop(U, V, W, x, y):
    def step(word, next_word, before):
        s = pt.tanh(U[:, word] + W @ before)
        return s, -pt.special.log_softmax(V @ s)[next_word]

    _, paid = pytensor.scan(step, sequences=[x, y], outputs_info=[pt.zeros(W.shape[0]), None], return_updates=False)
    return paid.sum()


def loss_with_logsumexp(U, V, W, x, y):
    z = pt.dot(states_by_index(U.T[x], W), V.T)
    highest = z.max(axis=1)
    return (pt.log(pt.exp(z - highest[:, None]).sum(axis=1)) + highest - z[pt.arange(x.shape[0]), y]).sum()


def step_with_a_dict(U, V, W):
    x, y, lr = pt.vector("x", dtype="int32"), pt.vector("y", dtype="int32"), pt.scalar("lr", dtype="float64")
    loss = loss_inside_the_loop(U, V, W, x, y)
    updates = {p: p - lr * pt.grad(loss, p) for p in (W, V, U)}
    return pytensor.function([x, y, lr], loss, updates=updates)


def step_with_a_wrapper(U, V, W):
    x, y = pt.ivectors("x", "y")
    loss = loss_with_logsumexp(U, V, W, x, y)
    function = pytensor.function([x, y], [loss, *pt.grad(loss, [U, V, W])])

    def step(x, y, lr):
        value, *slopes = function(x, y)
        for parameter, slope in zip((U, V, W), slopes, strict=True):
            parameter.set_value(parameter.get_value() - lr * slope)
        return value

    return step


def paths_by_loops(T, k):
    per_word, in_scan = [[0] * T for _ in range(T)], [[0] * T for _ in range(T)]
    for t in range(T):
        for j in range(max(0, t - k), t + 1):
            per_word[t][j] = 1
        for j in range(max(0, T - k), t + 1):
            in_scan[t][j] = 1
    return per_word, in_scan


def paths_by_triangles(T, k):
    past = np.tri(T)
    late = past.copy()
    late[:, : max(T - k, 0)] = 0
    return [past - np.tri(T, k=-k - 1), late]


ALTERNATIVES = {
    "decayed_sum": [decayed_sum_closed_over, decayed_sum_as_product],
    "states": [states_closed_over, states_by_index],
    "sentence_loss": [loss_inside_the_loop, loss_with_logsumexp],
    "sgd_step": [step_with_a_dict, step_with_a_wrapper],
    "kept_paths": [paths_by_loops, paths_by_triangles],
}
