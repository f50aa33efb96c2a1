/**
 * The exact law of total collapse for fully synthetic training of one context or many (docs/MATH.md#lineages). Contexts do not
 * interact: all of them have collapsed by generation m with the product of their probabilities.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSize } from './check.js';
import { collapsed, expectedCollapseTime } from './coalescent.js';
import { expectedTypes, type GroupedDistribution, group, powerSums } from './distribution.js';
import { LineageCount } from './occupancy.js';

/** One context: n samples a generation of a truth p, and its weight in averages (the weights sum to 1). */
export interface CollapsingContext {
  sampleSize: number;
  p: ArrayLike<number>;
  weight: number;
}

export interface CollapseLaw {
  generation: number[];
  /** P(T <= m) at each generation, T being when the last context collapses. */
  cdf: number[];
  /** Mean number of contexts that have collapsed by each generation. */
  collapsed: number[];
  /** Mean support size at each generation, averaged over contexts; absent where it would take too long. */
  support?: number[];
  /** E[T]. */
  mean: number;
  /** Smallest m with P(T <= m) >= q, for each q asked for. */
  quantiles: number[];
}

export interface CollapseQuestion {
  /** Generations to report, increasing; or a probability: all of them, 1 ... m, up to the first m with P(T <= m) >= q. */
  generations: readonly number[] | { until: number; atMost?: number };
  /** Probabilities q of `quantiles`, in (0, 1), increasing. */
  quantiles?: readonly number[];
  support?: boolean;
}

/** The largest sample size that `collapseLaw` takes, and the most work: seconds. */
const largestSampleSize = 1e5;
const mostSamples = 2e6;
const mostLineageWork = 1e8;
/** Terms 1 - (1 - p_i)^k that a mean support size may take. */
const mostTypeTerms = 1e8;

/** The mean over many contexts is summed until P(T > m) is below this; a geometric tail is added. */
const endOfMean = 1e-9;
/** Lineage counts less likely than this add nothing to P(T > m) or to a mean support size. */
const negligible = 1e-25;

/** Whether `collapseLaw` takes these sizes: each at most 1e5, and seconds of work in all. */
export function hasCollapseLaw(sampleSizes: readonly number[]): boolean {
  let samples = 0;
  let work = 0;
  for (const n of sampleSizes) samples += n;
  for (const n of new Set(sampleSizes)) work += n ** 1.5;
  return sampleSizes.every((n) => n <= largestSampleSize) && samples <= mostSamples && work <= mostLineageWork;
}

/**
 * The law of the total collapse time T, and the support size on the way. Time: milliseconds for a few hundred samples, seconds at 1e5.
 * @throws InputError for contexts that `hasCollapseLaw` refuses, generations or probabilities out of range
 */
export function collapseLaw(contexts: readonly CollapsingContext[], question: CollapseQuestion): CollapseLaw {
  for (const { sampleSize } of contexts) checkSize('sampleSize', sampleSize, largestSampleSize);
  if (!hasCollapseLaw(contexts.map(({ sampleSize }) => sampleSize))) {
    throw inputError('contexts', contexts.length, `at most ${mostSamples} samples a generation in all contexts`);
  }
  const { generations, quantiles: probabilities = [] } = question;
  const listed = 'until' in generations ? undefined : generations;
  if (listed) checkGenerations(listed, 1);
  const until = 'until' in generations ? generations.until : 0;
  const atMost = ('until' in generations ? generations.atMost : undefined) ?? Infinity;
  for (const q of [...probabilities, until]) if (!(q >= 0 && q < 1)) throw inputError('probability', q, 'above 0 and below 1');

  const sizes = [...new Set(contexts.map(({ sampleSize }) => sampleSize))];
  const groups = sizes.map(
    (n) =>
      new Group(
        n,
        contexts.filter(({ sampleSize }) => sampleSize === n),
      ),
  );
  const rows = listed?.length ?? 1000;
  const wantsSupport = question.support === true && groups.reduce((sum, part) => sum + part.typeTerms(rows), 0) <= mostTypeTerms;
  const single = contexts.length === 1;
  const law: CollapseLaw = { generation: [], cdf: [], collapsed: [], mean: 0, quantiles: [] };
  if (wantsSupport) law.support = [];

  let reporting = true;
  let sum = 0;
  let next = 0;
  let survival = 1;
  for (let m = 1; ; m++) {
    const logCdf = groups.reduce((total, part) => total + part.update(), 0);
    const cdf = Math.exp(logCdf);
    // P(T > m - 1) is one more generation of the mean, E[T] = sum_(m >= 0) P(T > m).
    sum += survival;
    survival = -Math.expm1(logCdf);
    while (law.quantiles.length < probabilities.length && cdf >= probabilities[law.quantiles.length]) law.quantiles.push(m);
    if (reporting && (listed === undefined || listed[next] === m)) {
      law.generation.push(m);
      law.cdf.push(cdf);
      law.collapsed.push(groups.reduce((total, part) => total + part.collapsed, 0));
      law.support?.push(groups.reduce((total, part) => total + part.support(), 0));
      next++;
      if (listed === undefined ? cdf >= until || m >= atMost : next >= listed.length) reporting = false;
    }
    if (listed?.length === 0) reporting = false;
    const hasMean = single || survival < endOfMean;
    if (!reporting && law.quantiles.length === probabilities.length && hasMean) break;
    if (groups.every((part) => part.absorbed) && survival === 0) {
      for (; listed && reporting && next < listed.length; next++) atRest(law, listed[next], contexts.length);
      break;
    }
    for (const part of groups) part.advance();
  }
  law.mean = single ? expectedCollapseTime(contexts[0].sampleSize, contexts[0].p) : sum + survival * Math.max(...sizes);
  return law;
}

/** A generation after everything has collapsed. */
function atRest(law: CollapseLaw, m: number, contexts: number): void {
  law.generation.push(m);
  law.cdf.push(1);
  law.collapsed.push(contexts);
  law.support?.push(1);
}

/** The contexts of one sample size: they share the chain of lineage counts. */
class Group {
  /** Mean number of these contexts that have collapsed, set by `update`. */
  collapsed = 0;
  private readonly lineages: LineageCount;
  private readonly distributions: GroupedDistribution[];
  private readonly sums: Float64Array[];
  /** Weighted mean number of types among k draws, filled in as needed. */
  private types: Float64Array | undefined;

  constructor(
    private readonly n: number,
    private readonly contexts: readonly CollapsingContext[],
  ) {
    this.lineages = new LineageCount(n);
    this.distributions = contexts.map(({ p }) => group(p));
    this.sums = this.distributions.map((distribution) => powerSums(distribution, n));
  }

  get absorbed(): boolean {
    return this.lineages.absorbed;
  }

  advance(): void {
    this.lineages.advance();
  }

  /** Terms that the support sizes of `rows` generations may take. */
  typeTerms(rows: number): number {
    const kinds = this.distributions.reduce((sum, { probability }) => sum + probability.length, 0);
    return kinds * Math.min(this.n, rows * 40 * Math.sqrt(this.n));
  }

  /** The logarithm of the probability that all of these contexts have collapsed. */
  update(): number {
    let log = 0;
    this.collapsed = 0;
    for (let j = 0; j < this.sums.length; j++) {
      const rho = this.distributions[j].support === 1 ? 1 : collapsed(this.lineages, this.sums[j]);
      this.collapsed += rho;
      if (rho < 0.5) log += Math.log(rho);
      else if (this.distributions[j].support > 1) log += Math.log1p(-this.diverse(this.sums[j]));
    }
    return log;
  }

  /** 1 - E[f(K)], to full precision where it is small. */
  private diverse(sums: Float64Array): number {
    const { probability, lo, hi } = this.lineages;
    let mean = 0;
    for (let k = Math.max(2, lo); k <= hi; k++) mean += probability[k] * (1 - sums[k]);
    return Math.min(1, mean);
  }

  /** Weighted mean support size of this generation. */
  support(): number {
    this.types ??= new Float64Array(this.n + 1);
    const { types } = this;
    const { probability, lo, hi } = this.lineages;
    let mean = 0;
    for (let k = lo; k <= hi; k++) {
      if (probability[k] < negligible) continue;
      if (types[k] === 0) {
        for (let j = 0; j < this.contexts.length; j++) types[k] += this.contexts[j].weight * expectedTypes(this.distributions[j], k);
      }
      mean += probability[k] * types[k];
    }
    return mean;
  }
}
