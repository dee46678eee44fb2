"""Text to tokens and back. A token is a word in lower case, a number, or one punctuation mark."""

import re

TOKEN = re.compile(r"\w+(?:'\w+)*|[^\w\s]")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
NO_SPACE_BEFORE = set(".,!?;:%)]}…'’”")
NO_SPACE_AFTER = set("([{$#“")


def tokenize(text: str) -> list[str]:
    """The tokens of a text, in order.

    >>> tokenize("I don't know. You?")
    ['i', "don't", 'know', '.', 'you', '?']
    """
    return TOKEN.findall(text.lower().replace("’", "'"))


def split_sentences(text: str) -> list[str]:
    """Cut a text after ``.``, ``!``, ``?`` or ``…`` followed by white space, and at the end of each line."""
    return [sentence for part in SENTENCE_END.split(text) if (sentence := part.strip())]


def detokenize(tokens: list[str]) -> str:
    """Tokens to a line for people: no space before a full stop, a capital at the start and for ``i``.

    >>> detokenize(["i", "don't", "know", ".", "you", "?"])
    "I don't know. You?"
    """
    line, capital, space = "", True, False
    for token in tokens:
        if space and token not in NO_SPACE_BEFORE:
            line += " "
        line += token.capitalize() if capital or token == "i" or token.startswith("i'") else token
        space = token not in NO_SPACE_AFTER
        capital = token in {".", "!", "?"} or (capital and not token[0].isalnum())
    return line
