/** From a regression's spec to a job for the kernels; docs/MATH.md#regression says why the ways of drawing are the same in law. */
import type { RegressionJob } from '../backend/job.js';
import { inputError } from '../errors.js';
import { eigenvaluesOf } from '../models/spectrum.js';
import { type MixtureSchedule, type RegressionModel, splitSamples } from '../spec/regression.js';
import type { RegressionSpec } from '../spec/spec.js';
import { chainParts } from './loop-job.js';
import { regressionCost } from './regression-cost.js';

/** Penalties beyond this leave nothing of a fit, and squares of them would be infinite. */
const MOST_RIDGE = 1e200;
const MOST_PENALTY = 1e250;
/** Energies and noises whose sums over 1e12 samples stay finite. */
const MOST_ENERGY = 1e250;

/** Largest condition number of a system. */
const MOST_CONDITION = 1e13;

type Shape = Pick<RegressionJob, 'way' | 'width' | 'features'>;

/** One part of a training set: no samples where it has no weight. */
interface Part {
  count: number;
  weight: number;
}

/** @throws InputError for numbers whose squares no double holds, and for systems that doubles do not resolve */
export function regressionJob(spec: RegressionSpec): RegressionJob {
  const { model, schedule } = spec;
  const chain = chainParts(spec);
  const parts = partsOf(schedule);
  const counts = parts.map(({ count }) => count);
  const samples = counts[0] + counts[1];
  const ridge = Math.min(model.ridge, MOST_RIDGE);
  const { dimension } = model;
  const width = widthOf(model, samples);
  const features = width > 0 ? Math.min(width, dimension) : dimension;
  const keepReal = schedule.real === 'fixed' && chain.lastGeneration > 1 && counts[0] > 0;
  const way = wayOf({ parts, samples, dimension, features, separate: keepReal || schedule.draw === 'data' });
  checkCondition(spec, { way, width, features }, parts, ridge);
  const factors = counts.map((count) => way === 'parts' && schedule.draw === 'auto' && count >= dimension);
  const job: Omit<RegressionJob, 'generationCost'> = {
    ...chain,
    family: 'regression',
    program: { generations: [], sizeSlots: 0, lookBack: 1, pool: 'none' },
    sizes: new Uint32Array(0),
    metrics: Int32Array.from(spec.metrics.flatMap(() => [0, 0])),
    dimension,
    features,
    width,
    way,
    keepReal,
    ...vectorsOf(spec, way !== 'rows' && width === 0 ? ridge : undefined),
    penalty: penaltyOf(spec, { way, width, parts, features, ridge }),
    parts: partNumbers(schedule, parts, way, factors),
  };
  return { ...job, generationCost: regressionCost(job) };
}

/** A part without weight takes no part, and of one part alone the weight does not matter. */
function partsOf(schedule: MixtureSchedule): [Part, Part] {
  const { real, synthetic } = splitSamples(schedule);
  const { syntheticWeight: a } = schedule;
  if (a === undefined || real === 0 || synthetic === 0) return [part(real), part(synthetic)];
  if (a === 0) return [part(real), part(0)];
  if (a === 1) return [part(0), part(synthetic)];
  const n = schedule.samples;
  return [part(real, ((1 - a) * n) / real), part(synthetic, (a * n) / synthetic)];
}

const part = (count: number, weight = 1): Part => ({ count, weight });

/** Where projections lose nothing and nothing is penalised, the fit is least squares on the covariates. */
function widthOf(model: RegressionModel, samples: number): number {
  if (model.kind === 'ridge') return 0;
  const leastSquares = model.ridge === 0 && model.width >= model.dimension && samples >= model.dimension;
  return leastSquares ? 0 : model.width;
}

interface Sizes {
  parts: [Part, Part];
  samples: number;
  dimension: number;
  features: number;
  /** Whether the parts can't be drawn together. */
  separate: boolean;
}

/** The cheapest way of drawing: by numbers of the spec alone. */
function wayOf({ parts, samples, dimension, features, separate }: Sizes): RegressionJob['way'] {
  if (samples < features) return 'rows';
  const weighted = parts.some(({ weight }) => weight !== 1);
  return separate || weighted || samples < dimension ? 'parts' : 'joint';
}

/**
 * Standard deviations by coordinate. Where the unknowns are the coordinates themselves (`ridge` given), each is in the scale in which
 * the system is well conditioned: sqrt(l + ridge) times the weight.
 */
function vectorsOf({ model, schedule }: RegressionSpec, ridge: number | undefined) {
  const { dimension } = model;
  const eigenvalues = eigenvaluesOf(model.spectrum, dimension);
  const vectors = { scale: new Float64Array(dimension), signal: new Float64Array(dimension), shift: new Float64Array(dimension) };
  eigenvalues.forEach((l, i) => {
    const gamma = model.gamma ? model.gamma[i] : 1 / dimension;
    const shift = schedule.delta ? schedule.delta[i] * l : (schedule.quality ?? 0) / dimension;
    checkEnergy(`model.gamma[${i}]`, gamma, gamma * l);
    checkEnergy(schedule.delta ? `schedule.delta[${i}]` : 'schedule.quality', shift, shift);
    const scale = Math.sqrt(ridge === undefined ? l : l / (l + ridge));
    vectors.scale[i] = scale;
    vectors.signal[i] = (Math.sqrt(gamma) * Math.sqrt(l)) / scale;
    vectors.shift[i] = Math.sqrt(shift) / scale;
  });
  return vectors;
}

/**
 * That the system can be solved in doubles: what is least in it must not drown in the rounding of what is largest. Only without
 * projections, and with a row for each unknown, does the spectrum not matter.
 */
function checkCondition({ model, schedule }: RegressionSpec, { way, width, features }: Shape, parts: [Part, Part], ridge: number): void {
  const [light, heavy] = [...parts].sort((a, b) => a.weight - b.weight);
  const samples = light.count + heavy.count;
  if (way === 'rows' || width > 0) {
    const falling = eigenvaluesOf(model.spectrum, model.dimension).sort().reverse();
    const least = Math.max(ridge, falling[Math.min(features, samples) - 1]);
    if (!(falling[0] <= MOST_CONDITION * least)) {
      const why = 'as the eigenvalues that so few samples or projections see span more than doubles resolve';
      throw inputError('model.ridge', model.ridge, `at least ${falling[0] / MOST_CONDITION}, ${why}`);
    }
  }
  const alone = light.count === 0 || heavy.count >= features || way === 'rows';
  if (!alone && !(heavy.weight <= MOST_CONDITION * Math.max(light.weight, ridge))) {
    const why = 'as the part that weighs more has too few samples for a fit, and doubles do not resolve the other';
    throw inputError(
      'schedule.syntheticWeight',
      schedule.syntheticWeight,
      `weights of samples in a ratio of at most ${MOST_CONDITION}, ${why}`,
    );
  }
}

function checkEnergy(field: string, value: number, energy: number): void {
  if (!(energy <= MOST_ENERGY))
    throw inputError(field, value, `numbers with eigenvalue x ${field.replace(/.*\./, '')} at most ${MOST_ENERGY}`);
}

function penaltyOf(
  { model }: RegressionSpec,
  { way, width, parts, features, ridge }: Shape & { parts: [Part, Part]; ridge: number },
): Float64Array {
  const [real, synthetic] = parts;
  const samples = real.count + synthetic.count;
  if (way === 'rows') {
    const each = ({ weight }: Part) => Math.min(MOST_PENALTY, (samples * ridge) / weight);
    return new Float64Array(samples).fill(each(real), 0, real.count).fill(each(synthetic), real.count);
  }
  if (width > 0) return new Float64Array(features).fill(samples * ridge);
  return eigenvaluesOf(model.spectrum, features).map((l) => samples * (ridge / (l + ridge)));
}

function partNumbers(schedule: MixtureSchedule, parts: [Part, Part], way: RegressionJob['way'], factors: boolean[]): Float64Array {
  const { noiseReal, noiseSynthetic, relabelling } = schedule;
  for (const [field, noise] of Object.entries({ noiseReal, noiseSynthetic })) checkEnergy(`schedule.${field}`, noise, noise);
  const real = Math.sqrt(noiseReal);
  const synthetic = Math.sqrt(noiseSynthetic);
  const later = relabelling === 'noisy' ? synthetic : 0;
  const root = ({ weight }: Part) => (way === 'parts' ? Math.sqrt(weight) : 1);
  return Float64Array.from([
    ...[parts[0].count, root(parts[0]), real, real, factors[0] ? 1 : 0],
    ...[parts[1].count, root(parts[1]), synthetic, later, factors[1] ? 1 : 0],
  ]);
}
