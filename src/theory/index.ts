/** Closed forms for recursive training on generated data. Pure functions: nothing here simulates; docs/MATH.md. */
export * as coalescent from './coalescent.js';
export * as collapse from './collapse-law.js';
export * as distribution from './distribution.js';
export * as errorAccumulation from './error-accumulation.js';
export * as fresh from './fresh.js';
export * as fullySynthetic from './fully-synthetic.js';
export * as gaussian from './gaussian.js';
export * as goldenRatio from './golden-ratio.js';
export * as linear from './linear/index.js';
export * as partiallySynthetic from './partially-synthetic.js';
export * as prediction from './predict.js';
export * as gaussianPrediction from './predict-gaussian.js';
export * as secondMoments from './second-moments.js';
export * as training from './training.js';
