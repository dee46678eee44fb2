"""Checks of ``cnn_text/02_text_classification/05_other_tasks``.

Ground truth of the losses is arithmetic with 60 decimal digits, that of the scores is scikit-learn's, and texts with
typos are read letter by letter: words of different letters show what was done to each.
"""

from collections import Counter
from decimal import Decimal, localcontext

import numpy as np

from lib.checks import Case, check

# --- softmax_cross_entropy ----------------------------------------------------------------------


def exact_softmax_loss(row: np.ndarray, label: int) -> float:
    """log Σ exp(s) - s of the label, with 60 digits and a range of exponents that no score leaves."""
    with localcontext() as digits:
        digits.prec = 60
        scores = [Decimal(float(score)) for score in row]
        return float(sum(score.exp() for score in scores).ln() - scores[int(label)])


@check
def softmax_cross_entropy(case):
    """Post by post, with many digits."""
    questions = [
        (case.rng.normal(scale=3, size=(n, k)), case.rng.integers(k, size=n))
        for n, k in ((7, 4), (5, 6), (9, 2), (1, 3))
    ]
    steep = np.array([[900.0, 0.0, 3.0], [-900.0, -901.0, -903.5], [0.0, 40.0, 5.0], [800.0, 799.0, 797.0]])
    questions.append((steep, np.array([1, 2, 0, 1])))
    answers = [case.call(scores, labels) for scores, labels in questions]
    for (scores, labels), got in zip(questions, answers, strict=True):
        want = [exact_softmax_loss(row, label) for row, label in zip(scores, labels, strict=True)]
        large = " with scores of ±900" if scores is steep else ""
        case.near(f"the losses of {len(labels)} posts in {scores.shape[1]} classes{large}", got, want)
    return "26 posts in 2 to 6 classes have the loss that 60 digits give, scores of ±900 among them"


def _softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _of_labels(values, labels):
    return values[np.arange(len(labels)), labels]


def _losses(scores, labels):
    top = scores.max(axis=1)
    return top + np.log(np.exp(scores - top[:, None]).sum(axis=1)) - _of_labels(scores, labels)


@softmax_cross_entropy.mistake("exp overflows for large scores: subtract each row's largest score first")
def _overflows(scores, labels):
    return np.log(np.exp(scores).sum(axis=1)) - _of_labels(scores, labels)


@softmax_cross_entropy.mistake(
    "exp overflows for large scores, and inf / inf is no number: subtract each row's largest score first"
)
def _overflows_softmax(scores, labels):
    e = np.exp(scores)
    return -np.log(_of_labels(e / e.sum(axis=1, keepdims=True), labels))


@softmax_cross_entropy.mistake(
    "a probability was rounded to 0 before its logarithm was taken: log Σ exp(s) - s needs no probability at all"
)
def _log_of_zero(scores, labels):
    return -np.log(_of_labels(_softmax(scores), labels))


@softmax_cross_entropy.mistake(
    "the probability was kept away from 0, so a very wrong post costs too little: log Σ exp(s) - s needs no such help"
)
def _added(scores, labels):
    return -np.log(_of_labels(_softmax(scores), labels) + 1e-12)


@softmax_cross_entropy.mistake(
    "the probability was clipped, so a very wrong post costs too little: log Σ exp(s) - s needs no clipping"
)
def _clipped(scores, labels):
    return -np.log(np.clip(_of_labels(_softmax(scores), labels), 1e-7, 1 - 1e-7))


@softmax_cross_entropy.mistake(
    "the largest score of the whole table was subtracted: in other rows every exp may become 0; take each row's own, "
    "scores.max(axis=1, keepdims=True)"
)
def _one_shift(scores, labels):
    scores = scores - scores.max()
    return np.log(np.exp(scores).sum(axis=1)) - _of_labels(scores, labels)


@softmax_cross_entropy.mistake("the sign is turned around: a loss is positive, -log p")
def _sign(scores, labels):
    return -_losses(scores, labels)


@softmax_cross_entropy.mistake(
    "the row's largest score was subtracted on one side only: take the label's score from the shifted scores, too"
)
def _half_shifted(scores, labels):
    return _losses(scores, labels) - scores.max(axis=1)


@softmax_cross_entropy.mistake("this is the loss of the highest score: take the score of the label")
def _of_highest(scores, labels):
    return _losses(scores, scores.argmax(axis=1))


@softmax_cross_entropy.mistake("the exponentials were added over the posts (axis 0): each post has a sum of its own")
def _over_posts(scores, labels):
    e = np.exp(scores - scores.max(axis=0))
    return -np.log(_of_labels(e / e.sum(axis=0), labels))


@softmax_cross_entropy.mistake(
    "this is a table of posts × posts: scores[:, labels] takes every label from every row; pair them with "
    "scores[np.arange(len(labels)), labels]"
)
def _every_pair(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[:, labels]


@softmax_cross_entropy.mistake("this is one number, the mean: return the loss of each post")
def _mean(scores, labels):
    return _losses(scores, labels).mean()


@softmax_cross_entropy.mistake("this is one number, the sum: return the loss of each post")
def _sum(scores, labels):
    return _losses(scores, labels).sum()


@softmax_cross_entropy.mistake("the logarithm is missing: log Σ exp(s)")
def _no_log(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.exp(shifted).sum(axis=1) - _of_labels(shifted, labels)


@softmax_cross_entropy.mistake("these are 1 - p: the loss is -log p")
def _one_minus(scores, labels):
    return 1 - _of_labels(_softmax(scores), labels)


@softmax_cross_entropy.mistake("these are the probabilities of the labels: the loss is -log of them")
def _probability(scores, labels):
    return _of_labels(_softmax(scores), labels)


@softmax_cross_entropy.mistake("this is log Σ exp(s): subtract the score of the label")
def _only_log_sum(scores, labels):
    top = scores.max(axis=1)
    return top + np.log(np.exp(scores - top[:, None]).sum(axis=1))


@softmax_cross_entropy.mistake("these are the losses of every class: take the one of each post's label")
def _all_classes(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted


# --- multi_hot ----------------------------------------------------------------------------------


@check
def multi_hot(case):
    """Every cell: is the label one of the words between the dots?"""
    questions = [
        (["sci.space", "rec.sport.hockey", "misc.port", "alt.none"], ["port", "sci", "sport", "rec"]),
        (["a.b.c.d.e", "e.a", "e.a", "c", "f.g"], ["e", "c", "a", "unused"]),
        (["news.groups.news"], ["groups", "news"]),
        (["x.y", "y.x", "x"], ["y"]),
    ]
    words = [f"w{number}" for number in case.rng.permutation(12)]
    drawn = [".".join(case.rng.choice(words, size=size, replace=False)) for size in (3, 1, 5, 4, 2, 3)]
    questions.append((drawn, words[:8]))
    answers = [case.call(groups, labels) for groups, labels in questions]
    for (groups, labels), got in zip(questions, answers, strict=True):
        want = [[float(f".{label}." in f".{group}.") for label in labels] for group in groups]
        case.near(f"the table of {len(groups)} posts and {len(labels)} labels (first post: {groups[0]!r})", got, want)
    return "19 posts and 19 labels: a 1 where the label is a word of the name, a 0 everywhere else"


def _table(groups, labels, words_of=lambda group: group.split("."), one=1.0, zero=0.0):
    return np.array([[one if label in words_of(group) else zero for label in labels] for group in groups])


@multi_hot.mistake(
    "a label was found inside another word, as port in sport: split the name at its dots and compare whole words"
)
def _inside(groups, labels):
    return _table(groups, labels, words_of=str)


@multi_hot.mistake("only the first word of the name counts here: every word between the dots does")
def _first_word(groups, labels):
    return _table(groups, labels, words_of=lambda group: group.split(".")[:1])


@multi_hot.mistake("only the last word of the name counts here: every word between the dots does")
def _last_word(groups, labels):
    return _table(groups, labels, words_of=lambda group: group.split(".")[-1:])


@multi_hot.mistake("the first word of the name is missing: every word between the dots counts")
def _without_first(groups, labels):
    return _table(groups, labels, words_of=lambda group: group.split(".")[1:])


@multi_hot.mistake("only one label per post is set: a row may have several ones, or none")
def _one_hot(groups, labels):
    table = _table(groups, labels)
    first = np.zeros_like(table)
    rows = np.flatnonzero(table.any(axis=1))
    first[rows, table[rows].argmax(axis=1)] = 1
    return first


@multi_hot.mistake("rows and columns are exchanged: a row per post, a column per label")
def _exchanged(groups, labels):
    return _table(groups, labels).T


@multi_hot.mistake("the rows were divided by their sums: a 1 for each label that a post has")
def _shares(groups, labels):
    table = _table(groups, labels)
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


@multi_hot.mistake("ones and zeros are exchanged")
def _inverted(groups, labels):
    return _table(groups, labels, one=0.0, zero=1.0)


@multi_hot.mistake("the columns are in alphabetical order: column j belongs to labels[j]")
def _sorted(groups, labels):
    return _table(groups, sorted(labels))


@multi_hot.mistake("a word that stands twice in a name was counted: 0 or 1, nothing else")
def _counted(groups, labels):
    return np.array([[float(group.split(".").count(label)) for label in labels] for group in groups])


@multi_hot.mistake(
    "not every word of a name is a label: ask which labels are in the name, not where each word of the name stands"
)
def _looked_up(groups, labels):
    table = np.zeros((len(groups), len(labels)))
    for row, group in enumerate(groups):
        for word in group.split("."):
            table[row, labels.index(word)] = 1
    return table


# --- sigmoid_cross_entropy ----------------------------------------------------------------------


def exact_sigmoid_loss(score: float, target: float) -> float:
    """-log of the probability of what is true, with 60 digits: log(1 + exp(-s)) for a label that is there."""
    with localcontext() as digits:
        digits.prec = 60
        away = Decimal(float(-score if target else score))
        return float((1 + away.exp()).ln())


@check
def sigmoid_cross_entropy(case):
    """Label by label, with many digits."""
    questions = [
        (case.rng.normal(scale=3, size=(n, k)), case.rng.integers(2, size=(n, k)).astype(float))
        for n, k in ((6, 4), (3, 7), (5, 1))
    ]
    steep = np.array([[900.0, -900.0, 0.0], [900.0, -900.0, 0.0], [40.0, -40.0, 1e-3]])
    questions.append((steep, np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 1.0]])))
    answers = [case.call(scores, targets) for scores, targets in questions]
    for (scores, targets), got in zip(questions, answers, strict=True):
        pairs = zip(scores.ravel(), targets.ravel(), strict=True)
        want = np.reshape([exact_sigmoid_loss(*pair) for pair in pairs], scores.shape)
        large = " with scores of ±900" if scores is steep else ""
        case.near(f"the losses of {len(scores)} posts and {scores.shape[1]} labels{large}", got, want)
    return "59 losses of single labels are what 60 digits give, with scores of ±900 among them"


def _stable(scores, targets):
    return np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(-np.abs(scores)))


def _sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


@sigmoid_cross_entropy.mistake(
    "a probability was rounded to 0 or 1 before its logarithm was taken: use max(s, 0) - s·y + log(1 + exp(-|s|))"
)
def _log_of_rounded(scores, targets):
    p = _sigmoid(scores)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p))


@sigmoid_cross_entropy.mistake(
    "a probability was rounded to 0 or 1 before its logarithm was taken, np.where only hides it: use "
    "max(s, 0) - s·y + log(1 + exp(-|s|))"
)
def _log_of_where(scores, targets):
    p = _sigmoid(scores)
    return -np.log(np.where(targets == 1, p, 1 - p))


@sigmoid_cross_entropy.mistake(
    "the probabilities were clipped, so a very wrong label costs too little: max(s, 0) - s·y + log(1 + exp(-|s|)) "
    "needs no clipping"
)
def _sigmoid_clipped(scores, targets):
    p = np.clip(_sigmoid(scores), 1e-7, 1 - 1e-7)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p))


@sigmoid_cross_entropy.mistake("exp(-s) overflows where s is far below 0: write exp(-|s|), and max(s, 0) in place of s")
def _one_sided(scores, targets):
    return scores - scores * targets + np.log1p(np.exp(-scores))


@sigmoid_cross_entropy.mistake("exp(s) overflows where s is far above 0: write exp(-|s|), and max(s, 0) in front")
def _other_sided(scores, targets):
    return np.log1p(np.exp(scores)) - scores * targets


@sigmoid_cross_entropy.mistake(
    "only labels that are there count here: a label that is not there costs something, too, if its score is high"
)
def _only_ones(scores, targets):
    return targets * _stable(scores, targets)


@sigmoid_cross_entropy.mistake("only labels that are missing count here: those that are there cost -log p")
def _only_zeros(scores, targets):
    return (1 - targets) * _stable(scores, targets)


@sigmoid_cross_entropy.mistake("the targets are turned around: a label that is there costs little if its score is high")
def _targets_turned(scores, targets):
    return _stable(scores, 1 - targets)


@sigmoid_cross_entropy.mistake("the sign is turned around: a loss is positive")
def _sigmoid_sign(scores, targets):
    return -_stable(scores, targets)


@sigmoid_cross_entropy.mistake("np.max(s) is the largest score of all: np.maximum(s, 0) compares each score with 0")
def _np_max_of_all(scores, targets):
    return np.max(scores) - scores * targets + np.log1p(np.exp(-np.abs(scores)))


@sigmoid_cross_entropy.mistake("np.max looks for one largest number: np.maximum(s, 0) compares each score with 0")
def _np_max(scores, targets):
    return np.max(scores, 0) - scores * targets + np.log1p(np.exp(-np.abs(scores)))


@sigmoid_cross_entropy.mistake("the |…| is missing in exp(-|s|), so it overflows where s is far below 0")
def _no_abs(scores, targets):
    return np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(-scores))


@sigmoid_cross_entropy.mistake("the minus is missing in exp(-|s|)")
def _no_minus(scores, targets):
    return np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(np.abs(scores)))


@sigmoid_cross_entropy.mistake("the 1 is missing in log(1 + exp(-|s|))")
def _no_one(scores, targets):
    return np.maximum(scores, 0) - scores * targets - np.abs(scores)


@sigmoid_cross_entropy.mistake("the last part, log(1 + exp(-|s|)), is missing: a score of 0 costs log 2")
def _no_last_part(scores, targets):
    return np.maximum(scores, 0) - scores * targets


@sigmoid_cross_entropy.mistake("s·y was added: it is subtracted")
def _plus(scores, targets):
    return np.maximum(scores, 0) + scores * targets + np.log1p(np.exp(-np.abs(scores)))


@sigmoid_cross_entropy.mistake("this is a softmax over the labels: here every label has a sigmoid of its own")
def _softmax_loss(scores, targets):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return targets * (np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted)


@sigmoid_cross_entropy.mistake("this is the mean of each post: return one loss for each post and label")
def _row_means(scores, targets):
    return _stable(scores, targets).mean(axis=1)


@sigmoid_cross_entropy.mistake("this is the sum of each post: return one loss for each post and label")
def _row_sums(scores, targets):
    return _stable(scores, targets).sum(axis=1)


@sigmoid_cross_entropy.mistake("this is one number, the mean: return one loss for each post and label")
def _overall_mean(scores, targets):
    return _stable(scores, targets).mean()


# --- label_scores -------------------------------------------------------------------------------


def by_scikit_learn(p: np.ndarray, Y: np.ndarray, threshold: float) -> list[float]:
    """Subset accuracy, micro F1 and macro F1."""
    from sklearn.metrics import accuracy_score, f1_score  # imported late: it takes a second

    told = np.array([[int(one >= threshold) for one in row] for row in p])
    f1 = [f1_score(Y, told, average=average, zero_division=0) for average in ("micro", "macro")]
    return [accuracy_score(Y, told), *f1]


@check
def label_scores(case):
    """Against scikit-learn, with labels that nobody has and probabilities on the threshold."""
    questions = []
    for n, k, threshold in ((40, 4, 0.5), (25, 6, 0.3), (60, 3, 0.75), (11, 5, 0.5)):
        frequent = case.rng.uniform(0.15, 0.7, size=k)
        Y = (case.rng.random((n, k)) < frequent).astype(float)
        p = np.clip(0.7 * Y + 0.15 + case.rng.normal(scale=0.25, size=(n, k)), 0.01, 0.99)
        p[case.rng.random((n, k)) < 0.1] = threshold
        p[:2], Y[:2] = 0.01, 0.0  # posts without any label
        questions.append((p, Y, threshold))
    p, Y, threshold = questions[-1]
    p[:, 1], Y[:, 1] = 0.1, 0.0  # a label that no post has and none is said to have
    p[:, 2], Y[:, 3] = 0.05, 0.0  # one that is never predicted, one that no post has
    answers = [case.call(p, Y, threshold) for p, Y, threshold in questions]
    for (p, Y, threshold), got in zip(questions, answers, strict=True):
        got = case.array("the answer (subset accuracy, micro F1, macro F1)", got, (3,))
        for what, one, want in zip(
            ("subset accuracy", "micro F1", "macro F1"), got, by_scikit_learn(p, Y, threshold), strict=True
        ):
            case.near(f"the {what} of {len(Y)} posts and {Y.shape[1]} labels, threshold {threshold}", one, want)
    return "three measures of four tables, as scikit-learn gives them, with a label that occurs nowhere"


def _counts(told, Y, axis):
    hits = np.sum((told == 1) & (Y == 1), axis=axis)
    return hits, np.sum(told == 1, axis=axis), np.sum(Y == 1, axis=axis)


def _f1(hits, told, true):
    total = np.asarray(told + true, dtype=float)
    return np.divide(2.0 * hits, total, out=np.zeros_like(total), where=total > 0)


def _label_scores(p, Y, threshold, told=None, subset=None, micro=None, macro=None):
    told = p >= threshold if told is None else told
    right = (told == (Y == 1)).all(axis=1).mean() if subset is None else subset(told, Y)
    small = float(_f1(*_counts(told, Y, None))) if micro is None else micro(told, Y)
    large = float(_f1(*_counts(told, Y, 0)).mean()) if macro is None else macro(told, Y)
    return right, small, large


@label_scores.mistake("a probability equal to the threshold counts: >=, not >")
def _strictly_above(p, Y, threshold):
    return _label_scores(p, Y, threshold, told=p > threshold)


@label_scores.mistake("the threshold is always 0.5 here: use the one that is given")
def _always_half(p, Y, threshold):
    return _label_scores(p, Y, 0.5)


@label_scores.mistake("labels below the threshold were taken: those at or above it are predicted")
def _below(p, Y, threshold):
    return _label_scores(p, Y, threshold, told=p < threshold)


@label_scores.mistake("only the likeliest label of each post was predicted: every label at or above the threshold is")
def _likeliest(p, Y, threshold):
    return _label_scores(p, Y, threshold, told=np.arange(p.shape[1]) == p.argmax(axis=1)[:, None])


@label_scores.mistake(
    "the first number is the share of right labels: subset accuracy counts posts that have *all* their labels right"
)
def _share_of_labels(p, Y, threshold):
    return _label_scores(p, Y, threshold, subset=lambda told, Y: (told == Y).mean())


@label_scores.mistake(
    "the first number counts posts with at least one label right: all of them must be right, .all(axis=1)"
)
def _any_right(p, Y, threshold):
    return _label_scores(p, Y, threshold, subset=lambda told, Y: (told == Y).any(axis=1).mean())


@label_scores.mistake(
    "the first number lets a post pass that has all its labels and others, too: none may be too many, =="
)
def _too_many(p, Y, threshold):
    return _label_scores(p, Y, threshold, subset=lambda told, Y: (told >= Y).all(axis=1).mean())


@label_scores.mistake("the first number is a number of posts: divide it by how many there are, or take the mean")
def _number_of_posts(p, Y, threshold):
    return _label_scores(p, Y, threshold, subset=lambda told, Y: (told == Y).all(axis=1).sum())


@label_scores.mistake("the first number looks at one label at a time (axis 0): a post is a row, .all(axis=1)")
def _whole_columns(p, Y, threshold):
    return _label_scores(p, Y, threshold, subset=lambda told, Y: (told == Y).all(axis=0).mean())


@label_scores.mistake("the two F1 are exchanged: micro before macro")
def _exchanged_f1(p, Y, threshold):
    right, micro, macro = _label_scores(p, Y, threshold)
    return right, macro, micro


def _share(hits, of):
    of = np.asarray(of, dtype=float)
    return np.divide(hits, of, out=np.zeros_like(of), where=of > 0)


@label_scores.mistake("these are precisions, hits among what was predicted: F1 needs 2·hits / (predicted + true)")
def _precision(p, Y, threshold):
    def part(axis):
        return lambda told, Y: float(np.mean(_share(*_counts(told, Y, axis)[:2])))

    return _label_scores(p, Y, threshold, micro=part(None), macro=part(0))


@label_scores.mistake("these are recalls, hits among what is true: F1 needs 2·hits / (predicted + true)")
def _recall(p, Y, threshold):
    def part(axis):
        return lambda told, Y: float(np.mean(_share(*_counts(told, Y, axis)[::2])))

    return _label_scores(p, Y, threshold, micro=part(None), macro=part(0))


@label_scores.mistake(
    "zeros that agree were counted as hits: a hit is predicted *and* true, predicted * Y, not predicted == Y"
)
def _zeros_hit(p, Y, threshold):
    def part(axis):
        def f1(told, Y):
            _, said, true = _counts(told, Y, axis)
            return np.mean(2 * np.sum(told == Y, axis=axis) / np.maximum(said + true, 1))

        return f1

    return _label_scores(p, Y, threshold, micro=part(None), macro=part(0))


@label_scores.mistake("the 2 is missing in 2·hits / (predicted + true)")
def _half(p, Y, threshold):
    right, micro, macro = _label_scores(p, Y, threshold)
    return right, micro / 2, macro / 2


@label_scores.mistake(
    "0/0 gave NaN: a label that no post has and none is said to have gets an F1 of 0; "
    "divide by np.maximum(predicted + true, 1)"
)
def _zero_by_zero(p, Y, threshold):
    def macro(told, Y):
        hits, said, true = _counts(told, Y, 0)
        return np.mean(2 * hits / (said + true))

    return _label_scores(p, Y, threshold, macro=macro)


@label_scores.mistake(
    "a label that occurs nowhere was left out of the macro F1: it counts as 0, as in scikit-learn with zero_division=0"
)
def _left_out(p, Y, threshold):
    def macro(told, Y):
        hits, said, true = _counts(told, Y, 0)
        return np.mean((2 * hits / np.maximum(said + true, 1))[said + true > 0])

    return _label_scores(p, Y, threshold, macro=macro)


@label_scores.mistake("a label that occurs nowhere got an F1 of 1: it counts as 0")
def _perfect_nothing(p, Y, threshold):
    def macro(told, Y):
        hits, said, true = _counts(told, Y, 0)
        return np.mean(np.where(said + true > 0, 2 * hits / np.maximum(said + true, 1), 1.0))

    return _label_scores(p, Y, threshold, macro=macro)


@label_scores.mistake("the macro F1 is a mean over posts here (axis 1): it is the mean over the labels")
def _over_the_posts(p, Y, threshold):
    return _label_scores(p, Y, threshold, macro=lambda told, Y: _f1(*_counts(told, Y, 1)).mean())


@label_scores.mistake("the macro F1 is weighted by how frequent a label is: every label counts the same in it")
def _weighted(p, Y, threshold):
    def macro(told, Y):
        return np.average(_f1(*_counts(told, Y, 0)), weights=np.sum(Y == 1, axis=0))

    return _label_scores(p, Y, threshold, macro=macro)


@label_scores.mistake("the F1 of each label came back: macro is their mean, one number")
def _f1_of_labels(p, Y, threshold):
    return *_label_scores(p, Y, threshold)[:2], _f1(*_counts(p >= threshold, Y, 0))


# --- add_typos ----------------------------------------------------------------------------------

SURE = 6.5  # standard deviations; a right answer is farther away once in ten thousand million times


def typos_of(word: str, got: str) -> list[str] | None:
    """What was done at each place where a typo was possible ("keep", "swap" or "drop"), None if it was something else.

    word: all its letters are different, so that there is one way to read ``got`` at most.
    """
    found, i, j = [], 0, 0
    while i < len(word):
        last = i == len(word) - 1
        if got[j : j + 1] == word[i]:
            if not last:
                found.append("keep")
            i, j = i + 1, j + 1
        elif not last and got[j : j + 2] == word[i + 1] + word[i]:
            found.append("swap")
            i, j = i + 2, j + 2
        elif not last and got[j : j + 1] == word[i + 1]:
            found.append("drop")
            i, j = i + 2, j + 1
        else:
            return None
    return found if j == len(got) else None


def text_of(rng: np.random.Generator, words: int) -> str:
    """Words of 1 to 8 letters, all letters of a word different."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    return " ".join("".join(rng.permutation(letters)[: rng.integers(1, 9)]) for _ in range(words))


def close_to(case: Case, what: str, count: int, of: int, rate: float) -> None:
    """End the check unless so many of so many fit to the rate."""
    spread = SURE * np.sqrt(of * rate * (1 - rate)) + 0.5
    case.true(abs(count - of * rate) <= spread, f"{what}: {count} of {of}, expected about {of * rate:.0f}")


def typo_text(case: Case, text: str, rate: float, seed: int) -> str:
    got = case.call(text, rate, np.random.default_rng(seed))
    if not isinstance(got, str):
        kind = "a number (NaN?)" if np.asarray(got).dtype.kind == "f" else type(got).__name__
        case.fail(f"the answer should be one text (str), but it is {kind}")
    return got


@check
def add_typos(case):
    """Letter by letter: what was done at each place, and how often."""
    texts = [text_of(case.rng, words) for words in (400, 300, 300)]
    seeds = case.rng.integers(2**31, size=4)
    rates = (0.2, 0.6, 1.0)
    got = [typo_text(case, text, rate, seed) for text, rate, seed in zip(texts, rates, seeds, strict=False)]
    same_again = typo_text(case, texts[0], 0.2, seeds[0])
    other = typo_text(case, texts[0], 0.2, seeds[3])
    plain = typo_text(case, "nothing happens to this text", 0.0, 0)
    short = typo_text(case, "a b i", 1.0, 1)
    for text, rate, answer in zip(texts, rates, got, strict=True):
        words, found = text.split(" "), answer.split(" ")
        where = f"in {len(words)} words at a rate of {rate}"
        case.true(
            len(words) == len(found),
            f"{where} there are {len(found)} words afterwards: spaces stay where they are between the words",
        )
        readings = [(word, one, typos_of(word, one)) for word, one in zip(words, found, strict=False)]
        for word, one, reading in readings:
            case.true(
                reading is not None,
                f"{where} {word!r} became {one!r}: a typo takes two neighbours, swaps them or drops the first of them, "
                "and goes on behind both",
            )
        every = Counter(step for *_, reading in readings for step in reading)
        starts = Counter(reading[0] for *_, reading in readings if reading)
        made = every["swap"] + every["drop"]
        close_to(case, f"{where}, places with a typo", made, every.total(), rate)
        close_to(
            case,
            f"{where}, words with a typo at their first letter",
            starts.total() - starts["keep"],
            starts.total(),
            rate,
        )
        close_to(case, f"{where}, swaps among the typos", every["swap"], made, 0.5)
    case.true(plain == "nothing happens to this text", f"at a rate of 0 the text changed: {plain!r}")
    case.true(short == "a b i", f"words of one letter have no neighbour to swap with: 'a b i' became {short!r}")
    case.true(got[0] == same_again, "two generators with the same seed gave different texts: draw from `rng` alone")
    case.true(got[0] != other, "two different generators gave the same text: draw from the `rng` that is given")
    return "1,000 words read letter by letter: swaps and drops, half and half, as often as the rate says"


def _typos(text, rate, rng, both=0.5, step=2, end=True, drop_first=True, inverted=False, last=True, again=True):
    out, i = [], 0
    while i < len(text) - (not last):
        pair = text[i : i + 2]
        possible = len(pair) == 2 and (not end or " " not in pair)
        if possible and ((draw := rng.random()) < rate) != inverted:
            swap = (rng.random() if again else draw) < both
            out.append(pair[::-1] if swap else pair[1] if drop_first else pair[0])
            i += step
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


@add_typos.mistake(
    "a space was taken for a letter: a typo needs two letters of one word, so look at text[i] and at text[i + 1]"
)
def _spaces_too(text, rate, rng):
    return _typos(text, rate, rng, end=False)


@add_typos.mistake("after a typo the second letter of the pair is written again: go on behind both, i += 2")
def _written_twice(text, rate, rng):
    return _typos(text, rate, rng, step=1)


@add_typos.mistake("every typo is a swap: half of them drop the first letter of the pair")
def _only_swaps(text, rate, rng):
    return _typos(text, rate, rng, both=1.0)


@add_typos.mistake("every typo drops a letter: half of them swap the two")
def _only_drops(text, rate, rng):
    return _typos(text, rate, rng, both=0.0)


@add_typos.mistake("the second letter of the pair was dropped, so a word can lose its last letter: drop the first one")
def _drops_second(text, rate, rng):
    return _typos(text, rate, rng, drop_first=False)


@add_typos.mistake("the last letter of the text is lost: the loop ends at len(text), not one before it")
def _last_letter(text, rate, rng):
    return _typos(text, rate, rng, last=False)


@add_typos.mistake(
    "one draw was used for both questions: where it is below `rate` it is mostly below 0.5, too; draw a second number"
)
def _one_draw(text, rate, rng):
    return _typos(text, rate, rng, again=False)


@add_typos.mistake("the draw is turned around: a typo happens where rng.random() < rate")
def _turned_draw(text, rate, rng):
    return _typos(text, rate, rng, inverted=True)


@add_typos.mistake("the text did not change: build the new text from pieces, and return that")
def _unchanged(text, rate, rng):
    return text


@add_typos.mistake("these are the pieces, a list: put them together with ''.join(...)")
def _pieces(text, rate, rng):
    return list(_typos(text, rate, rng))


@add_typos.mistake("the pieces were joined with spaces: ''.join(...) puts nothing between them")
def _spaced(text, rate, rng):
    return " ".join(_typos(text, rate, rng))


@add_typos.mistake("the generator is made anew inside the function: draw from the `rng` that is given")
def _own_generator(text, rate, rng):
    return _typos(text, rate, np.random.default_rng(0))


@add_typos.mistake("both a swap and a drop have the chance `rate`: first ask whether there is a typo, then which")
def _two_chances(text, rate, rng):
    out, i = [], 0
    while i < len(text):
        pair = text[i : i + 2]
        possible = len(pair) == 2 and " " not in pair
        if possible and rng.random() < rate:
            out.append(pair[::-1])
            i += 2
        elif possible and rng.random() < rate:
            out.append(pair[1])
            i += 2
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


@add_typos.mistake("half of the typos are missing: a swap where one draw is below 0.5, and *otherwise* a drop")
def _swap_or_nothing(text, rate, rng):
    out, i = [], 0
    while i < len(text):
        pair = text[i : i + 2]
        if len(pair) == 2 and " " not in pair and rng.random() < rate and rng.random() < 0.5:
            out.append(pair[::-1])
            i += 2
        else:
            out.append(text[i])
            i += 1
    return "".join(out)
