/** The points of a sweep, in order: each a checked spec and what varied to give it. */
import { InputError, show } from '../errors.js';
import { dottedPath, setField } from '../spec/set.js';
import { parseSpec, type Spec } from '../spec/spec.js';
import { parseSweep, type SweepSpec } from './spec.js';

export interface Point {
  /** Place in the sweep, from 0. */
  index: number;
  /** The varied fields, by dotted path. */
  vary: Record<string, unknown>;
  /** Checked and complete. */
  spec: Spec;
}

/** A sweep whose specs have been checked. */
export interface Sweep {
  /** Dotted paths of what varies. */
  varied: string[];
  points: Point[];
  /** What it was written as, with its ranges written out. */
  document: SweepSpec;
}

/**
 * Checks a sweep with the specs of all its points.
 * @throws InputError naming the field, the value given and what is allowed and, for a spec, the point
 */
export function readSweep(input: unknown): Sweep {
  const document = parseSweep(input);
  if ('specs' in document) {
    const points = document.specs.map((spec, index) => ({ index, vary: {}, spec: check(spec, `specs[${index}]`) }));
    return { varied: [], points, document };
  }
  const { base, vary } = document;
  const paths = Object.keys(vary).map((key) => dottedPath(key) as string[]);
  const points = [...combinations(document)].map((values, index) => {
    const spec = structuredClone(base);
    paths.forEach((path, i) => setField(spec, path, structuredClone(values[i]), 'vary'));
    const varied = Object.fromEntries(Object.keys(vary).map((key, i) => [key, values[i]]));
    return { index, vary: varied, spec: check(spec, pointName({ index, vary: varied })) };
  });
  return { varied: Object.keys(vary), points, document };
}

/** For messages: `point 3 (schedule.sampleSize = 100, seed = 1)`. */
export function pointName({ index, vary }: Pick<Point, 'index' | 'vary'>): string {
  const values = Object.entries(vary).map(([key, value]) => `${key} = ${show(value)}`);
  return `point ${index}${values.length > 0 ? ` (${values.join(', ')})` : ''}`;
}

/** The values of every point, the last field varying fastest. */
function* combinations({ vary, combine }: Extract<SweepSpec, { base: unknown }>): Generator<unknown[]> {
  const lists = Object.values(vary);
  if (combine === 'zip') {
    const length = lists[0]?.length ?? 1;
    for (let i = 0; i < length; i++) yield lists.map((list) => list[i]);
    return;
  }
  const total = lists.reduce((product, list) => product * list.length, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    const values = new Array<unknown>(lists.length);
    for (let k = lists.length - 1; k >= 0; k--) {
      values[k] = lists[k][rest % lists[k].length];
      rest = Math.floor(rest / lists[k].length);
    }
    yield values;
  }
}

function check(spec: unknown, where: string): Spec {
  try {
    return parseSpec(spec);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${where}: ${error.message}`, error.field);
    throw error;
  }
}
