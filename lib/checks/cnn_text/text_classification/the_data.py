"""Checks of ``cnn_text/02_text_classification/01_the_data``.

Ground truth is built before it is asked for: sentences are glued together from words whose cleaned form is known,
arrays are written cell by cell, and the films are so few that every draw of them can be counted.
"""

import itertools
import re
from collections import Counter
from fractions import Fraction

import numpy as np
from scipy.stats import norm

from lib.checks import check
from lib.checks.words import same_words
from lib.messages import one_line


@check
def majority_accuracy(case):
    counts = [((4, 7), (8, 3)), ((7, 2), (4, 6)), ((3, 8), (1, 12)), ((9, 1), (5, 0)), ((500, 501), (3, 2))]
    answers = []
    for train, judged in counts:
        labels = [np.repeat([0, 1], zeros_and_ones) for zeros_and_ones in (train, judged)]
        for part in labels:
            case.rng.shuffle(part)
        want = Fraction(judged[int(train[1] > train[0])], sum(judged))
        of = f"the accuracy with {train[1]} ones in {sum(train)} training labels, {judged[1]} in {sum(judged)} others"
        answers.append((of, case.call(*labels), float(want)))
    for of, got, want in answers:
        case.near(of, got, want)
    return "the training part's favourite is right as often as it should be in 5 parts, in minority or majority"


def _majority(labels):
    return int(np.mean(labels) > 0.5)


@majority_accuracy.mistake(
    "this is the majority of the part that is judged: a model must not see its labels; decide with train_labels"
)
def _own_majority(train_labels, labels):
    return np.mean(labels == _majority(labels))


@majority_accuracy.mistake("the answer here is always 1: look in train_labels which label is more frequent")
def _always_one(train_labels, labels):
    return np.mean(labels)


@majority_accuracy.mistake("the answer here is always 0: look in train_labels which label is more frequent")
def _always_zero(train_labels, labels):
    return 1 - np.mean(labels)


@majority_accuracy.mistake("this is the accuracy of the rarer training label: take the more frequent one")
def _minority(train_labels, labels):
    return np.mean(labels != _majority(train_labels))


@majority_accuracy.mistake(
    "this is the majority's share of the training labels: count how often it is right in `labels`"
)
def _on_training(train_labels, labels):
    return np.mean(train_labels == _majority(train_labels))


@majority_accuracy.mistake("this is the majority label itself: the question is how often it is right in `labels`")
def _label(train_labels, labels):
    return _majority(train_labels)


@majority_accuracy.mistake("this counts the right answers: divide by the number of labels, or take the mean")
def _count(train_labels, labels):
    return int(np.sum(labels == _majority(train_labels)))


@majority_accuracy.mistake("this is in percent: a share goes from 0 to 1")
def _percent(train_labels, labels):
    return 100 * np.mean(labels == _majority(train_labels))


@majority_accuracy.mistake("these are the answers one by one: take their mean")
def _one_by_one(train_labels, labels):
    return labels == _majority(train_labels)


# --- clean

CLEANED = {
    "It's": ["it", "'s"], "it’s": ["it", "'s"], "can't": ["ca", "n't"], "ISN'T": ["is", "n't"],
    "doesn’t": ["does", "n't"], "they'll": ["they", "'ll"], "We've": ["we", "'ve"], "you're": ["you", "'re"],
    "I'd": ["i", "'d"], "I'm": ["i'm"], "'children's'": ["'children", "'s'"],
    "o'donoghue": ["o'donoghue"], "O'Donoghue's": ["o'donoghue", "'s"],
    "rock'n'roll": ["rock'n'roll"], "d'angelo": ["d'angelo"], "a'veil": ["a'veil"], "x'red": ["x'red"],
    "m'llama": ["m'llama"], "o'sullivan": ["o'sullivan"], "an'tony": ["an'tony"], "Film": ["film"], "FUN": ["fun"],
    "a": ["a"], "well-made": ["well", "made"], "3.5": ["3", "5"], "24/7": ["24", "7"], "1980": ["1980"],
    "clichéd": ["clich", "d"], "naïve": ["na", "ve"], "'twist'": ["'twist'"], "‘80s": ["'80s"], "`fun`": ["`fun`"],
    "snake_case": ["snake", "case"], "“best”": ["best"],
}  # fmt: skip
KEPT, GONE = (",", "!", "?", "(", ")"), (".", "-", ":", ";", '"', "…", "*", "&", "\\", " -- ", "¿")


def _same_text(case, what, got, want):
    """End the check unless ``got`` is this text."""
    if not isinstance(got, str):
        nan = "NaN in it, not words: " if "nan" in str(got) else ""
        case.fail(f"{what} should be one text, but it is {nan}{one_line(repr(got), 60)}")
    elif got.split() != want.split():
        same_words(case, what, got.split(), want.split())
    elif got != want:
        case.fail(
            f"{what}: the words are right, but not the white space between or around them: {one_line(repr(got), 60)}"
        )


@check
def clean(case):
    by_hand = {
        "It's not bad (at all)!": "it 's not bad ( at all ) !",
        "": "",
        " ...\n--\t": "",
        "why?!(because)": "why ? ! ( because )",
        "  two \n\t words  ": "two words",
        "CAN'T stop,won't stop": "ca n't stop , wo n't stop",
        "O'Donoghue's 'art': 3.5 stars": "o'donoghue 's 'art' 3 5 stars",
    }
    cases = list(by_hand.items())
    for _ in range(25):
        text, want = "", []
        for word in case.rng.choice(list(CLEANED), size=case.rng.integers(2, 8)):
            mark = str(case.rng.choice([*KEPT, *GONE]))
            text += str(word) + str(case.rng.choice([" ", "  ", "\n", mark, f"{mark} ", f" {mark}"]))
            want += CLEANED[str(word)] + [mark] * (mark in KEPT and mark in text[-2:])
        cases.append((text, " ".join(want)))
    every = " ".join(CLEANED)
    cases.append((every, " ".join(word for words in CLEANED.values() for word in words)))
    answers = [(f"the words of {one_line(repr(text), 70)}", case.call(text), want) for text, want in cases]
    for what, got, want in answers:
        _same_text(case, what, got, want)
    return f"{len(cases)} texts fall into the words that they were made of"


ENDINGS = r"('s|'ve|'re|'d|'ll|n't)\b"


def _cleaned(
    text, lower="first", apostrophes="'", keep="a-z0-9(),!?'`", ending=ENDINGS, set_off=r" \1",
    marks=r"([,!?()])", around=r" \1 ", blank=" ", spaces=" ", strip=True,
):  # fmt: skip
    text = re.sub("[‘’]", apostrophes, text.lower() if lower == "first" else text)
    text = re.sub(f"[^{keep}]" if lower == "first" else f"[^A-Z{keep}]", blank, text)
    text = re.sub(ending, set_off, text)
    text = re.sub(marks, around, text)
    text = re.sub(r"\s+", spaces, text) if spaces else text
    text = text.strip() if strip else text
    return text.lower() if lower == "last" else text


@clean.mistake("the text came back as it was: strings never change in place, so write text = re.sub(…)")
def _unchanged(text):
    return text


@clean.mistake("only the lower case of rule 1 was done: strings never change in place, so every line is text = …")
def _lower_only(text):
    return text.lower()


@clean.mistake("upper case is still there, or was turned into spaces: rule 1 comes first, text.lower()")
def _no_lower(text):
    return _cleaned(text, lower="never")


@clean.mistake("capitals became spaces: put the text in lower case before rule 2")
def _capitals_gone(text):
    text = re.sub("[^a-z0-9(),!?'`]", " ", re.sub("[‘’]", "'", text))
    return _cleaned(text)


@clean.mistake("CAN'T was not cut: put the text in lower case first, not at the end")
def _lower_last(text):
    return _cleaned(text, lower="last")


@clean.mistake("the typographic apostrophes became spaces, so that it’s fell into it and s: replace ‘ and ’ first")
def _typographic(text):
    return _cleaned(text, apostrophes="’")


@clean.mistake("only ’ was replaced: ‘ is an apostrophe, too")
def _only_closing(text):
    return _cleaned(text.replace("‘", " "))


@clean.mistake("only ‘ was replaced: ’ is an apostrophe, too")
def _only_opening(text):
    return _cleaned(text.replace("’", " "))


@clean.mistake(
    "endings are cut inside words, too: o'donoghue has 'd, but no word ends there; put \\b behind the endings of rule 3"
)
def _inside(text):
    return _cleaned(text, ending=ENDINGS.removesuffix(r"\b"))


@clean.mistake(
    "the endings of rule 3 were not set off: it's becomes it 's (without r in front, \\b is no edge of a word)"
)
def _no_endings(text):
    return _cleaned(text, ending="(~)")


@clean.mistake("I'm was cut: 'm is none of the six endings")
def _seventh_ending(text):
    return _cleaned(text, ending=r"('s|'ve|'re|'d|'ll|'m|n't)\b")


@clean.mistake("there is a space behind the endings of rule 3, too: only before them")
def _space_behind(text):
    return _cleaned(text, set_off=r" \1 ")


@clean.mistake("n't was cut behind its n: can't becomes ca n't, so the ending is n't and not 't")
def _cut_at_apostrophe(text):
    return _cleaned(text, ending=r"('s|'ve|'re|'d|'ll|'t)\b")


@clean.mistake("n't was not set off: it is the sixth of the endings")
def _without_not(text):
    return _cleaned(text, ending=r"('s|'ve|'re|'d|'ll)\b")


@clean.mistake("the endings are gone: put a space before them and keep them, with \\1 in the replacement")
def _endings_removed(text):
    return _cleaned(text, set_off=" ")


@clean.mistake("every apostrophe was set off: only the six endings of rule 3 are, and n't takes its n along")
def _every_apostrophe(text):
    return _cleaned(text, ending="(')")


@clean.mistake("there are stray backslashes: in the replacement, write the mark alone, or \\1, between the two spaces")
def _backslashes(text):
    return re.sub(r"(?<= )([?()])(?= |$)", r"\\\1", _cleaned(text))


@clean.mistake("a replacement without r in front: '\\1' is a control character, r'\\1' is what the group has found")
def _control_character(text):
    return _cleaned(text, set_off=" \1", around=" \1 ")


@clean.mistake("marks stick to their words: rule 4 puts a space before and after each of , ! ? ( )")
def _no_marks(text):
    return _cleaned(text, marks="(~)")


@clean.mistake("brackets stick to their words: rule 4 names them, too")
def _no_brackets(text):
    return _cleaned(text, marks="([,!?])")


@clean.mistake("there is a space before each mark, but none behind it")
def _only_before(text):
    return _cleaned(text, around=r" \1")


@clean.mistake("there is a space behind each mark, but none before it")
def _only_behind(text):
    return _cleaned(text, around=r"\1 ")


@clean.mistake("the marks , ! ? ( ) are gone: rule 2 keeps them")
def _marks_gone(text):
    return _cleaned(text, keep="a-z0-9'`")


@clean.mistake("the digits are gone: rule 2 keeps 0 to 9")
def _digits_gone(text):
    return _cleaned(text, keep="a-z(),!?'`")


@clean.mistake("the backquote ` is gone: rule 2 keeps it")
def _backquote_gone(text):
    return _cleaned(text, keep="a-z0-9(),!?'")


@clean.mistake("apostrophes are gone: rule 2 keeps them, and rule 3 needs them")
def _apostrophes_gone(text):
    return _cleaned(text, keep="a-z0-9(),!?`")


@clean.mistake("full stops are still there: rule 2 does not keep them")
def _full_stops(text):
    return _cleaned(text, keep="a-z0-9(),!?'`.")


@clean.mistake("hyphens are still there: rule 2 does not keep them")
def _hyphens(text):
    return _cleaned(text, keep=r"a-z0-9(),!?'`\-")


@clean.mistake("letters such as é or the underscore are still there: \\w is more than a to z and 0 to 9")
def _word_characters(text):
    return _cleaned(text, keep=r"\w(),!?'`")


@clean.mistake("well-made became wellmade: what rule 2 takes out leaves a space")
def _nothing_left(text):
    return _cleaned(re.sub(r"\s", " ", text), keep="a-z0-9(),!?'` ", blank="")


@clean.mistake("white space was taken out altogether: rule 5 leaves one space of every run")
def _no_spaces(text):
    return re.sub(r"\s", "", _cleaned(text))


@clean.mistake("runs of white space are still there: rule 5 makes one space of each")
def _long_spaces(text):
    return _cleaned(text, spaces=None)


@clean.mistake("there is white space at an end: .strip() takes it off")
def _not_stripped(text):
    return _cleaned(text, strip=False)


@clean.mistake("this is a list of words: return the text, ' '.join(words) makes one of a list")
def _list(text):
    return _cleaned(text).split()


# --- vocabulary

SPECIAL = ["<PAD>", "<OTHER>"]


@check
def build_vocabulary(case):
    by_hand = [["it", "'s", "a", "film", ",", "a", "film"], ["a", "!"], [], ["it", "Film"]]
    answers = [
        ("the list of all words", case.call(by_hand, 1), [*SPECIAL, "a", "film", "it", "!", "'s", ",", "Film"]),
        ("the list with least = 2", case.call(by_hand, 2), [*SPECIAL, "a", "film", "it"]),
        ("the list with least = 3", case.call(by_hand, 3), [*SPECIAL, "a"]),
        ("the list with least = 4", case.call(by_hand, 4), SPECIAL),
    ]
    for least in (2, 3):
        words = [f"{a}{b}" for a in "dbca" for b in "zyx"]
        times = {word: int(case.rng.integers(1, 5)) for word in words}
        times |= dict(zip(case.rng.permutation(words).tolist(), (1, 2, 3, 4), strict=False))  # each count is there
        sentences = [[], [], [], ["zz"] * 9]
        for word in case.rng.permutation(words).tolist():
            sentences[case.rng.integers(3)] += [word] * times[word]
        for sentence in sentences:
            case.rng.shuffle(sentence)
        want = [
            word
            for count in range(9, least - 1, -1)
            for word in sorted({**times, "zz": 9})
            if {**times, "zz": 9}[word] == count
        ]
        answers.append((f"a list with least = {least}", case.call(sentences, least), [*SPECIAL, *want]))
    for what, got, want in answers:
        same_words(case, what, got, want)
    return "6 lists hold the words that are frequent enough, in the right order, the special ones first"


def _vocabulary(sentences, least, special=SPECIAL, key=lambda counts, word: (-counts[word], word)):
    counts = Counter(word for sentence in sentences for word in sentence)
    return [*special, *sorted((word for word in counts if counts[word] >= least), key=lambda word: key(counts, word))]


@build_vocabulary.mistake("words that occur exactly `least` times are missing: >= instead of >")
def _more_than_least(sentences, least):
    return _vocabulary(sentences, least + 1)


@build_vocabulary.mistake("rare words are in the list: `least` says how often a word must occur")
def _all_words(sentences, least):
    return _vocabulary(sentences, 1)


@build_vocabulary.mistake("`least` was always 2 here: use the argument")
def _always_two(sentences, least):
    return _vocabulary(sentences, 2)


@build_vocabulary.mistake(
    "this keeps the `least` most frequent words: `least` is how often a word must occur, not how many to keep"
)
def _as_many_as_least(sentences, least):
    return _vocabulary(sentences, 1)[: 2 + least]


@build_vocabulary.mistake(
    "Film and film were counted as one word: take the words as they are, cleaning was done before"
)
def _lower_case(sentences, least):
    return _vocabulary([[word.lower() for word in sentence] for sentence in sentences], least)


@build_vocabulary.mistake("the special words are missing: the list begins with <PAD> and <OTHER>")
def _no_special(sentences, least):
    return _vocabulary(sentences, least, special=[])


@build_vocabulary.mistake("<PAD> is number 0 and <OTHER> is number 1, not the other way round")
def _special_swapped(sentences, least):
    return _vocabulary(sentences, least, special=SPECIAL[::-1])


@build_vocabulary.mistake("the special words stand at the end: they come first, as numbers 0 and 1")
def _special_last(sentences, least):
    return [*_vocabulary(sentences, least, special=[]), *SPECIAL]


@build_vocabulary.mistake("the rarest words come first: sort by -count, so that the most frequent do")
def _rarest_first(sentences, least):
    return _vocabulary(sentences, least, key=lambda counts, word: (counts[word], word))


@build_vocabulary.mistake("the words are in alphabetical order: the count decides first, the alphabet only among ties")
def _alphabet(sentences, least):
    return _vocabulary(sentences, least, key=lambda counts, word: word)


@build_vocabulary.mistake("words with the same count are not in alphabetical order: sort by the pair (-count, word)")
def _ties_as_they_come(sentences, least):
    return _vocabulary(sentences, least, key=lambda counts, word: -counts[word])


@build_vocabulary.mistake("ties are in reverse order of the alphabet: reverse=True turns the words round, too")
def _reverse(sentences, least):
    counts = Counter(word for sentence in sentences for word in sentence)
    ranked = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
    return [*SPECIAL, *(word for word in ranked if counts[word] >= least)]


@build_vocabulary.mistake("this counts in how many sentences a word occurs: count every occurrence")
def _sentences_counted(sentences, least):
    return _vocabulary([sorted(set(sentence)) for sentence in sentences], least)


@build_vocabulary.mistake("this counts letters: a sentence is a list of words already, do not join it")
def _letters(sentences, least):
    return _vocabulary(["".join(sentence) for sentence in sentences], least)


# --- encode


def _same_rows(case, what, got, want):
    """End the check unless ``got`` is this table of whole numbers."""
    try:
        got = np.asarray(got)
    except ValueError:  # rows of different length
        case.fail(f"{what} should be an array: all its rows have the same length")
        return
    if got.dtype.kind == "f" and np.isnan(got).any():
        case.fail(f"{what}: there is NaN in it, which is not a number")
    elif got.dtype.kind == "f":
        case.fail(f"{what} should be whole numbers, not floats: np.zeros makes floats, unless with dtype=int")
    elif got.dtype.kind not in "iu":
        case.fail(f"{what} should be whole numbers, but it is {one_line(repr(got), 60)}")
    else:
        case.near(what, got, want)


@check
def encode(case):
    names = ["a", "film", "it", "'s", "not", "bad", "!", "dull", "fun"]
    places = case.rng.permutation(len(names))
    answers = []
    for edge, lengths in ((2, (3, 5, 1)), (0, (4, 0, 2, 6)), (5, (1, 7)), (1, (2,)), (3, (0, 0)), (4, (9, 3, 9))):
        # The number is the value, not the place: the dict is in random order and begins anywhere above 1.
        index = {names[place]: int(place) + 2 for place in places}
        width = max(lengths) + 2 * edge
        want, sentences = [], []
        for length in lengths:
            numbers = case.rng.integers(2, len(names) + 2, size=length).tolist()
            if length > 1:
                numbers[case.rng.integers(length)] = 1
            want.append([0] * edge + numbers + [0] * (width - edge - length))
            strange = case.rng.choice(["Film", "zyzzyva", "<other>"])
            sentences.append([str(strange) if number == 1 else names[number - 2] for number in numbers])
        what = f"the rows of sentences of {', '.join(map(str, lengths))} words, edge {edge},"
        answers.append((what, case.call(sentences, index, edge), want))
    for what, got, want in answers:
        _same_rows(case, what, got, want)
    return "6 arrays, with empty sentences and unknown words, have every number in its place"


def _rows(sentences, index, edge, left=None, right=None, other=1, pad=0, align="left", kind=int):
    left, right = edge if left is None else left, edge if right is None else right
    width = max(map(len, sentences))
    rows = np.full((len(sentences), left + width + right), pad, dtype=kind)
    for row, sentence in zip(rows, sentences, strict=True):
        begin = left + (width - len(sentence)) * (align == "right")
        row[begin : begin + len(sentence)] = [index.get(word, other) for word in sentence]
    return rows


@encode.mistake("unknown words became 0, which is padding: index.get(word, 1) gives them the number of <OTHER>")
def _unknown_silent(sentences, index, edge):
    return _rows(sentences, index, edge, other=0)


@encode.mistake("unknown words were left out: they keep their place, with number 1")
def _unknown_left_out(sentences, index, edge):
    width = max(map(len, sentences)) + 2 * edge
    kept = [[word for word in sentence if word in index] for sentence in sentences]
    rows = _rows(kept, index, edge)
    return np.pad(rows, [(0, 0), (0, width - rows.shape[1])])


@encode.mistake("an unknown word stops it: index.get(word, 1) has an answer for words that are not there")
def _key_error(sentences, index, edge):
    return [[index[word] for word in sentence] for sentence in sentences]


@encode.mistake("an unknown word has no number: without a second argument, index.get gives None")
def _none(sentences, index, edge):
    return _rows(sentences, index, edge, other=None)


@encode.mistake("there is no edge: every row begins with `edge` times 0, and the longest ends with as many")
def _no_edge(sentences, index, edge):
    return _rows(sentences, index, 0)


@encode.mistake("the edge behind the longest sentence is missing: the width is the longest sentence plus 2 * edge")
def _no_right_edge(sentences, index, edge):
    return _rows(sentences, index, edge, right=0)


@encode.mistake("the words begin in column 0: column `edge` is the first word's")
def _no_left_edge(sentences, index, edge):
    return _rows(sentences, index, edge, left=0)


@encode.mistake("the words begin in column 0 of an array that is wide enough: column `edge` is the first word's")
def _left_edge_at_the_end(sentences, index, edge):
    return _rows(sentences, index, edge, left=0, right=2 * edge)


@encode.mistake("the edge is always 5 here: use the argument")
def _edge_five(sentences, index, edge):
    return _rows(sentences, index, 5)


@encode.mistake("short sentences stand at the right end of their row: the padding goes behind the words")
def _pad_in_front(sentences, index, edge):
    return _rows(sentences, index, edge, align="right")


@encode.mistake("the padding is 1, which is <OTHER>: it is 0")
def _pad_is_other(sentences, index, edge):
    return _rows(sentences, index, edge, pad=1)


@encode.mistake("these are floats: np.zeros needs dtype=int to make whole numbers")
def _floats(sentences, index, edge):
    return _rows(sentences, index, edge, kind=float)


@encode.mistake("the rows differ in length: fill every one up to the length of the longest plus 2 * edge")
def _ragged(sentences, index, edge):
    return [[0] * edge + [index.get(word, 1) for word in sentence] + [0] * edge for sentence in sentences]


@encode.mistake("the array is as wide as the first sentence needs: take the longest one")
def _width_of_first(sentences, index, edge):
    rows = np.zeros((len(sentences), len(sentences[0]) + 2 * edge), dtype=int)
    for row, sentence in zip(rows, sentences, strict=True):
        row[edge : edge + len(sentence)] = [index.get(word, 1) for word in sentence]
    return rows


@encode.mistake("the sentence does not fit its slice: it begins at column `edge` and ends at edge + len(sentence)")
def _to_the_end(sentences, index, edge):
    rows = _rows(sentences, index, edge) * 0
    for row, sentence in zip(rows, sentences, strict=True):
        row[edge:] = [index.get(word, 1) for word in sentence]
    return rows


# --- the interval

REPEATS = 2000
# Sentences and right answers of the films of one kind and of the other, how many films are of each kind, and the level.
# With so few kinds the shares are a handful of numbers, and both quantiles lie far (more than 5 standard errors of
# REPEATS draws) from the edges between them, so that the ends of the interval are certain, whatever the order of draws.
FILMS = [
    ((12, 3), (5, 4), 1, 3, 0.95), ((7, 6), (10, 3), 1, 3, 0.8), ((15, 3), (4, 3), 1, 4, 0.6),
    ((8, 2), (5, 4), 2, 2, 0.7), ((9, 8), (5, 2), 1, 3, 0.2),
]  # fmt: skip


def exact_interval(hits, sizes, level):
    """Both ends, from every possible draw of as many films as there are."""
    draws = itertools.product(range(len(hits)), repeat=len(hits))
    counts = Counter(Fraction(sum(hits[i] for i in draw), sum(sizes[i] for i in draw)) for draw in draws)
    below, ends, total = 0, [], sum(counts.values())
    for share in sorted(counts):
        ends += [float(share) for q in ((1 - level) / 2, (1 + level) / 2) if below < q * total <= below + counts[share]]
        below += counts[share]
    return ends


@check
def film_interval(case):
    answers = []
    for one, other, ones, others, level in FILMS:
        sizes, hits = zip(*[one] * ones, *[other] * others, strict=True)
        order = case.rng.permutation(sum(sizes))
        names = case.rng.choice(["alien", "big", "cube", "dune", "elf", "fargo", "gandhi"], len(sizes), replace=False)
        films = np.repeat(names, sizes)[order]
        right = np.concatenate([np.arange(size) < hit for size, hit in zip(sizes, hits, strict=True)])[order]
        rng = np.random.default_rng(int(case.rng.integers(2**32)))
        given = {} if level == 0.95 else {"level": level}
        got = case.call(right, films, REPEATS, rng, **given)
        answers.append((f"with {len(sizes)} films, level {level}", got, exact_interval(hits, sizes, level)))
    for where, got, want in answers:
        case.true(
            np.shape(got) == (2,),
            f"return the two ends, low and high, of the interval: this has shape {np.shape(got)}, it should be (2,)",
        )
        for what, end, ought in zip(("lower", "upper"), np.ravel(got), want, strict=False):
            case.near(f"the {what} end {where}", end, ought)
    if not case.forgiving:  # a mistake is named by the answers above, which do not depend on the order of draws
        _judge_draws(case)
    return f"both ends are those of all possible draws of films, in {len(FILMS)} small parts"


def _judge_draws(case):
    """One and two imagined parts of many films: their shares tell where the draws come from and how many there are."""
    films = np.repeat(np.arange(30), case.rng.integers(5, 40, size=30))
    right = case.rng.random(len(films)) < 0.7
    seeds = case.rng.integers(2**32, size=8)
    two = [case.call(right, films, 2, np.random.default_rng(seed)) for seed in [*seeds, seeds[0]]]
    *two, again = case.array("low and high of two repeats", two, (len(seeds) + 1, 2))
    case.true(
        not all(np.isclose(low, high, rtol=1e-9) for low, high in two),
        "with repeats=2 there are two shares, so low and high differ: imagine `repeats` parts, not fewer",
    )
    one = case.call(right, films, 1, np.random.default_rng(seeds[0]))
    case.true(
        np.isclose(*one, rtol=1e-9),
        "with repeats=1 there is one share, so low and high are the same: imagine `repeats` parts, not more",
    )
    case.true(
        np.array_equal(two[0], again), "the same rng gives another answer: draw from `rng` and nothing else (np.random)"
    )
    case.true(
        not np.allclose(two, two[0], rtol=1e-9), "another rng gives the same answer: draw from `rng` and nothing else"
    )


def _counts_of(right, films):
    number = np.unique(films, return_inverse=True)[1]
    return np.bincount(number, weights=right), np.bincount(number)


def _percents(level):
    return [50 * (1 - level), 50 * (1 + level)]


def _drawn(right, films, repeats, rng, draws=None, share=None):
    """The share of each imagined part."""
    hits, sizes = _counts_of(right, films)
    drawn = rng.integers(len(hits), size=(repeats, draws or len(hits)))
    return hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1) if share is None else share(hits, sizes, drawn)


@film_interval.mistake("this draws sentences: draw films, and take all sentences of each")
def _draws_sentences(right, films, repeats, rng, level=0.95):
    return np.percentile(right[rng.integers(len(right), size=(repeats, len(right)))].mean(axis=1), _percents(level))


@film_interval.mistake("this is the textbook's interval of independent sentences: draw films instead")
def _textbook(right, films, repeats, rng, level=0.95):
    p = right.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p * (1 - p) / len(right))
    return p - half, p + half


@film_interval.mistake("both ends are the same: every film was drawn once, so draw with replacement")
def _without_replacement(right, films, repeats, rng, level=0.95):
    return right.mean(), right.mean()


@film_interval.mistake("a film that is drawn twice must count twice: `in`, np.isin or a set counts it once")
def _counted_once(right, films, repeats, rng, level=0.95):
    hits, sizes = _counts_of(right, films)
    drawn = rng.integers(len(hits), size=(repeats, len(hits)))
    there = (drawn[:, :, None] == np.arange(len(hits))).any(axis=1)
    return np.percentile((there * hits).sum(axis=1) / (there * sizes).sum(axis=1), _percents(level))


@film_interval.mistake("this takes the mean of the films' shares: put the sentences together, a large film weighs more")
def _mean_of_shares(right, films, repeats, rng, level=0.95):
    shares = _drawn(right, films, repeats, rng, share=lambda hits, sizes, drawn: (hits / sizes)[drawn].mean(axis=1))
    return np.percentile(shares, _percents(level))


@film_interval.mistake("the interval always holds 95 % here: use the argument `level`")
def _level_ignored(right, films, repeats, rng, level=0.95):
    return np.percentile(_drawn(right, films, repeats, rng), [2.5, 97.5])


@film_interval.mistake(
    "what is left out is halved between the two sides: the ends are the quantiles (1 - level) / 2 and (1 + level) / 2"
)
def _not_halved(right, films, repeats, rng, level=0.95):
    return np.quantile(_drawn(right, films, repeats, rng), [1 - level, level])


@film_interval.mistake("np.percentile takes percent, from 0 to 100: np.quantile takes shares, from 0 to 1")
def _quantile(right, films, repeats, rng, level=0.95):
    return np.percentile(_drawn(right, films, repeats, rng), [(1 - level) / 2, (1 + level) / 2])


@film_interval.mistake(
    "these are the lowest and the highest of all shares: the interval holds the middle ones only, as `level` says"
)
def _extremes(right, films, repeats, rng, level=0.95):
    shares = _drawn(right, films, repeats, rng)
    return shares.min(), shares.max()


@film_interval.mistake("the ends have changed places: low comes first")
def _exchanged(right, films, repeats, rng, level=0.95):
    return np.percentile(_drawn(right, films, repeats, rng), _percents(level)[::-1])


@film_interval.mistake("these are percent: a share goes from 0 to 1")
def _in_percent(right, films, repeats, rng, level=0.95):
    return 100 * np.percentile(_drawn(right, films, repeats, rng), _percents(level))


@film_interval.mistake("every imagined part has a single film here: draw as many films as there are")
def _one_film(right, films, repeats, rng, level=0.95):
    return np.percentile(_drawn(right, films, repeats, rng, draws=1), _percents(level))


@film_interval.mistake("every imagined part has as many films as there are sentences: draw as many as there are films")
def _too_many_films(right, films, repeats, rng, level=0.95):
    return np.percentile(_drawn(right, films, repeats, rng, draws=len(right)), _percents(level))


@film_interval.mistake(
    "films were drawn from the column of sentences: a large film is then drawn more often; draw from np.unique(films)"
)
def _by_size(right, films, repeats, rng, level=0.95):
    hits, sizes = _counts_of(right, films)
    drawn = rng.choice(len(hits), size=(repeats, len(hits)), p=sizes / sizes.sum())
    return np.percentile(hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), _percents(level))


@film_interval.mistake("this takes the mean and standard deviations on both sides of it: take quantiles of the shares")
def _normal(right, films, repeats, rng, level=0.95):
    shares = _drawn(right, films, repeats, rng)
    half = norm.ppf((1 + level) / 2) * shares.std()
    return shares.mean() - half, shares.mean() + half
