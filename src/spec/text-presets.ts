/** Presets of language models. */
import type { Preset } from './presets.js';

export const textPresets: readonly Preset[] = [
  {
    name: 'wang-replace',
    description: "Wang et al.'s loop with counts: a trigram model of the built-in stories replaced 40 times, perplexity and p(was | there)",
    spec: {
      model: { kind: 'ngram', order: 3, smoothing: 'witten-bell' },
      schedule: { kind: 'replace' },
      generations: 40,
      replicates: 4,
      seed: 13,
      watch: ['there was', 'there were'],
    },
  },
  {
    name: 'wang-accumulate-subsample',
    description: 'The same under accumulate-subsample with rate 1: a constant-size subsample of everything so far',
    spec: {
      model: { kind: 'ngram', order: 3, smoothing: 'witten-bell' },
      schedule: { kind: 'accumulate-subsample', corpusSize: 'corpus', rate: 1 },
      generations: 40,
      replicates: 4,
      seed: 13,
      watch: ['there was', 'there were'],
    },
  },
  {
    name: 'suresh-ngram',
    description:
      'Words forgotten by how often the corpus has them: a bigram model of the built-in stories under replace (Suresh et al. 2024)',
    spec: {
      model: { kind: 'ngram', order: 2, corpus: { kind: 'stories', documents: 500 } },
      schedule: { kind: 'replace' },
      generations: 100,
      replicates: 20,
      seed: 14,
      metrics: ['vocabulary', 'survival:1', 'survival:2', 'survival:5', 'survival:10', 'entropy-rate'],
    },
  },
];
