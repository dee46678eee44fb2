"""Right answers that are written differently from the solutions. Every check must accept them."""

import math

import numpy as np
import scipy.special


def forward_one_hot(model, x):
    H, C = model["U"].shape
    state, states, guesses = np.zeros(H, dtype=model["U"].dtype), [], []
    for word in x:
        place = np.eye(C, dtype=model["U"].dtype)[word]
        state = np.tanh(np.dot(model["U"], place) + np.dot(model["W"], state))
        states.append(state)
        guesses.append(scipy.special.softmax(model["V"] @ state))
    return [np.array([*states, np.zeros_like(state)]), np.array(guesses)]


def forward_stacked(model, x):
    """One product for the word and the state together; probabilities from their logarithms."""
    both = np.hstack([model["U"], model["W"]])
    s = np.zeros((len(x) + 1, len(both)), both.dtype)
    for t, word in enumerate(x):
        place = np.zeros(model["U"].shape[1], both.dtype)
        place[word] = 1
        s[t] = np.tanh(both @ np.concatenate([place, s[t - 1]]))
    return s, np.exp(scipy.special.log_softmax(np.einsum("th,ch->tc", s[:-1], model["V"]), axis=1))


def loss_from_scores(model, x, y):
    scores = np.asarray(forward_one_hot(model, x)[0])[:-1] @ model["V"].T
    return scipy.special.logsumexp(scores, axis=1).sum() - sum(scores[t, word] for t, word in enumerate(y))


def loss_by_loop(model, x, y):
    total = 0.0
    for guess, word in zip(forward_stacked(model, x)[1], y, strict=True):
        total -= math.log(guess[word])
    return total


def output_gradients_by_loop(model, s, o, y):
    dV, e = np.zeros_like(model["V"]), []
    for t, word in enumerate(y):
        dz = np.array(o[t])
        dz[word] -= 1
        dV += np.outer(dz, s[t])
        e.append(model["V"].T @ dz)
    return [dV, e]


def output_gradients_one_hot(model, s, o, y):
    dz = o - np.eye(len(model["V"]))[y]
    return np.einsum("tc,th->ch", dz, s[: len(y)]), np.einsum("tc,ch->th", dz, model["V"])


def gradients_every_pair(model, x, y):
    """WildML's order: from each guess back to the first word, one guess at a time."""
    s, o = forward_stacked(model, x)
    dz = o - np.eye(len(model["V"]))[y]
    slopes = {name: np.zeros_like(values) for name, values in model.items()}
    for t in range(len(x)):
        slopes["V"] += np.outer(dz[t], s[t])
        delta = model["V"].T @ dz[t] * (1 - s[t] ** 2)
        for k in range(t, -1, -1):
            slopes["W"] += np.outer(delta, s[k - 1])
            slopes["U"][:, x[k]] += delta
            delta = (model["W"].T @ delta) * (1 - s[k - 1] ** 2)
    return slopes


def gradients_one_product(model, x, y):
    """All δ first; then one product each."""
    s, o = forward_stacked(model, x)
    dV, e = output_gradients_one_hot(model, s, o, y)
    delta = np.zeros((len(x) + 1, len(model["W"])))
    for t in range(len(x) - 1, -1, -1):
        delta[t] = (1 - s[t]) * (1 + s[t]) * (e[t] + delta[t + 1] @ model["W"])
    before = np.vstack([np.zeros(len(model["W"])), s[:-2]])
    one_hot = np.eye(model["U"].shape[1])[x]
    return {"W": delta[:-1].T @ before, "V": dV, "U": delta[:-1].T @ one_hot}


def gradient_check_by_entry(loss, gradients, model, x, y, h=1e-4):
    exact = gradients(model, x, y)
    worst, where = -1.0, ""
    for name in sorted(model, reverse=True):
        for i in range(model[name].size):
            up, down = ({key: value.copy() for key, value in model.items()} for _ in range(2))
            up[name].flat[i] += h
            down[name].flat[i] -= h
            a, b = exact[name].flat[i], (loss(up, x, y) - loss(down, x, y)) / (2 * h)
            error = abs(a - b) / max(abs(a) + abs(b), 1e-6)
            if not error <= worst:  # true for NaN
                worst, where = (error, name) if error == error else (math.inf, name)
    return where, worst


def gradient_check_four_points(loss, gradients, model, x, y, h=1e-4):
    found = []
    for name, slope in gradients(model, x, y).items():
        for i in np.ndindex(slope.shape):

            def at(steps, name=name, i=i):
                moved = model[name].copy()
                moved[i] += steps * h
                return loss({**model, name: moved}, x, y)

            b = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h)
            size = np.abs(slope[i]) + np.abs(b)
            error = np.abs(slope[i] - b) / (size if size > 1e-6 else 1e-6)
            found.append((error if np.isfinite(slope[i]) else np.inf, name))
    error, name = max(found)
    return [name, error]


def _mean_loss(model, sentences):
    return sum(loss_by_loop(model, x, y) for x, y in sentences) / sum(len(y) for _, y in sentences)


def train_new_dict_each_step(model, sentences, lr, epochs):
    losses = []
    for epoch in range(epochs + 1):
        losses.append(_mean_loss(model, sentences))
        if epoch and losses[epoch] > losses[epoch - 1]:
            lr = lr * 0.5
        if epoch == epochs:
            break
        for x, y in sentences:
            slopes = gradients_one_product(model, x, y)
            model = {name: model[name] - lr * slopes[name] for name in slopes}
    return model, np.array(losses), lr


def train_with_a_last_loss(model, sentences, lr, epochs):
    U, V, W = (np.array(model[name]) for name in ("U", "V", "W"))
    last = _mean_loss(model, sentences)
    losses = [last]
    while len(losses) <= epochs:
        for x, y in sentences:
            slopes = gradients_every_pair({"U": U, "V": V, "W": W}, x, y)
            U, V, W = U - lr * slopes["U"], V - lr * slopes["V"], W - lr * slopes["W"]
        now = _mean_loss({"U": U, "V": V, "W": W}, sentences)
        lr, last = (lr / 2 if now > last else lr), now
        losses.append(now)
    return {"U": U, "V": V, "W": W}, losses, lr


ALTERNATIVES = {
    "forward": [forward_one_hot, forward_stacked],
    "loss": [loss_from_scores, loss_by_loop],
    "output_gradients": [output_gradients_by_loop, output_gradients_one_hot],
    "gradients": [gradients_every_pair, gradients_one_product],
    "gradient_check": [gradient_check_by_entry, gradient_check_four_points],
    "train": [train_new_dict_each_step, train_with_a_last_loss],
}
