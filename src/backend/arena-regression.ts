/** The regression family's part of the arena. */
import * as A from '../generated/javascript/layout.js';
import { NORMAL_TABLE_BYTES } from '../generated/javascript/normal.js';
import { type Memory, type Region, view } from './arena-view.js';
import type { RegressionJob } from './job.js';

/** In the order of their numbers in the kernels (assembly/layout.ts). */
export const ways: readonly RegressionJob['way'][] = ['rows', 'parts', 'joint'];
/** Vectors of d numbers: scale, signal, shift, target, offset, labels, side. */
const VECTORS = 7;
/** A generation costs no more look-ups than this, as far as turns are counted. */
const MOST_COST = 1e9;
/** Numbers of a part. */
const PART_NUMBERS = 5;

/** Columns of data (`rows`: rows) that are there at a time. */
function columnsOf({ way, parts, dimension, penalty }: RegressionJob): number {
  if (way === 'rows') return penalty.length;
  const factors = way === 'joint' || parts[PART_NUMBERS - 1] !== 0 || parts[2 * PART_NUMBERS - 1] !== 0;
  return Math.max(A.CHUNK, factors ? dimension : 0);
}

/** Numbers of the real samples that stay the same, if they do: a share of the system and of its right side, or responses. */
export function keptNumbers({ keepReal, way, penalty: { length: unknowns } }: RegressionJob): number {
  return keepReal ? unknowns * (way === 'rows' ? 1 : unknowns + 1) : 0;
}

export function regressionRegions(job: RegressionJob): Region[] {
  const { dimension, features, width, penalty } = job;
  const columns = columnsOf(job);
  const unknowns = penalty.length;
  return [
    [A.ADDR_NORMALS, NORMAL_TABLE_BYTES],
    [A.ADDR_VECTORS, 8 * VECTORS * dimension],
    [A.ADDR_PENALTY, 8 * unknowns],
    [A.ADDR_PARTS, 8 * job.parts.length],
    [A.ADDR_SYSTEM, 8 * unknowns * unknowns],
    [A.ADDR_RESPONSES, 8 * columns],
    [A.ADDR_DATA, 8 * columns * dimension],
    [A.ADDR_FEATURES, width > 0 ? 8 * columns * features : 0],
    [A.ADDR_PROJECTION, width > 0 ? 8 * features * dimension : 0],
    [A.ADDR_KEPT, 8 * keptNumbers(job)],
  ];
}

export function writeRegression(memory: Memory, job: RegressionJob): void {
  const { words, doubles, f64 } = view(memory);
  const { dimension, penalty, parts } = job;
  words[A.FAMILY] = A.REGRESSION;
  words[A.DIMENSION] = dimension;
  words[A.FEATURES] = job.features;
  words[A.STEP_COST] = Math.min(MOST_COST, Math.ceil(job.generationCost));
  words[A.WAY] = ways.indexOf(job.way);
  words[A.KEEP_REAL] = job.keepReal ? 1 : 0;
  words[A.PENALISED] = penalty.some((value) => value !== 0) ? 1 : 0;
  doubles[A.WIDTH / 2] = job.width;
  f64(A.ADDR_PENALTY, penalty.length).set(penalty);
  f64(A.ADDR_PARTS, parts.length).set(parts);
  const vectors = f64(A.ADDR_VECTORS, 3 * dimension);
  [job.scale, job.signal, job.shift].forEach((vector, i) => vectors.set(vector, i * dimension));
}
