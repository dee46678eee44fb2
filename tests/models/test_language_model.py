"""The language model: batches lose nothing, padding counts nowhere, training is what it says, files are safe."""

import math
from collections import Counter

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from pytensor.compile.mode import Mode

from lib.models import language_model
from lib.models.language_model import LENGTHS, LanguageModel, Shape, Trainer, batches, pad
from lib.models.storage import ModelError
from lib.text import END, START, UNKNOWN, Vocabulary

WORDS = ("tea", "rain", "we", "like", "they", "drink", ".")
VOCABULARY = Vocabulary(("<START>", "<END>", "<UNKNOWN>", *WORDS))
C = len(VOCABULARY)
QUICK = Mode(linker="py", optimizer=None)
SENTENCES = [["we", "like", "tea"], ["they", "drink", "rain", "."], [], ["snow"], ["we"], ["tea", "like", "we", "they"]]


@pytest.fixture(autouse=True)
def no_compiler():
    with pytensor.config.change_flags(cxx=""):
        yield


def small(cell="gru", dtype="float64", seed=0, layers=2):
    return LanguageModel.init(VOCABULARY, Shape(cell, embedding=3, hidden=4, layers=layers), seed, dtype)


def encoded(rng, lengths):
    """START … END with so many words to predict."""
    return [np.array([START, *rng.integers(2, C, n - 1), END], np.int32) for n in lengths]


# ---- batches ----


def test_pad_fills_up_cuts_and_adds_rows():
    one, two = np.array([START, 5, 6, END]), np.array([START, 7, 8, 9, 5, END])
    batch = pad([one, two], 4, rows=3)
    assert batch.x.shape == (4, 3) and batch.x.dtype == batch.y.dtype == np.int32 and batch.mask.dtype == np.float32
    np.testing.assert_array_equal(batch.x.T, [[START, 5, 6, END], [START, 7, 8, 9], [END] * 4])
    np.testing.assert_array_equal(batch.y.T, [[5, 6, END, END], [7, 8, 9, 5], [END] * 4])
    np.testing.assert_array_equal(batch.mask.T, [[1, 1, 1, 0], [1, 1, 1, 1], [0] * 4])


def words_of(batch):
    """The targets of each column that holds a sentence."""
    ns = batch.mask.sum(axis=0).astype(int)
    return [tuple(batch.y[:n, b]) for b, n in enumerate(ns) if n]


def test_batches_hold_every_sentence_exactly_once():
    rng = np.random.default_rng(0)
    sentences = encoded(rng, rng.integers(1, 80, size=300))
    found = list(batches(sentences, 256, np.random.default_rng(1)))
    got = Counter(words for batch in found for words in words_of(batch))
    assert got == Counter(tuple(s[1:][: LENGTHS[-1]]) for s in sentences)
    shapes = {batch.x.shape for batch in found}
    assert len({T for T, _ in shapes}) == len(shapes) <= len(LENGTHS)  # one number of rows for each length
    assert {T for T, _ in shapes} <= set(LENGTHS)
    for batch in found:
        longest = int(batch.mask.sum(axis=0).max())
        assert batch.x.shape[0] == next(length for length in LENGTHS if length >= longest)
        assert batch.x.size <= 256


def test_batches_are_seeded():
    sentences = encoded(np.random.default_rng(0), [1, 4, 5, 9, 4, 7, 12] * 20)
    first, again, other = (list(batches(sentences, 64, np.random.default_rng(seed))) for seed in (3, 3, 4))
    assert all((a.x == b.x).all() for a, b in zip(first, again, strict=True))
    assert any(a.x.shape != b.x.shape or (a.x != b.x).any() for a, b in zip(first, other, strict=True))


def test_a_batch_smaller_than_a_sentence_holds_one():
    (batch,) = batches(encoded(np.random.default_rng(0), [64]), 10, np.random.default_rng(0))
    assert batch.x.shape == (64, 1)


# ---- loss and gradients ----


def compiled_loss(trainer, batch):
    """Loss and slopes of all parameters on a batch."""
    x, y = (pt.tensor(name, shape=batch.x.shape, dtype="int32") for name in "xy")
    mask = pt.tensor("mask", shape=batch.x.shape, dtype="float32")
    loss, slopes = trainer.loss_and_gradients(x, y, mask)
    values = pytensor.function([x, y, mask], [loss, *slopes], mode=QUICK)(*batch)
    return float(values[0]), dict(zip(trainer.theta, values[1:], strict=True))


def a_batch(rows=None, length=5):
    return pad([VOCABULARY.encode(tokens) for tokens in SENTENCES[:4]], length, rows)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_every_gradient_by_finite_differences(cell):
    model, batch = small(cell), a_batch()
    _, slopes = compiled_loss(Trainer(model), batch)
    rng = np.random.default_rng(0)

    def numpy_loss():
        log_p, _ = model.log_probabilities(batch.x)
        chosen = np.take_along_axis(log_p, batch.y[..., None].astype(int), axis=-1)[..., 0]
        return -(chosen * batch.mask).sum() / batch.mask.sum()

    for name, values in model.parameters.items():
        places = list(np.ndindex(values.shape))
        assert slopes[name].shape == values.shape and np.isfinite(slopes[name]).all()
        for place in (places[i] for i in rng.permutation(len(places))[:40]):
            kept, losses = values[place], []
            for step in (1e-5, -1e-5):
                values[place] = kept + step
                losses.append(numpy_loss())
            values[place] = kept
            measured = (losses[0] - losses[1]) / 2e-5
            assert slopes[name][place] == pytest.approx(measured, rel=1e-5, abs=1e-8), (name, place)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_padding_changes_neither_loss_nor_gradient(cell):
    trainer = Trainer(small(cell))
    loss, slopes = compiled_loss(trainer, a_batch(length=5))
    padded = a_batch(length=9, rows=6)
    padded.x[padded.mask == 0] = padded.y[padded.mask == 0] = 5  # whatever stands there
    same_loss, same_slopes = compiled_loss(trainer, padded)
    assert same_loss == pytest.approx(loss, rel=1e-12)
    for name in slopes:
        np.testing.assert_allclose(same_slopes[name], slopes[name], rtol=1e-9, atol=1e-12)


def test_loss_is_the_logarithm_of_the_perplexity():
    model = small()
    loss, _ = compiled_loss(Trainer(model), a_batch())
    assert math.exp(loss) == pytest.approx(model.perplexity(SENTENCES[:4]), rel=1e-9)


def test_a_step_is_rmsprop():
    model, batch = small(dtype="float32", layers=1), a_batch()
    before = {name: values.astype(float) for name, values in model.parameters.items()}
    trainer = Trainer(model, mode=QUICK)
    _, slopes = compiled_loss(trainer, batch)
    for _ in (1, 2):
        loss, slopes = compiled_loss(trainer, batch)
        old = trainer.arrays()
        assert trainer.step(batch, 0.01) == pytest.approx(loss, rel=1e-5)
        new = trainer.arrays()
        for name, g in slopes.items():
            m = 0.9 * old[f"m.{name}"] + 0.1 * g**2
            np.testing.assert_allclose(new[f"m.{name}"], m, rtol=1e-4, atol=1e-12)
            np.testing.assert_allclose(new[name], old[name] - 0.01 * g / np.sqrt(m + 1e-6), rtol=1e-4, atol=1e-6)
            assert new[name].dtype == np.float32
    assert all(np.abs(trainer.update_model().parameters[name] - before[name]).max() > 1e-4 for name in before)


def test_training_goes_on_from_restored_arrays():
    batch = a_batch()
    straight = Trainer(small(dtype="float32", layers=1), mode=QUICK)
    straight.step(batch, 0.01)
    kept = straight.arrays()
    losses = [straight.step(batch, 0.01) for _ in range(3)]
    other = Trainer(small(dtype="float32", layers=1, seed=9), mode=QUICK)
    other.restore(kept)
    assert [other.step(batch, 0.01) for _ in range(3)] == losses
    assert losses[2] < losses[0]


# ---- perplexity ----


def test_perplexity_is_that_of_single_sentences_whatever_the_batching(monkeypatch):
    model, total, words = small(), 0.0, 0
    sentences = (
        SENTENCES + [list(np.random.default_rng(0).choice(WORDS, 90))] + SENTENCES * 5
    )  # one is longer than any bucket
    for tokens in sentences:
        numbers = VOCABULARY.encode(tokens)
        log_p, _ = model.log_probabilities(numbers[:-1, None])
        total -= sum(log_p[t, 0, word] for t, word in enumerate(numbers[1:]))
        words += len(numbers) - 1
    assert model.perplexity(sentences) == pytest.approx(math.exp(total / words), rel=1e-10)
    assert model.perplexity(reversed(sentences)) == pytest.approx(math.exp(total / words), rel=1e-10)
    monkeypatch.setattr(language_model, "pad", lambda chunk, length: pad(chunk, length + 3, len(chunk) + 2))
    assert model.perplexity(sentences) == pytest.approx(math.exp(total / words), rel=1e-10)


def test_a_model_that_knows_nothing_has_the_size_of_its_vocabulary():
    model = small()
    model.parameters = {name: np.zeros_like(values) for name, values in model.parameters.items()}
    assert model.perplexity(SENTENCES) == pytest.approx(C)


def test_nothing_to_score_is_refused():
    with pytest.raises(ValueError, match="no sentence"):
        small().perplexity([])


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_reading_on_from_the_states(cell):
    model, x = small(cell), np.array([[START], [3], [4], [5]])
    whole, _ = model.log_probabilities(x)
    first, states = model.log_probabilities(x[:2])
    second, _ = model.log_probabilities(x[2:], states)
    np.testing.assert_allclose(np.concatenate([first, second]), whole, atol=1e-12)
    np.testing.assert_allclose(np.exp(whole).sum(axis=-1), 1)


# ---- sentences ----


def loves_unknown(favourite=UNKNOWN):
    """A model that wants to say one word all the time."""
    model = small()
    model.parameters["c"][favourite] = 50.0
    return model


def test_generated_sentences_keep_prompt_limit_and_seed():
    model = small()
    for seed in range(20):
        tokens = model.generate(np.random.default_rng(seed), prompt=["we", "snow"], max_words=6)
        assert tokens[:2] == ["we", "snow"] and 2 <= len(tokens) <= 6
        assert set(tokens[2:]) <= set(WORDS)
        assert tokens == model.generate(np.random.default_rng(seed), prompt=["we", "snow"], max_words=6)
    assert model.generate(np.random.default_rng(0), prompt=["we", "like"], max_words=2) == ["we", "like"]


def test_unknown_and_start_are_never_drawn():
    for favourite in (UNKNOWN, START):
        for seed in range(10):
            assert set(loves_unknown(favourite).generate(np.random.default_rng(seed), max_words=8)) <= set(WORDS)


def test_a_sentence_without_end_is_cut_and_end_ends_it():
    tea = VOCABULARY.index["tea"]
    assert loves_unknown(tea).generate(np.random.default_rng(0), max_words=12) == ["tea"] * 12
    assert loves_unknown(END).generate(np.random.default_rng(0)) == []


def test_the_temperature_sharpens_and_flattens():
    model, draws = small(), 3000
    p = np.exp(model.log_probabilities(np.array([[START]]))[0][0, 0])
    p[[START, UNKNOWN]] = 0
    for temperature in (0.5, 1.0, 3.0):
        want = p ** (1 / temperature) / (p ** (1 / temperature)).sum()
        rng, counts = np.random.default_rng(0), np.zeros(C)
        for _ in range(draws):
            tokens = model.generate(rng, temperature=temperature, max_words=1)
            counts[VOCABULARY.index[tokens[0]] if tokens else END] += 1
        np.testing.assert_allclose(counts / draws, want, atol=0.045)  # five standard errors
    cold = {tuple(model.generate(np.random.default_rng(seed), temperature=1e-3, max_words=3)) for seed in range(5)}
    assert len(cold) == 1


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(ValueError, match="temperature"):
        small().generate(np.random.default_rng(0), temperature=temperature)


# ---- files ----


@pytest.mark.parametrize(("dtype", "off"), [("float32", 0), ("float16", 1e-3)])
def test_what_was_saved_is_loaded(tmp_path, dtype, off):
    model = small("lstm", "float32")
    model.save(tmp_path / "new" / "model.npz", dtype, seed=7, log=[{"epoch": 1}])
    loaded = LanguageModel.load(tmp_path / "new" / "model.npz")
    assert loaded.shape == model.shape and loaded.vocabulary == model.vocabulary
    for name, values in model.parameters.items():
        assert loaded.parameters[name].dtype == np.float32
        np.testing.assert_allclose(loaded.parameters[name], values, rtol=0, atol=off)
    assert loaded.perplexity(SENTENCES) == pytest.approx(model.perplexity(SENTENCES), rel=1e-2)
    _, about = language_model.read_npz(tmp_path / "new" / "model.npz")
    assert about["seed"] == 7 and about["log"] == [{"epoch": 1}]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["model.npz"]  # no temporary file stays


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ModelError, match=r"There is no .*nothing\.npz"):
        LanguageModel.load(tmp_path / "nothing.npz")


def test_damaged_and_foreign_files_are_refused_in_a_sentence(tmp_path):
    path = tmp_path / "model.npz"
    small(dtype="float32").save(path)
    whole = path.read_bytes()
    for damaged in (b"", b"not a model", whole[: len(whole) // 2], whole[:-40]):
        path.write_bytes(damaged)
        with pytest.raises(ModelError, match=r"model\.npz cannot be read"):
            LanguageModel.load(path)
    np.savez(path, E=np.zeros(3))
    with pytest.raises(ModelError, match="cannot be read"):
        LanguageModel.load(path)
    np.save(tmp_path / "array.npz.npy", np.zeros(3))
    (tmp_path / "array.npz.npy").rename(path)
    with pytest.raises(ModelError):
        LanguageModel.load(path)
    language_model.write_npz(path, {"a": np.zeros(2)}, {"shape": {"cell": "gru"}, "words": ["x"]})
    with pytest.raises(ModelError, match="not a language model of this course"):
        LanguageModel.load(path)


def test_a_flipped_byte_is_noticed_or_harmless(tmp_path):
    path, model = tmp_path / "model.npz", small(dtype="float32")
    model.save(path)
    whole, refused = path.read_bytes(), 0
    for place in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        try:
            loaded = LanguageModel.load(path)  # the byte may be one of the archive's dates
        except ModelError:
            refused += 1
        else:
            assert all((loaded.parameters[name] == values).all() for name, values in model.parameters.items())
    assert refused > 30


def test_arrays_of_other_sizes_are_refused(tmp_path):
    model = small(dtype="float32")
    model.parameters["W2"] = model.parameters["W2"][:, :-1]
    model.save(tmp_path / "model.npz")
    with pytest.raises(ModelError, match="damaged: its arrays"):
        LanguageModel.load(tmp_path / "model.npz")


def test_an_interrupted_writing_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    model = small(dtype="float32")
    model.save(path)
    before = path.read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", full)
        with pytest.raises(ModelError, match=r"No space left on device\. What was there before is still there"):
            model.save(path)
    assert path.read_bytes() == before
    model.save(path)
    assert [one.name for one in tmp_path.iterdir()] == ["model.npz"]
