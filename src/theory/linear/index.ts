/** Linear models on real and synthetic data: closed forms; docs/MATH.md#linear. */
export * from './generations.js';
export * from './planning.js';
export * from './population.js';
export * from './predict.js';
export { dataLimit, type Fit, type Mixture, type TestError, testError } from './test-error.js';
export * from './weighted.js';
