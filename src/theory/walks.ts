/**
 * Recursions for the second moments of schedules without a closed form, one generation at a time and in constant memory
 * (docs/MATH.md#schedule-moments). All moments are D(t, u) = E<p^(t) - p, p^(u) - p> = C(t, u) - S_0 in units of 1 - S_0,
 * in which they do not depend on p.
 */

/**
 * Visits the generations 1 ... last in order with E||p^(m) - p^(from)||^2, for m >= from. From the truth, 0, that is D(m, m).
 */
export type Walk = (last: number, from: number, visit: (m: number, drift: number) => void) => void;

/** Each of n samples picks its source uniformly from 0 ... m-1; `mixture` is D of that uniform mixture with itself. */
export function randomlySampled(n: number): Walk {
  return (last, from, visit) => {
    let mixture = 0;
    let ownFrom = 0;
    let withFrom = 0;
    for (let m = 1; m <= last; m++) {
      const own = mixture + (1 - mixture) / n;
      visit(m, m === from ? 0 : own - 2 * withFrom + ownFrom);
      if (m === from) {
        ownFrom = own;
        // The product of later generations with this one: that of the mixture, which from now on never changes.
        withFrom = (m * mixture + own) / (m + 1);
      }
      mixture += (own - mixture) / (m + 1) ** 2;
    }
  };
}

/**
 * Everything so far, kept: N real samples, and n from each earlier model. The pool is a martingale, so that its drift is
 * the sum of what each batch of n adds to a pool of M: (1 - D) n/(M + n)^2.
 */
export function accumulate(real: number, synthetic: number): Walk {
  return (last, from, visit) => {
    let own = 0;
    let drift = 0;
    let pool = 0;
    for (let m = 1; m <= last; m++) {
      const added = m === 1 ? real : synthetic;
      const share = added / (pool + added);
      const noise = ((1 - own) * share * share) / added;
      own += noise;
      if (m > from) drift += noise;
      pool += added;
      visit(m, drift);
    }
  };
}

/**
 * A training set of C items of the pool, without replacement or with; the pool starts as the real corpus, of size C too, and every model
 * adds a batch of B. `pooled` is D of the pool's frequencies, `excess` what the subsample has on top.
 */
export function accumulateSubsample(corpusSize: number, batch: number, replacement: boolean): Walk {
  return (last, from, visit) => {
    let pool = corpusSize;
    let pooled = 1 / corpusSize;
    let sinceFrom = 0;
    let excessFrom = 0;
    for (let m = 1; m <= last; m++) {
      const subsampled = replacement ? 1 / corpusSize : pool === corpusSize ? 0 : (pool - corpusSize) / (corpusSize * (pool - 1));
      const excess = (1 - pooled) * subsampled;
      const own = pooled + excess;
      const share = batch / (pool + batch);
      if (m === from) {
        visit(m, 0);
        // Of what this training set alone had, its batch brings the share b into the pool: e - 2 b e is left.
        excessFrom = excess * (1 - 2 * share);
        sinceFrom = 0;
      } else visit(m, from === 0 ? own : sinceFrom + excess + excessFrom);
      const growth = share * share * (excess + (1 - own) / batch);
      pooled += growth;
      sinceFrom += growth;
      pool += batch;
    }
  };
}

/**
 * `batch` new samples from each of the last `window` sources. Products of these stand in a ring (source t in slot
 * t mod window), and `column[u]` is the sum of D(t, u) over the sources t of the next generation.
 */
export function mostRecent(batch: number, window: number): Walk {
  return (last, from, visit) => {
    const size = Math.min(window, last + 1);
    const products = Array.from({ length: size }, () => new Float64Array(size));
    const column = new Float64Array(size);
    /** D(t, from) of the sources in the ring. */
    const withFrom = new Float64Array(size);
    let ownFrom = 0;
    const row = new Float64Array(size);
    for (let m = 1; m <= last; m++) {
      const first = Math.max(0, m - window);
      const count = m - first;
      let mixture = 0;
      let noise = 0;
      let joint = 0;
      for (let u = first; u < m; u++) {
        const i = u % size;
        row[i] = column[i] / count;
        mixture += row[i] / count;
        noise += (1 - products[i][i]) / batch;
        joint += withFrom[i] / count;
      }
      const own = mixture + noise / (count * count);
      visit(m, m === from ? 0 : Math.max(0, own - 2 * joint + ownFrom));

      const slot = m % size;
      const leaving = m >= window ? products[slot].slice() : undefined;
      const kept = leaving ? first + 1 : first;
      let sum = own;
      for (let u = kept; u < m; u++) {
        const i = u % size;
        if (leaving) column[i] -= leaving[i];
        column[i] += row[i];
        products[slot][i] = products[i][slot] = row[i];
        sum += row[i];
        if (m === from) withFrom[i] = row[i];
      }
      products[slot][slot] = own;
      column[slot] = sum;
      withFrom[slot] = m === from ? own : joint;
      if (m === from) ownFrom = own;
    }
  };
}
