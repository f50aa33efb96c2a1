/** The Gaussian family's part of the arena: records of moments, as in assembly/gaussian-moments.ts. */
import * as A from '../generated/javascript/layout.js';
import { NORMAL_TABLE_BYTES } from '../generated/javascript/normal.js';
import { type Memory, type Region, view } from './arena-view.js';
import { type GaussianJob, keepsModels } from './job.js';

/** Bytes of a record: six numbers, a mean, a scatter matrix and a Cholesky factor. */
function momentBytes({ dimension: d }: GaussianJob): number {
  return 48 + 8 * (d + 2 * d * d);
}

export function gaussianRegions(job: GaussianJob): Region[] {
  const record = momentBytes(job);
  const d = job.dimension;
  const pool = job.poolSamples > 0 ? 8 * (d + 1) * job.poolSamples : record;
  return [
    [A.ADDR_NORMALS, NORMAL_TABLE_BYTES],
    [A.ADDR_REAL_WEIGHTS, 8],
    [A.ADDR_TRUTH, record],
    [A.ADDR_SET, record],
    [A.ADDR_BATCH, record],
    [A.ADDR_REAL_BATCH, record],
    [A.ADDR_VECTORS, 8 * (2 * d + d * d)],
    [A.ADDR_RING, job.program.lookBack * record],
    [A.ADDR_BATCHES, keepsModels(job) ? job.program.lookBack * (8 + record) : 0],
    [A.ADDR_POOL, job.program.pool === 'none' ? 0 : pool],
    [A.ADDR_POOL_ORDER, 4 * job.poolSamples],
  ];
}

export function writeGaussian(memory: Memory, job: GaussianJob): void {
  const { words, doubles, f64 } = view(memory);
  const d = job.dimension;
  words[A.FAMILY] = A.GAUSSIAN;
  words[A.DIMENSION] = d;
  words[A.UNBIASED] = job.unbiased ? 1 : 0;
  words[A.RULE] = job.rule;
  words[A.POOL_SAMPLES] = job.poolSamples;
  words[A.KEPT] = keepsModels(job) ? 1 : 0;
  doubles[A.RULE_PARAMETER / 2] = job.ruleParameter;
  doubles[A.COLLAPSE_VARIANCE / 2] = job.collapseVariance;
  f64(A.ADDR_REAL_WEIGHTS, 1)[0] = job.realWeight;
  // Mean 0; the factor of the covariance, at the end, is the identity.
  const truth = f64(A.ADDR_TRUTH, momentBytes(job) / 8);
  truth.fill(0);
  for (let i = 0; i < d; i++) truth[truth.length - d * d + i * (d + 1)] = 1;
}
