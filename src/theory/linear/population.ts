/** The population of a linear model: covariates x ~ N(0, Sigma), true weights, and how far synthetic labels are off; docs/MATH.md#linear. */
import { inputError } from '../../errors.js';
import { checkSize } from '../check.js';
import { checkNonNegative } from './check.js';

/** Largest dimension d. */
export const largestDimension = 1e5;
/** Eigenvalues are kept in this range, so that no product of two leaves the range of doubles. */
export const eigenvalueRange = [1e-100, 1e100] as const;

/** Eigenvalues of Sigma: all 1; i^-exponent for i = 1 ... d; or given. */
export type SpectrumLaw =
  | { kind: 'isotropic' }
  | { kind: 'power-law'; exponent: number }
  | { kind: 'explicit'; eigenvalues: ArrayLike<number> };

/** Gamma = covariance of the true weights w_1, Delta = covariance of w_2 - w_1, both diagonal in the eigenbasis of Sigma. */
export interface WeightLaws {
  /** Diagonal of Gamma, d numbers >= 0. Default: 1/d each. */
  gamma?: ArrayLike<number>;
  /** c^2 >= 0: Delta = (c^2/d) Sigma^-1, so that tr Delta Sigma = c^2. Default 0; not together with `delta`. */
  quality?: number;
  /** Diagonal of Delta, d numbers >= 0. */
  delta?: ArrayLike<number>;
}

/** What the laws need of Sigma, Gamma and Delta: sums over the eigenspaces of Sigma, largest eigenvalue first. */
export interface Population {
  /** d. */
  readonly dimension: number;
  /** Distinct eigenvalues of Sigma, falling. */
  readonly eigenvalue: Float64Array;
  /** Dimension of each eigenspace. */
  readonly multiplicity: Float64Array;
  /** tr Gamma Sigma over each eigenspace: the energy of the true function. */
  readonly signal: Float64Array;
  /** tr Delta Sigma over each eigenspace: the energy of the synthetic labels' error. */
  readonly shift: Float64Array;
  /** tr Sigma. */
  readonly trace: number;
}

/**
 * The d eigenvalues of a spectrum, in the order of its law.
 * @throws InputError for d outside 1 ... 1e5, an exponent < 0, another number of eigenvalues, or one outside 1e-100 ... 1e100
 */
export function eigenvalues(dimension: number, spectrum: SpectrumLaw): Float64Array {
  checkSize('dimension', dimension, largestDimension);
  const [least, most] = eigenvalueRange;
  if (spectrum.kind === 'isotropic') return new Float64Array(dimension).fill(1);
  if (spectrum.kind === 'power-law') {
    const { exponent } = spectrum;
    checkNonNegative('spectrum.exponent', exponent);
    if (dimension ** -exponent < least) {
      throw inputError('spectrum.exponent', exponent, `exponents with dimension^-exponent at least ${least}`);
    }
    return Float64Array.from({ length: dimension }, (_, i) => (i + 1) ** -exponent);
  }
  const values = diagonal('spectrum.eigenvalues', spectrum.eigenvalues, dimension);
  values.forEach((value, i) => {
    if (!(value >= least && value <= most)) throw inputError(`spectrum.eigenvalues[${i}]`, value, `from ${least} to ${most}`);
  });
  return values;
}

/**
 * @param dimension d, 1 to 1e5
 * @throws InputError as `eigenvalues`; for a diagonal of another length or with a negative number; for `quality` and `delta` together
 */
export function population(dimension: number, spectrum: SpectrumLaw, laws: WeightLaws = {}): Population {
  const values = eigenvalues(dimension, spectrum);
  if (laws.delta !== undefined && laws.quality !== undefined) throw inputError('quality', laws.quality, 'quality or delta, not both');
  const quality = laws.quality ?? 0;
  checkNonNegative('quality', quality);
  const gamma = laws.gamma && diagonal('gamma', laws.gamma, dimension);
  const delta = laws.delta && diagonal('delta', laws.delta, dimension);
  const order = Uint32Array.from(values, (_, i) => i);
  if (spectrum.kind === 'explicit') order.sort((i, j) => values[j] - values[i]);
  const groups = { eigenvalue: [] as number[], multiplicity: [] as number[], signal: [] as number[], shift: [] as number[] };
  let last = -1;
  let trace = 0;
  for (const i of order) {
    const value = values[i];
    trace += value;
    if (last < 0 || groups.eigenvalue[last] !== value) {
      last++;
      groups.eigenvalue.push(value);
      groups.multiplicity.push(0);
      groups.signal.push(0);
      groups.shift.push(0);
    }
    groups.multiplicity[last]++;
    groups.signal[last] += (gamma ? gamma[i] : 1 / dimension) * value;
    groups.shift[last] += delta ? delta[i] * value : quality / dimension;
  }
  return {
    dimension,
    eigenvalue: Float64Array.from(groups.eigenvalue),
    multiplicity: Float64Array.from(groups.multiplicity),
    signal: Float64Array.from(groups.signal),
    shift: Float64Array.from(groups.shift),
    trace,
  };
}

/** tr Gamma Sigma: the test error of the model that always answers 0. */
export function signalEnergy({ signal }: Population): number {
  return signal.reduce((sum, value) => sum + value, 0);
}

/** tr Delta Sigma: the test error of the model that labels the synthetic data; c^2 for Delta = (c^2/d) Sigma^-1. */
export function shiftEnergy({ shift }: Population): number {
  return shift.reduce((sum, value) => sum + value, 0);
}

function diagonal(field: string, values: ArrayLike<number>, dimension: number): Float64Array {
  if (values.length !== dimension) throw inputError(field, `${values.length} numbers`, `${dimension} numbers (the dimension)`);
  const copy = Float64Array.from(values);
  copy.forEach((value, i) => checkNonNegative(`${field}[${i}]`, value));
  return copy;
}
