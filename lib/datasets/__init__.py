"""One loader per data set, as plain Python or NumPy.

>>> from lib import datasets
>>> X, y = datasets.moons()

``data/README.md`` lists every set with its source, licence, size and checksum.
"""

from lib.datasets.classification import Split, digits, moons
from lib.datasets.download import DatasetError, cache_folder, fetch
from lib.datasets.newsgroups import Posts, newsgroups
from lib.datasets.registry import REGISTRY, Entry, describe
from lib.datasets.reviews import MovieSnippets, Polarity, Reviews, imdb_reviews, movie_snippets, mr_polarity
from lib.datasets.split import split_by_group
from lib.datasets.text import ChatMessages, chat_messages, tiny_shakespeare
from lib.datasets.vectors import glove

__all__ = [
    "REGISTRY",
    "ChatMessages",
    "DatasetError",
    "Entry",
    "MovieSnippets",
    "Polarity",
    "Posts",
    "Reviews",
    "Split",
    "cache_folder",
    "chat_messages",
    "describe",
    "digits",
    "fetch",
    "glove",
    "imdb_reviews",
    "moons",
    "movie_snippets",
    "mr_polarity",
    "newsgroups",
    "split_by_group",
    "tiny_shakespeare",
]
