/** What a sweep is written as: a base spec and what varies, or a list of specs. */
import { z } from 'zod';
import { inputError } from '../errors.js';
import { refuse, strict, word } from '../spec/fields.js';
import { firstProblem } from '../spec/issues.js';
import { dottedPath } from '../spec/set.js';

/** Most points of a sweep. */
export const MOST_POINTS = 100_000;

const RANGE = '{"from", "to", "step"}, {"from", "to", "count"} or {"from", "count"}';
const finite = z.number({ error: 'a finite number' });
const countSchema = z
  .int({ error: `a whole number from 1 to ${MOST_POINTS}` })
  .min(1, { error: `a whole number from 1 to ${MOST_POINTS}` })
  .max(MOST_POINTS, { error: `a whole number from 1 to ${MOST_POINTS}` });

const rangeSchema = strict(
  { from: finite, to: finite.optional(), step: finite.optional(), count: countSchema.optional() },
  `a list of values, or ${RANGE}`,
);
type Range = z.output<typeof rangeSchema>;

const objectError = { error: 'an object' };
const specDocument = z.record(z.string(), z.unknown(), { error: 'a spec: an object with model and schedule' });

/** Lists and ranges are told apart by hand, so that the message is about the one that was meant. */
const variedSchema = z.unknown().transform((input, context): unknown[] => {
  if (Array.isArray(input)) {
    if (input.length === 0) context.addIssue({ code: 'custom', message: `a list of one value or more, or ${RANGE}`, input });
    return input;
  }
  const parsed = rangeSchema.safeParse(input);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path: [...path], message, input });
    return z.NEVER;
  }
  return rangeValues(parsed.data, context);
});

const gridSchema = strict(
  {
    base: specDocument,
    vary: z.record(z.string(), variedSchema, objectError).default({}),
    combine: word(['product', 'zip']).default('product'),
  },
  'an object with base and vary, or with specs',
).superRefine(({ vary, combine }, context) => {
  for (const key of Object.keys(vary)) {
    if (!dottedPath(key)) refuse(context, ['vary', key], 'the dotted path of a field, such as schedule.sampleSize', key);
  }
  const lengths = Object.values(vary).map((values) => values.length);
  const points = combine === 'zip' ? Math.max(1, ...lengths) : lengths.reduce((product, length) => product * length, 1);
  if (points > MOST_POINTS) refuse(context, ['vary'], `at most ${MOST_POINTS} points; these are ${points}`);
  if (combine === 'zip' && new Set(lengths).size > 1) {
    const found = Object.entries(vary).map(([key, values]) => `${key} has ${values.length}`);
    refuse(context, ['combine'], `"zip" of lists of the same length (${found.join(', ')}), or "product"`);
  }
});

const listSchema = strict(
  {
    specs: z
      .array(specDocument, { error: 'a list of specs' })
      .min(1, { error: 'one spec or more' })
      .max(MOST_POINTS, { error: `at most ${MOST_POINTS} specs` }),
  },
  'an object with specs',
);

/** A sweep with its ranges written out. */
export type SweepSpec = z.output<typeof gridSchema> | z.output<typeof listSchema>;

/**
 * Checks what a sweep is written as, but not the specs in it.
 * @throws InputError naming the field, the value given and what is allowed
 */
export function parseSweep(input: unknown): SweepSpec {
  const isList = typeof input === 'object' && input !== null && 'specs' in input;
  if (!isList && typeof input === 'object' && input !== null && 'model' in input && !('base' in input)) {
    throw inputError('SWEEP', input, 'an object with base (a spec) and vary, or with specs; this is a spec itself');
  }
  const parsed = (isList ? listSchema : gridSchema).safeParse(input);
  if (!parsed.success) throw firstProblem(parsed.error.issues, input);
  return parsed.data;
}

/** from, from + step, ...: up to `to` (which is met, where it is met but for rounding), or `count` of them. */
function rangeValues({ from, to, step, count }: Range, context: z.core.$RefinementCtx): unknown[] {
  const wrong = (path: string[], message: string, input?: unknown) => {
    refuse(context, path, message, input);
    return z.NEVER;
  };
  if (to === undefined && count === undefined) return wrong([], `a list of values, or ${RANGE}`);
  if (to !== undefined && step !== undefined && count !== undefined) return wrong([], `${RANGE}: step or count, not both`);
  if (to === undefined) return values(from, step ?? 1, count as number);
  if (count !== undefined) return count === 1 ? [from] : values(from, (to - from) / (count - 1), count, to);
  const by = step ?? 1;
  const steps = (to - from) / by;
  if (by === 0 || steps < 0) return wrong(['step'], `a step that leads from ${from} to ${to}`, by);
  if (steps >= MOST_POINTS) return wrong([], `at most ${MOST_POINTS} values`);
  return values(from, by, Math.floor(steps + 1e-9) + 1);
}

/** Without the dust of 0.1 + 2 * 0.1; whole numbers are exact as they are. */
function values(from: number, step: number, count: number, last?: number): number[] {
  const whole = Number.isInteger(from) && Number.isInteger(step);
  return Array.from({ length: count }, (_, i) => {
    if (last !== undefined && i === count - 1) return last;
    const value = from + i * step;
    return whole ? value : Number(value.toPrecision(15));
  });
}
