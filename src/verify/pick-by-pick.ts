/**
 * Recursive training the slow and plain way: every training set is a list of samples, drawn one by one with fair bits of another
 * generator, whatever is trained. The independent implementation of the schedules and weights (docs/MATH.md#second-moments).
 */
import type { CustomRule, CustomTable, Source } from '../spec/custom.js';
import { batchOf, type SampleSchedule } from '../spec/schedule.js';
import type { Weighting } from '../spec/weighting.js';
import type { FairBits } from './random.js';

/** Samples with their weights. */
export interface TrainingSet<S> {
  items: S[];
  weights: number[];
}

/** What is trained. */
export interface Learner<S> {
  /** One sample of the truth. */
  truth(): S;
  /** Fits the model of generation m to its training set; each call of what is returned draws a sample of it. */
  model(set: TrainingSet<S>, m: number): () => S;
}

interface Training {
  schedule: SampleSchedule;
  weighting: Weighting;
}

/** The training sets of generations 1 ... last. */
export function trainingSets<S>(training: Training, learner: Learner<S>, last: number, bits: FairBits): TrainingSet<S>[] {
  const course = new Course(training, learner, bits);
  for (let m = 1; m <= last; m++) course.sets.push(course.next(m));
  return course.sets;
}

class Course<S> {
  readonly sets: TrainingSet<S>[] = [];
  private readonly models = new Map<number, () => S>();
  /** Batches that stay the same, by model; 0: the real samples. */
  private readonly kept = new Map<number, TrainingSet<S>>();
  private readonly realWeight: number;
  private pool: TrainingSet<S> = { items: [], weights: [] };

  constructor(
    private readonly training: Training,
    private readonly learner: Learner<S>,
    private readonly bits: FairBits,
  ) {
    this.realWeight = weightOf(training);
  }

  next(m: number): TrainingSet<S> {
    const { schedule } = this.training;
    switch (schedule.kind) {
      case 'fully-synthetic':
        return this.made(m - 1, Number(schedule.sampleSize));
      case 'partially-synthetic':
        return joined([this.once(0, Number(schedule.real)), ...this.after(m, schedule.synthetic)]);
      case 'fresh':
        return joined([this.made(0, Number(schedule.real)), ...this.after(m, schedule.synthetic)]);
      case 'most-recent': {
        const batch = Math.floor(Number(schedule.sampleSize) / schedule.window);
        return joined(upTo(Math.min(m, schedule.window)).map((back) => this.made(m - back, batch)));
      }
      case 'randomly-sampled':
        return this.mixture(m, Number(schedule.sampleSize));
      case 'accumulate':
        return joined([this.once(0, Number(schedule.real)), ...upTo(m - 1).map((t) => this.once(t, Number(schedule.synthetic)))]);
      case 'accumulate-subsample': {
        const size = Number(schedule.corpusSize);
        this.pool = joined([this.pool, this.made(m - 1, m === 1 ? size : batchOf(schedule.rate, size))]);
        return subsample(this.pool, size, schedule.replacement, this.bits);
      }
      case 'custom':
        return joined('table' in schedule ? this.fromTable(schedule, m) : this.fromRule(schedule, m));
    }
  }

  private fromRule({ sources, first }: CustomRule, m: number): TrainingSet<S>[] {
    if (m === 1 && first !== undefined) return [this.made(0, Number(first))];
    return sources.flatMap(({ from, size, draw, weight, ...rest }) => {
      const stays = draw === 'fixed' || draw === 'kept';
      return modelsOf({ from, ...rest } as Source, m).map((t) =>
        stays ? this.once(t, Number(size), weight) : this.made(t, Number(size), weight),
      );
    });
  }

  private fromTable({ table, real, synthetic }: CustomTable, m: number): TrainingSet<S>[] {
    const row = table[Math.min(m, table.length) - 1];
    return row.flatMap((size, i) => {
      if (size === 0) return [];
      const t = i === 0 ? 0 : m - row.length + i;
      return (t === 0 ? real === 'fixed' : synthetic === 'kept') ? this.once(t, size) : this.made(t, size);
    });
  }

  /** Samples of the last model, where there is one. */
  private after(m: number, size: number | 'corpus'): TrainingSet<S>[] {
    return m === 1 ? [] : [this.made(m - 1, Number(size))];
  }

  /** New samples of model t (0: the truth). */
  private made(t: number, size: number, weight = 1): TrainingSet<S> {
    return {
      items: Array.from({ length: size }, this.source(t)),
      weights: new Array(size).fill(t === 0 ? weight * this.realWeight : weight),
    };
  }

  /** The samples of model t that stay the same. */
  private once(t: number, size: number, weight = 1): TrainingSet<S> {
    const batch = this.kept.get(t) ?? this.made(t, size, weight);
    this.kept.set(t, batch);
    return batch;
  }

  /** Each of the samples from a source drawn uniformly from 0 ... m - 1. */
  private mixture(m: number, size: number): TrainingSet<S> {
    const sources = Array.from({ length: size }, () => this.bits.below(m));
    return { items: sources.map((t) => this.source(t)()), weights: sources.map((t) => (t === 0 ? this.realWeight : 1)) };
  }

  private source(t: number): () => S {
    if (t === 0) return () => this.learner.truth();
    const model = this.models.get(t) ?? this.learner.model(this.sets[t - 1], t);
    this.models.set(t, model);
    return model;
  }
}

/** What a real sample weighs, by the definitions of docs/MATH.md#golden-ratio. */
function weightOf({ weighting, schedule }: Training): number {
  if (weighting.kind === 'plain') return 1;
  if (weighting.kind === 'real-weight') return weighting.weight;
  const { real, synthetic } = schedule as { real: number; synthetic: number };
  const k = real / synthetic;
  const share = weighting.kind === 'real-share' ? weighting.share : (Math.sqrt(k * k + 4 * k) - k) / 2;
  return (share * synthetic) / ((1 - share) * real);
}

/** The models that a source of a rule stands for in generation m; 0 is the truth. */
function modelsOf(source: Source, m: number): number[] {
  switch (source.from) {
    case 'real':
      return [0];
    case 'model':
      return source.back < m ? [m - source.back] : [];
    case 'last':
      return upTo(Math.min(source.window, m - 1)).map((back) => m - back);
    case 'past':
      return upTo(m - 1);
  }
}

/** 1 ... n */
function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

function joined<S>(parts: readonly TrainingSet<S>[]): TrainingSet<S> {
  // Many times faster than flatMap.
  return {
    items: ([] as S[]).concat(...parts.map(({ items }) => items)),
    weights: ([] as number[]).concat(...parts.map(({ weights }) => weights)),
  };
}

/** `size` of the samples; without replacement by the first steps of a shuffle. */
function subsample<S>({ items, weights }: TrainingSet<S>, size: number, replacement: boolean, bits: FairBits): TrainingSet<S> {
  const order = items.map((_, i) => i);
  const chosen = upTo(size).map((_, i) => {
    if (replacement) return bits.below(items.length);
    const j = i + bits.below(items.length - i);
    [order[i], order[j]] = [order[j], order[i]];
    return order[i];
  });
  return { items: chosen.map((i) => items[i]), weights: chosen.map((i) => weights[i]) };
}
