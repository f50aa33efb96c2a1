/** Ridge regression of one-hot labels on random ReLU features: a two-layer network whose first layer stays as it was drawn. */

import { addGram, addRowTimes, backSolve, cholesky, forwardSolve, type Matrix, matrix } from './dense.js';
import type { Images, Learner, LearningTask, Prediction } from './learner.js';
import { nextNormal, startNormals } from './normals.js';
import { Pace } from './pace.js';

/** Rows between two pauses. */
const PIECE = 64;

/**
 * Features are max(0, w.x + b) with x the pixels over 255, w ~ N(0, 1/size) and b ~ N(0, 1/size): the first m of them for width m. The
 * penalty is `ridge` times the features' mean square, on the mean squared error.
 * The matrix of a fit depends on its images only, and the factor for width m is a part of that for the largest one: all labellings and
 * widths share one factor for each number of samples.
 */
export function randomFeatures(ridge: number): Learner {
  return {
    description: `ridge regression on random ReLU features, λ = ${ridge} of their mean square`,
    learn: (task) => learn(task, ridge),
  };
}

async function learn(
  { train, labellings, classes, test, sizes, widths, seed, signal }: LearningTask,
  ridge: number,
): Promise<Prediction[]> {
  const pace = new Pace(signal);
  const width = widths[widths.length - 1];
  const layer = firstLayer(train.size, width, seed);
  const largest = sizes[sizes.length - 1];
  const features = await featuresOf(train, largest, layer, pace);
  const asked = await featuresOf(test, test.count, layer, pace);
  const gram = matrix(width, width);
  const moments = matrix(width, classes * labellings.length);
  const predictions: Prediction[] = [];
  let seen = 0;
  for (const samples of sizes) {
    for (; seen < samples; seen = Math.min(samples, seen + PIECE)) {
      await pace.turn();
      const to = Math.min(samples, seen + PIECE);
      addGram(gram, features, seen, to);
      addMoments(moments, features, labellings, classes, seen, to);
    }
    await pace.turn();
    const factor = cholesky(gram, ridge * meanSquare(gram));
    const solved: Matrix = { ...moments, data: moments.data.slice() };
    forwardSolve(factor, solved);
    for (const m of widths) {
      await pace.turn();
      const weights = backSolve(factor, solved, m);
      predictions.push(
        ...(await answers(asked, weights, classes, pace)).map((labels, labelling) => ({ samples, width: m, labelling, labels })),
      );
    }
  }
  return predictions;
}

/** Row by pixel, and a last one for the constant. */
function firstLayer(size: number, width: number, seed: number): Matrix {
  const layer = matrix(size + 1, width);
  const scale = 1 / Math.sqrt(size);
  startNormals(seed);
  // By feature, so that the first features are the same at every width.
  for (let j = 0; j < width; j++) for (let i = 0; i <= size; i++) layer.data[i * width + j] = scale * nextNormal();
  return layer;
}

async function featuresOf({ size, pixels }: Images, count: number, layer: Matrix, pace: Pace): Promise<Matrix> {
  const width = layer.columns;
  const features = matrix(count, width);
  const { data } = features;
  for (let row = 0; row < count; row++) {
    if (row % PIECE === 0) await pace.turn();
    const at = row * width;
    data.set(layer.data.subarray(size * width), at);
    for (let i = 0; i < size; i++) {
      const x = pixels[row * size + i] / 255;
      if (x === 0) continue;
      const from = i * width;
      for (let j = 0; j < width; j++) data[at + j] += x * layer.data[from + j];
    }
    for (let j = 0; j < width; j++) if (data[at + j] < 0) data[at + j] = 0;
  }
  return features;
}

/** F'Y over rows `from` ... `to` - 1, Y one-hot less 1/classes, for each labelling. */
function addMoments(moments: Matrix, f: Matrix, labellings: readonly Uint8Array[], classes: number, from: number, to: number): void {
  const { columns, data } = moments;
  for (let row = from; row < to; row++) {
    for (let i = 0; i < f.columns; i++) {
      const x = f.data[row * f.columns + i];
      if (x === 0) continue;
      const each = x / classes;
      const at = i * columns;
      for (let j = 0; j < columns; j++) data[at + j] -= each;
      for (let k = 0; k < labellings.length; k++) data[at + k * classes + labellings[k][row]] += x;
    }
  }
}

/** Sum over the samples of the features' mean square: n times it. */
function meanSquare({ columns, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < columns; i++) sum += data[i * columns + i];
  return sum / columns;
}

/** The class with the largest answer, by labelling; of equal ones the first. */
async function answers(asked: Matrix, weights: Matrix, classes: number, pace: Pace): Promise<Uint8Array[]> {
  const labels = Array.from({ length: weights.columns / classes }, () => new Uint8Array(asked.rows));
  const out = new Float64Array(weights.columns);
  for (let row = 0; row < asked.rows; row++) {
    if (row % PIECE === 0) await pace.turn();
    out.fill(0);
    addRowTimes(asked, row, weights, out);
    labels.forEach((each, k) => {
      let best = 0;
      for (let c = 1; c < classes; c++) if (out[k * classes + c] > out[k * classes + best]) best = c;
      each[row] = best;
    });
  }
  return labels;
}
