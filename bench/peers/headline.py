"""The headline job in NumPy's best vectorised form: rng.multinomial on all replicates at once, live tokens compacted.

Prints JSON: seconds, generations simulated and the mean collapse time of the largest n.
"""

import json
import sys
import time

import numpy as np


def zipf(support: int, exponent: float) -> np.ndarray:
    p = np.arange(1, support + 1, dtype=float) ** -exponent
    return p / p.sum()


def chains(rng, p: np.ndarray, n: int, replicates: int):
    """Runs all replicates until collapse; returns their collapse times and the number of generations."""
    counts = rng.multinomial(n, p, size=replicates)
    times = np.zeros(replicates, dtype=np.int64)
    alive = np.arange(replicates)
    generation, simulated = 1, replicates
    simpson = []
    while True:
        simpson.append((counts * counts).sum(axis=1) / (n * n))
        done = counts.max(axis=1) == n
        times[alive[done]] = generation
        alive, counts = alive[~done], counts[~done]
        if len(alive) == 0:
            return times, simulated
        # Tokens that died in every replicate left are dropped.
        counts = counts[:, counts.any(axis=0)]
        # A row's order is free: with the largest counts first, fewer binomials have anything left to draw.
        counts = -np.sort(-counts, axis=1)
        counts = counts[:, counts.any(axis=0)]
        counts = rng.multinomial(n, counts / n)
        generation += 1
        simulated += len(alive)


def main() -> None:
    exponent, replicates = float(sys.argv[1]), int(sys.argv[2])
    rng = np.random.default_rng(1)
    p = zipf(52, exponent)
    started = time.perf_counter()
    generations = 0
    for n in [10, 50, 100, 150, 200, 250, 300, 350, 400]:
        times, simulated = chains(rng, p, n, replicates)
        generations += simulated
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "generations": generations, "meanLast": float(times.mean())}))


main()
