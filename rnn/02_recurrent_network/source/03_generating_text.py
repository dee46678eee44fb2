# %% [markdown] minutes=65
# # Making it talk
# A language model says how likely each next word is. Draw one, feed it back, and it writes.
#
# **You will** turn scores into draws at any temperature, sample sentences that always end, and let the network judge sentences.
#
# Needs: [A recurrent network by hand](01_by_hand.ipynb); perplexity and n-grams from
# [language models](../../01_language_models/README.md).

# %% tags=["nbval-ignore-output"]
from functools import cache

import numpy as np

from lib import headline, plotting, setup
from lib.checks.rnn.recurrent_network import generating_text as check
from lib.datasets.text import UNFIT
from lib.models import ngrams, rnn
from lib.text import END, START, UNKNOWN, Vocabulary, chat_corpus, detokenize

setup(seed=0)

# %% [markdown]
# ## A network to listen to
# First we train one: the network of the last lessons, 100 hidden units, on chat messages, one message a step. The
# vectorised NumPy step takes any length of sentence, and the table of the last lesson showed that it is as fast as the best
# graph. To see many messages in a quarter of a minute, we make the output layer, where nearly all the work is, smaller: 2,000
# words instead of 8,000. The learning rate stays at 0.02 for the first half and then falls to zero in a straight line. (With
# 0.035, the perplexity ended twice as high, and in a shorter run with 0.1 it shot up to infinity before it came down again.)


# %%
@cache
def messages():
    """The vocabulary, 32,000 short training messages in a random order, and 500 to validate, as word numbers."""
    corpus = chat_corpus()
    vocabulary = Vocabulary.of(corpus.train, size=2000)
    short = [tokens for tokens in corpus.train if 3 <= len(tokens) <= 15]
    order = np.random.default_rng(0).permutation(len(short))[:32_000]
    train = [vocabulary.encode(short[i]) for i in order]
    return vocabulary, train, [vocabulary.encode(tokens) for tokens in corpus.valid[:500]]


@cache
def trained(stages=(0, 500, 4_000, 32_000)):
    """The network after so many messages, one copy for each stage."""
    vocabulary, train, _ = messages()
    model, copies = rnn.init(len(vocabulary), 100, seed=0, dtype=np.float32), {}
    for n in range(len(train) + 1):
        if n in stages:
            copies[n] = {name: values.copy() for name, values in model.items()}
        if n < len(train):
            lr = 0.02 * min(1, 2 * (1 - n / len(train)))
            rnn.vectorised_step(model, train[n][:-1], train[n][1:], np.float32(lr))
    return copies


# %% [markdown]
# How good is it? We compare the perplexity on validation messages with the n-grams of the first chapter, fitted to *the same*
# 32,000 messages: a unigram, which knows only how frequent each word is, and the bar to beat, a Kneser-Ney trigram.


# %% figure="perplexity" tags=["nbval-ignore-output"]
@cache
def perplexities():
    """Validation perplexity: of the network at each stage, of the n-grams on the same messages."""
    vocabulary, train, valid = messages()
    pairs = [(numbers[:-1], numbers[1:]) for numbers in valid]
    network = {n: float(np.exp(rnn.mean_loss(model, pairs))) for n, model in trained().items()}
    grams = {n: ngrams.NGrams(train, order=n, vocabulary_size=len(vocabulary)).perplexity(valid) for n in (1, 3)}
    return network, grams


network, grams = perplexities()
assert grams[3] < network[32_000] < 0.75 * grams[1]
print(f"before the first message: {network[0]:,.0f}")
heights = {f"network\nafter {n:,}": value for n, value in network.items() if n}
heights |= {"unigram": grams[1], "Kneser-Ney\ntrigram": grams[3]}
plotting.bars(heights, "Validation perplexity, 2,000 words", "perplexity")

# %% [markdown]
# **What you should see:** an untrained network is as unsure as among 2,000 equally likely words (far too much for the figure).
# After 500 messages it is still behind the unigram, after 4,000 it is past it, and after 32,000 its perplexity is less than half: it *does* use the words
# before. But the trigram, which only counts, is better still. Our network has seen each message once, and plain gradient descent
# is slow. The last chapter of this topic beats the trigram, with gates, batches and a better optimiser. For listening, ours is
# good enough.

# %% [markdown]
# ## Temperature
# The network gives a *score* $z_k$ to each word, and the softmax turns scores into probabilities. One number in between
# changes its character, the **temperature** $\tau$:
#
# $$p_k = \frac{e^{z_k/\tau}}{\sum_j e^{z_j/\tau}}$$
#
# At $\tau = 1$, these are the model's own probabilities. At a low temperature, differences grow: the likely becomes likelier.
# At a high one they shrink, and everything becomes possible. In the limit $\tau \to 0$ the highest score takes it all; that is
# called **greedy**. Dividing by zero is no way to get there, so $\tau = 0$ needs a line of its own.

# %% [markdown]
# ### Exercise · soften  ●○○ · 10 minutes
# Scores may be as large as 1000 and, because it will be useful soon, as low as $-\infty$ (`-np.inf`): such a word gets
# probability 0. Compute in float64, even if the scores are float32.


# %% exercise="soften"
def soften(scores: np.ndarray, temperature: float) -> np.ndarray:
    """The probabilities of the words at a temperature.

    scores: (C,), of any size; some, but not all, may be -inf.
    temperature: >= 0; at 0, the highest score gets it all (if several are highest, the first of them).
    Returns float64 (C,), which sum to 1.
    """
    ### BEGIN SOLUTION
    z = np.asarray(scores, dtype=np.float64)
    z = z - z.max()
    if temperature == 0:
        p = np.zeros(len(z))
        p[z.argmax()] = 1
        return p
    e = np.exp(z / temperature)
    return e / e.sum()
    ### END SOLUTION


# %% [markdown]
# The check tries temperatures from 0 to 2, scores of 1000, of minus infinity, and in float32.

# %% check="soften" points=1
check.soften(soften)

# %% [markdown] hint="soften"
# It is the softmax you know, of `scores / temperature`. What did you have to subtract there, and why?

# %% [markdown] hint="soften"
# With $m = \max_j z_j$: $p_k = e^{(z_k - m)/\tau} / \sum_j e^{(z_j - m)/\tau}$. At $\tau = 0$: zeros, and a one at
# `z.argmax()`.

# %% [markdown] hint="soften"
# ```python
# z = np.asarray(scores, dtype=np.float64)
# z = z - z.max()
# if temperature == 0:
#     p = np.zeros(len(z))
#     p[...] = 1
#     return p
# e = np.exp(...)
# return e / ...
# ```

# %% [markdown]
# ## What must not be said
# Two of the vocabulary's words are no words at all. START is only ever *read*. And UNKNOWN stands for thousands of rare words;
# as about every twelfth word of the messages is one of them, the model likes to say it. WildML drew again until something else came. That may take
# long, and at temperature 0 it takes for ever: the same word comes each time. Better is to **forbid** the two before the
# softmax: with a score of $-\infty$ they get $e^{-\infty} = 0$, and the rest is shared out among the others by itself.

# %% [markdown]
# ### Exercise · next word probabilities  ●○○ · 5 minutes
# Forbid, then soften. `START` and `UNKNOWN` are numbers, 0 and 2. The caller still needs its scores: work on a copy.


# %% exercise="next_word_probabilities"
def next_word_probabilities(scores: np.ndarray, temperature: float) -> np.ndarray:
    """What may be said next, and how probably: START and UNKNOWN have probability 0.

    scores: (C,), not changed.  temperature: >= 0.  Returns float64 (C,), which sum to 1.
    """
    ### BEGIN SOLUTION
    allowed = np.array(scores, dtype=np.float64)
    allowed[[START, UNKNOWN]] = -np.inf
    return soften(allowed, temperature)
    ### END SOLUTION


# %% [markdown]
# The check makes the forbidden words the most probable ones.

# %% check="next_word_probabilities" points=1
check.next_word_probabilities(next_word_probabilities)

# %% [markdown] hint="next_word_probabilities"
# Change the scores, not the probabilities: what score gives probability 0?

# %% [markdown] hint="next_word_probabilities"
# `np.array(scores, dtype=np.float64)` makes a copy. Entries `[[START, UNKNOWN]]` become `-np.inf`.

# %% [markdown] hint="next_word_probabilities"
# ```python
# allowed = np.array(scores, dtype=np.float64)
# allowed[[...]] = ...
# return soften(...)
# ```

# %% [markdown]
# What comes after *"what do you"*? The same scores at three temperatures:


# %% figure="temperature" tags=["nbval-ignore-output"]
def scores_after(model, tokens):
    """The scores of the next word, after START and some words."""
    vocabulary, _, _ = messages()
    numbers = vocabulary.encode(tokens)[:-1]
    s, _ = rnn.forward(model, numbers)
    return model["V"] @ s[len(numbers) - 1]


def temperatures(*values):
    scores, words = scores_after(trained()[32_000], ["what", "do", "you"]), messages()[0].words
    return {f"temperature {t:g}": dict(zip(words, next_word_probabilities(scores, t), strict=True)) for t in values}


plotting.next_words(temperatures(0.5, 1.0, 2.0), "what do you …")

# %% [markdown]
# **What you should see:** the *order* of the words is the same in all three panels; only the gaps change. (Mind the three
# axes.) At 0.5, the first three words share about two thirds among them; at 2, all eight together have about a tenth, and most of
# the probability lies with the two thousand words that are not shown.
#
# One number for "how undecided" is the **entropy** $-\sum_k p_k \log p_k$. Its exponential reads like a perplexity: so many
# equally likely words would be as undecided.

# %% figure="entropy" tags=["nbval-ignore-output"]
contexts = {"(nothing yet)": [], **{text: text.split() for text in ("what do you", "i don't", "what do")}}
places, curves = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0]), {}
for name, tokens in contexts.items():
    rows = [next_word_probabilities(scores_after(trained()[32_000], tokens), t) for t in places]
    curves[name] = [np.exp(-np.sum(p * np.log(np.maximum(p, 1e-300)))) for p in rows]
marks = {"all words alike": 1998}
plotting.training_curves(
    curves, "How many words are in play?", "exp(entropy)", "temperature", places, log_x=True, log_y=True, marks=marks
)

# %% [markdown]
# **What you should see:** from one or two words at low temperatures towards all 1,998 that may be said at high ones. At
# temperature 1, more than a hundred words are in play before the first word, about half as many after *what do you*, some
# thirty after *i don't*, and only two after *what do*. How decided the network is depends on *which* words it has read, not on
# how many: nearly always, *what do* goes on with the same word, and then everything is open again. At low temperatures some
# curves cross: what counts there is only how close the second word is to the first.

# %% [markdown]
# ## Sampling a sentence
# The loop is short. Read START; from the new state compute the scores; draw a word; read *that* word; and so on, until END is
# drawn. Who promises that END ever comes? Nobody. So there is a limit, `longest`, and the loop ends there at the latest.
# The state goes from word to word: it is all that the network remembers of its own sentence.

# %% [markdown]
# ### Exercise · sample sentence  ●●○ · 15 minutes
# `rng.choice(len(p), p=p)` draws a number with the probabilities `p`. Return the words alone, without START and END.


# %% exercise="sample_sentence"
def sample_sentence(model: dict, temperature: float, longest: int, rng: np.random.Generator) -> list[int]:
    """Draw a sentence, word by word.

    model: U (H, C), V (C, H), W (H, H).  temperature: >= 0.  longest: at most so many words, >= 1.
    Returns the numbers of the words, at most ``longest``; fewer if END is drawn before, and then END is not among them.
    """
    ### BEGIN SOLUTION
    U, V, W = model["U"], model["V"], model["W"]
    word, s, sentence = START, np.zeros(len(W)), []
    while len(sentence) < longest:
        s = np.tanh(U[:, word] + W @ s)
        p = next_word_probabilities(V @ s, temperature)
        word = int(rng.choice(len(p), p=p))
        if word == END:
            break
        sentence.append(word)
    return sentence
    ### END SOLUTION


# %% [markdown]
# The check builds networks by hand that can say only one sentence, and counts the first words of 800 others, half of them empty.

# %% check="sample_sentence" points=3
check.sample_sentence(sample_sentence)

# %% [markdown] hint="sample_sentence"
# Three things change from turn to turn: the word that is read, the state, and the list of words. What are they before the
# first turn?

# %% [markdown] hint="sample_sentence"
# In each turn: $s \leftarrow \tanh(U_{:,w} + W s)$, probabilities from $V s$, a draw, and then either stop or append.

# %% [markdown] hint="sample_sentence"
# ```python
# word, s, sentence = START, np.zeros(len(W)), []
# while len(sentence) < longest:
#     s = np.tanh(...)
#     p = next_word_probabilities(..., temperature)
#     word = int(rng.choice(len(p), p=p))
#     if word == END:
#         ...
#     sentence.append(...)
# return sentence
# ```

# %% [markdown]
# Listen to the network while it learns: the first three sentences of each stage, at temperature 0.7. `fit` leaves out what
# a short list of unfit words finds. The model has learned from real chats and nobody has read what it may say.


# %% tags=["nbval-ignore-output"]
def say(model, temperature, count=3, seed=1, longest=16):
    """So many sentences that are not empty and not unfit; fewer if a hundred attempts do not give them."""
    rng, words, lines = np.random.default_rng(seed), messages()[0].words, []
    for _ in range(100):
        line = detokenize([words[number] for number in sample_sentence(model, temperature, longest, rng)])
        fit = not UNFIT.search(line.lower())
        lines += [line] if line and fit else []
        if len(lines) == count:
            return lines
    return [*lines, "(nothing else came in a hundred attempts)"]


for n, model in trained().items():
    print(f"after {n:,} messages:")
    for line in say(model, temperature=0.7):
        print("   ", line)

# %% [markdown]
# From any words at all, over the most frequent ones in any order, to something like small talk. Look closely: at the last
# stage most neighbours fit each other, and sentences begin as people begin them. But after a few words the network loses the
# thread: all that it knows of its sentence is one vector, and each word writes over it.
#
# Now the same trained network at four temperatures:

# %% tags=["nbval-ignore-output"]
for temperature in (0, 0.5, 1.0, 1.5):
    print(f"temperature {temperature:g}:")
    for line in say(trained()[32_000], temperature, seed=5):
        print("   ", line)

# %% [markdown]
# At 0 there is no chance left in it: the same sentence, over and over. At 0.5 it keeps to frequent words and common
# beginnings. At 1 it speaks as its probabilities say, with surprises, good and bad. At 1.5 the rare words take over, and grammar goes.

# %% [markdown] think="greedy" points=1
# **Think.** Is the sentence that temperature 0 produces the *most probable sentence* of the model?
# <!-- BEGIN SOLUTION -->
# Not necessarily. Greedy takes the most probable *word* at each step, but a slightly less probable first word may lead to
# much more probable continuations. To find the best sentence one would have to compare all of them; *beam search* keeps the few
# best beginnings and is the usual compromise.
# <!-- END SOLUTION -->

# %% [markdown]
# ## Judging sentences
# The same model can *judge* a sentence that somebody else has written: multiply the probabilities of its words, END included.
# A product of many small numbers soon leaves what a computer can hold, so add logarithms. Here nothing is forbidden
# and nothing is softened: these are the model's own probabilities, and UNKNOWN is a word like any other.
#
# $$\log P(w_1 \ldots w_n, \mathrm{END}) = \sum_{t} \log o_{t,\,w_{t+1}}$$

# %% [markdown]
# ### Exercise · log probability  ●●○ · 10 minutes
# Use `rnn.forward(model, x)`: it returns the states and the probabilities, of which row $t$ is the guess for what comes
# *after* word $t$.


# %% exercise="log_probability"
def log_probability(model: dict, numbers: np.ndarray) -> float:
    """The logarithm of a sentence's probability.

    numbers: START, the words, END; shape (n + 2,), int.  START is given, so it has no probability; all the others have.
    """
    ### BEGIN SOLUTION
    read, come = numbers[:-1], numbers[1:]
    _, o = rnn.forward(model, read)
    return float(np.log(o[np.arange(len(come)), come]).sum())
    ### END SOLUTION


# %% [markdown]
# The check goes word by word. One of its sentences has 400 words.

# %% check="log_probability" points=2
check.log_probability(log_probability)

# %% [markdown] hint="log_probability"
# Which words are read, and which are to be guessed? The two lists are the same sentence, one word apart.

# %% [markdown] hint="log_probability"
# `numbers[:-1]` are read, `numbers[1:]` come. One entry per row of `o`, logarithm, sum.

# %% [markdown] hint="log_probability"
# ```python
# read, come = numbers[:-1], numbers[1:]
# _, o = rnn.forward(model, ...)
# return float(np.log(o[..., ...]).sum())
# ```

# %% [markdown]
# Does it know what a sentence is? Take the validation messages, and shuffle the words of each. A unigram would not notice
# any difference. The perplexity of real and of shuffled messages, per word:


# %% figure="shuffled" tags=["nbval-ignore-output"]
def shuffled(numbers, rng):
    """The same sentence with the words between START and END in a random order."""
    return np.concatenate([numbers[:1], rng.permutation(numbers[1:-1]), numbers[-1:]])


def perplexity(model, sentences):
    total = sum(log_probability(model, numbers) for numbers in sentences)
    return float(np.exp(-total / sum(len(numbers) - 1 for numbers in sentences)))


vocabulary, train, valid = messages()
mixed = [shuffled(numbers, np.random.default_rng(i)) for i, numbers in enumerate(valid)]
unigram, model = ngrams.NGrams(train, order=1, vocabulary_size=len(vocabulary)), trained()[32_000]
heights = {"unigram,\nreal": unigram.perplexity(valid), "unigram,\nshuffled": unigram.perplexity(mixed)}
heights |= {"network,\nreal": perplexity(model, valid), "network,\nshuffled": perplexity(model, mixed)}
assert heights["network,\nshuffled"] > 2 * heights["network,\nreal"], "real messages should be less surprising by far"
plotting.bars(heights, "Real and shuffled messages", "perplexity")

# %% [markdown]
# **What you should see:** the unigram gives both the same perplexity; order means nothing to it. The network finds shuffled
# messages about five times as surprising as real ones. It is *less* willing to accept them than the unigram, too: it has learned what
# does not follow.

# %% [markdown]
# ## Summary
# - To generate is to draw, to feed back, and to stop: at END, or at a limit.
# - Temperature divides the scores. Below 1 it makes the model bolder about its favourites, above 1 it levels; its limit 0
#   is greedy, and says the same every time.
# - Forbid words by a score of $-\infty$, before the softmax. Do not draw until something suits.
# - A model judges a sentence by adding the logarithms of its words' probabilities, END included.
# - A quarter of a minute of plain gradient descent beats the unigram, not the trigram. Judge by perplexity, not by the samples you like.

# %% tags=["nbval-ignore-output"]
network, grams = perplexities()
headline(
    metric="validation perplexity after 32,000 messages, 2,000 words: network (unigram, Kneser-Ney trigram on the same ones)",
    value=f"{network[32_000]:.0f} ({grams[1]:.0f}, {grams[3]:.0f})",
    published="none: samples only",
    source="WildML 2015, Recurrent Neural Networks Tutorial, part 2",
)

# %% [markdown]
# **What to try next:** ★ Let the network *finish* a sentence that you begin. ★★ Draw only among the 20 most probable words
# (*top-k*), or among the fewest that have 90 % of the probability (*nucleus*): does it sound better than a low temperature? ★★★ Write
# beam search, and compare the log-probability of what it finds with that of the greedy sentence.
#
# **References.** I. Sutskever, J. Martens, G. Hinton, *Generating text with recurrent neural networks*, ICML 2011. A. Holtzman et
# al., *The curious case of neural text degeneration*, ICLR 2020: why the likeliest text is not the best. D. Britz, *Recurrent Neural
# Networks Tutorial, Part 2*, WildML (2015). Data: Chit-Chat Challenge of Brigham Young University (2018), MIT licence.
