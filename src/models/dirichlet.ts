/** Symmetric Dirichlet distributions, one per context, drawn once per seed. */
import { exp, log } from '../generated/javascript/math.js';
import { DOMAIN_TRUTH, seedStream, uniform } from '../generated/javascript/stream.js';
import type { InitialOf } from '../spec/initial.js';
import { type Distribution, normalise } from './distribution.js';
import { Pace } from './pace.js';
import type { Truth, TruthContext } from './truth.js';

/** p^(0) of `initial.kind: "dirichlet"`. `seed` is 0 ... 2^53 - 1; the same for every replicate of that seed. */
export async function dirichletTruth(
  { vocabulary, concentration, contexts }: InitialOf<'dirichlet'>,
  seed: number,
  signal?: AbortSignal,
): Promise<Truth> {
  const drawn: TruthContext[] = [];
  const pace = new Pace(signal);
  for (let context = 0; context < contexts; context++) {
    // The stream is one for the thread: it is seeded after every pause.
    await pace.turn();
    seedStream(seed | 0, Math.floor(seed / 2 ** 32) | 0, context, 0, 0, DOMAIN_TRUTH);
    drawn.push({ label: String(context), weight: 1 / contexts, ...dirichlet(vocabulary, concentration) });
  }
  return { vocabulary, contexts: drawn };
}

/**
 * One draw from the stream as it stands: gamma variates divided by their sum. Below concentration 1 a variate is
 * G(c + 1) U^(1/c); c times its logarithm is kept, so that tiny concentrations neither underflow nor overflow and the
 * largest share is always positive.
 */
function dirichlet(size: number, concentration: number): Distribution {
  const small = concentration < 1;
  const logs = new Float64Array(size);
  let largest = -Infinity;
  for (let i = 0; i < size; i++) {
    logs[i] = small ? concentration * logGamma(concentration + 1) + log(1 - uniform()) : logGamma(concentration);
    if (logs[i] > largest) largest = logs[i];
  }
  const scale = small ? concentration : 1;
  return normalise(logs.map((x) => exp((x - largest) / scale)));
}

/** Logarithm of a gamma variate of shape >= 1 (Marsaglia and Tsang 2000). */
function logGamma(shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(1 - uniform()) < 0.5 * x * x + d * (1 - v + log(v))) return log(d) + log(v);
  }
}

/** A standard normal variate by the polar method (Marsaglia and Bray 1964). The second one is left: no state between draws. */
function normal(): number {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const r = x * x + y * y;
    if (r > 0 && r < 1) return x * Math.sqrt((-2 * log(r)) / r);
  }
}
