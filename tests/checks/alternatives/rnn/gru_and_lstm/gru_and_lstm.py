"""Other right answers to ``rnn/04_gru_and_lstm/01_gru_and_lstm``: each must pass its check."""

import numpy as np
import pytensor
import pytensor.tensor as pt


def gru_joint_gates(a, s, W, H):
    gates = pt.sigmoid(a[:, : 2 * H] + pt.dot(s, W[:, : 2 * H]))
    z, r = gates[:, :H], gates[:, H:]
    h = pt.tanh(a[:, 2 * H :] + pt.dot(r * s, W[:, 2 * H :]))
    return h + z * (s - h)


def gru_exponentials(a, s, W, H):
    a_z, a_r, a_h = (a[:, k * H : (k + 1) * H] for k in range(3))
    W_z, W_r, W_h = (W[:, k * H : (k + 1) * H] for k in range(3))
    z = 1 / (1 + pt.exp(-(a_z + s @ W_z)))
    r = 1 / (1 + pt.exp(-(a_r + s @ W_r)))
    return z * s + (1 - z) * np.tanh(a_h + (s * r) @ W_h)


def lstm_joint_gates(a, s, c, W, H):
    inner = a + pt.dot(s, W)
    gates = pt.sigmoid(inner[:, : 3 * H])
    new = gates[:, H : 2 * H] * c + gates[:, :H] * pt.tanh(inner[:, 3 * H :])
    return [gates[:, 2 * H :] * pt.tanh(new), new]


def lstm_block_by_block(a, s, c, W, H):
    def block(k):
        columns = slice(k * H, (k + 1) * H)
        return a[:, columns] + s @ W[:, columns]

    i, f, o = (pt.sigmoid(block(k)) for k in range(3))
    c = pt.tanh(block(3)) * i + c * f
    return pt.tanh(c) * o, c


def layer_flattened(step, states, inputs, theta, H):
    _, B, D = inputs.type.shape
    a = (inputs.reshape((-1, D)) @ theta["U"] + theta["b"]).reshape((-1, B, theta["b"].shape[0]))

    def turn(a_t, *rest):
        return step(a_t, *rest, H)

    start = pt.zeros((B, H), dtype=inputs.dtype)
    outputs = pytensor.scan(
        turn,
        sequences=a,
        outputs_info=[start for _ in range(states)],
        non_sequences=theta["W"],
        return_updates=False,
    )
    return outputs if states == 1 else outputs[0]


def layer_unrolled(step, states, inputs, theta, H):
    T, B, _ = inputs.type.shape
    last, outputs = (pt.zeros((B, H), dtype=inputs.dtype),) * states, []
    a = pt.dot(inputs, theta["U"]) + theta["b"]
    for t in range(T):
        new = step(a[t], *last, theta["W"], H)
        last = new if states > 1 else (new,)
        outputs.append(last[0])
    return pt.stack(outputs)


def stack_by_recursion(step, states, inputs, layers, H):
    if not layers:
        return inputs
    return stack_by_recursion(step, states, layer_unrolled(step, states, inputs, layers[0], H), layers[1:], H)


def stack_by_number(step, states, inputs, layers, H):
    outputs = layer_flattened(step, states, inputs, layers[0], H)
    for number in range(1, len(layers)):
        outputs = layer_flattened(step, states, outputs, layers[number], H)
    return outputs


def count_shapes(cell, D, H, layers):
    k, total = ("rnn", None, "gru", "lstm").index(cell) + 1, 0
    for number in range(layers):
        width = D if number == 0 else H
        total += width * k * H + H * k * H + k * H
    return total


def count_closed(cell, D, H, layers):
    k = 3 if cell == "gru" else 4 if cell == "lstm" else 1
    return k * H * (D + (2 * layers - 1) * H + layers)


def gradient_check_in_place(f, slopes, theta, tolerance=1e-5):
    passed, moved = {}, {name: values.copy() for name, values in theta.items()}
    for name in moved:
        passed[name] = True
        for i, value in np.ndenumerate(theta[name]):
            losses = []
            for side in (-1e-5, 1e-5):
                moved[name][i] = value + side
                losses.append(f(moved))
            moved[name][i] = value
            m, g = (losses[1] - losses[0]) / 2e-5, slopes[name][i]
            if not abs(g - m) < tolerance * max(abs(g) + abs(m), 1e-3) or not np.isfinite(g + m):
                passed[name] = False
    return passed


def gradient_check_by_arrays(f, slopes, theta, tolerance=1e-5):
    passed, h = {}, 1e-5
    for name, values in theta.items():
        measured = np.empty(values.size)
        for i in range(values.size):
            e = np.zeros(values.size)
            e[i] = h
            up, down = (f({**theta, name: values + sign * e.reshape(values.shape)}) for sign in (1, -1))
            measured[i] = (up - down) / (2 * h)
        g = np.asarray(slopes[name]).ravel()
        with np.errstate(all="ignore"):
            errors = np.abs(g - measured) / np.maximum(np.abs(g) + np.abs(measured), 1e-3)
        passed[name] = bool(np.max(errors) < tolerance)  # the largest of some numbers and NaN is NaN
    return passed


ALTERNATIVES = {
    "gru_step": [gru_joint_gates, gru_exponentials],
    "lstm_step": [lstm_joint_gates, lstm_block_by_block],
    "layer": [layer_flattened, layer_unrolled],
    "stack": [stack_by_recursion, stack_by_number],
    "count_parameters": [count_shapes, count_closed],
    "gradient_check": [gradient_check_in_place, gradient_check_by_arrays],
}
