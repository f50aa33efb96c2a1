"""A replicate of ridge regression on real and synthetic data as one would write it in NumPy: draw the data, solve the normal equations.

Arguments: dimension, samples, synthetic samples, ridge, noise (variance), quality, replicates, seed. Prints JSON: CPU seconds, and the test
errors. BLAS threads are the caller's to set (OPENBLAS_NUM_THREADS).
"""

import json
import sys
import time

import numpy as np


def replicate(rng, d: int, n: int, synthetic: int, ridge: float, noise: float, quality: float) -> float:
    truth = rng.standard_normal(d) / np.sqrt(d)
    labeller = truth + np.sqrt(quality / d) * rng.standard_normal(d)
    x = rng.standard_normal((n, d))
    real = n - synthetic
    y = np.sqrt(noise) * rng.standard_normal(n)
    y[:real] += x[:real] @ truth
    y[real:] += x[real:] @ labeller
    gram = x.T @ x
    gram[np.diag_indices(d)] += n * ridge
    w = np.linalg.solve(gram, x.T @ y)
    return float(((w - truth) ** 2).sum())


def main() -> None:
    d, n, synthetic = (int(value) for value in sys.argv[1:4])
    ridge, noise, quality = (float(value) for value in sys.argv[4:7])
    replicates, seed = (int(value) for value in sys.argv[7:9])
    rng = np.random.default_rng(seed)
    # Loads BLAS and its buffers before the clock starts.
    replicate(rng, d, n, synthetic, ridge, noise, quality)
    started = time.process_time()
    errors = [replicate(rng, d, n, synthetic, ridge, noise, quality) for _ in range(replicates)]
    print(json.dumps({"seconds": time.process_time() - started, "errors": errors}))


main()
