/** Spectra of regression models, with our own log and exp: every bit of them feeds a simulation. */
import { exp, log } from '../generated/javascript/math.js';
import type { Spectrum } from '../spec/regression.js';

/** The eigenvalues of Sigma, in the order of the spectrum's law. */
export function eigenvaluesOf(spectrum: Spectrum, dimension: number): Float64Array {
  switch (spectrum.kind) {
    case 'isotropic':
      return new Float64Array(dimension).fill(1);
    case 'power-law':
      return Float64Array.from({ length: dimension }, (_, i) => exp(-spectrum.exponent * log(i + 1)));
    case 'explicit':
      return Float64Array.from(spectrum.eigenvalues);
  }
}
