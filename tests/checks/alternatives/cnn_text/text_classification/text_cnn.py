"""Right answers to ``cnn_text/02_text_classification/02_text_cnn``, written differently."""

import numpy as np

from lib.quiet import keras

layers, ops = keras.layers, keras.ops

# --- embed --------------------------------------------------------------------------------------


def embed_with_where(numbers, table):
    x = table(numbers)
    return ops.where(ops.expand_dims(ops.equal(numbers, 0), -1), ops.zeros_like(x), x)


def embed_with_sign(numbers, table):
    """1 for every word, 0 for padding: the sign of the number."""
    return ops.multiply(ops.cast(ops.sign(numbers), "float32")[:, :, None], table(numbers))


# --- strongest ----------------------------------------------------------------------------------


def strongest_with_layers(x, convolution):
    return layers.GlobalMaxPooling1D()(layers.ReLU()(convolution(x)))


def strongest_then_relu(x, convolution):
    """The ReLU keeps the order, so it may come last."""
    return ops.relu(ops.amax(convolution(x), axis=-2))


def strongest_with_maximum(x, convolution):
    return ops.max(ops.maximum(convolution(x), 0.0), 1)


# --- dropout ------------------------------------------------------------------------------------


def drop_by_binomial(x, rate, rng, training):
    if not training:
        return x.copy()
    return x * rng.binomial(1, 1 - rate, size=x.shape) / (1 - rate)


def drop_by_choice(x, rate, rng, training):
    rate = rate if training else 0.0
    return x * rng.choice([0.0, 1 / (1 - rate)], size=x.shape, p=[rate, 1 - rate])


def drop_in_place(x, rate, rng, training):
    result = np.array(x)
    if training:
        result[rng.uniform(size=x.shape) < rate] = 0
        result /= 1 - rate
    return result


# --- the whole network --------------------------------------------------------------------------


def text_cnn_of_layers(words, classes, embedding=128, widths=(3, 4, 5), filters=128, dropout=0.5):
    """Only layers, apart from the silent padding; the ReLU inside the convolution."""
    read = keras.Input(shape=(None,), dtype="int32", name="anything")
    random = keras.initializers.RandomUniform(minval=-0.25, maxval=0.25, seed=3)
    x = embed_with_where(read, layers.Embedding(words, embedding, embeddings_initializer=random))
    parts = []
    for width in reversed(widths):
        region = layers.Conv1D(filters, width, activation="relu")(x)
        parts.insert(0, layers.GlobalMaxPooling1D()(region))
    x = layers.Concatenate()(parts) if len(parts) > 1 else parts[0]
    return keras.Model(inputs=read, outputs=layers.Dense(classes)(layers.Dropout(dropout)(x)))


class Network(keras.Model):
    """A subclass instead of the functional form."""

    def __init__(self, words, classes, embedding, widths, filters, dropout):
        super().__init__()
        random = keras.initializers.RandomUniform(-0.25, 0.25)
        self.table = layers.Embedding(words, embedding, embeddings_initializer=random)
        self.regions = [layers.Conv1D(filters, width, padding="same") for width in widths]
        self.dropout, self.scores = layers.Dropout(dropout), layers.Dense(classes)

    def call(self, numbers, training=False):
        x = embed_with_sign(numbers, self.table)
        found = [strongest_then_relu(x, region) for region in self.regions]
        return self.scores(self.dropout(ops.concatenate(found, axis=1), training=training))


def text_cnn_as_class(words, classes, embedding=128, widths=(3, 4, 5), filters=128, dropout=0.5):
    model = Network(words, classes, embedding, widths, filters, dropout)
    model(np.ones((1, 20), np.int32))
    return model


# --- early stopping -----------------------------------------------------------------------------


def train_best_while(model, one_epoch, most, patience):
    losses, weights = [], []
    while len(losses) < most and len(losses) - (losses.index(min(losses)) + 1 if losses else 0) < patience:
        losses.append(one_epoch(len(losses)))
        weights.append(model.get_weights())
    model.set_weights(weights[losses.index(min(losses))])
    return losses


def train_best_by_epoch(model, one_epoch, most, patience):
    """Remembers in which epoch the best loss was, and returns an array."""
    best, best_epoch, kept, losses = float("inf"), 0, model.get_weights(), []
    for epoch in range(most):
        loss = one_epoch(epoch)
        losses.append(loss)
        if loss < best:
            best, best_epoch, kept = loss, epoch, model.get_weights()
        if epoch - best_epoch >= patience:
            break
    model.set_weights(kept)
    return np.array(losses)


ALTERNATIVES = {
    "embed": [embed_with_where, embed_with_sign],
    "strongest": [strongest_with_layers, strongest_then_relu, strongest_with_maximum],
    "drop": [drop_by_binomial, drop_by_choice, drop_in_place],
    "text_cnn": [text_cnn_of_layers, text_cnn_as_class],
    "train_best": [train_best_while, train_best_by_epoch],
}
