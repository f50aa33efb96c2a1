/** What no single field of a spec can check. */
import type { z } from 'zod';
import { NEEDS_TRUTH, parametricNames } from '../metrics/ngram.js';
import { isMetricName, metricNames, PROBABILITY_PREFIX, probabilityToken } from '../metrics/registry.js';
import { keepsFromCollapse } from './collapse.js';
import { hint, MAX_COUNT, refuse } from './fields.js';
import { lastGeneration, UNTIL_COLLAPSE } from './generations.js';
import { vocabularyOf } from './initial.js';
import { keepsFromJumping } from './jump.js';
import { checkRegression, type MixtureSchedule, type RegressionModel } from './regression.js';
import { sizesOf, trainingRange } from './schedule.js';
import type { Draft } from './spec.js';

type Context = z.core.$RefinementCtx;

/** Schedules in which real and synthetic samples have sizes that stay. */
const steady: readonly string[] = ['partially-synthetic', 'fresh'];

/** @param largest most samples of one training set */
export function crossChecks(spec: Draft, largest: number, context: Context): void {
  // A part that was refused is not what its type says.
  if (context.issues.length > 0) return;
  if (!checkFamily(spec, context)) return;
  if (isMixture(spec)) {
    checkMixture(spec, context);
    return;
  }
  checkCorpus(spec, context);
  checkEnd(spec, context);
  checkTrainingSets(spec, largest, context);
  checkWeighting(spec, context);
  if (spec.model.kind === 'gaussian') checkGaussian(spec, context);
  if (spec.model.kind === 'ngram') checkNgram(spec, context);
  else if (spec.watch !== undefined) refuse(context, ['watch'], 'nothing, unless the model is an n-gram', spec.watch);
  checkMetrics(spec, context);
  checkMethod(spec, context);
}

const regressionModels: readonly string[] = ['ridge', 'random-projections'];

/** Regression models go with the schedule mixture, and all others with all others. */
function checkFamily({ model, schedule }: Draft, context: Context): boolean {
  const regression = regressionModels.includes(model.kind);
  if (regression === (schedule.kind === 'mixture')) return true;
  const allowed = regression
    ? `"mixture" with the model ${model.kind}`
    : `another kind with the model ${model.kind} (mixture is for ${regressionModels.join(' and ')})`;
  refuse(context, ['schedule', 'kind'], allowed, schedule.kind);
  return false;
}

type MixtureDraft = Draft & { model: RegressionModel; schedule: MixtureSchedule };

function isMixture(spec: Draft): spec is MixtureDraft {
  return spec.schedule.kind === 'mixture';
}

function checkMixture(spec: MixtureDraft, context: Context): void {
  const { model, schedule, sampling, weighting, generations } = spec;
  const only = (field: string, value: unknown, allowed: string) =>
    refuse(context, [field, 'kind'], `"plain" with a regression model${allowed}`, value);
  if (sampling.kind !== 'plain') only('sampling', sampling.kind, '');
  if (weighting.kind !== 'plain') only('weighting', weighting.kind, ' (schedule.syntheticWeight weighs its samples)');
  if (generations === UNTIL_COLLAPSE) {
    refuse(context, ['generations'], 'a whole number or a list of them with a regression model, which does not collapse', generations);
  } else checkEnd(spec, context);
  checkRegression(model, schedule, (path, allowed) => refuse(context, path, allowed));
  checkMetrics(spec, context);
  checkMethod(spec, context);
}

function checkCorpus({ model, schedule }: Draft, context: Context): void {
  if (model.kind === 'ngram' || (model.kind === 'categorical' && model.initial.kind === 'text')) return;
  for (const { path, size } of sizesOf(schedule)) {
    if (size === 'corpus')
      refuse(context, path, 'a number of samples ("corpus" needs model.initial.kind "text", or an n-gram model)', size);
  }
}

function checkEnd(spec: Draft, context: Context): void {
  const until = spec.generations === UNTIL_COLLAPSE;
  if (!until) {
    if (spec.maxGenerations !== undefined) refuse(context, ['maxGenerations'], `nothing, unless generations is "${UNTIL_COLLAPSE}"`);
    return;
  }
  if (spec.maxGenerations !== undefined) return;
  const required = `a whole number from 1 to ${MAX_COUNT}, because`;
  const reason = keepsFromCollapse(spec);
  if (reason !== undefined) refuse(context, ['maxGenerations'], `${required} ${reason}`);
  const { sampling } = spec;
  if (sampling.kind === 'temperature' && sampling.temperature > 1) {
    refuse(context, ['maxGenerations'], `${required} a temperature above 1 holds collapse up for longer than anyone can wait`);
  }
}

/** Training sets that grow without end, or that a custom schedule adds up. */
function checkTrainingSets(spec: Draft, largest: number, context: Context): void {
  const { schedule } = spec;
  const last = lastGeneration(spec);
  const most = trainingRange(schedule, last).largest;
  if (most <= largest) return;
  if (schedule.kind === 'accumulate' && typeof schedule.real === 'number') {
    const affordable = Math.floor((largest - schedule.real) / (last - 1));
    refuse(
      context,
      ['schedule', 'synthetic'],
      `at most ${affordable} for so many generations (training sets of at most ${largest} samples)`,
    );
  } else if (schedule.kind === 'custom') {
    const field = 'table' in schedule ? 'table' : 'sources';
    refuse(context, ['schedule', field], `training sets of at most ${largest} samples; the largest would have ${most}`);
  }
}

function checkMethod(spec: Draft, context: Context): void {
  const reason = spec.method === 'jump' ? keepsFromJumping(spec) : undefined;
  if (reason !== undefined) refuse(context, ['method'], `"auto" or "forward" ${reason}`, spec.method);
}

function checkWeighting({ weighting, schedule }: Draft, context: Context): void {
  if ((weighting.kind === 'real-share' || weighting.kind === 'golden-ratio') && !steady.includes(schedule.kind)) {
    const allowed = `plain or real-weight with the schedule ${schedule.kind} (${weighting.kind} needs ${steady.join(' or ')})`;
    refuse(context, ['weighting', 'kind'], allowed, weighting.kind);
  }
}

function checkGaussian({ model, schedule, sampling, ...rest }: Draft, context: Context): void {
  if (sampling.kind !== 'plain' && sampling.kind !== 'temperature') {
    refuse(context, ['sampling', 'kind'], 'plain or temperature with a Gaussian', sampling.kind);
  }
  if (model.kind !== 'gaussian' || model.estimator !== 'unbiased') return;
  const least = trainingRange(schedule, lastGeneration(rest)).smallest;
  if (least < 2) {
    refuse(
      context,
      ['model', 'estimator'],
      `"mle" with this schedule: "unbiased" takes at least 2 samples a generation, and one has ${least}`,
      model.estimator,
    );
  }
}

/** Documents have no weights, and a chain of n-gram models no collapse time. */
function checkNgram({ model, schedule, sampling, weighting, generations, metrics = [] }: Draft, context: Context): void {
  if (model.kind !== 'ngram') return;
  if (sampling.kind === 'verifier')
    refuse(context, ['sampling', 'kind'], 'plain, temperature, top-k or top-p with an n-gram model', sampling.kind);
  if (weighting.kind !== 'plain') refuse(context, ['weighting', 'kind'], '"plain" with an n-gram model', weighting.kind);
  if (generations === UNTIL_COLLAPSE) {
    refuse(context, ['generations'], 'a whole number or a list of them with an n-gram model, which has no collapse time', generations);
  }
  if (schedule.kind === 'custom' && 'sources' in schedule) {
    schedule.sources.forEach(({ weight }, i) => {
      if (weight !== undefined && weight !== 1) refuse(context, ['schedule', 'sources', i, 'weight'], '1 with an n-gram model', weight);
    });
  }
  const known = typeof model.corpus !== 'string' && model.tokens === 'word' && !model.lowercase && model.minCount === 1;
  const asked = metrics.indexOf(NEEDS_TRUTH);
  if (asked >= 0 && !known) {
    refuse(
      context,
      ['metrics', asked],
      `another metric: ${NEEDS_TRUTH} needs corpus "stories", tokens "word", lowercase false and minCount 1`,
      NEEDS_TRUTH,
    );
  }
}

function checkMetrics({ model, metrics = [] }: Draft, context: Context): void {
  const names = metricNames(model.kind);
  const tokens = model.kind === 'categorical';
  const more = tokens ? `, ${PROBABILITY_PREFIX}TOKEN` : model.kind === 'ngram' ? `, ${parametricNames.join(', ')}` : '';
  const known = `known metrics${tokens ? '' : ` of the model ${model.kind}`}: ${names.join(', ')}${more}`;
  const vocabulary = tokens ? vocabularyOf(model.initial) : undefined;
  metrics.forEach((name, i) => {
    if (!isMetricName(name, model.kind)) refuse(context, ['metrics', i], `${hint(name, names)}${known}`, name);
    if (metrics.indexOf(name) < i) refuse(context, ['metrics', i], 'each metric once', name);
    const token = probabilityToken(name);
    if (token === undefined || vocabulary === undefined) return;
    if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) >= vocabulary) {
      refuse(context, ['metrics', i], `${PROBABILITY_PREFIX}TOKEN with a token index from 0 to ${vocabulary - 1}`, name);
    }
  });
}
