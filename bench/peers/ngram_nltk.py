"""A maximum-likelihood n-gram model in NLTK, in its fairest form: only n-grams of one length are counted, and a token is drawn with
`generate` from the words before it, so that nothing is copied.   ngram_nltk.py ORDER

A process that answers a line at a time. Reads the path of a text, a document a line, and prints {"tokens"}; then for each line `fit` or
`write N` prints processor seconds, and what was found: {"seconds", "types", "count"} or {"seconds", "tokens", "loss"}, where `loss` lists
-log p of each token written.
"""

import json
import math
import random
import sys
import time

from nltk.lm import MLE

BEGIN, END = "<s>", "</s>"


def ngrams(document, order):
    padded = [BEGIN] * (order - 1) + document + [END]
    return list(zip(*(padded[i:] for i in range(order))))


def answer(**found):
    print(json.dumps(found), flush=True)


def fit(documents, order):
    model = MLE(order)
    # What can be prepared is not timed.
    grams = [ngrams(document, order) for document in documents]
    words = [word for document in documents for word in document] + [END]
    start = time.process_time()
    model.fit(grams, vocabulary_text=words)
    seconds = time.process_time() - start
    return model, seconds


def write(model, tokens, seed):
    source = random.Random(seed)
    written = []
    begin = [BEGIN] * (model.order - 1)
    context = begin
    start = time.process_time()
    while len(written) < tokens:
        word = model.generate(1, context, source)
        written.append((context, word))
        context = begin if word == END else [*context[1:], word]
    seconds = time.process_time() - start
    return seconds, [-math.log(model.score(word, context)) for context, word in written]


def main():
    order = int(sys.argv[1])
    with open(sys.stdin.readline().strip(), encoding="utf-8") as lines:
        documents = [line.split() for line in lines]
    documents = [document for document in documents if document]
    answer(tokens=sum(len(document) + 1 for document in documents))
    model = None
    for seed, line in enumerate(sys.stdin):
        command, *rest = line.split()
        if command == "fit":
            model, seconds = fit(documents, order)
            counts = model.counts[order]
            answer(seconds=seconds, types=sum(len(after) for after in counts.values()), count=counts.N())
        else:
            seconds, loss = write(model, int(rest[0]), seed)
            answer(seconds=seconds, tokens=len(loss), loss=loss)


main()
