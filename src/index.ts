/** model-collapse: recursive training of generative models, simulated and in theory. */
export { type BackendChoice, type BackendName, type BackendStatus, backendNames, backendStatus } from './backend/select.js';
export type { ChainBatch, CollapseSummary, MetricSummary, Num, Progress, Provenance, Result, SimulateOptions } from './engine/result.js';
export { simulate } from './engine/simulate.js';
export { InputError } from './errors.js';
export { categoricalMetrics, gaussianMetrics, regressionMetrics } from './metrics/registry.js';
export { resolveTruth } from './models/categorical.js';
export type { Truth, TruthContext } from './models/truth.js';
export { type Plan, type PlanOptions, plan } from './plan/plan.js';
export { planRegression, type RegressionPlan } from './plan/regression.js';
export type { PlanRequest } from './plan/request.js';
export { specJsonSchema } from './spec/json-schema.js';
export {
  type CategoricalSpec,
  type GaussianSpec,
  isCategorical,
  isGaussian,
  isRegression,
  parseSpec,
  type RegressionSpec,
  type Spec,
  type SpecInput,
} from './spec/spec.js';
export * as theory from './theory/index.js';
