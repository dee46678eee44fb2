"""Two networks of the course as graphs in Theano 1.0.5, built in the way that the tutorials of 2015 taught."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from legacy.shim import theano

T = theano.tensor


class Graph:
    """A loss, its gradients and the step downhill; a function is compiled when it is first asked for."""

    def __init__(self, model: Mapping, loss, lr, inputs=()) -> None:
        """model: shared variables by name.  loss: the expression.  lr: number or input.  inputs: of the loss."""
        self.model, self.loss, self.lr, self.inputs = model, loss, lr, list(inputs)
        self.slopes = dict(zip(model, T.grad(loss, list(model.values())), strict=True))

    @cached_property
    def evaluate(self):
        """inputs -> [loss, gradient of each parameter]"""
        return theano.function(self.inputs, [self.loss, *self.slopes.values()])

    @cached_property
    def step(self):
        """inputs (and lr, if it is one) -> nothing; the parameters move."""
        updates = [(values, values - self.lr * self.slopes[name]) for name, values in self.model.items()]
        lr = [self.lr] if isinstance(self.lr, theano.Variable) else []
        return theano.function(self.inputs + lr, [], updates=updates)


def classifier(model: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray, reg: float, lr: float) -> Graph:
    """The network of ``lib.models.network``; the data are shared variables, so that its functions need no arguments."""
    shared = {name: theano.shared(values, name) for name, values in model.items()}
    inputs, classes = theano.shared(X, "X"), theano.shared(y.astype("int32"), "y")
    lr, price = (np.asarray(number, X.dtype) for number in (lr, reg / (2 * len(X))))  # a float64 would spread
    a1 = T.tanh(inputs.dot(shared["W1"]) + shared["b1"])
    p = T.nnet.softmax(a1.dot(shared["W2"]) + shared["b2"])
    penalty = price * (T.sqr(shared["W1"]).sum() + T.sqr(shared["W2"]).sum())
    return Graph(shared, T.nnet.categorical_crossentropy(p, classes).mean() + penalty, lr)


def recurrent(model: dict[str, np.ndarray], hoisted: bool = False, truncate: int = -1) -> Graph:
    """The network of ``lib.models.rnn``, a sentence at a time; inputs x, y (int32) and lr.

    hoisted: False is the graph of 2015, everything inside the loop; True leaves only the recurrence there.
    truncate: ``truncate_gradient`` of scan; -1 goes back to the first word.
    """
    shared = {name: theano.shared(model[name], name) for name in "UVW"}
    U, V, W = shared.values()
    x, y, lr = T.ivector("x"), T.ivector("y"), T.scalar("lr", W.dtype)
    start = T.zeros_like(W[0])

    def read(x_t, s_before, U, V, W):
        s_t = T.tanh(U[:, x_t] + W.dot(s_before))
        return T.nnet.softmax(V.dot(s_t).dimshuffle("x", 0))[0], s_t

    def recur(word_t, s_before, W):
        return T.tanh(word_t + W.dot(s_before))

    loop = {"truncate_gradient": truncate, "strict": True}
    if hoisted:
        s, _ = theano.scan(recur, sequences=U[:, x].T, outputs_info=start, non_sequences=[W], **loop)
        o = T.nnet.softmax(s.dot(V.T))
    else:
        (o, _), _ = theano.scan(read, sequences=x, outputs_info=[None, start], non_sequences=[U, V, W], **loop)
    return Graph(shared, T.nnet.categorical_crossentropy(o, y).sum(), lr, [x, y])
