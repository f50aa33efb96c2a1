/** Named specs: `run NAME`. A new preset is one entry. */
import { InputError, show } from '../errors.js';
import { hint } from './fields.js';
import type { SpecInput } from './spec.js';
import { textPresets } from './text-presets.js';

export interface Preset {
  readonly name: string;
  readonly description: string;
  readonly spec: SpecInput;
}

type CategoricalInput = Extract<SpecInput['model'], { kind: 'categorical' }>;

/** Zipf's law on 52 of 600 tokens, as in Seddik et al. (2024), figures 2 to 6. */
function zipfModel(simpson: number): CategoricalInput {
  return { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson } };
}

const presets: readonly Preset[] = [
  {
    name: 'quick-start',
    description: 'Fully synthetic training on 100 samples a generation: diversity goes, step by step',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'fully-synthetic', sampleSize: 100 },
      generations: 50,
      replicates: 100,
      seed: 42,
      metrics: ['simpson', 'l1-first', 'support'],
    },
  },
  {
    name: 'until-collapse',
    description: 'Time to total collapse of fully synthetic training, n = 100, 20,000 runs (exact mean 187.01)',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'fully-synthetic', sampleSize: 100 },
      generations: 'until-collapse',
      replicates: 20_000,
      seed: 1,
      metrics: ['simpson', 'support'],
    },
  },
  {
    name: 'seddik-fig1',
    description: 'Seddik et al. figure 1: 81 contexts of 3 tokens, each with a random p and 1,000 samples, fully synthetic',
    spec: {
      model: { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 3, concentration: 1, contexts: 81 } },
      schedule: { kind: 'fully-synthetic', sampleSize: 1000 },
      generations: [1, 10, 20, 30, 40],
      replicates: 1,
      seed: 1,
    },
  },
  {
    name: 'seddik-fig2',
    description: 'Seddik et al. figure 2, the point S_0 = 0.1, n = 400: collapse time of fully synthetic training',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'fully-synthetic', sampleSize: 400 },
      generations: 'until-collapse',
      replicates: 100,
      seed: 2,
      metrics: ['simpson', 'support'],
    },
  },
  {
    name: 'seddik-fig3',
    description: 'Seddik et al. figure 3, the column n = 100: partially synthetic, 100 real and 100 synthetic samples',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'partially-synthetic', real: 100, synthetic: 100 },
      generations: 50,
      replicates: 100,
      seed: 3,
      metrics: ['simpson', 'l1-first'],
    },
  },
  {
    name: 'seddik-fig4',
    description: 'Seddik et al. figure 4, the column S_0 = 0.6: partially synthetic, 100 real and 10 synthetic samples',
    spec: {
      model: zipfModel(0.6),
      schedule: { kind: 'partially-synthetic', real: 100, synthetic: 10 },
      generations: 50,
      replicates: 100,
      seed: 4,
      metrics: ['simpson', 'l1-first'],
    },
  },
  {
    name: 'seddik-fig6',
    description: 'Seddik et al. figure 6, the column of window 5: training on the last five sources, n = 10',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'most-recent', sampleSize: 10, window: 5 },
      generations: 500,
      replicates: 100,
      seed: 6,
      metrics: ['simpson', 'l1-first'],
    },
  },
  {
    name: 'seddik-fig6-random',
    description: 'Seddik et al. figure 6, the last column: every sample from a source drawn at random, n = 10',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'randomly-sampled', sampleSize: 10 },
      generations: 500,
      replicates: 100,
      seed: 6,
      metrics: ['simpson', 'l1-first'],
    },
  },
  {
    name: 'golden-ratio',
    description: 'Fresh real data, 100 samples, beside 400 synthetic ones, weighted by the golden ratio rule (He et al. 2025)',
    spec: {
      model: zipfModel(0.1),
      schedule: { kind: 'fresh', real: 100, synthetic: 400 },
      weighting: { kind: 'golden-ratio' },
      generations: 50,
      replicates: 1000,
      seed: 7,
      metrics: ['simpson', 'l2-truth', 'support'],
    },
  },
  {
    name: 'last-three-and-real',
    description: 'A custom rule: 50 fixed real samples and 50 from each of the last three models',
    spec: {
      model: zipfModel(0.1),
      schedule: {
        kind: 'custom',
        sources: [
          { from: 'real', size: 50 },
          { from: 'last', window: 3, size: 50 },
        ],
      },
      generations: 50,
      replicates: 1000,
      seed: 8,
      metrics: ['simpson', 'l2-first', 'support'],
    },
  },
  {
    name: 'wang-errors',
    description:
      'A model that errs by 0.02 in every generation, accumulate-subsample: probability gathers outside the truth (Wang et al. 2025)',
    spec: {
      model: { ...zipfModel(0.1), error: { size: 0.02, tokens: 'outside' } },
      schedule: { kind: 'accumulate-subsample', corpusSize: 1000, rate: 1 },
      generations: 100,
      replicates: 100,
      seed: 9,
      metrics: ['outside-truth', 'simpson', 'l1-truth'],
    },
  },
  {
    name: 'verifier',
    description: 'The same error under fully synthetic training, with a verifier that lets a tenth of the wrong tokens pass',
    spec: {
      model: { ...zipfModel(0.1), error: { size: 0.02, tokens: 'outside' } },
      schedule: { kind: 'fully-synthetic', sampleSize: 1000 },
      sampling: { kind: 'verifier', keepInside: 1, keepOutside: 0.1 },
      generations: 100,
      replicates: 100,
      seed: 10,
      metrics: ['outside-truth', 'simpson', 'l1-truth'],
    },
  },
  {
    name: 'gaussian',
    description: 'A Gaussian refitted to 100 samples of its own, 500 times: its log variance walks down',
    spec: {
      model: { kind: 'gaussian', dimension: 1, estimator: 'mle' },
      schedule: { kind: 'fully-synthetic', sampleSize: 100 },
      generations: 500,
      replicates: 1000,
      seed: 11,
      metrics: ['variance', 'log-determinant', 'log-increment'],
    },
  },
  {
    name: 'gaussian-accumulate',
    description: 'A Gaussian in 5 dimensions trained on everything so far: its variance stays',
    spec: {
      model: { kind: 'gaussian', dimension: 5, estimator: 'unbiased' },
      schedule: { kind: 'accumulate', real: 100, synthetic: 100 },
      generations: 100,
      replicates: 1000,
      seed: 12,
      metrics: ['variance', 'mean-shift', 'kl-truth'],
    },
  },
  {
    name: 'dohmatob-fig1',
    description: 'Random projections in the setting of Dohmatob et al. figure 1: d = 600, 500 samples, 50 of them synthetic, c^2 = 0.5',
    spec: {
      model: { kind: 'random-projections', dimension: 600, width: 600, ridge: 0.001 },
      schedule: { kind: 'mixture', samples: 500, syntheticFraction: 0.1, noiseReal: 0.1, quality: 0.5 },
      replicates: 40,
      seed: 13,
    },
  },
  {
    name: 'dohmatob-fig3',
    description: 'Strong collapse: 10^6 samples, 1 % of them synthetic, and the error does not fall below p_2^2 c^2 (figure 3)',
    spec: {
      model: { kind: 'ridge', dimension: 300 },
      schedule: { kind: 'mixture', samples: 1_000_000, syntheticFraction: 0.01, noiseReal: 1, quality: 1 },
      replicates: 100,
      seed: 14,
    },
  },
  {
    name: 'dohmatob-fig4',
    description: 'Random projections of Dohmatob et al. figures 4 and 5: d = 300, 500 samples, half of them synthetic, 5 runs',
    spec: {
      model: { kind: 'random-projections', dimension: 300, width: 250, ridge: 0.001 },
      schedule: { kind: 'mixture', samples: 500, syntheticFraction: 0.5, noiseReal: 0.1, quality: 0.5 },
      replicates: 5,
      seed: 15,
    },
  },
  {
    name: 'dohmatob-fig9',
    description: 'Weighted mixing: half of the samples are synthetic, and weigh a twentieth of the whole (Dohmatob et al. figure 9)',
    spec: {
      model: { kind: 'ridge', dimension: 100 },
      schedule: { kind: 'mixture', samples: 2000, syntheticFraction: 0.5, noiseReal: 1, quality: 1, syntheticWeight: 0.05 },
      replicates: 200,
      seed: 16,
    },
  },
  {
    name: 'dohmatob-fig10',
    description: 'Iterative mixing: each fit relabels the synthetic half for the next one (Dohmatob et al. figure 10)',
    spec: {
      model: { kind: 'ridge', dimension: 100 },
      schedule: { kind: 'mixture', samples: 500, syntheticFraction: 0.5, noiseReal: 1, quality: 1 },
      generations: 10,
      replicates: 200,
      seed: 17,
    },
  },
  {
    name: 'repeated-replacement',
    description: 'Ridgeless regression refitted to its own labels: the error grows by the same amount in every generation',
    spec: {
      model: { kind: 'ridge', dimension: 100 },
      schedule: { kind: 'mixture', samples: 500, syntheticFraction: 1, noiseReal: 1, quality: 0 },
      generations: 20,
      replicates: 200,
      seed: 18,
    },
  },
  ...textPresets,
];

/** Every preset, in the order of the list. The specs are copies. */
export function listPresets(): Preset[] {
  return presets.map((preset) => structuredClone(preset));
}

/** Whether a preset has this name. */
export function isPreset(name: string): boolean {
  return presets.some((preset) => preset.name === name);
}

/**
 * One preset by name; its spec is a copy.
 * @throws InputError naming the nearest preset.
 */
export function getPreset(name: string): Preset {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset === undefined) throw new InputError(`unknown preset ${show(name)}; ${presetHint(name)}`, 'preset');
  return structuredClone(preset);
}

/** "did you mean X? known presets: ...", for a word that names nothing. */
export function presetHint(word: string): string {
  const names = presets.map(({ name }) => name);
  return `${hint(word, names)}known presets: ${names.join(', ')}`;
}
