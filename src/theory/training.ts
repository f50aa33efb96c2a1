/** Training in general: the laws of a spec's schedule, weights, errors and verifier, and the moments of its models. */
export {
  type CustomEntry,
  type CustomRule,
  type CustomTable,
  type DataLaw,
  type ErrorLaw,
  realWeight,
  type TrainingLaw,
  type VerifierLaw,
  type WeightingLaw,
} from './training-law.js';
export {
  hasTrainingMoments,
  type TrainingMoments,
  type TruthSummary,
  trainingMoments,
  trainingWork,
} from './training-moments.js';
