# %% [markdown] minutes=85
# # Words and numbers
# A language model says how likely a sentence is. Before any network can learn that, text must become numbers, and you
# need a yardstick that tells a good model from a bad one.
#
# **You will** cut text into tokens, number them, split a corpus honestly, and measure your first language model.
#
# Needs: Python, NumPy, conditional probability. Nothing about neural networks yet.

# %% tags=["nbval-ignore-output"]
import re
from collections import Counter, defaultdict

import numpy as np

from lib import datasets, headline, plotting, setup, text
from lib.checks.rnn.language_models import words_and_numbers as check
from lib.text import END, START, UNKNOWN  # the numbers 1, 0 and 2, as in the table below

setup(seed=0)

# %% [markdown]
# ## What a language model is
# Read "*I have never been to …*" and you already expect a place. A **language model** puts numbers on that feeling: it
# gives every word $w$ a probability of being the next one, after all the words so far. Multiply these, word by word, and
# you have the probability of a whole sentence of $m$ words:
#
# $$P(w_1, \dots, w_m) = \prod_{t=1}^{m} P(w_t \mid w_1, \dots, w_{t-1})$$
#
# This is the chain rule of probability, and it is exact: nothing has been neglected. The art lies in the conditional
# probabilities. Whoever has them can *score* sentences (which of two transcripts did the speaker mean? which translation
# is better English?) and can *write* them: draw a word, append it, draw the next.
#
# We learn from 257,898 messages that strangers wrote to each other in 2018. Here are a few.

# %%
chat = datasets.chat_messages()
for message in chat.texts[1001:1006]:
    print("-", message)

# %% [markdown]
# ## Tokens
# A model works on **tokens**: the pieces that it treats as one. We take words, in lower case, and punctuation marks. The
# cut has a price on each side: lower case makes "The" and "the" one word, so that there is more to learn from, and it
# merges "May" with "may". The rules:
#
# 1. Everything in lower case, and the typographic apostrophe ’ becomes the plain `'`.
# 2. A *word* is a run of letters, digits or underscores. It may go on behind a *single* apostrophe, as in `don't` and
#    `rock'n'roll`. An apostrophe that does not stand between two such characters is no part of a word.
# 3. Every other character that is not white space is a token of its own: `?!` is two tokens, `3.14` is three.

# %% [markdown]
# ### Exercise · tokenize  ●●○ · 15 minutes
# In a regular expression, `\w` is a letter, digit or underscore of any language, `\s` is white space, `[^\w\s]` is one
# character that is neither, and `a|b` is "a or else b". `re.findall(pattern, text)` lists what matches, from left to
# right. If the pattern has a group, it lists only what is inside the group, unless the group is written `(?:…)`.


# %% exercise="tokenize"
def tokenize(text: str) -> list[str]:
    """The tokens of a text, in order.

    text: any text, maybe empty.  Returns a list of texts, empty if there is no token.
    For example, "I don't know. You?" becomes ['i', "don't", 'know', '.', 'you', '?'].
    """
    ### BEGIN SOLUTION
    return re.findall(r"\w+(?:'\w+)*|[^\w\s]", text.lower().replace("’", "'"))
    ### END SOLUTION


# %% [markdown]
# Run the check. If something is off, it tells you which mistake it sees.

# %% check="tokenize" points=2
check.tokenize(tokenize)

# %% [markdown] hint="tokenize"
# Clean the text first. Then there are only two kinds of token, and one pattern can say "this kind or else that kind".

# %% [markdown] hint="tokenize"
# One kind is `[^\w\s]`, a single mark. The other begins with `\w+`, and then come any number (`*`) of pieces, each an
# apostrophe followed by `\w+`.

# %% [markdown] hint="tokenize"
# ```python
# cleaned = text.lower().replace("’", "'")
# return re.findall(r"\w+(?:...)*|...", cleaned)
# ```

# %% [markdown]
# Your function on all messages, beside the finished version in `lib.text`, which the next lessons use.

# %%
tokens = [tokenize(message) for message in chat.texts]
for message, yours in zip(chat.texts, tokens, strict=True):
    assert yours == text.tokenize(message), f"the tokens of {message!r} differ: {yours}"
print(f"{sum(map(len, tokens)):,} tokens, {len({token for message in tokens for token in message}):,} different ones")

# %% [markdown]
# ## Few words do most of the work
# From here on we use `text.chat_corpus()`: the same messages as lists of tokens, in three parts (soon more about them).
# Count every word of the training part, and sort by frequency.

# %% figure="zipf"
corpus = text.chat_corpus()
counts = Counter(token for sentence in corpus.train for token in sentence)
once = sum(count == 1 for count in counts.values())
print(f"{counts.total():,} tokens, {len(counts):,} different ones, {once:,} of them only once")
plotting.zipf(counts, "Every word of the training messages", named=["you", "dog", "spaced"])

# %% [markdown]
# **What you should see:** the points fall over almost five decades of frequency. The rule of thumb is **Zipf's law**
# (1935): the word of rank $r$ occurs in proportion to $1/r$, which is the dashed line. Between the ranks 10 and 100 our
# points fall just like that. The first ten words are flatter, so that the points then lie about four times above the line.
# Beyond rank 100 they fall ever more steeply. The steps at the lower right are words that occur three times, twice, once:
# nearly half of all words in the list were seen a single time. No model can learn much about those.

# %% [markdown]
# ## The vocabulary
# A model needs a fixed list of words, its **vocabulary**, and a *word's number is its place in the list*. Zipf's law tells
# which words belong there: the most frequent ones. We keep $C = 8{,}000$ entries, as many as the WildML
# tutorial on recurrent networks did in 2015. Three are special:
#
# | number | word | meaning |
# |---|---|---|
# | 0 | `<START>` | stands before the first word, so that the first word, too, has something before it |
# | 1 | `<END>` | stands after the last word: the model has to learn when to stop |
# | 2 | `<UNKNOWN>` | stands for every word that is not in the list |
#
# The list is made from the *training* part alone. A vocabulary that has looked at the test part knows too much.

# %% [markdown]
# ### Exercise · build vocabulary  ●○○ · 8 minutes
# Words that occur equally often come in alphabetical order, so that everybody gets the same list.


# %% exercise="build_vocabulary"
def build_vocabulary(sentences: list[list[str]], size: int) -> list[str]:
    """The words that a model knows: <START>, <END>, <UNKNOWN>, then the most frequent ones; ties in alphabetical order.

    sentences: lists of tokens.  size: at most so many entries, the three special ones included; > 3.
    Returns a list of words; a word's number is its place in the list.
    """
    ### BEGIN SOLUTION
    counts = Counter(token for sentence in sentences for token in sentence)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return ["<START>", "<END>", "<UNKNOWN>", *ranked[: size - 3]]
    ### END SOLUTION


# %% [markdown]
# The check counts small texts by hand, some of them with fewer words than `size`.

# %% check="build_vocabulary" points=1
check.build_vocabulary(build_vocabulary)

# %% [markdown] hint="build_vocabulary"
# Count all tokens of all sentences with a `Counter`. Then only the order is left, and the cut.

# %% [markdown] hint="build_vocabulary"
# Python sorts pairs by the first entry, and equal ones by the second. Which pair `(…, word)` puts large counts first?

# %% [markdown] hint="build_vocabulary"
# ```python
# counts = Counter(token for sentence in sentences for token in sentence)
# ranked = sorted(counts, key=lambda word: (..., word))
# return ["<START>", "<END>", "<UNKNOWN>", *ranked[: ...]]
# ```

# %% [markdown]
# How much of a text does a vocabulary of a given size cover? Each curve gives the share of the tokens that the list
# knows; what is missing to 100 % becomes UNKNOWN.

# %% figure="coverage"
sizes = [100, 300, 1000, 2000, 4000, 8000, 16000, 32000]
words = build_vocabulary(corpus.train, max(sizes))
number = {word: place for place, word in enumerate(words)}
curves = {}
for name, part in (("training", corpus.train), ("validation", corpus.valid)):
    ranks = np.array([number.get(token, max(sizes)) for sentence in part for token in sentence])
    curves[f"{name} messages"] = np.array([100 * (ranks < size).mean() for size in sizes])
    print(
        f"{name}: 8,000 words leave {100 - curves[f'{name} messages'][sizes.index(8000)]:.2f} % of the tokens unknown"
    )
plotting.training_curves(
    curves, "What a vocabulary covers", "known tokens in percent", "size of the vocabulary", sizes, log_x=True
)

# %% [markdown]
# **What you should see:** 100 entries know nearly 60 % of all tokens, 1,000 know six in seven. Every further doubling brings
# less, and at 8,000 more than 97 % are known. The two curves are one as long as words are frequent. From 8,000 on, the
# validation messages fall behind: rare words of the training part are rare elsewhere, and other rare words take their
# place.

# %% [markdown]
# ## Sentences as numbers
# With the list, a sentence becomes numbers: START, the number of each token, END. To look words up quickly, turn the list
# into a dict `index` from word to number.

# %% [markdown]
# ### Exercise · encode  ●○○ · 5 minutes
# `START`, `END` and `UNKNOWN` were imported above. A dict's `get(key, default)` answers for keys that it does not have.


# %% exercise="encode"
def encode(tokens: list[str], index: dict[str, int]) -> list[int]:
    """START, the number of each token (UNKNOWN where it has none), END.

    tokens: a sentence, maybe empty.  index: word -> number.  Returns len(tokens) + 2 whole numbers.
    """
    ### BEGIN SOLUTION
    return [START, *(index.get(token, UNKNOWN) for token in tokens), END]
    ### END SOLUTION


# %% [markdown]
# The check makes sentences with and without unknown words, and an empty one.

# %% check="encode" points=1
check.encode(encode)

# %% [markdown] hint="encode"
# What must stand at both ends, whatever the sentence is?

# %% [markdown] hint="encode"
# `index.get(token, UNKNOWN)` is the number of one token. You need it for each token, in order.

# %% [markdown] hint="encode"
# ```python
# return [START, *(... for token in tokens), END]
# ```

# %% [markdown]
# ## What goes in, what should come out
# A language model reads a sentence from the left and, after *every* word, predicts the next. So one sentence holds many
# training examples at once. The **inputs** $x$ are the sentence without its last token, the **targets** $y$ are the sentence
# without its first: $y_t$ is what follows $x_t$.

# %% [markdown]
# ### Exercise · inputs and targets  ●○○ · 3 minutes
# Two slices of the same sentence, one place apart.


# %% exercise="inputs_and_targets"
def inputs_and_targets(numbers: list[int]) -> tuple[list[int], list[int]]:
    """What the model reads, and what it should say after each word.

    numbers: a sentence START … END, at least these two.  Returns (x, y), each one shorter than ``numbers``.
    """
    ### BEGIN SOLUTION
    return numbers[:-1], numbers[1:]
    ### END SOLUTION


# %% [markdown]
# The check looks at every pair of neighbours, in sentences of several lengths.

# %% check="inputs_and_targets" points=1
check.inputs_and_targets(inputs_and_targets)

# %% [markdown] hint="inputs_and_targets"
# Is there anything to predict after END? Does anybody have to predict START?

# %% [markdown] hint="inputs_and_targets"
# $x = (s_0, \dots, s_{m-1})$ and $y = (s_1, \dots, s_m)$ for a sentence $s_0, \dots, s_m$.

# %% [markdown] hint="inputs_and_targets"
# ```python
# return numbers[:...], numbers[...:]
# ```

# %% [markdown]
# One message on its way from text to training pairs. "zyzzyva" is a beetle, and nobody mentioned it.

# %%
vocabulary = text.Vocabulary.of(corpus.train, 8000)  # the finished version: .words, .index, .encode, .decode
sentence = encode(tokenize("I don't know a zyzzyva."), vocabulary.index)
x, y = inputs_and_targets(sentence)
for before, after in zip(x, y, strict=True):
    print(f"{before:>5} {vocabulary.words[before]:<10} → {after:>5} {vocabulary.words[after]}")

# %% [markdown]
# ## Three parts, and where to cut
# The **training** part teaches the model. The **validation** part chooses between models. The **test** part gives the one
# number that you report, and has no say in anything. A test part must be *new* in the way the world will be new. The
# users of tomorrow hold other conversations, so we split by conversation: all messages of one go into the same part. 80 %
# of the conversations are for training, 10 % for validation, 10 % for the test.
#
# What if you shuffle the messages instead? Then almost every held-out message comes from a conversation that the model has
# studied: the same people, the same film, the same dog. How much that gives away, you will measure below.

# %% [markdown]
# ## A first model, and a yardstick
# The **unigram** model ignores everything that came before: $P(w \mid \text{anything}) = c(w) / N$, where $c(w)$ counts
# how often $w$ was a target in the training part, and $N$ is the number of targets. END is a target in every sentence,
# START in none.

# %% [markdown]
# ### Exercise · unigram probabilities  ●○○ · 7 minutes
# `np.bincount(numbers, minlength=size)` counts how often each number from 0 to `size - 1` occurs.


# %% exercise="unigram_probabilities"
def unigram_probabilities(sentences: list, size: int) -> np.ndarray:
    """How large a share of all targets each word is.

    sentences: numbers START … END (lists or arrays), at least one.  size: how many words the vocabulary has.
    Returns an array of shape (size,) that sums to 1; START, which is never a target, has probability 0.
    """
    ### BEGIN SOLUTION
    targets = np.concatenate([sentence[1:] for sentence in sentences])
    return np.bincount(targets, minlength=size) / len(targets)
    ### END SOLUTION


# %% [markdown]
# The check counts target by target, as fractions.

# %% check="unigram_probabilities" points=1
check.unigram_probabilities(unigram_probabilities)

# %% [markdown] hint="unigram_probabilities"
# Put the targets of all sentences into one array first. Which token of each sentence is not a target?

# %% [markdown] hint="unigram_probabilities"
# `np.concatenate([...])` joins the pieces `sentence[1:]`. The count of a word, divided by the number of targets, is its share.

# %% [markdown] hint="unigram_probabilities"
# ```python
# targets = np.concatenate([... for sentence in sentences])
# return np.bincount(targets, minlength=...) / ...
# ```

# %% [markdown]
# How good is it? A good model gives high probability to what people really wrote. The product over a whole text is far
# too small for a computer (a hundred messages are enough to see it become 0), so take logarithms and *add*. To compare
# texts of different length, divide by the number of words $N$. To get a number that one can imagine, take the
# exponential again. That is the **perplexity**:
#
# $$\mathrm{PP} = \exp\left( -\frac1N \sum_{i=1}^{N} \log P(w_i \mid \text{the words before it}) \right)$$
#
# A model that hesitates evenly between $k$ words has perplexity $k$. So perplexity is a number of choices: *as unsure as if
# it had to pick one of PP equally likely words*. In this course every token after START counts, END and UNKNOWN included.

# %% [markdown]
# ### Exercise · perplexity  ●●○ · 8 minutes
# The logarithms come sentence by sentence. Mind what the mean is taken over: *all words*, whatever sentence they are in.


# %% exercise="perplexity"
def perplexity(log_probabilities: list) -> float:
    """exp of the mean negative log-probability over all words of all sentences.

    log_probabilities: one list or array per sentence, with the natural logarithm of each word's probability; no
    sentence is empty.  A word of probability 0 (logarithm -inf) makes the perplexity infinite.
    """
    ### BEGIN SOLUTION
    total = sum(np.sum(sentence) for sentence in log_probabilities)
    words = sum(len(sentence) for sentence in log_probabilities)
    return float(np.exp(-total / words))
    ### END SOLUTION


# %% [markdown]
# The check has sentences of different lengths, dice whose perplexity is known, and a text of 3,000 words.

# %% check="perplexity" points=2
check.perplexity(perplexity)

# %% [markdown] hint="perplexity"
# You need two numbers: the sum of all logarithms, and how many there are.

# %% [markdown] hint="perplexity"
# $\mathrm{PP} = \exp(-\text{total} / N)$. Long sentences must weigh more than short ones, so do not take means of means.

# %% [markdown] hint="perplexity"
# ```python
# total = sum(np.sum(sentence) for sentence in log_probabilities)
# words = sum(... for sentence in log_probabilities)
# return float(np.exp(...))
# ```

# %% [markdown]
# Your functions, on the real corpus. The second line shows why we add logarithms: a floating point number ends at
# $10^{-324}$.

# %%
train, valid = ([vocabulary.encode(sentence) for sentence in part] for part in (corpus.train, corpus.valid))
p = unigram_probabilities(train, 8000)
logs = [np.log(p[s[1:]]) for s in valid]
hundred = np.concatenate(logs[:100])
print(f"unigram model, validation perplexity {perplexity(logs):.1f}")
print(f"the first 100 messages: product {np.exp(hundred).prod()}, sum of logarithms {hundred.sum():.1f}")

# %% [markdown]
# Pure guessing among all 7,999 words that can follow would have perplexity 7,999. Knowing nothing but the frequency of
# words brings it down to 345. This is the starting line: a model that looks at the words before must get below it.

# %% [markdown] think="perplexity-of-a-coin" points=1
# **Think.** A fair coin has perplexity 2. A bent coin shows heads in 90 % of all throws. What is the best perplexity that
# a model of the bent coin can have, and is it above or below 2? Try models that say heads with 0.8, 0.9 and 0.95.
# <!-- BEGIN SOLUTION -->
# A model that says heads with probability $q$ has perplexity $\exp(-0.9 \log q - 0.1 \log(1 - q))$: 1.44 for $q = 0.8$,
# 1.38 for 0.9, 1.41 for 0.95. The best model is the truth, $q = 0.9$. (The derivative of the exponent,
# $-0.9 / q + 0.1 / (1 - q)$, is 0 there.) 1.38 is below 2, because the coin is easier to predict, and above 1,
# because it is not certain. Its logarithm is the *entropy* of the coin.
# <!-- END SOLUTION -->

# %% [markdown]
# ## What a leak is worth
# Back to the shuffled messages. Give the unigram model a memory: 10 % of its prediction is the word's share *among the
# targets of the same conversation* in the training part, where there are any. Then measure it on both splits, with your
# functions.


# %% figure="leak"
def with_and_without_memory(train, held_out, memory=0.1):
    """Perplexities of both models.  train, held_out: which messages."""
    p = unigram_probabilities([numbers[row] for row in train], 8000)
    talks = defaultdict(Counter)  # conversation -> how often each word is a target in its training messages
    for row in train:
        talks[chat.conversations[row]].update(numbers[row][1:].tolist())
    plain, mixed = [], []
    for row in held_out:
        words, talk = numbers[row][1:], talks.get(chat.conversations[row])
        plain.append(np.log(p[words]))
        share = np.array([talk[w] for w in words.tolist()]) / talk.total() if talk else p[words]
        mixed.append(np.log((1 - memory) * p[words] + memory * share))
    return perplexity(plain), perplexity(mixed)


numbers = [vocabulary.encode(text.tokenize(message)) for message in chat.texts]
shuffled = np.random.default_rng(0).permutation(len(numbers))
train, held_out, _ = datasets.split_by_group(chat.conversations)
plain, mixed = with_and_without_memory(train, held_out)
plain_leak, mixed_leak = with_and_without_memory(*np.split(shuffled, [len(train), len(train) + len(held_out)])[:2])
bars = {
    "unigram": {"split by conversation": plain, "messages shuffled": plain_leak},
    "with memory": {"split by conversation": mixed, "messages shuffled": mixed_leak},
}
plotting.grouped_bars(bars, "What the memory of a conversation seems to be worth", "perplexity")

# %% [markdown]
# **What you should see:** on shuffled messages, the memory seems to improve the model by 11 %. On new conversations it has
# nothing to remember: both models are the same there, and so are their bars. The gain was a **leak**, and a model with
# more memory would be flattered more. (The bars of the unigram model differ because the held-out messages do.)

# %% [markdown]
# ## Two perplexities, one mistake
# Perplexity has a trap. UNKNOWN is *one* word, and a frequent one: guessing it right is easy, and says nothing. Make the
# vocabulary smaller, and the model gets "better". The numbers are ranked by frequency, so cutting the list at `size` means:
# every number from `size` on becomes UNKNOWN.

# %% figure="vocabulary-trap"
large = text.Vocabulary.of(corpus.train, 16000)
train, valid = ([large.encode(sentence) for sentence in part] for part in (corpus.train, corpus.valid))
sizes, measured = [1000, 2000, 4000, 8000, 16000], []
for size in sizes:
    p = unigram_probabilities([np.where(s < size, s, UNKNOWN) for s in train], size)
    cut = [np.where(s < size, s, UNKNOWN)[1:] for s in valid]
    measured.append(perplexity([np.log(p[s]) for s in cut]))
    print(f"{size:>6} words: {np.mean(np.concatenate(cut) == UNKNOWN):5.1%} UNKNOWN, perplexity {measured[-1]:.1f}")
plotting.training_curves(
    {"unigram": np.array(measured)}, "One model, one text", "perplexity", "size of the vocabulary", sizes, log_x=True
)

# %% [markdown]
# **What you should see:** the same model on the same text has perplexity 144 with 1,000 words and 391 with 16,000. The
# small vocabulary does not predict better. It was asked an easier question. So *never compare perplexities over different
# vocabularies*, or over different ways to cut tokens, and be careful with numbers from papers: corpus, vocabulary,
# UNKNOWN, END, all must be the same.

# %% [markdown] think="all-words" points=1
# **Think.** Why not keep all 35,457 words of the training part, and have no UNKNOWN in it at all? What would the unigram
# model's perplexity on the validation part be?
# <!-- BEGIN SOLUTION -->
# The validation part has words that the training part does not have (0.9 % of its tokens). They would still be UNKNOWN,
# and UNKNOWN would have count 0, hence probability 0: the perplexity is infinite. Keeping rare words out of the list is
# what teaches the model how frequent *new* words are. And a word that was seen once teaches a model next to nothing, while
# it costs as many parameters as any other.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Your own text
# Everything in this topic works on a text of your own: your diary, a book, a log file. `text.file_corpus` reads a UTF-8
# file, cuts it into sentences and splits it in three: every tenth block of 20 sentences is for validation, the block after it
# for the test, so that neighbours stay together. Name a file of at least 200 sentences and run the cell.

# %%
my_file = ""  # for example "my_diary.txt"
if my_file:
    mine = text.file_corpus(my_file)
    different = len({token for sentence in mine.train for token in sentence})
    known = text.Vocabulary.of(mine.train, min(8000, different // 2))  # so that UNKNOWN occurs
    p = unigram_probabilities([known.encode(s) for s in mine.train], len(known))
    logs = [np.log(p[known.encode(s)[1:]]) for s in mine.valid]
    print(f"{len(mine.train):,} training sentences; unigram perplexity {perplexity(logs):.1f}")
else:
    print("No file named: write its path between the quotes.")

# %% [markdown]
# ## Summary
# - A language model gives $P(\text{next word} \mid \text{words so far})$; the chain rule makes sentences of it.
# - Tokens are a choice. A vocabulary is the list of the frequent ones, with START, END and UNKNOWN.
# - Inputs are the sentence without its last token, targets the sentence without its first.
# - Split by what will be new in the world. A split by message leaks the conversation.
# - Perplexity is the number of equally likely choices. It compares models only on the same text with the same vocabulary.
#
# The result: the rarest word that 8,000 entries keep, beside WildML's vocabulary of the same size, and
# the perplexity to start from.

# %%
words = build_vocabulary(corpus.train, 8000)
train, valid = ([vocabulary.encode(s) for s in part] for part in (corpus.train, corpus.valid))
p = unigram_probabilities(train, 8000)
start = perplexity([np.log(p[s[1:]]) for s in valid])
headline(
    metric="rarest of 8,000 words; validation perplexity of the unigram model",
    value=f"'{words[-1]}', {counts[words[-1]]} times; {start:.1f}",
    published="'devoted', 10 times; none",
    source="WildML 2015, on 79,170 sentences of Reddit comments: another corpus",
)

# %% [markdown]
# **What to try next:** ★ Keep capital letters. How many different tokens are there now? ★★ Find the memory weight (we took
# 0.1) that flatters the shuffled split most. ★★★ Use single characters as tokens. Why can the perplexity per character
# not be compared with the one per word, and how would you make them comparable?
#
# **References.** D. Jurafsky, J. Martin, *Speech and Language Processing*, 3rd edition (draft), chapter "N-gram Language
# Models": perplexity and unknown words. C. Shannon, *Prediction and Entropy of Printed English*, Bell System Technical
# Journal 30 (1951), 50-64. G. Zipf, *The Psycho-Biology of Language* (1935). D. Britz, *Recurrent Neural Networks Tutorial*,
# parts 1 and 2, WildML (2015): the preparation that this lesson repeats. W. Myers, T. Etchart, N. Fulda, *Conversational
# Scaffolding* (2020): the chat messages.
