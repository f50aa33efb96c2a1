/** Moments of weighted training, errors, verifiers and custom schedules: against the named schedules, and an independent Monte Carlo. */
import { describe, expect, test } from 'vitest';
import { distribution, secondMoments, training } from '../dist/theory/index.js';
import { draw, mix, sample, uniforms, withoutReplacement } from './support/samples.js';
import { scheduleLaws } from './support/schedule-laws.js';

type Law = training.TrainingLaw;

const { trainingMoments } = training;
/** Two tokens of six have probability 0. */
const p = [0.5, 0.25, 0.15, 0.1, 0, 0];
const truth = { simpson0: distribution.simpson(p), support: 4, vocabulary: 6 };
const generations = [1, 2, 3, 4, 5, 6];

/** What a training set of generation m is, from the models before (index 0: the truth) and a memory of its own. */
type Train = (m: number, models: number[][], memory: Memory, random: () => number) => number[];
interface Memory {
  real?: number[];
  batches: Map<number, number[]>;
}

const once = (memory: Memory, t: number, make: () => number[]) => {
  const made = memory.batches.get(t) ?? make();
  memory.batches.set(t, made);
  return made;
};
const counts = (q: number[], n: number) => q.map((x) => Math.round(x * n));
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

interface Case {
  name: string;
  law: Law;
  train: Train;
  /** Error of model m and what a sampler makes of the model. */
  error?: (m: number) => number[];
  verify?: (q: number[]) => number[];
}

const withError = (q: number[], e: number[]) => {
  const a = e.reduce((sum, x) => sum + x, 0);
  return q.map((x, i) => (x + e[i]) / (1 + a));
};
const only = (q: number[], tokens: number) => {
  const inside = q.slice(0, tokens).reduce((sum, x) => sum + x, 0);
  return q.map((x, i) => (i < tokens ? x / inside : 0));
};

const partial =
  (weight: number): Train =>
  (m, models, memory, random) => {
    memory.real ??= sample(p, 8, random);
    if (m === 1) return memory.real;
    return mix([
      [memory.real, 8 * weight],
      [sample(models[m - 1], 10, random), 10],
    ]);
  };
const freshData =
  (weight: number): Train =>
  (m, models, _, random) => {
    const real = sample(p, 8, random);
    return m === 1
      ? real
      : mix([
          [real, 8 * weight],
          [sample(models[m - 1], 10, random), 10],
        ]);
  };
const accumulated =
  (weight: number): Train =>
  (m, models, memory, random) => {
    memory.real ??= sample(p, 8, random);
    const batches = range(1, m - 1).map((t): [number[], number] => [once(memory, t, () => sample(models[t], 10, random)), 10]);
    return mix([[memory.real, 8 * weight], ...batches]);
  };
/** Items of a pool, one by one, each real one with its weight. */
const subsampled =
  (weight: number, replacement: boolean): Train =>
  (m, models, memory, random) => {
    memory.real ??= sample(p, 12, random);
    const synthetic = p.map(() => 0);
    for (const t of range(1, m - 1))
      counts(
        once(memory, t, () => sample(models[t], 6, random)),
        6,
      ).forEach((c, i) => (synthetic[i] += c));
    const urn = [...counts(memory.real, 12), ...synthetic];
    const total = urn.reduce((a, b) => a + b, 0);
    const shares = urn.map((c) => c / total);
    const taken = replacement ? sample(shares, 12, random) : withoutReplacement(urn, 12, random);
    return mix([[p.map((_, i) => weight * taken[i] + taken[i + 6]), 1]]).map((x, _, all) => x / all.reduce((a, b) => a + b, 0));
  };
const random =
  (weight: number): Train =>
  (m, models, _, uniform) => {
    const masses = p.map(() => 0);
    for (let i = 0; i < 10; i++) {
      const t = Math.floor(uniform() * m);
      masses[draw(models[t], uniform)] += t === 0 ? weight : 1;
    }
    const total = masses.reduce((a, b) => a + b, 0);
    return masses.map((x) => x / total);
  };

const outside = (a: number) => [0, 0, 0, 0, a / 2, a / 2];
const sizes = [0.3, 0, 0.8];
const sizeOf = (m: number) => sizes[Math.min(m, 3) - 1];

const cases: Case[] = [
  {
    name: 'partially synthetic, real samples weighing 2.5',
    law: { schedule: { kind: 'partially-synthetic', real: 8, synthetic: 10 }, weighting: { kind: 'real-weight', weight: 2.5 } },
    train: partial(2.5),
  },
  {
    name: 'fresh, a share of 0.7',
    law: { schedule: { kind: 'fresh', real: 8, synthetic: 10 }, weighting: { kind: 'real-share', share: 0.7 } },
    train: freshData((0.7 * 10) / (0.3 * 8)),
  },
  {
    name: 'accumulate, weight 3',
    law: { schedule: { kind: 'accumulate', real: 8, synthetic: 10 }, weighting: { kind: 'real-weight', weight: 3 } },
    train: accumulated(3),
  },
  {
    name: 'most recent, weight 0.4: the truth is real',
    law: { schedule: { kind: 'most-recent', sampleSize: 12, window: 3 }, weighting: { kind: 'real-weight', weight: 0.4 } },
    train: (m, models, _, random) =>
      mix(range(Math.max(0, m - 3), m - 1).map((t) => [sample(models[t], 4, random), 4 * (t === 0 ? 0.4 : 1)])),
  },
  {
    name: 'randomly sampled, weight 4: the total is random',
    law: { schedule: { kind: 'randomly-sampled', sampleSize: 10 }, weighting: { kind: 'real-weight', weight: 4 } },
    train: random(4),
  },
  {
    name: 'accumulate-subsample, weight 3',
    law: { schedule: { kind: 'accumulate-subsample', corpusSize: 12, batch: 6 }, weighting: { kind: 'real-weight', weight: 3 } },
    train: subsampled(3, false),
  },
  {
    name: 'accumulate-subsample with replacement, weight 3',
    law: {
      schedule: { kind: 'accumulate-subsample', corpusSize: 12, batch: 6, replacement: true },
      weighting: { kind: 'real-weight', weight: 3 },
    },
    train: subsampled(3, true),
  },
  {
    name: 'replace with errors outside the support',
    law: { schedule: { kind: 'fully-synthetic', sampleSize: 10 }, error: { size: sizes } },
    train: (m, models, _, random) => sample(models[m - 1], 10, random),
    error: (m) => outside(sizeOf(m)),
  },
  {
    name: 'accumulate-subsample with errors over the support, weighted',
    law: {
      schedule: { kind: 'accumulate-subsample', corpusSize: 12, batch: 6 },
      weighting: { kind: 'real-weight', weight: 2 },
      error: { size: 0.2, tokens: 'support' },
    },
    train: subsampled(2, false),
    error: () => [0.05, 0.05, 0.05, 0.05, 0, 0],
  },
  {
    name: 'accumulate with errors over the vocabulary',
    law: { schedule: { kind: 'accumulate', real: 8, synthetic: 10 }, error: { size: 0.6, tokens: 'vocabulary' } },
    train: accumulated(1),
    error: () => p.map(() => 0.1),
  },
  {
    name: 'errors over the vocabulary, and a verifier that keeps nothing outside',
    law: {
      schedule: { kind: 'fully-synthetic', sampleSize: 10 },
      error: { size: sizes, tokens: 'vocabulary' },
      verifier: { keepInside: 0.5, keepOutside: 0 },
    },
    train: (m, models, _, random) => sample(only(models[m - 1], 4), 10, random),
    error: (m) => p.map(() => sizeOf(m) / 6),
  },
  {
    name: 'errors outside the support, and a verifier that keeps nothing outside',
    law: {
      schedule: { kind: 'fresh', real: 8, synthetic: 10 },
      error: { size: sizes },
      verifier: { keepInside: 1, keepOutside: 0 },
    },
    train: (m, models, memory, random) =>
      freshData(1)(
        m,
        models.map((q) => only(q, 4)),
        memory,
        random,
      ),
    error: (m) => outside(sizeOf(m)),
  },
  {
    name: 'custom: fixed and fresh real data, two models back, the last three, all past',
    law: {
      schedule: {
        kind: 'custom',
        sources: [
          { from: 'real', size: 5, weight: 2 },
          { from: 'real', size: 3, draw: 'fresh' },
          { from: 'model', back: 2, size: 4, weight: 0.5 },
          { from: 'last', window: 3, size: 2 },
          { from: 'past', size: 1, draw: 'kept', weight: 1.5 },
        ],
      },
    },
    train: (m, models, memory, random) => {
      memory.real ??= sample(p, 5, random);
      const parts: [number[], number][] = [
        [memory.real, 10],
        [sample(p, 3, random), 3],
      ];
      if (m > 2) parts.push([sample(models[m - 2], 4, random), 2]);
      for (const t of range(Math.max(1, m - 3), m - 1)) parts.push([sample(models[t], 2, random), 2]);
      for (const t of range(1, m - 1)) parts.push([once(memory, t, () => sample(models[t], 1, random)), 1.5]);
      return mix(parts);
    },
  },
  {
    name: 'custom: the kept batches of the last two models, first generation of 7',
    law: { schedule: { kind: 'custom', sources: [{ from: 'last', window: 2, size: 6, draw: 'kept' }], first: 7 } },
    train: (m, models, memory, random) =>
      m === 1
        ? sample(p, 7, random)
        : mix(range(Math.max(1, m - 2), m - 1).map((t) => [once(memory, t, () => sample(models[t], 6, random)), 6])),
  },
  {
    name: 'custom table, kept batches, weighted real data',
    law: {
      schedule: { kind: 'custom', table: [[6], [0, 5], [6, 5, 0], [6, 0, 5, 5]], synthetic: 'kept' },
      weighting: { kind: 'real-weight', weight: 2 },
    },
    train: (m, models, memory, random) => {
      memory.real ??= sample(p, 6, random);
      const batch = (t: number): [number[], number] => [once(memory, t, () => sample(models[t], 5, random)), 5];
      if (m === 1) return memory.real;
      if (m === 2) return batch(1)[0];
      if (m === 3) return mix([[memory.real, 12], batch(1)]);
      return mix([[memory.real, 12], batch(m - 2), batch(m - 1)]);
    },
  },
];

/** Means and standard errors over replicates of sigma_m, both squared distances, one share inside and one outside the support. */
function simulate({ train, error }: Case, replicates: number, seed: number): { mean: number[]; error: number[] }[] {
  const random = uniforms(seed);
  const sums = generations.map(() => [new Float64Array(5), new Float64Array(5)]);
  for (let r = 0; r < replicates; r++) {
    const models = [p];
    const memory: Memory = { batches: new Map() };
    for (const m of generations) {
      const q = train(m, models, memory, random);
      const model = error ? withError(q, error(m)) : q;
      models.push(model);
      const distance = (to: number[]) => model.reduce((sum, x, i) => sum + (x - to[i]) ** 2, 0);
      const values = [model.reduce((sum, x) => sum + x * x, 0), distance(models[1]), distance(p), model[0], model[4]];
      values.forEach((value, k) => {
        sums[m - 1][0][k] += value;
        sums[m - 1][1][k] += value * value;
      });
    }
  }
  return sums.map(([first, second]) => {
    const mean = Array.from(first, (sum) => sum / replicates);
    return { mean, error: mean.map((x, k) => Math.sqrt(Math.max(0, second[k] / replicates - x * x) / replicates)) };
  });
}

describe('against an independent Monte Carlo', () => {
  // 15 cases x 6 generations x 5 means, each at 5 standard errors: a false alarm in 4,000 runs of the file, if the seeds were new.
  test.each(cases.map((each, i): [string, Case, number] => [each.name, each, i]))('%s', (_, each, i) => {
    const moments = trainingMoments(each.law, truth, generations)!;
    simulate(each, 8000, 500 + i).forEach(({ mean, error }, g) => {
      const expected = [
        moments.simpson[g],
        moments.l2First[g],
        moments.l2Truth[g],
        moments.truth[g] * p[0] + moments.support[g] / 4,
        moments.outside[g] / 2,
      ];
      expected.forEach((value, k) => {
        expect(Math.abs(mean[k] - value), `generation ${g + 1}, mean ${k}: ${mean[k]} against ${value}`).toBeLessThanOrEqual(
          5 * error[k] + 1e-12,
        );
      });
    });
  });
});

const near = (actual: number[], expected: number[], relative = 1e-11) =>
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]), `${value} against ${expected[i]}`).toBeLessThanOrEqual(relative * Math.abs(expected[i]) + 1e-15);
  });

describe('against the named schedules', () => {
  const far = [1, 2, 3, 4, 5, 8, 40, 300];

  test.each(scheduleLaws)('$kind', (schedule) => {
    for (const from of [0, 1, 3]) {
      const asked = far.filter((m) => m >= from);
      const { simpson, l2First, l2Truth } = trainingMoments({ schedule }, truth, asked, from)!;
      near(simpson, secondMoments.scheduleSimpson(schedule, asked, truth.simpson0));
      near(l2First, secondMoments.scheduleSquaredDrift(schedule, asked, truth.simpson0, from));
      near(l2Truth, secondMoments.scheduleSquaredDrift(schedule, asked, truth.simpson0, 0));
    }
  });

  test('windows keep their digits in long chains', () => {
    const schedule = { kind: 'most-recent', sampleSize: 400, window: 50 } as const;
    near(trainingMoments({ schedule }, truth, [20_000])!.l2First, secondMoments.scheduleSquaredDrift(schedule, [20_000], truth.simpson0));
  });

  test('a real weight of 1 by the sums over random numbers of real samples', () => {
    for (const schedule of scheduleLaws.slice(5)) {
      const plain = trainingMoments({ schedule }, truth, far)!;
      const nearly = trainingMoments({ schedule, weighting: { kind: 'real-weight', weight: 1 + 1e-13 } }, truth, far)!;
      near(nearly.l2Truth, plain.l2Truth);
      near(nearly.l2First, plain.l2First);
    }
  });

  test('custom rules and tables that spell the named schedules out', () => {
    const rules: [training.DataLaw, training.DataLaw][] = [
      [scheduleLaws[0], { kind: 'custom', sources: [{ from: 'model', size: 9 }], first: 9 }],
      [scheduleLaws[0], { kind: 'custom', table: [[9], [0, 9]], real: 'fresh' }],
      [
        scheduleLaws[1],
        {
          kind: 'custom',
          sources: [
            { from: 'real', size: 8 },
            { from: 'last', window: 1, size: 10 },
          ],
        },
      ],
      [scheduleLaws[1], { kind: 'custom', table: [[8], [8, 10]] }],
      [
        scheduleLaws[2],
        {
          kind: 'custom',
          sources: [
            { from: 'real', size: 8, draw: 'fresh' },
            { from: 'model', size: 10 },
          ],
        },
      ],
      [
        scheduleLaws[3],
        {
          kind: 'custom',
          sources: [
            { from: 'real', size: 8 },
            { from: 'past', size: 10, draw: 'kept' },
          ],
        },
      ],
    ];
    for (const [named, schedule] of rules) {
      const [a, b] = [named, schedule].map((each) => trainingMoments({ schedule: each }, truth, far)!);
      near(b.simpson, a.simpson);
      near(b.l2First, a.l2First);
    }
  });

  test('a golden-ratio share is that share', () => {
    const schedule = { kind: 'fresh', real: 30, synthetic: 20 } as const;
    const k = 1.5;
    const share = (Math.sqrt(k * k + 4 * k) - k) / 2;
    const [golden, given] = [{ kind: 'golden-ratio' } as const, { kind: 'real-share', share } as const].map(
      (weighting) => trainingMoments({ schedule, weighting }, truth, far)!,
    );
    near(golden.l2Truth, given.l2Truth);
  });

  test('the mean with errors is the closed form of Wang et al.', async () => {
    const { errorAccumulation } = await import('../dist/theory/index.js');
    const errors = generations.map((m) => outside(sizeOf(m)));
    const replaced = errorAccumulation.replaceErrors(p, errors);
    const replace = trainingMoments({ schedule: { kind: 'fully-synthetic', sampleSize: 10 }, error: { size: sizes } }, truth, generations)!;
    near(replace.truth, replaced.realWeight);
    const accumulate = errorAccumulation.accumulateSubsampleErrors(p, errors, 0.5);
    const law: Law = { schedule: { kind: 'accumulate-subsample', corpusSize: 12, batch: 6 }, error: { size: sizes } };
    near(trainingMoments(law, truth, generations)!.truth, accumulate.realWeight);
  });

  test('n = 1e12, and a hundred thousand generations in a moment', () => {
    const large: Law = { schedule: { kind: 'fresh', real: 1e12, synthetic: 1e12 }, weighting: { kind: 'golden-ratio' } };
    const { l2Truth } = trainingMoments(large, truth, [500])!;
    expect((l2Truth[0] * 1e12) / (1 - truth.simpson0)).toBeCloseTo((Math.sqrt(5) - 1) / 2, 9);
    const started = performance.now();
    for (const schedule of scheduleLaws) {
      const { simpson } = trainingMoments({ schedule, weighting: { kind: 'real-weight', weight: 2 } }, truth, [1e5])!;
      expect(simpson[0]).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('what has no closed form, and bad input', () => {
  test('a verifier that lets some errors through is nonlinear; one that meets none changes nothing', () => {
    const schedule = { kind: 'fully-synthetic', sampleSize: 10 } as const;
    const verifier = { keepInside: 1, keepOutside: 0.1 };
    expect(trainingMoments({ schedule, verifier, error: { size: 0.1 } }, truth, [1])).toBeUndefined();
    const plain = trainingMoments({ schedule }, truth, generations);
    expect(trainingMoments({ schedule, verifier }, truth, generations)).toEqual(plain);
    expect(trainingMoments({ schedule, verifier, error: { size: [0, 0] } }, truth, generations)).toEqual(plain);
    const inside = { size: 0.1, tokens: 'support' } as const;
    expect(trainingMoments({ schedule, verifier, error: inside }, truth, [3])).toEqual(
      trainingMoments({ schedule, error: inside }, truth, [3]),
    );
  });

  test('bad input names the field', () => {
    const ask =
      (law: unknown, m = 3) =>
      () =>
        trainingMoments(law as Law, truth, [m]);
    expect(ask({ schedule: { kind: 'fresh', real: 0, synthetic: 1 } })).toThrow(/^real: got 0/);
    expect(ask({ schedule: { kind: 'custom', sources: [{ from: 'model', back: 2, size: 3 }], first: 3 } })).toThrow(
      /^schedule: got "no samples in generation 2"/,
    );
    expect(ask({ schedule: { kind: 'custom', sources: [{ from: 'model', size: 3 }] } })).toThrow(/^first: got nothing/);
    expect(ask({ schedule: { kind: 'custom', table: [[5], [4, 1]] } })).toThrow(/^real: got 4; allowed: 5/);
    expect(ask({ schedule: { kind: 'custom', table: [[5], [5]] } })).toThrow(/^table\[1\]: got \[5\]; allowed: 2 sizes/);
    expect(ask({ schedule: { kind: 'accumulate', real: 5, synthetic: 5 }, weighting: { kind: 'golden-ratio' } })).toThrow(
      /^weighting\.kind/,
    );
    expect(ask({ schedule: { kind: 'fully-synthetic', sampleSize: 5 }, error: { size: [-1] } })).toThrow(/^error\.size: got -1/);
  });
});
