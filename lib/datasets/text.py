"""Text to model and to answer."""

import json
import re
import zipfile
from typing import NamedTuple

import numpy as np

from lib.datasets.download import fetch
from lib.datasets.registry import REGISTRY

# What a learner should not meet in a sample: swear words, slurs, sexual and suicidal talk. The file
# never changes, so only words that do occur in it are listed. Both patterns expect lower case.
UNFIT = re.compile(
    r"""\b( ass | effing | hoe | horny | kill\s(my|your)self | lmfao | midget | negro | nudes?
    | pissed | porn\w* | rap(ed?|ists?) | retarded | sexy | (sweat)?shit | slut\w* | suicid\w*
    | whore | wtf\w* | \w\*\*\w+ )\b""",
    re.VERBOSE,
)
# What leads to a person: an e-mail address or @account, a web address, a telephone number.
PRIVATE = re.compile(r"@\w|https?://|www\.\w|\.(com|edu|gov|io|net|org|tv)\b|\d{3}\W{1,2}\d{3}\W\d{4}")


class ChatMessages(NamedTuple):
    """Chat messages in the order they were sent, conversation after conversation.

    texts: the messages.
    conversations: int64 (messages,), the number of the conversation each belongs to.
    turns: int64 (messages,), the number of the turn within the conversation. One person may send
        several messages in a turn; the two people alternate from turn to turn.
    """

    texts: list[str]
    conversations: np.ndarray
    turns: np.ndarray


def chat_messages() -> ChatMessages:
    """English small talk from the Chit-Chat Challenge of Brigham Young University (2018).

    Of the file's 258,145 messages, 257,898 are returned, in 7,167 of its 7,168 conversations.
    Removed: 33 empty ones, 107 that are unfit to show (swear words, slurs, sexual and suicidal
    talk) and 107 that lead to a person (e-mail and web addresses, accounts, telephone numbers).
    Who wrote a message, and when, is not returned. Nobody has read all that remains: it holds
    names, opinions and whatever a word list misses.
    To split it, keep conversations whole: ``split_by_group(chat.conversations)``.
    Source: the wheel chitchat-dataset 0.9.0 (Myers, Etchart and Fulda 2020, MIT licence), 8.1 MB.
    Raises DatasetError if it cannot be downloaded.
    """
    entry = REGISTRY["chat_messages"]
    with zipfile.ZipFile(fetch(entry.name)) as wheel:
        chats = json.loads(wheel.read(entry.member))
    texts, conversations, turns = [], [], []
    for i, chat in enumerate(chats.values()):
        for j, turn in enumerate(chat["messages"]):
            for message in turn:
                text = message["text"].strip()
                lower = text.lower()
                if text and not UNFIT.search(lower) and not PRIVATE.search(lower):
                    texts.append(text)
                    conversations.append(i)
                    turns.append(j)
    return ChatMessages(texts, np.array(conversations), np.array(turns))


def tiny_shakespeare() -> str:
    """40,000 lines from Shakespeare's plays, for character models: 1,115,394 characters, 65
    different ones, ASCII.

    Source: Karpathy's char-rnn (2015); the text is in the public domain; 1.1 MB.
    Raises DatasetError if it cannot be downloaded.
    """
    return fetch("tiny_shakespeare").read_text(encoding="ascii")
