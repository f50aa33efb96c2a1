/** From a Gaussian's spec to a job for the kernels. */
import { type GaussianJob, MIXTURE, POOL, POOL_REPLACED } from '../backend/job.js';
import { inputError } from '../errors.js';
import { gaussianMetrics } from '../metrics/registry.js';
import { samplingRule } from '../sampling/registry.js';
import { weightingOf } from '../schedules/weighting.js';
import type { GaussianSpec } from '../spec/spec.js';
import { type LoopParts, loopParts } from './loop-job.js';

/** Numbers that a pool of samples may hold: 1.6 GB. */
const LARGEST_POOL = 2e8;
/** A small Gaussian costs about this many look-ups a generation. */
const LEAST_COST = 50;

/** @throws InputError for sizes that can't be run */
export function gaussianJob(spec: GaussianSpec): GaussianJob {
  const parts = loopParts(spec, [undefined]);
  const { dimension, estimator, collapseVariance } = spec.model;
  const { rule, parameter } = samplingRule(spec.sampling);
  const { sizes, lastGeneration } = parts.loop;
  const poolSamples = poolSize(parts, dimension);
  const blocks = parts.loop.program.generations.flat();
  // Every sample of a mixture comes from a model of its own choice: all of them are looked back at.
  const lookBack = blocks.some(({ source }) => source === MIXTURE) ? lastGeneration : parts.loop.program.lookBack;
  return {
    ...parts.loop,
    family: 'gaussian',
    program: { ...parts.loop.program, lookBack },
    dimension,
    unbiased: estimator === 'unbiased',
    collapseVariance,
    rule,
    ruleParameter: parameter,
    realWeight: weightingOf(spec.weighting, sizes[0], sizes[1]),
    poolSamples,
    metrics: Int32Array.from(spec.metrics.flatMap((name) => [metricId(name), 0])),
    generationCost: LEAST_COST + dimension ** 2 * (dimension + (poolSamples > 0 ? parts.largest : 1)),
  };
}

/** Samples that a pool which is subsampled holds in the end; 0 if there is none. */
function poolSize({ loop }: LoopParts, dimension: number): number {
  const { generations } = loop.program;
  if (!generations.flat().some(({ source, mode }) => mode === 'redrawn' && (source === POOL || source === POOL_REPLACED))) return 0;
  const added = (line: number) =>
    generations[line].filter(({ mode }) => mode === 'into-pool').reduce((sum, { size }) => sum + loop.sizes[size], 0);
  let samples = 0;
  generations.forEach((_, line) => {
    samples += added(line) * (line === generations.length - 1 ? Math.max(1, loop.lastGeneration - line) : 1);
  });
  const most = Math.floor(LARGEST_POOL / (dimension + 1));
  if (samples > most) throw inputError('schedule', samples, `a pool of at most ${most} samples after the last generation (each is kept)`);
  return samples;
}

function metricId(name: string): number {
  const metric = gaussianMetrics.find((candidate) => candidate.name === name);
  if (!metric) throw inputError('metrics', name, 'a metric of the Gaussian model');
  return metric.kernelId;
}
