/**
 * Exact second moments of recursive training, generation by generation, for every data schedule with weights, errors and both model
 * families (docs/MATH.md#second-moments, #random-shares, #gaussian). Memory: what the schedule looks back to.
 */
import { inputError } from '../errors.js';
import { type RealCount, type ShareMoments, shareMoments, termsOf } from './random-shares.js';
import type { Draw, TrainingProgram } from './training-program.js';
import { slotsOf, TrainingSources } from './training-sources.js';
import { type Part, TRUTH, Vectors } from './vectors.js';

/** What is trained. Means and distances are relative to the truth. */
export interface Family {
  /** Variance of one sample of the truth: 1 - S_0, or the trace of the covariance. */
  truthSpread: number;
  /** Covariances are divided by 1 - sum of the squared shares of the samples (1 - 1/n), as an unbiased estimator does. */
  unbiased?: boolean;
  /** Covariance of generated samples is that of the model times this. Default 1. */
  temperature?: number;
  /** The model is (q + a e)/(1 + a). */
  error?: {
    size(m: number): number;
    /** Squared distance of e from the truth, and variance of one sample of e. */
    own: number;
    spread: number;
    /** Where samples outside the truth's support are never kept: the part of e that is inside, as a distribution, and its share. */
    inside?: { share: number; own: number; spread: number; product: number };
  };
}

/** A generation's model. */
export interface GenerationMoments {
  /** E||p^(m) - p||^2. */
  fromTruth: number;
  /** E||p^(m) - p^(u)||^2 (0 before u). */
  fromReference: number;
  /** Mean variance of one sample: 1 - S_m, or E tr Sigma_m. */
  spread: number;
  /** E p^(m) = p + bias[0] (e - p) + bias[1] (e_in - p). */
  bias: [number, number];
}

/** `size` samples of each of the `terms` vectors that a slot sums; `drawn` now, or used again. */
interface Element {
  slot: number;
  terms: number;
  size: number;
  weight: number;
  drawn: boolean;
}

/** Walks the generations 1, 2, ... in order. */
export class TrainingWalk {
  private readonly vectors: Vectors;
  private readonly sources: TrainingSources;
  private readonly directions?: { e: number; inside: number };
  private reference = TRUTH;
  private m = 0;

  /**
   * @param last the last generation that will be asked for
   * @param from u: the generation that `fromReference` is about; 0 is the truth
   */
  constructor(
    private readonly program: TrainingProgram,
    private readonly family: Family,
    last: number,
    private readonly from = 1,
  ) {
    this.vectors = new Vectors(slotsOf(program, last), family.truthSpread);
    this.sources = new TrainingSources(program, this.vectors);
    if (family.error) {
      const { own, spread, inside } = family.error;
      const e = this.vectors.addDirection(0, own, spread);
      const other = inside ? this.vectors.addDirection(1, inside.own, inside.spread, inside.product, e) : e;
      this.directions = { e, inside: other };
    }
  }

  /** The next generation. */
  step(): GenerationMoments {
    const m = ++this.m;
    const { program, vectors, sources } = this;
    sources.advance(m);
    const trained = this.train(m, program[Math.min(m, program.length) - 1]);
    const { measured, sampled } = this.withError(m, trained);
    if (m === this.from) {
      this.reference = measured;
      sources.pin(measured);
    }
    const result: GenerationMoments = {
      fromTruth: vectors.own(measured),
      fromReference: m < this.from ? 0 : vectors.distance(measured, this.reference),
      spread: vectors.spread[measured],
      bias: [vectors.bias[0][measured], vectors.bias[1][measured]],
    };
    const { temperature = 1 } = this.family;
    if (temperature !== 1) vectors.describe(sampled, temperature * vectors.spread[sampled]);
    for (const slot of new Set([trained, measured])) if (slot !== sampled) sources.release(slot);
    sources.remember(m, sampled);
    return result;
  }

  private train(m: number, draws: readonly Draw[]): number {
    const [draw] = draws;
    if (draw?.from === 'mixture') return this.fromMixture(m, draw);
    if (draw?.from === 'pool') return this.fromPool(m, draw);
    const elements = draws.flatMap((each) => this.elementOf(m, each) ?? []);
    if (elements.length === 0) throw inputError('schedule', `no samples in generation ${m}`, 'one source or more in every generation');
    const total = elements.reduce((sum, { weight, size, terms }) => sum + weight * size * terms, 0);
    const { vectors } = this;
    let noise = 0;
    let raw = 0;
    let squares = 0;
    const parts = elements.map(({ slot, terms, size, weight, drawn }): Part => {
      const share = (weight * size) / total;
      if (drawn) noise += ((share * share) / size) * vectors.spread[slot];
      raw += share * vectors.raw[slot];
      squares += (share * share * terms) / size;
      return { slot, share };
    });
    const q = vectors.add(parts, noise);
    const [{ slot, terms, size, drawn }] = elements;
    // From a single source as a product, which keeps its digits where little variance is left.
    const single = elements.length === 1 && terms === 1;
    return this.describe(q, single ? vectors.spread[slot] * (drawn ? 1 - 1 / size : 1) : raw - vectors.own(q), squares);
  }

  private elementOf(m: number, draw: Draw): Element | undefined {
    const { sources } = this;
    if (draw.from === 'mixture' || draw.from === 'pool') return undefined;
    const { size, weight, kept } = draw;
    const element = (slot: number, terms = 1): Element => ({ slot, terms, size, weight, drawn: !kept });
    if (draw.from === 'truth') return element(kept ? sources.real(size) : TRUTH);
    if (draw.from === 'models') {
      return m === 1 ? undefined : element(sources.sum(draw.window, kept ? size : undefined), Math.min(draw.window, m - 1));
    }
    const t = m - draw.back;
    return t < 1 ? undefined : element(kept ? sources.batch(t, size) : sources.model(t));
  }

  private fromMixture(m: number, { size, realWeight }: Extract<Draw, { from: 'mixture' }>): number {
    const slot = this.sources.sum(Infinity);
    if (realWeight !== 1 && m > 1) {
      return this.randomShares({ samples: size, probability: 1 / m }, realWeight, TRUTH, { slot, share: 1 / (m - 1) });
    }
    const parts: Part[] = [TRUTH, slot].map((each) => ({ slot: each, share: 1 / m }));
    return this.subsample(parts, 1 / size, size);
  }

  private fromPool(m: number, draw: Extract<Draw, { from: 'pool' }>): number {
    const { size, batch, replacement, realWeight } = draw;
    const real = this.sources.real(size);
    const slot = this.sources.sum(Infinity, batch);
    const pool = size + (m - 1) * batch;
    if (realWeight !== 1 && m > 1) {
      const count = { samples: size, probability: size / pool, pool: replacement ? undefined : pool };
      return this.randomShares(count, realWeight, real, { slot, share: 1 / (m - 1) });
    }
    const parts: Part[] = [
      { slot: real, share: size / pool },
      { slot, share: batch / pool },
    ];
    return this.subsample(parts, replacement ? 1 / size : m === 1 ? 0 : (pool - size) / (size * (pool - 1)), size);
  }

  /** `size` samples of a mixture; `noise`: variance of their mean in units of that of one sample. */
  private subsample(parts: readonly Part[], noise: number, size: number): number {
    const { vectors } = this;
    const raw = parts.reduce((sum, { slot, share }) => sum + share * vectors.raw[slot], 0);
    const spread = Math.max(0, raw - vectors.ownOf(parts));
    return this.describe(vectors.add(parts, noise * spread), (1 - noise) * spread, 1 / size);
  }

  /** A random number of real samples with their weight, and the rest from the mean of a sum of models or batches. */
  private randomShares(count: RealCount, weight: number, real: number, { slot, share: scale }: Part): number {
    const { vectors } = this;
    const { plain, unbiased } = shareMoments(count, weight);
    const products = [vectors.own(real), scale * vectors.product(real, slot), scale * scale * vectors.own(slot)];
    const raw = [vectors.raw[real], scale * vectors.raw[slot]];
    const spread = [vectors.spread[real], Math.max(0, raw[1] - products[2])];
    const ownOf = ({ factor, share, square, noise }: ShareMoments) =>
      square * products[0] +
      2 * (share - square) * products[1] +
      (factor - 2 * share + square) * products[2] +
      noise[0] * spread[0] +
      noise[1] * spread[1];
    const parts: Part[] = [
      { slot: real, share: plain.share },
      { slot, share: (1 - plain.share) * scale },
    ];
    const q = vectors.add(parts, ownOf(plain) - vectors.ownOf(parts));
    const moments = this.family.unbiased ? unbiased : plain;
    const left = moments.share * raw[0] + (moments.factor - moments.share) * raw[1] - ownOf(moments);
    return vectors.describe(q, Math.max(0, left));
  }

  /** A training set's model: its variance as estimated. `squares`: sum of the squared shares of all samples. */
  private describe(slot: number, spread: number, squares: number): number {
    if (!this.family.unbiased) return this.vectors.describe(slot, Math.max(0, spread));
    if (!(squares < 1)) throw inputError('estimator', 'unbiased', 'mle for a training set of one sample');
    return this.vectors.describe(slot, Math.max(0, spread / (1 - squares)));
  }

  /** The model as it is measured, and as it is sampled: without what the verifier never keeps. */
  private withError(m: number, q: number): { measured: number; sampled: number } {
    const { family, directions, vectors } = this;
    const a = family.error?.size(m) ?? 0;
    if (!directions || !family.error || a === 0) return { measured: q, sampled: q };
    const mixed = (size: number, direction: number) => {
      if (size === 0) return q;
      const share = 1 / (1 + size);
      const slot = vectors.add([
        { slot: q, share },
        { slot: direction, share: size * share },
      ]);
      const raw = share * (vectors.raw[q] + size * vectors.raw[direction]);
      return vectors.describe(slot, Math.max(0, raw - vectors.own(slot)));
    };
    const measured = mixed(a, directions.e);
    const { inside } = family.error;
    return { measured, sampled: inside ? mixed(a * inside.share, directions.inside) : measured };
  }
}

/** Steps of work up to generation `last`, in the units of `momentWork`. */
export function walkWork(program: TrainingProgram, last: number): number {
  const slots = slotsOf(program, last);
  if (slots > 4200) return Infinity;
  const [draw] = program[program.length - 1];
  const random = (draw?.from === 'mixture' || draw?.from === 'pool') && draw.realWeight !== 1;
  // At most: half of the samples real.
  const terms = random ? 10 * termsOf({ samples: draw.size, probability: 0.5 }) : 0;
  return last * (200 + 10 * slots + terms);
}
