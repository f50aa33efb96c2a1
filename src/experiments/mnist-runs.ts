/** What Figures 6 and 7 of Dohmatob et al. are measured on: images, a labelling model, and fits of growing size and width. */
import { join } from 'node:path';
import { inputError } from '../errors.js';
import { drawnDigits, type LabelledSet } from '../models/digits.js';
import { readLabelledImages } from '../models/idx.js';
import { type Learner, pick } from '../models/learner.js';
import { shuffled } from '../models/normals.js';
import { exists } from '../results/staged.js';

export const classes = 10;
export const shares = [0, 0.1, 0.5, 1];
/** Real images that the two labelling models see: the fewer, the worse their labels. */
export const labellers = [50, 400];
const labellerWidth = 1000;
const reserve = labellers[labellers.length - 1];

export interface ImageSource extends LabelledSet {
  name: string;
  /** Images for training (labelling models included) and for tests. */
  training: number;
  /** n of the curves against n, at width `width`; widths of the curves against m, at n = `fixedSize`. */
  sizes: number[];
  width: number;
  widths: number[];
  fixedSize: number;
}

const names = { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' };
/** Fewest images from which curves can be drawn. */
const least = 2000;

/** The MNIST test images in a folder, plain or .gz; without a folder, digits drawn by this code. @throws InputError for files that cannot be used */
export async function imageSource(folder: string | undefined, seed: number): Promise<ImageSource> {
  if (folder === undefined) return laidOut('3,000 generated digits', drawnDigits(3000, seed), 400, 500);
  const path = async (name: string) => {
    const plain = join(folder, name);
    return (await exists(plain)) ? plain : `${plain}.gz`;
  };
  const fields = { images: '--mnist', labels: '--mnist' };
  const read = await readLabelledImages(await path(names.images), await path(names.labels), fields);
  const { count, rows, columns, pixels, labels, files } = read;
  if (count < least) throw inputError('--mnist', `${count} images`, `at least ${least}`);
  if (labels.some((label) => label >= classes))
    throw inputError('--mnist', `a label of ${Math.max(...labels)}`, `labels from 0 to ${classes - 1}`);
  const set = { images: { count, size: rows * columns, pixels }, labels };
  return laidOut(`${count} images of ${files.images.path} (SHA-256 ${files.images.sha256.slice(0, 12)})`, set, 600, 500);
}

/** Four fifths are for training. */
function laidOut(name: string, set: LabelledSet, width: number, fixedSize: number): ImageSource {
  const training = Math.floor(0.8 * set.images.count);
  const pool = training - reserve;
  const sizes = [...[100, 200, 500, 1000, 2000, 4000].filter((n) => n < 0.8 * pool), pool];
  const widths = [0.05, 0.1, 0.2, 0.4, 0.7, 0.9, 1, 1.2, 1.6].map((ratio) => Math.round(ratio * fixedSize));
  return { ...set, name, training, sizes, width, widths, fixedSize };
}

/** One fit of one draw; `labeller` is its number of images, or 0 where all labels are real. */
export interface Score {
  draw: number;
  samples: number;
  width: number;
  share: number;
  labeller: number;
  /** Share of the test images that are told wrongly. */
  error: number;
}

/** Labels of all training images: which of them are synthetic, and whose. */
interface Labelling {
  share: number;
  labeller: number;
  labels: Uint8Array;
}

export interface Draw {
  /** Errors of the labelling models, in their order. */
  labellers: number[];
  /** Against n, and against m. */
  bySize: Score[];
  byWidth: Score[];
}

/** What labels, and what learns: a trained network can take the place of either. */
export interface Models {
  teacher: Learner;
  learner: Learner;
}

/** One draw: the images are shuffled and split, the labelling models fitted, and their labels mixed with the real ones. */
export async function drawOf(
  source: ImageSource,
  { teacher, learner }: Models,
  draw: number,
  seed: number,
  signal?: AbortSignal,
): Promise<Draw> {
  const { images, training } = source;
  const order = shuffled(images.count, seed, draw + 1);
  const labelsOf = (chosen: Uint32Array) => Uint8Array.from(chosen, (i) => source.labels[i]);
  const [taught, pool, asked] = [order.subarray(0, reserve), order.subarray(reserve, training), order.subarray(training)];
  const truth = labelsOf(asked);
  const shared = { classes, signal };
  const guesses = await teacher.learn({
    ...{ ...shared, train: pick(images, taught), labellings: [labelsOf(taught)], seed: seed + 3 * draw + 1 },
    ...{ test: pick(images, order.subarray(reserve)), sizes: labellers, widths: [labellerWidth] },
  });
  const real = labelsOf(pool);
  const kinds: Labelling[] = [
    { share: 0, labeller: 0, labels: real },
    ...guesses.flatMap(({ labels }, k) =>
      shares.slice(1).map((share) => ({ share, labeller: labellers[k], labels: mixed(real, labels.subarray(0, real.length), share) })),
    ),
  ];
  const task = { ...shared, train: pick(images, pool), labellings: kinds.map(({ labels }) => labels), test: pick(images, asked) };
  const scores = async (sizes: number[], widths: number[], offset: number) => {
    const predictions = await learner.learn({ ...task, sizes, widths, seed: seed + 3 * draw + offset });
    return predictions.map(({ samples, width, labelling, labels }): Score => {
      const { share, labeller } = kinds[labelling];
      return { draw, samples, width, share, labeller, error: wrong(labels, truth) };
    });
  };
  return {
    labellers: guesses.map(({ labels }) => wrong(labels.subarray(real.length), truth)),
    bySize: await scores(source.sizes, [source.width], 2),
    byWidth: await scores([source.fixedSize], source.widths, 3),
  };
}

/** Synthetic labels spread evenly: of the first n images floor(n p_2 + 1/2) have them, whatever n is. */
function mixed(real: Uint8Array, synthetic: Uint8Array, share: number): Uint8Array {
  const count = (n: number) => Math.floor(n * share + 0.5);
  return real.map((label, i) => (count(i + 1) > count(i) ? synthetic[i] : label));
}

function wrong(labels: Uint8Array, truth: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < truth.length; i++) if (labels[i] !== truth[i]) count++;
  return count / truth.length;
}
