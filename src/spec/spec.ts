/** The spec of a simulation: schema, defaults and checks. Plain JSON in, a complete `Spec` or one InputError out. */
import { z } from 'zod';
import { inputError } from '../errors.js';
import { parametricPattern, WATCH_PREFIX } from '../metrics/ngram.js';
import { allMetricNames, defaultMetrics, PROBABILITY_PREFIX } from '../metrics/registry.js';
import { crossChecks } from './checks.js';
import { integer, MAX_COUNT, MAX_SAMPLES, strict } from './fields.js';
import { defaultGenerations, generationsSchema, maxGenerationsSchema, methodSchema } from './generations.js';
import { firstProblem } from './issues.js';
import { type CategoricalModel, type GaussianModel, modelSchema } from './model.js';
import type { NgramModel } from './ngram.js';
import type { MixtureSchedule, RegressionModel } from './regression.js';
import { samplingSchema } from './sampling.js';
import { type SampleSchedule, scheduleSchema } from './schedule.js';
import { weightingSchema } from './weighting.js';

export { lastGeneration } from './generations.js';
export { modelKinds } from './model.js';

const knownMetrics = `known metrics: ${allMetricNames().join(', ')}, ${PROBABILITY_PREFIX}TOKEN`;
const metricSchema = z
  .string({ error: `the name of a metric; ${knownMetrics}` })
  .meta({ anyOf: [{ enum: allMetricNames() }, { pattern: `^${PROBABILITY_PREFIX}.+$` }, { pattern: parametricPattern }] });

const watchAllowed = 'a list of 1 to 1000 texts of no more tokens than the order, the last of which is predicted, as in "there was"';
const watchSchema = z
  .array(z.string({ error: watchAllowed }).min(1, { error: watchAllowed }), { error: watchAllowed })
  .min(1, { error: watchAllowed })
  .max(1000, { error: watchAllowed })
  .describe(
    'With an n-gram model: words whose last one is watched, its probability given those before; each gives a metric watch:WORDS beside the others.',
  );

/** Every field by itself. */
function fieldsSchema(largest: number) {
  return strict(
    {
      version: z.literal(1, { error: '1' }).default(1).describe('Version of the spec format: 1. Default: 1.'),
      model: modelSchema,
      schedule: scheduleSchema(largest),
      sampling: samplingSchema.default({ kind: 'plain' }),
      weighting: weightingSchema.default({ kind: 'plain' }),
      generations: generationsSchema.optional().meta({ default: 50 }),
      maxGenerations: maxGenerationsSchema,
      method: methodSchema,
      replicates: integer(1, MAX_COUNT).default(100).describe(`Number of independent runs: 1 to ${MAX_COUNT}. Default: 100.`),
      seed: integer(0, Number.MAX_SAFE_INTEGER)
        .default(0)
        .describe('Seed: 0 to 2^53 - 1. The same spec and seed give the same digest everywhere. Default: 0.'),
      watch: watchSchema.optional(),
      metrics: z
        .array(metricSchema, { error: `a list of names; ${knownMetrics}` })
        .min(1, { error: `one metric or more; ${knownMetrics}` })
        .optional()
        .meta({ uniqueItems: true })
        .describe(
          "Metrics to report, each once, of the model's family; probability:TOKEN is the share of one token (its index from 0 or, for text, the token). Default: all of the family's but probability and, where the model has no error, outside-truth.",
        ),
    },
    'an object with model and schedule (see `model-collapse schema`)',
  ).transform(({ version, model, schedule, sampling, weighting, generations = defaultGenerations(schedule.kind), ...rest }) => {
    return { version, model, schedule, sampling, weighting, generations, ...rest };
  });
}

/** Metrics with those of the watched words. */
function withWatched(metrics: readonly string[], watch: readonly string[] = []): string[] {
  return [...new Set([...metrics, ...watch.map((words) => `${WATCH_PREFIX}${words}`)])];
}

/** The fields of a spec before they are checked against each other. */
export type Draft = z.output<ReturnType<typeof fieldsSchema>>;

/**
 * The schema of a spec.
 * @param largest most samples of one training set: `MAX_SAMPLES` for a simulation; predictions take more
 */
function makeSpecSchema(largest = MAX_SAMPLES) {
  return fieldsSchema(largest)
    .superRefine((spec, context) => crossChecks(spec, largest, context))
    .transform((spec) => ({ ...spec, metrics: withWatched(spec.metrics ?? defaultMetrics(spec.model), spec.watch) }));
}

/** The schema of a simulation's spec. */
export const specSchema = makeSpecSchema();

/** What a spec may be written as: only `model` and `schedule` are required. */
export type SpecInput = z.input<typeof specSchema>;
/** A spec with every default filled in. */
export type Spec = z.output<typeof specSchema>;
/** A spec of one model family. */
/** A spec of a model that is trained on samples. */
export type SampledSpec = Spec & { schedule: SampleSchedule };
export type CategoricalSpec = SampledSpec & { model: CategoricalModel };
export type GaussianSpec = SampledSpec & { model: GaussianModel };
export type NgramSpec = SampledSpec & { model: NgramModel };
export type RegressionSpec = Spec & { model: RegressionModel; schedule: MixtureSchedule };

export function isCategorical(spec: Spec): spec is CategoricalSpec {
  return spec.model.kind === 'categorical';
}

export function isGaussian(spec: Spec): spec is GaussianSpec {
  return spec.model.kind === 'gaussian';
}

export function isNgram(spec: Spec): spec is NgramSpec {
  return spec.model.kind === 'ngram';
}

export function isRegression(spec: Spec): spec is RegressionSpec {
  return spec.schedule.kind === 'mixture';
}

/** The spec, which must be of a categorical model. @throws InputError naming model.kind where it is not */
export function categoricalSpec(spec: Spec): CategoricalSpec {
  if (!isCategorical(spec)) throw inputError('model.kind', spec.model.kind, '"categorical"');
  return spec;
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
