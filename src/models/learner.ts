/** The seam between an experiment on labelled images and what learns from them. */

/** Images as rows of grey values, 0 to 255. */
export interface Images {
  count: number;
  /** Pixels of an image. */
  size: number;
  pixels: Uint8Array;
}

/** One draw of the learner, fitted to growing parts of one training set under several labellings. */
export interface LearningTask {
  train: Images;
  /** Each gives every training image a label below `classes`. */
  labellings: readonly Uint8Array[];
  classes: number;
  /** Images whose labels are wanted. */
  test: Images;
  /** Numbers n of samples, rising: a fit sees the first n. */
  sizes: readonly number[];
  /** Widths m of the model, rising. */
  widths: readonly number[];
  /** Of the learner's own randomness: 0 to 2^53 - 1. */
  seed: number;
  signal?: AbortSignal;
}

/** What a fitted model says of the test images. */
export interface Prediction {
  samples: number;
  width: number;
  /** Index in `labellings`. */
  labelling: number;
  /** Label of each test image. */
  labels: Uint8Array;
}

/** A family of models of growing width. A trained network is another one. */
export interface Learner {
  /** For parameters of a figure: what it is and what it is set to. */
  description: string;
  /** One prediction for each number of samples, width and labelling. @throws the signal's reason when it is aborted */
  learn(task: LearningTask): Promise<Prediction[]>;
}

/** Some of the images, in the order of `chosen`. */
export function pick({ size, pixels }: Images, chosen: ArrayLike<number>): Images {
  const picked = new Uint8Array(chosen.length * size);
  for (let i = 0; i < chosen.length; i++) picked.set(pixels.subarray(chosen[i] * size, (chosen[i] + 1) * size), i * size);
  return { count: chosen.length, size, pixels: picked };
}
