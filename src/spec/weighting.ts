/** How real samples are weighted against synthetic ones in training. A new kind is one schema here. */
import type { z } from 'zod';
import { kind, kinds, real, strict } from './fields.js';

/** A weight of a sample. */
export function weight() {
  return real('a number from 1e-6 to 1e6', (number, error) => number.min(1e-6, error).max(1e6, error));
}

const plain = strict({ kind: kind('plain', 'Every sample counts the same (a custom schedule may give weights of its own).') });

const realWeight = strict({
  kind: kind('real-weight', 'Every real sample counts as much as `weight` synthetic ones; with every schedule.'),
  weight: weight().describe('Weight of a real sample, that of a synthetic one being 1: 1e-6 to 1e6.'),
});

const realShare = strict({
  kind: kind(
    'real-share',
    'The real samples together have a given share of the weight of every training set with both; with partially-synthetic and fresh only.',
  ),
  share: real('a number from 1e-9 to 1 - 1e-9', (number, error) => number.min(1e-9, error).max(1 - 1e-9, error)).describe(
    'Share r of the real samples: 1e-9 to 1 - 1e-9. A real sample then weighs r n / ((1 - r) N) synthetic ones.',
  ),
});

const goldenRatio = strict({
  kind: kind(
    'golden-ratio',
    'real-share with r = (sqrt(k^2 + 4k) - k) / 2, where k = real / synthetic (He et al. 2025, arXiv 2502.18049); with partially-synthetic and fresh only.',
  ),
});

/** Every weighting. */
export const weightingKinds = [plain, realWeight, realShare, goldenRatio] as const;

export const weightingSchema = kinds(weightingKinds).describe(
  'The weight of real samples in training. Generation 1 has real samples only, so none matters there. Default: plain.',
);

export type Weighting = z.output<typeof weightingSchema>;
