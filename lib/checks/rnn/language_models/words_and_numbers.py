"""Checks of ``rnn/01_language_models/01_words_and_numbers``.

Ground truth is built before it is asked for: texts are glued together from known tokens, corpora are made from known
counts, and log-probabilities come from dice whose perplexity is their number of sides.
"""

import math
import re
from collections import Counter
from fractions import Fraction

import numpy as np

from lib.checks import check
from lib.checks.words import same_words
from lib.messages import one_line

START, END, UNKNOWN = range(3)
SPECIAL = ["<START>", "<END>", "<UNKNOWN>"]
WORDS = ["hello", "don't", "rock'n'roll", "i'm", "café", "naïve", "2018", "x_1", "a", "we", "straße", "7up", "you'd've"]
MARKS = [".", ",", "!", "?", "(", ")", ":", ";", '"', "-", "…", "$", "%", "&", "😀", "/"]


def same_numbers(case, what: str, got, want: list[int]) -> None:
    """End the check unless ``got`` is this list of whole numbers; a tuple or an integer array does as well."""
    entries = got.tolist() if isinstance(got, np.ndarray) else got
    if not isinstance(entries, list | tuple) or any(isinstance(entry, list | tuple) for entry in entries):
        case.fail(f"{what} should be one list of whole numbers, but it is {one_line(repr(got), 60)}")
        return
    odd = next((entry for entry in entries if isinstance(entry, bool) or not isinstance(entry, int | np.integer)), 0)
    if odd != odd:
        case.fail(f"{what}: there is NaN in it, which is not a number")
    elif isinstance(odd, float | np.floating):
        case.fail(
            f"{what} should be whole numbers, not floats like {odd}: np.zeros makes floats, unless with dtype=int"
        )
    elif not isinstance(odd, int) or isinstance(odd, bool):
        case.fail(f"{what} should be whole numbers, but there is {odd!r} in it")
    elif len(entries) != len(want):
        case.fail(f"{what} should have {len(want)} numbers, but has {len(entries)}: {one_line(str(entries), 60)}")
    else:
        case.near(what, entries, want)


@check
def tokenize(case):
    by_hand = {
        "I don't know. You?": ["i", "don't", "know", ".", "you", "?"],
        "It’s 9 o’clock": ["it's", "9", "o'clock"],
        "the 'best' cats' home": ["the", "'", "best", "'", "cats", "'", "home"],
        "wait...what?!": ["wait", ".", ".", ".", "what", "?", "!"],
        "rock''n": ["rock", "'", "'", "n"],
        "3.14 or 9,000": ["3", ".", "14", "or", "9", ",", "000"],
        "‘a’ “b”": ["‘", "a", "'", "“", "b", "”"],
        "line one\nline two\ttab": ["line", "one", "line", "two", "tab"],
        "": [],
    }
    for sentence, want in by_hand.items():
        tokens = case.call(sentence)
        same_words(case, f"the tokens of {sentence!r}", tokens, want)
        case.true(isinstance(tokens, list), f"the tokens should be a list, not a {type(tokens).__name__}")
    for _ in range(20):
        sentence, want = "", []
        for _ in range(case.rng.integers(3, 9)):
            word, mark = str(case.rng.choice(WORDS)), str(case.rng.choice(MARKS))
            written = str(case.rng.choice([word, word.upper() if "ß" not in word else word, word.replace("'", "’")]))
            sentence += written + str(case.rng.choice([" ", "  ", "\n", f"{mark} ", mark, f" {mark}"]))
            want += [word, mark] if mark in sentence[-2:] else [word]
        same_words(case, f"the tokens of {sentence!r}", case.call(sentence), want)
    return "29 texts fall into the tokens that they were made of"


def _tokens(text, pattern=r"\w+(?:'\w+)*|[^\w\s]", lower=True, apostrophe="'"):
    text = text.lower() if lower else text
    return re.findall(pattern, text.replace("’", apostrophe))


@tokenize.mistake("the text was only cut at white space: punctuation must come off the words, as tokens of its own")
def _split(text):
    return text.lower().replace("’", "'").split()


@tokenize.mistake("the text was only cut at white space, and not put in lower case")
def _split_only(text):
    return text.split()


@tokenize.mistake("marks stick to their words, as in 'know.': cut them off, with re.findall instead of split")
def _split_lower(text):
    return text.lower().split()


@tokenize.mistake(
    "upper case and ’ are still there: strings never change in place, so write text = text.lower() and so on"
)
def _not_assigned(text):
    return _tokens(text, lower=False, apostrophe="’")


@tokenize.mistake("a number like 3.14 or 9,000 is three tokens by rules 2 and 3: points and commas are marks")
def _decimals(text):
    return _tokens(text, r"\d+(?:[.,]\d+)+|\w+(?:'\w+)*|[^\w\s]")


@tokenize.mistake("upper case is still there: begin with text.lower()")
def _upper_case(text):
    return _tokens(text, lower=False)


@tokenize.mistake("the punctuation is gone: a mark is a token, too; add |[^\\w\\s] to the pattern")
def _no_marks(text):
    return _tokens(text, r"\w+(?:'\w+)*")


@tokenize.mistake("don't fell into three tokens: a word may go on with an apostrophe and more letters, (?:'\\w+)*")
def _cut_at_apostrophes(text):
    return _tokens(text, r"\w+|[^\w\s]")


@tokenize.mistake('the typographic apostrophe ’ is not replaced: text.replace("’", "\'") first')
def _typographic(text):
    return _tokens(text, apostrophe="’")


@tokenize.mistake("marks that touch were kept together: '?!' is two tokens, so [^\\w\\s] without a +")
def _marks_together(text):
    return _tokens(text, r"\w+(?:'\w+)*|[^\w\s]+")


@tokenize.mistake("only one apostrophe is allowed in a word: use * instead of ? behind the group, for rock'n'roll")
def _one_apostrophe(text):
    return _tokens(text, r"\w+(?:'\w+)?|[^\w\s]")


@tokenize.mistake("findall lists only what is inside the group: write (?:…) instead of (…)")
def _captured(text):
    return _tokens(text, r"\w+('\w+)*|[^\w\s]")


@tokenize.mistake("an apostrophe belongs to a word only between letters: cats' is two tokens, and so is 'best")
def _any_apostrophe(text):
    return _tokens(text, r"[\w']+|[^\w\s]")


@tokenize.mistake("letters beyond a to z, digits or underscores are cut off: use \\w instead of [a-z]")
def _ascii_letters(text):
    return _tokens(text, r"[a-z]+(?:'[a-z]+)*|[^\w\s]")


@tokenize.mistake("letters such as é and ß cut words in pieces: \\w knows them, [a-z0-9_] does not")
def _ascii_words(text):
    return _tokens(text, r"[a-z0-9_]+(?:'[a-z0-9_]+)*|[^\w\s]")


@check
def build_vocabulary(case):
    by_hand = [["to", "be", "or", "not", "to", "be"], ["be", "!"]]
    same_words(case, "the list", case.call(by_hand, 6), [*SPECIAL, "be", "to", "!"])
    same_words(case, "a list with room for all", case.call(by_hand, 20), [*SPECIAL, "be", "to", "!", "not", "or"])
    same_words(case, "a list of four", case.call(by_hand, 4), [*SPECIAL, "be"])
    for size in (7, 12):
        words = [f"{a}{b}" for a in "dbca" for b in "zyx"]
        times = {word: int(case.rng.integers(1, 5)) for word in words}
        rows = {word: int(case.rng.integers(0, 4)) for word in words}  # where the word stands: in which sentences
        sentences = [[], [], [], ["zz"] * 9]
        for word in words:
            sentences[rows[word]] += [word] * times[word]
        for sentence in sentences:
            case.rng.shuffle(sentence)
        want = ["zz"]
        for count in (4, 3, 2, 1):
            want += sorted(word for word in words if times[word] == count)
        same_words(case, f"a list of {size}", case.call(sentences, size), [*SPECIAL, *want][:size])
    return "5 lists hold the most frequent words in the right order, the special ones first"


def _vocabulary(sentences, size, special=SPECIAL, room=3, key=lambda counts, word: (-counts[word], word), count=None):
    counts = Counter(token for sentence in sentences for token in sentence)
    return [*special, *sorted(counts, key=lambda word: key(counts, word))[: size - room]]


@build_vocabulary.mistake("there are 3 words too many: `size` includes <START>, <END> and <UNKNOWN>")
def _three_too_many(sentences, size):
    return _vocabulary(sentences, size, room=0)


@build_vocabulary.mistake("there is one word too many: three entries are special, so `size - 3` words remain")
def _one_too_many(sentences, size):
    return _vocabulary(sentences, size, room=2)


@build_vocabulary.mistake("the special words are missing: the list begins with <START>, <END>, <UNKNOWN>")
def _no_special(sentences, size):
    return _vocabulary(sentences, size, special=[], room=0)


@build_vocabulary.mistake("the special words are missing from the list, though room was left for them")
def _only_words(sentences, size):
    return _vocabulary(sentences, size, special=[])


@build_vocabulary.mistake("the special words stand at the end: they come first, as numbers 0, 1 and 2")
def _special_last(sentences, size):
    return [*_vocabulary(sentences, size, special=[]), *SPECIAL]


@build_vocabulary.mistake("this keeps the rarest words: sort by -counts[word], so that the most frequent come first")
def _rarest(sentences, size):
    return _vocabulary(sentences, size, key=lambda counts, word: (counts[word], word))


@build_vocabulary.mistake("the words are in alphabetical order: the count decides first, the alphabet only among ties")
def _alphabet(sentences, size):
    return _vocabulary(sentences, size, key=lambda counts, word: word)


@build_vocabulary.mistake(
    "words with the same count are not in alphabetical order: sort by the pair (-counts[word], word)"
)
def _ties_as_they_come(sentences, size):
    return _vocabulary(sentences, size, key=lambda counts, word: -counts[word])


@build_vocabulary.mistake("ties are in reverse order of the alphabet: reverse=True turns the words round, too")
def _reverse(sentences, size):
    counts = Counter(token for sentence in sentences for token in sentence)
    return [*SPECIAL, *sorted(counts, key=lambda word: (counts[word], word), reverse=True)[: size - 3]]


@build_vocabulary.mistake("this counts in how many sentences a word occurs: count every occurrence")
def _sentences_counted(sentences, size):
    return _vocabulary([sorted(set(sentence)) for sentence in sentences], size)


@check
def encode(case):
    names = ["we", "you", "the", "tea", ".", "!", "like"]
    pairs = [(word, number) for number, word in enumerate([*SPECIAL, *names])]
    index = dict(pairs[place] for place in case.rng.permutation(len(pairs)))  # the number is the value, not the place
    for length in (3, 0, 1, 6, 9):
        numbers = case.rng.integers(2, len(index), size=length).tolist()
        if length > 2:
            numbers[1] = UNKNOWN
        strange = iter(["Tea", "zyzzyva", "qat"] * 9)
        tokens = [next(strange) if number == UNKNOWN else names[number - 3] for number in numbers]
        same_numbers(case, f"the numbers of {tokens}", case.call(tokens, index), [START, *numbers, END])
    return "5 sentences, an empty one and unknown words among them, become the numbers that they were made of"


@encode.mistake("START is missing at the beginning")
def _no_start(tokens, index):
    return [*(index.get(token, UNKNOWN) for token in tokens), END]


@encode.mistake("END is missing at the end")
def _no_end(tokens, index):
    return [START, *(index.get(token, UNKNOWN) for token in tokens)]


@encode.mistake("START and END are both missing")
def _bare(tokens, index):
    return [index.get(token, UNKNOWN) for token in tokens]


@encode.mistake("START and END have changed places")
def _turned(tokens, index):
    return [END, *(index.get(token, UNKNOWN) for token in tokens), START]


@encode.mistake("unknown words were left out: put UNKNOWN in their place, or the sentence gets shorter")
def _left_out(tokens, index):
    return [START, *(index[token] for token in tokens if token in index), END]


@encode.mistake("an unknown word stops it: index.get(token, UNKNOWN) has an answer for words that are not there")
def _key_error(tokens, index):
    return [START, *(index[token] for token in tokens), END]


@encode.mistake("unknown words became START: the number of UNKNOWN is 2")
def _zero(tokens, index):
    return [START, *(index.get(token, 0) for token in tokens), END]


@encode.mistake("unknown words became -1: the number of UNKNOWN is 2")
def _minus_one(tokens, index):
    return [START, *(index.get(token, -1) for token in tokens), END]


@encode.mistake("unknown words have no number: without a second argument, index.get gives None")
def _none(tokens, index):
    return [START, *(index.get(token) for token in tokens), END]


@check
def inputs_and_targets(case):
    for length in (5, 2, 3, 12):
        numbers = [START, *case.rng.permutation(np.arange(3, 3 + length - 2)).tolist(), END]
        for given in (numbers, np.array(numbers)):
            answer = case.call(given)
            if not isinstance(answer, tuple | list) or len(answer) != 2:
                case.fail("return two things, the inputs and the targets: `return x, y`")
                continue
            x, y = answer
            for what, part, first in (("inputs x", x, 0), ("targets y", y, 1)):
                want = [numbers[first + t] for t in range(length - 1)]
                same_numbers(case, f"the {what} of a sentence of {length} numbers", part, want)
    return "in 8 sentences, every target is the word after its input"


@inputs_and_targets.mistake("x and y have changed places: the model reads the earlier word and predicts the later one")
def _swapped(numbers):
    return numbers[1:], numbers[:-1]


@inputs_and_targets.mistake("x goes too far: nothing comes after END, so the inputs leave the last token out")
def _whole_x(numbers):
    return numbers, numbers[1:]


@inputs_and_targets.mistake("y begins too early: nobody predicts START, so the targets leave the first token out")
def _whole_y(numbers):
    return numbers[:-1], numbers


@inputs_and_targets.mistake("x and y are the same: the target is the *next* word, one place further on")
def _no_shift(numbers):
    return numbers[:-1], numbers[:-1]


@inputs_and_targets.mistake("END is never a target: y goes on to the very end, or the model never learns to stop")
def _no_end_target(numbers):
    return numbers[:-2], numbers[1:-1]


@inputs_and_targets.mistake("START is never an input: x begins at the beginning, or nobody predicts the first word")
def _no_start_input(numbers):
    return numbers[1:-1], numbers[2:]


@check
def unigram_probabilities(case):
    for size, n in ((5, 1), (8, 3), (12, 9)):
        sentences = [
            np.array([START, *case.rng.integers(2, size - 1, size=case.rng.integers(0, 9)), END]) for _ in range(n)
        ]
        if n == 3:
            sentences = [sentence.tolist() for sentence in sentences]
        targets = [int(word) for sentence in sentences for word in list(sentence)[1:]]
        want = [Fraction(targets.count(word), len(targets)) for word in range(size)]
        case.near(f"the probabilities of {size} words", case.call(sentences, size), [float(share) for share in want])
    return "the shares of 3 corpora are right, END counts, START does not, and a word never seen has 0"


def _shares(sentences, size, part=slice(1, None), divide=None):
    targets = [int(word) for sentence in sentences for word in list(sentence)[part]]
    counts = np.bincount(np.array(targets, dtype=int), minlength=size)
    return counts / (len(targets) if divide is None else divide)


@unigram_probabilities.mistake("START was counted: it is never a target, so leave out the first token of each sentence")
def _start_counted(sentences, size):
    return _shares(sentences, size, part=slice(None))


@unigram_probabilities.mistake("START was set to 0, but still counts in N: divide by the number of targets")
def _start_in_total(sentences, size):
    return _shares(sentences, size, divide=sum(map(len, sentences)))


@unigram_probabilities.mistake("only the first START was left out: cut it off from each sentence, then join them")
def _only_first_start(sentences, size):
    return _shares([[word for sentence in sentences for word in sentence]], size)


@unigram_probabilities.mistake("a sentence may be an array, and + adds arrays up: join them with np.concatenate")
def _plus(sentences, size):
    targets = []
    for sentence in sentences:
        targets = targets + sentence[1:]
    return np.bincount(targets, minlength=size) / len(targets)


@unigram_probabilities.mistake("END was not counted: it is a target in every sentence")
def _end_left_out(sentences, size):
    return _shares(sentences, size, part=slice(1, -1))


@unigram_probabilities.mistake("these are the inputs, START … last word: count the targets, sentence[1:]")
def _inputs_counted(sentences, size):
    return _shares(sentences, size, part=slice(None, -1))


@unigram_probabilities.mistake("these are counts: divide by the number of targets")
def _counts(sentences, size):
    return _shares(sentences, size, divide=1)


@unigram_probabilities.mistake("the counts were divided by the number of sentences, not of targets")
def _per_sentence(sentences, size):
    return _shares(sentences, size, divide=len(sentences))


@unigram_probabilities.mistake("the counts were divided by the number of words in the vocabulary, not of targets")
def _per_word(sentences, size):
    return _shares(sentences, size, divide=size)


@unigram_probabilities.mistake("the answer is too short: words that were never seen need a 0, with minlength=size")
def _too_short(sentences, size):
    return _shares(sentences, 0)


@unigram_probabilities.mistake("this is the mean of the sentences' own shares: long sentences must weigh more")
def _mean_of_shares(sentences, size):
    return np.mean([_shares([sentence], size) for sentence in sentences], axis=0)


@check
def perplexity(case):
    for sides in (2, 6, 8000):
        logs = [np.full(length, -math.log(sides)) for length in (3, 1, 4)]
        case.near(f"the perplexity of dice with {sides} sides", case.call(logs), sides)
    halves = [[math.log(0.5)] * 5, [math.log(0.125)]]  # 2^5 · 8 = 2^8 = (2^(4/3))^6
    case.near("the perplexity of five words at 1/2 and one at 1/8", case.call(halves), 2 ** (4 / 3))
    p = [case.rng.uniform(0.01, 0.9, size=n) for n in (1, 7, 3)]
    geometric = math.prod(float(share) for sentence in p for share in sentence) ** (-1 / 11)
    case.near("the perplexity of 11 words in 3 sentences", case.call([np.log(sentence) for sentence in p]), geometric)
    long = [np.log(np.tile([0.1, 0.001], 500)), np.log(np.tile([0.1, 0.001], 1000))]
    case.near("the perplexity of 3,000 words at 1/10 and 1/1000", case.call(long), 100.0)
    impossible = case.call([[math.log(0.5), -math.inf], [math.log(0.25)]])
    case.true(
        np.shape(impossible) == () and impossible == math.inf,
        "a word of probability 0 makes the perplexity infinite: leave -inf in the sum",
    )
    return "dice have the perplexity of their sides, all words weigh the same, and 3,000 words do not underflow"


def _pp(logs):
    return float(np.exp(-np.sum(logs) / len(logs)))


def _flat(log_probabilities):
    return np.concatenate([np.asarray(sentence, dtype=float) for sentence in log_probabilities])


@perplexity.mistake("this is the mean of the sentences' perplexities: add up the logarithms of all words first")
def _mean_of_perplexities(log_probabilities):
    return float(np.mean([_pp(sentence) for sentence in log_probabilities]))


@perplexity.mistake("this takes the mean of each sentence and then the mean of those: every word must weigh the same")
def _mean_of_means(log_probabilities):
    return float(np.exp(-np.mean([np.mean(sentence) for sentence in log_probabilities])))


@perplexity.mistake("sentences differ in length, so they are no array: np.concatenate them, or sum one by one")
def _ragged(log_probabilities):
    return float(np.exp(-np.mean(log_probabilities)))


@perplexity.mistake("this is the mean of 1 / probability: the mean must be taken of the logarithms, exp comes last")
def _mean_of_inverse(log_probabilities):
    return float(np.exp(-_flat(log_probabilities)).mean())


@perplexity.mistake("the sum was divided by the number of sentences, not of words")
def _per_sentence_pp(log_probabilities):
    return float(np.exp(-_flat(log_probabilities).sum() / len(log_probabilities)))


@perplexity.mistake("the product of many probabilities underflows to 0: stay with the sum of the logarithms")
def _product(log_probabilities):
    flat = _flat(log_probabilities)
    return float(np.float64(np.exp(flat).prod()) ** (-1 / len(flat)))


@perplexity.mistake("the minus sign is missing: this is 1 / perplexity")
def _no_minus(log_probabilities):
    return float(np.exp(_flat(log_probabilities).mean()))


@perplexity.mistake("this is the cross-entropy, the exponent: take exp of it")
def _no_exp(log_probabilities):
    return float(-_flat(log_probabilities).mean())


@perplexity.mistake("2 to the power of … needs logarithms to base 2; these are natural ones, so use exp")
def _base_two(log_probabilities):
    return float(2 ** -_flat(log_probabilities).mean())


@perplexity.mistake("this is 1 / the mean probability: the mean must be taken of the logarithms")
def _arithmetic(log_probabilities):
    return float(1 / np.exp(_flat(log_probabilities)).mean())


@perplexity.mistake("the sum was not divided by the number of words: this grows with the length of the text")
def _not_divided(log_probabilities):
    return float(np.exp(-_flat(log_probabilities).sum()))


@perplexity.mistake("words of probability 0 were left out: they are the model's worst mistakes, and must count")
def _only_possible(log_probabilities):
    flat = _flat(log_probabilities)
    return _pp(flat[np.isfinite(flat)])
