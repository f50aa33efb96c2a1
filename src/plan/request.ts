/** What can be asked of the planner, checked. */
import { inputError, nearest } from '../errors.js';
import { MAX_COUNT, MAX_SAMPLES } from '../spec/fields.js';
import { type CategoricalSpec, categoricalSpec, parseSpec, type SpecInput } from '../spec/spec.js';

export const planSchedules = ['partially-synthetic', 'accumulate', 'fresh', 'fully-synthetic'] as const;
/** `fully-synthetic`: the amount is the size of every training set, the real one included. */
export type PlanSchedule = (typeof planSchedules)[number];

export const criteria = ['l2', 'l1', 'collapse'] as const;
/**
 * `l2`: sqrt(E||p^(m) - p^(1)||_2^2). `l1`: E||p^(m) - p^(1)||_1. `collapse`: probability of total collapse by
 * generation m; with several contexts, the mean share of them that has collapsed.
 */
export type Criterion = (typeof criteria)[number];

/** Real samples of every context: a number, or the context's count in the corpus (text only). */
export type Real = number | 'corpus';

export interface PlanRequest {
  /** A categorical model: where p^(0) comes from. */
  model: SpecInput['model'];
  /** Largest drift, or probability of collapse, that is tolerated: above 0. */
  tolerance: number;
  /** N, 1 to 2^31; needed for every schedule but `fully-synthetic`. */
  real?: Real;
  /** Horizon m in generations: 2 to 1e9, or Infinity (partially-synthetic and fresh, criteria `l2` and `collapse`). Default 50. */
  generations?: number;
  /** Default `l2`. */
  criterion?: Criterion;
  /** Default `partially-synthetic`. */
  schedule?: PlanSchedule;
  /** Seed of p^(0) where it is drawn, and of the simulations. Default 0. */
  seed?: number;
  /** Runs of each simulation; default: by the work that one takes, 200 to 10,000. */
  replicates?: number;
}

/** A request with every default filled in. */
export interface CheckedRequest {
  /** A spec with the model and the seed asked for; its schedule is a stand-in. */
  spec: CategoricalSpec;
  tolerance: number;
  real: Real;
  generations: number;
  criterion: Criterion;
  schedule: PlanSchedule;
  seed: number;
  replicates?: number;
}

/**
 * Fills in the defaults.
 * @throws InputError naming the field, the value given and what is allowed.
 */
export function checkRequest(request: PlanRequest): CheckedRequest {
  const { tolerance, generations = 50, replicates } = request;
  const schedule = word('schedule', request.schedule ?? 'partially-synthetic', planSchedules);
  const criterion = word('criterion', request.criterion ?? 'l2', criteria);
  if (!(typeof tolerance === 'number' && tolerance > 0 && tolerance < Infinity)) {
    throw inputError('tolerance', tolerance, 'a finite number above 0');
  }
  if (generations !== Infinity && !whole(generations, 2, MAX_COUNT)) {
    throw inputError('generations', generations, `a whole number from 2 to ${MAX_COUNT}, or infinity`);
  }
  if (generations === Infinity) checkEndless(schedule, criterion);
  if (replicates !== undefined && !whole(replicates, 2, MAX_COUNT)) {
    throw inputError('replicates', replicates, `a whole number from 2 to ${MAX_COUNT}`);
  }
  const real = checkReal(request.real, schedule);
  const standIn = { kind: 'partially-synthetic', real: real === 'corpus' ? 'corpus' : 1, synthetic: 1 };
  const spec = categoricalSpec(parseSpec({ model: request.model, schedule: standIn, seed: request.seed ?? 0 }));
  if (spec.model.error !== undefined)
    throw inputError('model.error', spec.model.error, 'nothing: the planner knows models without an error');
  return { spec, tolerance, real, generations, criterion, schedule, seed: spec.seed, replicates };
}

function checkEndless(schedule: PlanSchedule, criterion: Criterion): void {
  if (schedule !== 'partially-synthetic' && schedule !== 'fresh') {
    throw inputError('generations', Infinity, `a whole number from 2 to ${MAX_COUNT} with the schedule ${schedule}`);
  }
  if (criterion === 'l1') {
    throw inputError('generations', Infinity, `a whole number from 2 to ${MAX_COUNT} with the criterion l1, which simulates them`);
  }
}

function checkReal(real: Real | undefined, schedule: PlanSchedule): Real {
  if (schedule === 'fully-synthetic') {
    if (real !== undefined) throw inputError('real', real, 'nothing with fully-synthetic, whose real sample has the size of every other');
    return 1;
  }
  if (real !== 'corpus' && !whole(real, 1, MAX_SAMPLES)) {
    throw inputError('real', real, `a whole number from 1 to ${MAX_SAMPLES}, or "corpus" with a text`);
  }
  return real as Real;
}

function whole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function word<T extends string>(field: string, value: string, words: readonly T[]): T {
  const found = words.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const near = nearest(String(value), words);
  throw inputError(field, value, `one of ${words.join(', ')}${near ? ` (did you mean ${near}?)` : ''}`);
}
