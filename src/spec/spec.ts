/** The spec of a simulation: schema, defaults and checks. Plain JSON in, a complete `Spec` or one InputError out. */
import { z } from 'zod';
import { categoricalMetrics, isMetricName, probabilityToken } from '../metrics/registry.js';
import { hint, integer, kind, kinds, MAX_COUNT, MAX_SAMPLES, strict } from './fields.js';
import { initialSchema, vocabularyOf } from './initial.js';
import { firstProblem } from './issues.js';
import { samplingSchema } from './sampling.js';
import { certainCollapse, scheduleSchema, sizesOf } from './schedule.js';

const categorical = strict({
  kind: kind('categorical', 'The empirical next-token distribution of each context.'),
  initial: initialSchema,
});

/** Every model family. */
export const modelKinds = [categorical] as const;
const modelSchema = kinds(modelKinds).describe('The model family and the true distribution.');

const UNTIL_COLLAPSE = 'until-collapse';
const generationsOr = `, a strictly increasing list of such numbers, or "${UNTIL_COLLAPSE}"`;
const generationsAllowed = `a whole number from 1 to ${MAX_COUNT}${generationsOr}`;
const generationList = z
  .array(integer(1, MAX_COUNT))
  .min(1, { error: generationsAllowed })
  .refine((list) => list.every((m, i) => i === 0 || m > list[i - 1]), { error: generationsAllowed });
const generationsSchema = z
  .union([integer(1, MAX_COUNT, generationsOr), generationList, z.literal(UNTIL_COLLAPSE)], { error: generationsAllowed })
  .describe(
    `M: generations 1 ... M are reported. A list: only those. "${UNTIL_COLLAPSE}": every chain runs until it has collapsed. Default: 50.`,
  );

const metricNames = categoricalMetrics.map(({ name }) => name);
const knownMetrics = `known metrics: ${metricNames.join(', ')}, probability:TOKEN`;
const metricSchema = z
  .string({ error: `the name of a metric; ${knownMetrics}` })
  .refine(isMetricName, { error: (issue) => `${hint(String(issue.input), metricNames)}${knownMetrics}` })
  .meta({ anyOf: [{ enum: metricNames }, { pattern: '^probability:.+$' }] });

/** Every field by itself. */
function fieldsSchema(largest: number) {
  return strict(
    {
      version: z.literal(1, { error: '1' }).default(1).describe('Version of the spec format: 1. Default: 1.'),
      model: modelSchema,
      schedule: scheduleSchema(largest),
      sampling: samplingSchema.default({ kind: 'plain' }),
      generations: generationsSchema.default(50),
      maxGenerations: integer(1, MAX_COUNT)
        .optional()
        .describe(
          `With generations "${UNTIL_COLLAPSE}": the last generation of a chain that has not collapsed, 1 to ${MAX_COUNT}. Required where collapse is not certain: for every schedule but fully-synthetic and most-recent. Default: no end.`,
        ),
      replicates: integer(1, MAX_COUNT).default(100).describe(`Number of independent runs: 1 to ${MAX_COUNT}. Default: 100.`),
      seed: integer(0, Number.MAX_SAFE_INTEGER)
        .default(0)
        .describe('Seed: 0 to 2^53 - 1. The same spec and seed give the same digest everywhere. Default: 0.'),
      metrics: z
        .array(metricSchema, { error: `a list of names; ${knownMetrics}` })
        .min(1, { error: `one metric or more; ${knownMetrics}` })
        .meta({ uniqueItems: true })
        .default([...metricNames])
        .describe(
          'Metrics to report, each once; probability:TOKEN is the share of one token (its index from 0 or, for text, the token). Default: all but probability.',
        ),
    },
    'an object with model and schedule (see `model-collapse schema`)',
  );
}

type Draft = z.output<ReturnType<typeof fieldsSchema>>;

/**
 * The schema of a spec, before the defaults.
 * @param largest most samples of one training set: `MAX_SAMPLES` for a simulation; predictions take more
 */
function makeSpecSchema(largest = MAX_SAMPLES) {
  return fieldsSchema(largest).superRefine((spec, context) => crossChecks(spec, largest, context));
}

/** The schema of a simulation's spec. */
export const specSchema = makeSpecSchema();

/** What a spec may be written as: only `model` and `schedule` are required. */
export type SpecInput = z.input<typeof specSchema>;
/** A spec with every default filled in. */
export type Spec = z.output<typeof specSchema>;

/** What no single field can check. */
function crossChecks(spec: Draft, largest: number, context: z.core.$RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message, input: undefined });
  const { initial } = spec.model;
  for (const { field, size } of sizesOf(spec.schedule)) {
    if (size === 'corpus' && initial.kind !== 'text')
      refuse(field.split('.'), 'a number of samples ("corpus" needs model.initial.kind "text")');
  }
  const until = spec.generations === UNTIL_COLLAPSE;
  if (!until && spec.maxGenerations !== undefined) refuse(['maxGenerations'], `nothing, unless generations is "${UNTIL_COLLAPSE}"`);
  if (until && spec.maxGenerations === undefined && !certainCollapse.has(spec.schedule.kind)) {
    refuse(['maxGenerations'], `a whole number from 1 to ${MAX_COUNT}, because ${spec.schedule.kind} need not collapse`);
  }
  const { sampling } = spec;
  if (until && spec.maxGenerations === undefined && sampling.kind === 'temperature' && sampling.temperature > 1) {
    refuse(
      ['maxGenerations'],
      `a whole number from 1 to ${MAX_COUNT}, because a temperature above 1 holds collapse up for longer than anyone can wait`,
    );
  }
  const { schedule } = spec;
  if (schedule.kind === 'accumulate' && typeof schedule.real === 'number' && typeof schedule.synthetic === 'number') {
    const added = lastGeneration(spec) - 1;
    if (schedule.real + added * schedule.synthetic > largest) {
      const most = `at most ${Math.floor((largest - schedule.real) / added)} for so many generations (training sets of at most ${largest} samples)`;
      refuse(['schedule', 'synthetic'], most);
    }
  }
  const vocabulary = vocabularyOf(initial);
  spec.metrics.forEach((name, i) => {
    if (spec.metrics.indexOf(name) < i) refuse(['metrics', i], 'each metric once');
    const token = probabilityToken(name);
    if (token === undefined || vocabulary === undefined) return;
    if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) >= vocabulary) {
      refuse(['metrics', i], `probability:TOKEN with a token index from 0 to ${vocabulary - 1}`);
    }
  });
}

/** The last generation that a spec asks for; Infinity where a chain runs until it has collapsed. */
export function lastGeneration({ generations, maxGenerations }: Pick<Draft, 'generations' | 'maxGenerations'>): number {
  if (generations === UNTIL_COLLAPSE) return maxGenerations ?? Number.POSITIVE_INFINITY;
  return typeof generations === 'number' ? generations : generations[generations.length - 1];
}

/**
 * Checks a spec and fills in its defaults. The result is a new object and parses to itself.
 * @param limits `largest`: most samples of one training set, 2^31 (what a simulation takes) unless said; a prediction takes more
 * @throws InputError naming the field, the value given and what is allowed.
 */
export function parseSpec(input: unknown, { largest }: { largest?: number } = {}): Spec {
  const schema = largest === undefined ? specSchema : makeSpecSchema(largest);
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw firstProblem(parsed.error.issues, input);
  return parsed.data;
}
