/** What a real sample weighs in training against a synthetic one (docs/MATH.md#weighted-training). Portable arithmetic only. */
import type { Weighting } from '../spec/weighting.js';

/**
 * The weight of one real sample, that of a synthetic one being 1, in training sets with both.
 * @param real N, and @param synthetic n: samples of each in a training set; they matter to real-share and golden-ratio only
 */
export function weightingOf(weighting: Weighting, real: number, synthetic: number): number {
  switch (weighting.kind) {
    case 'plain':
      return 1;
    case 'real-weight':
      return weighting.weight;
    case 'real-share':
      return (weighting.share * synthetic) / ((1 - weighting.share) * real);
    case 'golden-ratio':
      // r = (sqrt(k^2 + 4k) - k) / 2 with k = N / n in r n / ((1 - r) N), without the cancellation.
      return (1 + Math.sqrt(1 + (4 * synthetic) / real)) / 2;
  }
}
