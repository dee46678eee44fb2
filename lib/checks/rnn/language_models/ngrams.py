"""Checks of ``rnn/01_language_models/02_ngrams``.

Ground truth is counted by hand or, for made-up corpora, n-gram by n-gram from plain lists; probabilities are computed
word by word as fractions, and the recursion is followed from the longest context down, while the lesson goes up.
"""

import math
from fractions import Fraction
from itertools import product

import numpy as np

from lib.checks import check
from lib.checks.rnn.language_models.words_and_numbers import same_numbers

START, END, UNKNOWN = range(3)


def same_table(case, what: str, got, want: dict) -> None:
    """End the check unless ``got`` is this table {context: {word: count}}; contexts may be tuples only."""
    if not isinstance(got, dict) or not all(isinstance(row, dict) for row in got.values()):
        case.fail(f"{what} should be a dict of dicts, {{context: {{word: count}}}}")
        return
    for context in [*want, *got]:
        if context not in want:
            case.fail(f"{what}: there should be no context {context!r}: {_kind(want, context)}")
        elif context not in got:
            case.fail(f"{what}: the context {context} is missing")
        else:
            row = got[context]
            missing, surplus = sorted(set(want[context]) - set(row)), sorted(set(row) - set(want[context]), key=str)
            case.true(not missing, f"{what}: after {context} the words {missing} are missing")
            case.true(not surplus, f"{what}: after {context} there should be no words {surplus}")
            for word in set(want[context]) & set(row):
                case.near(f"{what}: the count of {word} after {context}", row[word], want[context][word])


def _kind(want: dict, context) -> str:
    length = len(next(iter(want)))
    if not isinstance(context, tuple) or len(context) != length:
        return f"contexts are tuples of {length} numbers here"
    return "it does not occur, or nothing is predicted after it"


@check
def ngram_counts(case):
    i, am, sam = 3, 4, 5  # the corpus of Jurafsky and Martin's chapter on n-grams, shortened
    corpus = [[START, i, am, sam, END], [START, sam, i, am, END], [START, END]]
    bigrams = {(START,): {i: 1, sam: 1, END: 1}, (i,): {am: 2}, (am,): {sam: 1, END: 1}, (sam,): {END: 1, i: 1}}
    same_table(case, "the bigrams of three sentences", case.call(corpus, 2), bigrams)
    same_table(case, "the unigrams", case.call(corpus, 1), {(): {i: 2, am: 2, sam: 2, END: 3}})
    trigrams = {(START, i): {am: 1}, (i, am): {sam: 1, END: 1}, (am, sam): {END: 1}}
    trigrams |= {(START, sam): {i: 1}, (sam, i): {am: 1}}
    same_table(case, "the trigrams", case.call(corpus, 3), trigrams)
    for n in (1, 2, 3, 4):
        corpus = [[START, *case.rng.integers(2, 5, size=length).tolist(), END] for length in (9, 2, 0, 12)]
        want = {}
        grams = [tuple(s[a : a + n]) for s in corpus for a in range(len(s) - n + 1)]
        for gram in sorted(set(grams) - {(START,)}):
            want.setdefault(gram[:-1], {})[gram[-1]] = grams.count(gram)
        same_table(case, f"the {n}-grams of four sentences", case.call(corpus, n), want)
    return "7 tables hold every n-gram of their sentences as often as it occurs, and no other"


def _count(sentences, n, first=None, last=0, step=1, context=lambda s, t, n: s[t - n + 1 : t]):
    counts = {}
    for s in sentences:
        for t in range(max(n - 1, 1) if first is None else first, len(s) - last):
            row = counts.setdefault(tuple(context(s, t, n)), {})
            row[s[t]] = row.get(s[t], 0) + step
    return counts


@ngram_counts.mistake("START was counted as a predicted word: t begins at 1 at least")
def _start_predicted(sentences, n):
    return _count(sentences, n, first=n - 1)


@ngram_counts.mistake("END was not counted: it is predicted like every other word")
def _no_end(sentences, n):
    return _count(sentences, n, last=1)


@ngram_counts.mistake("the contexts have n words: an n-gram is n - 1 words of context *and* the word itself")
def _too_long(sentences, n):
    return _count(sentences, n + 1)


@ngram_counts.mistake("words without a whole context before them were counted, too, with a shorter one: leave them out")
def _short_contexts(sentences, n):
    return _count(sentences, n, first=1, context=lambda s, t, n: s[max(t - n + 1, 0) : t])


@ngram_counts.mistake("a slice that begins below 0 is empty: t must begin at n - 1, where the first whole context ends")
def _negative_slice(sentences, n):
    return _count(sentences, n, first=1)


@ngram_counts.mistake("the first word with a whole context was left out: t begins at n - 1, or at 1 if that is 0")
def _first_left_out(sentences, n):
    return _count(sentences, n, first=max(n, 1))


@ngram_counts.mistake(
    "the last place was left out: len(sentence) - n + 1 n-grams begin in a sentence, END ends the last"
)
def _one_short(sentences, n):
    return _count(sentences, n, first=n - 1, last=1)


@ngram_counts.mistake("the context holds the predicted word, too: it ends *before* place t, sentence[… : t]")
def _word_in_context(sentences, n):
    return _count(sentences, n, context=lambda s, t, n: s[t - n + 1 : t + 1])


@ngram_counts.mistake("for n = 1, -(n - 1) is 0, and [-0:] is everything: the context is sentence[t - n + 1 : t]")
def _minus_zero(sentences, n):
    return _count(sentences, n, context=lambda s, t, n: s[:t][-(n - 1) :])


@ngram_counts.mistake(
    "sentences were filled up with STARTs: others do, here a word without a whole context is left out"
)
def _padded(sentences, n):
    return _count([[START] * (n - 2) + list(sentence) for sentence in sentences], n)


@ngram_counts.mistake("a list cannot be the key of a dict: make the context a tuple, tuple(sentence[…])")
def _list_as_key(sentences, n):
    return {sentences[0][:1]: {}}


@ngram_counts.mistake(
    "each word threw away what was counted after its context before: add to the row, do not replace it"
)
def _row_replaced(sentences, n):
    counts = {}
    for s in sentences:
        for t in range(max(n - 1, 1), len(s)):
            counts[tuple(s[t - n + 1 : t])] = {s[t]: 1}
    return counts


@ngram_counts.mistake("the n-grams run on from one sentence into the next: count sentence by sentence")
def _across(sentences, n):
    return _count([[word for sentence in sentences for word in sentence]], n)


@ngram_counts.mistake("every n-gram has count 1: add 1 each time that it occurs, row.get(word, 0) + 1")
def _only_ones(sentences, n):
    return {h: dict.fromkeys(row, 1) for h, row in _count(sentences, n).items()}


@ngram_counts.mistake("the contexts stand in reverse order: keep the words as they follow each other")
def _reversed(sentences, n):
    return _count(sentences, n, context=lambda s, t, n: s[t - n + 1 : t][::-1])


@ngram_counts.mistake("a context of one word should be the tuple (word,), not the word alone")
def _bare_words(sentences, n):
    return {h[0] if n == 2 else h: row for h, row in _count(sentences, n).items()}


@ngram_counts.mistake("the n-grams overlap: count one that ends at every place, not only at every n-th")
def _steps_of_n(sentences, n):
    counts = {}
    for s in sentences:
        for t in range(max(n - 1, 1), len(s), n):
            row = counts.setdefault(tuple(s[t - n + 1 : t]), {})
            row[s[t]] = row.get(s[t], 0) + 1
    return counts


def random_row(case, size: int, words: int) -> dict[int, int]:
    """Counts of some words, START never among them, some large, some 1."""
    chosen = case.rng.permutation(np.arange(1, size))[:words]
    return {int(word): int(count) for word, count in zip(chosen, case.rng.integers(1, 9, size=words), strict=True)}


@check
def add_k(case):
    for size, words, k in ((5, 3, 1), (9, 4, 0.5), (12, 11, 0.01), (6, 0, 2.0)):
        row = random_row(case, size, words)
        share, total = Fraction(k), sum(row.values())
        want = [float((row.get(w, 0) + share) / (total + share * (size - 1))) for w in range(size)]
        after = f"a row of {words}" if words else "an empty row"
        what = f"the probabilities of {size} words with k = {k} after {after}"
        case.near(what, case.call(row, k, size), [0, *want[1:]])
    return "4 rows agree with the fractions, START has 0, and a context that was never seen gives all words the same"


def _raised(row, k, size, over, start=True, where=lambda row, size: range(size)):
    p = np.zeros(size)
    for word in where(row, size):
        p[word] += k
    if start:
        p[START] = 0
    for word, count in row.items():
        p[word] += count
    return p / over


@add_k.mistake("the probabilities do not sum to 1: k was added to every count, so add kV to the total, too")
def _total_not_raised(row, k, size):
    return _raised(row, k, size, max(sum(row.values()), 1))


@add_k.mistake("the total grew by k only: k was added V = size - 1 times")
def _total_plus_k(row, k, size):
    return _raised(row, k, size, sum(row.values()) + k)


@add_k.mistake("after a context that was never seen, row is empty: the formula holds there, too, and gives 1 / V each")
def _nothing_if_empty(row, k, size):
    return _raised(row, k, size, sum(row.values()) + k * (size - 1)) if row else np.zeros(size)


@add_k.mistake("START has a probability: it never follows anything, so V is size - 1 and its entry 0")
def _start_too(row, k, size):
    return _raised(row, k, size, sum(row.values()) + k * size, start=False)


@add_k.mistake("START has 0, but V still counts it: divide by c(h) + k (size - 1)")
def _size_not_v(row, k, size):
    return _raised(row, k, size, sum(row.values()) + k * size)


@add_k.mistake("only the words that were seen got k: it is the unseen ones that need it")
def _seen_only(row, k, size):
    over = sum(row.values()) + k * len(row)
    return _raised(row, k, size, over or 1, where=lambda row, size: row)


@add_k.mistake("only the unseen words got k: every count is raised, those of seen words, too")
def _unseen_only(row, k, size):
    p = _raised(row, k, size, 1, where=lambda row, size: [w for w in range(size) if w not in row])
    return p / p.sum()


@add_k.mistake("1 was added, not k")
def _add_one(row, k, size):
    return _raised(row, 1, size, sum(row.values()) + (size - 1))


@add_k.mistake("these are raised counts: divide them by their sum")
def _not_divided(row, k, size):
    return _raised(row, k, size, 1)


@add_k.mistake("k was not added: words that were not seen keep probability 0")
def _maximum_likelihood(row, k, size):
    return _raised(row, 0, size, max(sum(row.values()), 1))


def random_distribution(case, size: int) -> np.ndarray:
    """Probabilities of all words, START 0."""
    p = case.rng.uniform(0.1, 1, size=size)
    p[START] = 0
    return p / p.sum()


@check
def absolute_discount(case):
    for size, words, d in ((5, 1, 0.75), (9, 4, 0.5), (12, 11, 0.9), (7, 3, 0.0), (7, 3, 1.0)):
        row, lower = random_row(case, size, words), random_distribution(case, size)
        row |= dict.fromkeys(list(row)[1::2], 1)  # as in a real corpus, half of the words were seen once
        total = sum(row.values())
        want = [max(row.get(w, 0) - d, 0) / total + d * words / total * lower[w] for w in range(size)]
        got = case.call(row, d, lower)
        case.near(f"the probabilities with d = {d} and {words} words seen", got, want)
    return "5 contexts keep their counts minus d, hand down exactly what was taken, and sum to 1"


def _discounted(row, d, lower, weight=None, kept=None, backoff=False, total=None):
    c = sum(row.values()) if total is None else total
    p = (d * len(row) / c if weight is None else weight) * np.asarray(lower)
    for word, count in row.items():
        if backoff:
            p[word] = 0.0
        p[word] += (count - d if kept is None else kept(count)) / c
    return p


@absolute_discount.mistake("what was taken is lost: add d N(h) / c(h) times the lower probabilities")
def _taken_and_lost(row, d, lower):
    return _discounted(row, d, lower, weight=0)


@absolute_discount.mistake("d is taken from N(h) different words, so N(h) times: the weight is d · len(row) / c(h)")
def _taken_once(row, d, lower):
    return _discounted(row, d, lower, weight=d / sum(row.values()))


@absolute_discount.mistake("N(h) counts all the different words after h, not only those seen once: it is len(row)")
def _once_only(row, d, lower):
    return _discounted(row, d, lower, weight=d * list(row.values()).count(1) / sum(row.values()))


@absolute_discount.mistake("words seen once lost everything: they keep (1 - d) / c(h), like all others minus d")
def _ones_dropped(row, d, lower):
    return _discounted(row, d, lower, kept=lambda count: count - d if count > 1 else 0)


@absolute_discount.mistake("the weight of the shorter context lacks d: it is d · len(row) / c(h)")
def _weight_without_d(row, d, lower):
    return _discounted(row, d, lower, weight=len(row) / sum(row.values()))


@absolute_discount.mistake("the weight of the shorter context is not divided by c(h): what was taken is d N(h) / c(h)")
def _weight_not_divided(row, d, lower):
    return _discounted(row, d, lower, weight=d * len(row))


@absolute_discount.mistake(
    "the weight of the shorter context is d · len(row) / c(h), not d: N(h) counts different words"
)
def _weight_d(row, d, lower):
    return _discounted(row, d, lower, weight=d)


@absolute_discount.mistake("nothing was taken from the counts: it is (c - d) / c(h)")
def _nothing_taken(row, d, lower):
    return _discounted(row, d, lower, kept=lambda count: count)


@absolute_discount.mistake(
    "only unseen words got something from the shorter context: interpolated means that seen words get their share, too"
)
def _back_off(row, d, lower):
    return _discounted(row, d, lower, backoff=True)


@absolute_discount.mistake("the sum of the counts and their number are mixed up: c(h) is sum(row.values())")
def _number_for_total(row, d, lower):
    return _discounted(row, d, lower, total=len(row))


@absolute_discount.mistake("the counts were multiplied by 1 - d: absolute discounting takes the same d from each")
def _relative(row, d, lower):
    return _discounted(row, d, lower, weight=d, kept=lambda count: (1 - d) * count)


@absolute_discount.mistake("d was taken from the probabilities: take it from the counts, and divide then")
def _from_shares(row, d, lower):
    c = sum(row.values())
    return _discounted(row, d, lower, kept=lambda count: count - d * c)


@absolute_discount.mistake(
    "what it was given, `row` or `lower`, was changed: make a new array, the caller still needs the old one"
)
def _changes_lower(row, d, lower):
    c = sum(row.values())
    lower *= d * len(row) / c
    for word, count in row.items():
        lower[word] += (count - d) / c
    return lower


@check
def continuation_counts(case):
    new, york, san, francisco, the = 3, 4, 5, 6, 7
    bigrams = {
        (new,): {york: 90, the: 1},
        (san,): {francisco: 50},
        (the,): {new: 2, san: 1},
        (START,): {the: 4, new: 1},
    }
    want = {(): {york: 1, the: 2, francisco: 1, new: 2, san: 1}}
    same_table(case, "the continuations of bigrams", case.call(bigrams), want)
    for length in (2, 1, 3):
        contexts = [tuple(3 + entry for entry in h) for h in product(range(3), repeat=length)]
        counts = {h: random_row(case, 6, int(case.rng.integers(1, 5))) for h in contexts if case.rng.random() < 0.7}
        counts[contexts[0]] = {END: 7}
        seen = {(*h, word) for h, row in counts.items() for word in row}
        want = {}
        for gram in sorted({gram[1:] for gram in seen}):
            want.setdefault(gram[:-1], {})[gram[-1]] = len({longer[0] for longer in seen if longer[1:] == gram})
        same_table(case, f"the continuations of {length + 1}-grams", case.call(counts), want)
    return "4 tables say after how many different words each shorter n-gram was seen"


def _shorten(counts, context=lambda h: h[1:], add=lambda count: 1, begin=0):
    shorter = {}
    for h, row in counts.items():
        new_row = shorter.setdefault(context(h), {})
        for word, count in row.items():
            new_row[word] = new_row.get(word, begin) + add(count)
    return shorter


@continuation_counts.mistake("the counts were added up: how often an n-gram occurs does not matter, each adds 1")
def _added_up(counts):
    return _shorten(counts, add=lambda count: count)


@continuation_counts.mistake("every count is 1: a second context that ends alike must add to the row, not replace it")
def _not_added(counts):
    shorter = {}
    for h, row in counts.items():
        shorter.setdefault(h[1:], {}).update(dict.fromkeys(row, 1))
    return shorter


@continuation_counts.mistake("a new context threw the row of an earlier one away: use setdefault, or `if … not in`")
def _overwritten(counts):
    return {h[1:]: dict.fromkeys(row, 1) for h, row in counts.items()}


@continuation_counts.mistake(
    "the last word of the context was dropped, not the first: the shorter context is context[1:]"
)
def _last_dropped(counts):
    return _shorten(counts, context=lambda h: h[:-1])


@continuation_counts.mistake("the contexts are as long as before: drop the first word, context[1:]")
def _not_shortened(counts):
    return _shorten(counts, context=lambda h: h)


@continuation_counts.mistake("only the first word of the context is left: it is the one to drop, context[1:]")
def _first_kept(counts):
    return _shorten(counts, context=lambda h: h[:1])


@continuation_counts.mistake("these counts are all 1 too large: an n-gram begins with 0, and each context adds 1")
def _one_too_many(counts):
    return _shorten(counts, begin=1)


@continuation_counts.mistake("this counts the words *after* each context: count the different words before the n-gram")
def _words_after(counts):
    return {h[1:]: {word: len(row) for word in row} for h, row in counts.items()}


def random_levels(case, size: int, order: int) -> tuple[list[dict], list[float]]:
    """Levels as from a real corpus: where a context is known, so is the shorter one, and END is in none."""
    levels = [{(): random_row(case, size, size - 2)}]
    before = [word for word in range(size) if word not in (START, END)]
    for _ in range(1, order):
        inner = [h for h in levels[-1] if h[:1] != (START,)]
        longer = [(word, *h) for h in inner for word in before]
        chosen = [(START, *inner[0]), *(longer[i] for i in case.rng.permutation(len(longer))[:6])]
        levels.append({h: random_row(case, size, int(case.rng.integers(1, 5))) for h in chosen})
    return levels, case.rng.uniform(0.3, 0.95, size=order).tolist()


def from_the_top(levels, discounts, context: tuple, word: int, size: int) -> float:
    """P(word | context), by the recursion: the longest context asks the shorter one."""
    n = len(context)
    shorter = from_the_top(levels, discounts, context[1:], word, size) if n else 1 / (size - 1)
    row = levels[n].get(context)
    if row is None:
        return shorter
    total, d = sum(row.values()), discounts[n]
    return (max(row.get(word, 0) - d, 0) + d * len(row) * shorter) / total


@check
def kneser_ney(case):
    for size, order in ((7, 1), (8, 2), (9, 3), (8, 4)):
        levels, discounts = random_levels(case, size, order)
        known = [list(h) for h in levels[-1]]
        sentences = [[START], [START, 4], [START, 5, 3, 4, 3, 6], [START, UNKNOWN, UNKNOWN]]
        for sentence in [*sentences, *([START, 3, *h] if h[:1] != [START] else h for h in known if h)]:
            context = tuple(sentence[max(len(sentence) - order + 1, 0) :])
            want = [0, *(from_the_top(levels, discounts, context, word, size) for word in range(1, size))]
            got = case.call(levels, discounts, sentence, size)
            case.near(f"the probabilities after {sentence} with {order} levels", got, want)
    return "models with 1 to 4 levels agree with the recursion from the top, after known and unknown contexts"


def _climb(
    levels,
    discounts,
    sentence,
    size,
    context=lambda s, n: s[len(s) - n :],
    height=lambda levels, s: min(len(levels), len(s) + 1),
    fresh=False,
    start=True,
    choose=lambda discounts, n: discounts[n],
    stop=False,
    uniform=None,
    bottom=0,
):
    p = np.full(size, 1 / (size - 1 if start else size) if uniform is None else uniform)
    if start:
        p[START] = 0
    begin = p
    for n in range(bottom, height(levels, sentence)):
        h = tuple(context(sentence, n))
        if h in levels[n]:
            row, d = levels[n][h], choose(discounts, n)
            p = _discounted(row, d, begin if fresh else p)
        elif stop:
            p = np.zeros(size)
    return p


@kneser_ney.mistake(
    "level 0 did nothing: it comes first, with the context (); mind that sentence[-0:] is everything, not ()"
)
def _minus_zero(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, context=lambda s, n: s[-n:])


@kneser_ney.mistake("these are the first n words of the sentence: the context is the last n")
def _first_words(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, context=lambda s, n: s[:n])


@kneser_ney.mistake("every level started from the uniform distribution: hand the result of one level to the next")
def _fresh_each_time(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, fresh=True)


@kneser_ney.mistake("the highest level was left out")
def _highest_left_out(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, height=lambda levels, s: min(len(levels) - 1, len(s) + 1))


@kneser_ney.mistake("a context may be the whole sentence: after START alone there is a context of one word, (START,)")
def _whole_sentence_left_out(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, height=lambda levels, s: min(len(levels), len(s)))


@kneser_ney.mistake("START has a probability: begin with 1 / (size - 1) for all other words, and 0 for START")
def _start_possible(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, start=False)


@kneser_ney.mistake("the uniform distribution does not sum to 1: all words but START share it, so 1 / (size - 1) each")
def _over_size(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, uniform=1 / size)


@kneser_ney.mistake("the discounts are in reverse order: level n has discounts[n], and the empty context is level 0")
def _reversed_discounts(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, choose=lambda discounts, n: discounts[len(discounts) - 1 - n])


@kneser_ney.mistake("every level used the last discount: level n has discounts[n]")
def _last_discount(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, choose=lambda discounts, n: discounts[-1])


@kneser_ney.mistake("an unknown context threw away what the shorter ones gave: leave p as it is")
def _start_over(levels, discounts, sentence, size):
    p = begin = _climb(levels, discounts, sentence, size, height=lambda levels, s: 0)
    for n in range(min(len(levels), len(sentence) + 1)):
        h = tuple(sentence[len(sentence) - n :])
        p = _discounted(levels[n][h], discounts[n], p) if h in levels[n] else begin
    return p


@kneser_ney.mistake(
    "only the longest context was asked: go through all levels, each one improves what the last one gave"
)
def _top_only(levels, discounts, sentence, size):
    n = min(len(levels) - 1, len(sentence))
    return _climb(levels, discounts, sentence, size, bottom=n, height=lambda levels, s: n + 1)


@kneser_ney.mistake("every level used the same discount: level n has discounts[n]")
def _one_discount(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, choose=lambda discounts, n: discounts[0])


@kneser_ney.mistake("an unknown context changes nothing: keep the probabilities of the shorter one")
def _zeros_for_unknown(levels, discounts, sentence, size):
    return _climb(levels, discounts, sentence, size, stop=True)


@kneser_ney.mistake("a context that is unknown must not stop it with a KeyError: ask `if context in levels[n]` first")
def _key_error(levels, discounts, sentence, size):
    p = np.full(size, 1 / (size - 1))
    p[START] = 0
    for n in range(min(len(levels), len(sentence) + 1)):
        p = _discounted(levels[n][tuple(sentence[len(sentence) - n :])], discounts[n], p)
    return p


@kneser_ney.mistake("the context must be a tuple, to be found in the dict: tuple(sentence[…])")
def _list_as_key(levels, discounts, sentence, size):
    return levels[0][sentence[len(sentence) :]]


def only(word: int, size: int) -> np.ndarray:
    """Probability 1 for one word."""
    p = np.zeros(size)
    p[word] = 1.0
    return p


def follows(script: list[int], size: int):
    """A model that writes the script, whatever was drawn, and says UNKNOWN otherwise half of the time."""

    def model(sentence):
        p = only(script[len(sentence) - 1] if len(sentence) <= len(script) else 3, size)
        p[UNKNOWN] += 1.0
        return p / 2

    return model


def remembers(size: int):
    """A model that adds up all words so far: it shows whether it was given the whole sentence."""
    return lambda sentence: only(
        END if len(sentence) > 6 else 3 + (sum(sentence) + 2 * len(sentence)) % (size - 3), size
    )


def weighs(p: np.ndarray, length: int):
    """A model that has the same probabilities for each of ``length`` words, and then says END."""
    return lambda sentence: p if len(sentence) <= length else only(END, len(p))


@check
def sample_sentence(case):
    answers = []  # (what, answer, the only right one): judged when all are there, since many mistakes begin alike

    def ask(what: str, want: list[int], model, limit: int) -> None:
        answers.append((what, case.call(model, np.random.default_rng(1), limit), want))

    for script in ([5, 4, 4, END], [END], [3, 6, 5, 3, 7, END]):
        ask("the sentence of a model that allows one word at a time", [START, *script], follows(script, 8), 10)
    for limit in (1, 4):
        want = [START, 3, 4, 5, 6, 7][: limit + 1]
        ask(f"the sentence with a limit of {limit}", want, follows([3, 4, 5, 6, 7, END], 8), limit)
    ask("the sentence that ends just at the limit", [START, 3, 4, 5, END], follows([3, 4, 5, END], 8), 4)
    model, want = remembers(9), [START]
    while want[-1] != END:
        want.append(int(np.argmax(model(want))))
    ask("the sentence of a model that needs all words so far", want, model, 20)

    p = np.array([0, 0, 0.4, 0.27, 0.09, 0.21, 0.03])  # the likeliest word comes first, so a fixed draw misses it
    kept = p.copy()  # the model owns p: a careless caller could spoil it
    seeds = case.rng.permutation(10**6)[:620].tolist()
    long = [case.call(weighs(p, 400), np.random.default_rng(seed), 450) for seed in [seeds[0], *seeds[:20]]]
    ends = np.array([0, 0.2, 0.4, 0.4])
    short = [case.call(weighs(ends, 30), np.random.default_rng(seed), 1) for seed in seeds[20:]]

    for what, got, want in answers:
        same_numbers(case, what, got, want)
    case.true(bool((p == kept).all()), "the model's own array was changed: work on a copy of what it returns")
    case.true(
        np.array_equal(long[0], long[1]),
        "the same generator gave another sentence when asked again: draw with the `rng` that you were given",
    )
    case.true(
        not np.array_equal(long[1], long[2]),
        "two different generators gave the same sentence: draw with the `rng` that you were given",
    )
    words = [int(word) for sentence in long[1:] for word in np.ravel(sentence)[1:401]]
    first = [int(np.ravel(sentence)[1]) for sentence in short]
    case.true(UNKNOWN not in [*words, *first], "UNKNOWN was drawn: set its probability to 0")
    for word, drawn, share in [*((word, words, p[word] / 0.6) for word in (3, 4, 5, 6)), (END, first, 1 / 3)]:
        seen, bound = drawn.count(word) / len(drawn), 6 * math.sqrt(share * (1 - share) / len(drawn))
        case.true(
            abs(seen - share) < bound,
            f"word {word} should come in {share:.2f} of all draws, not in {seen:.2f}: draw with p / p.sum()",
        )
    return "scripts are followed to END or to the limit, UNKNOWN never comes, and 8,600 draws meet their probabilities"


def _draw(model, rng, limit=30, unknown=True, context=lambda s: list(s), pick=None, over=0, begin=(START,), end=True):
    sentence = [START]
    while (sentence[-1] != END or not end) and len(sentence) <= limit + over:
        p = np.array(model(context(sentence)), dtype=float)
        if unknown:
            p[UNKNOWN] = 0
        p = p / p.sum()
        sentence.append(int(rng.choice(len(p), p=p) if pick is None else pick(p)))
    return [*begin, *sentence[1:]]


@sample_sentence.mistake("START is missing at the beginning")
def _no_start(model, rng, limit=30):
    return _draw(model, rng, limit, begin=())


@sample_sentence.mistake("END is missing at the end: append it, then stop")
def _no_end_appended(model, rng, limit=30):
    sentence = _draw(model, rng, limit)
    return sentence[:-1] if sentence[-1] == END else sentence


@sample_sentence.mistake("it goes on after END: stop as soon as END is drawn")
def _no_stop(model, rng, limit=30):
    return _draw(model, rng, limit, end=False)


@sample_sentence.mistake("there is one word more than `limit` allows: START does not count, END does")
def _one_more(model, rng, limit=30):
    return _draw(model, rng, limit, over=1)


@sample_sentence.mistake("there is one word less than `limit` allows: START does not count")
def _one_less(model, rng, limit=30):
    return _draw(model, rng, limit, over=-1)


@sample_sentence.mistake("the model was given the last word alone: give it the whole sentence so far")
def _last_word(model, rng, limit=30):
    return _draw(model, rng, limit, context=lambda s: s[-1:])


@sample_sentence.mistake("the model was asked only once: ask it again after each word, inside the loop")
def _asked_once(model, rng, limit=30):
    return _draw(model, rng, limit, context=lambda s: s[:1])


@sample_sentence.mistake("the limit is ignored: stop after `limit` words, END or not")
def _no_limit(model, rng, limit=30):
    return _draw(model, rng, 10_000)


@sample_sentence.mistake("the limit is always 30: 30 is what it is where nobody says otherwise, use `limit`")
def _fixed_limit(model, rng, limit=30):
    return _draw(model, rng)


@sample_sentence.mistake("a new generator in every round gives the same draw again: use the `rng` that you were given")
def _new_generator(model, rng, limit=30):
    return _draw(model, rng, limit, pick=lambda p: np.random.default_rng(0).choice(len(p), p=p))


@sample_sentence.mistake(
    "every sentence is drawn by a new generator with the same seed: use the `rng` that you were given"
)
def _own_generator(model, rng, limit=30):
    return _draw(model, np.random.default_rng(0), limit)


@sample_sentence.mistake(
    "all words with a probability above 0 were drawn equally often: rng.choice needs p=p / p.sum()"
)
def _equally(model, rng, limit=30):
    return _draw(model, rng, limit, pick=lambda p: rng.choice(np.flatnonzero(p)))


@sample_sentence.mistake("after setting UNKNOWN to 0, the probabilities must be divided by their sum")
def _not_normalised(model, rng, limit=30):
    sentence = [START]
    while sentence[-1] != END and len(sentence) <= limit:
        p = np.array(model(sentence), dtype=float)
        p[UNKNOWN] = 0
        sentence.append(int(rng.choice(len(p), p=p)))
    return sentence


@sample_sentence.mistake("this always takes the likeliest word: draw one with rng.choice(len(p), p=p)")
def _likeliest(model, rng, limit=30):
    return _draw(model, rng, limit, pick=np.argmax)


@sample_sentence.mistake("UNKNOWN was drawn: set its probability to 0 first, then divide by the sum")
def _with_unknown(model, rng, limit=30):
    return _draw(model, rng, limit, unknown=False)


@sample_sentence.mistake("UNKNOWN was drawn and left out afterwards: then it still uses up the limit; set its p to 0")
def _unknown_dropped(model, rng, limit=30):
    return [word for word in _draw(model, rng, limit, unknown=False) if word != UNKNOWN]
