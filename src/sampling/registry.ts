/** Sampling rules for the kernels: one line per kind (docs/MATH.md#sampling-rules). */
import * as rules from '../generated/javascript/sampling.js';
import type { Sampling } from '../spec/sampling.js';

/** A rule's number in the kernels, and its parameter: positive, but for a verifier, where it may be 0. */
export interface SamplingRule {
  rule: number;
  parameter: number;
}

export function samplingRule(sampling: Sampling): SamplingRule {
  switch (sampling.kind) {
    case 'plain':
      return { rule: rules.PLAIN, parameter: 1 };
    case 'temperature':
      return { rule: rules.TEMPERATURE, parameter: sampling.temperature };
    case 'top-k':
      return { rule: rules.TOP_K, parameter: sampling.k };
    case 'top-p':
      return { rule: rules.TOP_P, parameter: sampling.p };
    case 'verifier':
      return { rule: rules.VERIFIER, parameter: sampling.keepOutside / sampling.keepInside };
  }
}
