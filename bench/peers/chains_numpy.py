"""Chains of fully synthetic training in NumPy: multinomials of live tokens, the Simpson index of every generation.

python3 chains_numpy.py FORM SUPPORT EXPONENT REPLICATES GENERATIONS N...  (chains.mjs has the protocol)
FORM: `looped`      one replicate after the other, one multinomial a generation
      `vectorised`  one call a generation for all replicates of one n
      `all-sizes`   one call a generation for all replicates of every n
"""

import sys
import time

import numpy as np

# Rows wider than this are not sorted: it would take longer than the draws that it saves.
SORTED = 128


def zipf(support: int, exponent: float) -> np.ndarray:
    p = np.arange(1, support + 1, dtype=float) ** -exponent
    return p / p.sum()


def compact(counts: np.ndarray) -> np.ndarray:
    """Drops tokens dead in every row; with the largest counts first more columns die, and binomials end sooner."""
    counts = counts[:, counts.any(axis=0)]
    if counts.shape[1] > SORTED:
        return counts
    counts = -np.sort(-counts, axis=1)
    return counts[:, counts.any(axis=0)]


def together(rng, p: np.ndarray, n: np.ndarray, generations: int):
    """Simulates one chain for each sample size in `n`; returns collapse times, or Simpson indices of the last generation."""
    counts = rng.multinomial(n, p)
    results = np.zeros(len(n))
    alive = np.arange(len(n))
    generation = 1
    simpson = []
    while True:
        simpson.append(np.einsum("ij,ij->i", counts, counts) / (n * n))
        if generations == 0:
            done = counts.max(axis=1) == n
            if done.any():
                results[alive[done]] = generation
                alive, counts, n = alive[~done], counts[~done], n[~done]
                if len(alive) == 0:
                    return results
        elif generation == generations:
            return simpson[-1]
        counts = compact(counts)
        counts = rng.multinomial(n, counts / n[:, None])
        generation += 1


def looped(rng, p: np.ndarray, n: int, generations: int) -> float:
    """One chain."""
    counts = rng.multinomial(n, p)
    generation = 1
    simpson = []
    while True:
        counts = counts[counts > 0]
        simpson.append(np.dot(counts, counts) / (n * n))
        if generations == 0 and len(counts) == 1:
            return generation
        if generation == generations:
            return simpson[-1]
        counts = rng.multinomial(n, counts / n)
        generation += 1


def run(rng, form: str, p: np.ndarray, sizes: list, replicates: int, generations: int):
    if form == "all-sizes":
        return together(rng, p, np.repeat(sizes, replicates), generations).reshape(len(sizes), replicates)
    if form == "vectorised":
        return [together(rng, p, np.repeat(n, replicates), generations) for n in sizes]
    return [np.array([looped(rng, p, n, generations) for _ in range(replicates)]) for n in sizes]


def main() -> None:
    form, support, exponent, replicates, generations = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    sizes = [int(n) for n in sys.argv[6:]]
    p = zipf(support, exponent)
    for line in sys.stdin:
        rng = np.random.Generator(np.random.SFC64(int(line)))
        started = time.process_time()
        results = run(rng, form, p, sizes, replicates, generations)
        seconds = time.process_time() - started
        moments = [f"{r.mean()} {r.std(ddof=1) / len(r) ** 0.5}" for r in results]
        print(seconds, *moments, flush=True)


main()
