/** The planner: how much synthetic data keeps the drift, or the risk of collapse, within a tolerance; docs/MATH.md#planner. */
import { resolveTruth } from '../models/categorical.js';
import type { Truth } from '../models/truth.js';
import type { Initial } from '../spec/initial.js';
import { syntheticBudget } from '../theory/partially-synthetic.js';
import { type Calibration, type CalibrationStep, calibrate } from './calibrate.js';
import { type CheckRow, check, type Prediction } from './check.js';
import { collapseLaw, mean } from './collapse.js';
import { realOf, sumContexts, type TruthSums } from './contexts.js';
import { type CurveKind, driftCurve } from './laws.js';
import type { MeasureOptions } from './measure.js';
import { type CheckedRequest, type Criterion, checkRequest, type PlanRequest, type PlanSchedule, type Real } from './request.js';
import { type Allowed, allowed, type Profile, profile } from './search.js';

/** A whole number of samples; "Infinity": any amount. */
export type Amount = number | 'Infinity';

/** The amounts that are allowed: 1 ... `largest`, and all from `againFrom` on. */
export interface Budget {
  largest: Amount;
  /** Of the last training set, with `largest` (or, where that is 0, `againFrom`) samples and the mean N over contexts. */
  syntheticFraction: number;
  againFrom: number | null;
  /** `exact`: by the law. `simulation`: an estimate, with its interval. `bound`: safe, more may be allowed. */
  method: 'exact' | 'simulation' | 'bound';
  /** The criterion at the edge, `largest` or `againFrom`, and at one sample to its other side; null where there is no such amount. */
  value: number | null;
  outside: number | null;
  /** The amount with the largest drift, and that drift; null for the criterion collapse. */
  worst: { synthetic: Amount; value: number } | null;
  /** The law is not computed further: more may be allowed. */
  beyond?: true;
  /** Of an estimate: the edge if the drift were two standard errors larger, and smaller. */
  interval?: [Amount, Amount];
}

export interface Plan {
  schedule: PlanSchedule;
  criterion: Criterion;
  tolerance: number;
  generations: Amount;
  real: Real | null;
  seed: number;
  initial: Initial;
  /** Contexts, mean number of types s and mean Simpson index S_0 of p^(0), weighted by count. */
  truth: { contexts: number; types: number; simpson: number };
  budget: Budget;
  /** Criterion l1: amounts that are safe whatever the shape of the drift, by the bound by types and by sqrt(s) x L2. */
  guaranteed?: { byType: Budget; byRootS: Budget };
  /** Equation 11 of Seddik et al. for an L1 drift of `tolerance`, rounded down; null where it does not apply. */
  equation11: number | null;
  calibration?: CalibrationStep[];
  check?: CheckRow[];
}

/** What a plan was made from, for curves. */
export interface Planned {
  plan: Plan;
  request: CheckedRequest;
  truth: Truth;
  sums: TruthSums;
  calibration?: Calibration;
}

export type PlanOptions = MeasureOptions & {
  /** Simulates the answer, and an amount beyond it. */
  check?: boolean;
};

/**
 * Answers a request. Only the criterion l1 and `check` simulate.
 * @throws InputError for a request that is wrong; the signal's reason when aborted.
 */
export async function plan(request: PlanRequest, options: PlanOptions = {}): Promise<Plan> {
  return (await makePlan(checkRequest(request), options)).plan;
}

export async function makePlan(request: CheckedRequest, { check: checked, ...options }: PlanOptions): Promise<Planned> {
  const truth = await resolveTruth(request.spec);
  const sums = sumContexts(truth, request.real);
  const { schedule, criterion, tolerance, generations, real, seed, spec } = request;
  const answer = await answerOf(request, truth, sums, options);
  const plan: Plan = {
    ...{ schedule, criterion, tolerance, generations: amount(generations), real: schedule === 'fully-synthetic' ? null : real, seed },
    initial: spec.model.initial,
    truth: { contexts: sums.contexts, types: sums.types, simpson: sums.simpson },
    budget: answer.budget,
    ...(answer.guaranteed && { guaranteed: answer.guaranteed }),
    equation11: schedule === 'partially-synthetic' && criterion !== 'collapse' ? equation11(truth, real, tolerance) : null,
    ...(answer.calibration && { calibration: answer.calibration.steps }),
  };
  if (checked) plan.check = await check(request, truth, sums, { ...answer.allowed, worst: answer.worst }, answer.predict, options);
  return { plan, request, truth, sums, calibration: answer.calibration };
}

interface Answer {
  budget: Budget;
  allowed: Allowed;
  /** An amount that shows what any amount does. */
  worst: number;
  predict: Prediction;
  guaranteed?: Plan['guaranteed'];
  calibration?: Calibration;
}

async function answerOf(request: CheckedRequest, truth: Truth, sums: TruthSums, options: MeasureOptions): Promise<Answer> {
  const { criterion, schedule, generations, tolerance } = request;
  if (criterion === 'collapse') return collapseAnswer(request, truth, sums);
  const profileOf = (kind: CurveKind) => profile(driftCurve(kind, sums, schedule, generations), schedule === 'fully-synthetic');
  const budget = (within: Allowed, of: Profile, method: Budget['method'], at = of.curve.at) =>
    budgetOf(within, of, method, at, request, sums);
  const lawAt = (kind: CurveKind, n: number, m: number) => driftCurve(kind, sums, schedule, m).at(n);
  if (criterion === 'l2') {
    const l2 = profileOf('l2');
    const within = allowed(l2, tolerance);
    const predict: Prediction = (n, m) => ({ value: lawAt('l2', n, m), standardError: 0 });
    return { budget: budget(within, l2, 'exact'), allowed: within, worst: l2.worst.synthetic, predict };
  }
  const byType = profileOf('l1-by-type');
  const rootS = profileOf('l1-by-root-s');
  const safe = allowed(byType, tolerance);
  const guaranteed = { byType: budget(safe, byType, 'bound'), byRootS: budget(allowed(rootS, tolerance), rootS, 'bound') };
  const worst = byType.worst.synthetic;
  if (safe.largest === Infinity) {
    const predict: Prediction = (n, m) => ({ value: lawAt('l1-by-type', n, m), standardError: 0, atMost: true });
    return { budget: guaranteed.byType, allowed: safe, worst, guaranteed, predict };
  }
  const calibration = await calibrate(request, truth, sums, byType, options);
  const { interval, drift } = calibration;
  const estimated = budget(calibration.allowed, byType, 'simulation', (n) => drift(n, byType.curve.at(n)).value);
  return {
    ...{
      budget: { ...estimated, ...(interval && { interval: interval.map(amount) as [Amount, Amount] }) },
      allowed: calibration.allowed,
      worst,
      guaranteed,
      calibration,
    },
    predict: (n, m) => drift(n, lawAt('l1-by-type', n, m)),
  };
}

function collapseAnswer(request: CheckedRequest, truth: Truth, sums: TruthSums): Answer {
  const law = collapseLaw(truth, request);
  const predict: Prediction = (n) => {
    const values = law.at(n);
    const variance = values.reduce((sum, f) => sum + f * (1 - f), 0) / values.length ** 2;
    return { value: mean(values), standardError: 0, variance, atMost: law.method === 'bound' };
  };
  const { largest, againFrom } = law.allowed;
  const budget: Budget = {
    ...{ largest: amount(largest), syntheticFraction: fraction(largest || (againFrom ?? 0), request, sums), againFrom, method: law.method },
    ...{ value: mean(law.at(againFrom ?? 1)), outside: againFrom === null ? null : mean(law.at(againFrom - 1)), worst: null },
  };
  return { budget, allowed: law.allowed, worst: Math.ceil(sums.totalReal / sums.contexts), predict };
}

function budgetOf(
  within: Allowed,
  { curve, worst }: Profile,
  method: Budget['method'],
  at: (n: number) => number,
  request: CheckedRequest,
  sums: TruthSums,
): Budget {
  const { largest, againFrom, beyond } = within;
  const edge = largest > 0 ? largest : againFrom;
  const outside = largest > 0 ? largest + 1 : (againFrom ?? 2) - 1;
  const isAmount = edge !== null && edge < Infinity;
  return {
    largest: amount(largest),
    syntheticFraction: fraction(edge ?? 0, request, sums),
    againFrom,
    method,
    value: isAmount ? at(edge) : null,
    outside: largest < Infinity && !beyond && outside > 0 ? at(outside) : null,
    worst: curve.limit > worst.value ? { synthetic: 'Infinity', value: curve.limit } : { ...worst, value: at(worst.synthetic) },
    ...(beyond && { beyond: true as const }),
  };
}

/** Equation 11 holds for one context; the least over all of them holds for each. */
function equation11(truth: Truth, real: Real, tolerance: number): number {
  const budgets = truth.contexts.map((context) => syntheticBudget(realOf(context, real), tolerance, context.p.length));
  return Math.floor(budgets.reduce((least, budget) => Math.min(least, budget), Infinity));
}

/** The share of generated samples in the last training set. */
function fraction(synthetic: number, { schedule, generations }: CheckedRequest, { contexts, totalReal }: TruthSums): number {
  if (synthetic === Infinity || schedule === 'fully-synthetic') return 1;
  const generated = schedule === 'accumulate' ? synthetic * (generations - 1) : synthetic;
  return generated / (totalReal / contexts + generated);
}

function amount(n: number): Amount {
  return n === Infinity ? 'Infinity' : n;
}
