/** Whole laws of one token's count against the exact chain of two types. */
import { errorSizesOf } from '../spec/model.js';
import { categoricalSpec, type Spec } from '../spec/spec.js';
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, probabilityOf, type Situation, specOf } from './observe.js';
import { lawTest } from './tests.js';
import { type ChainOptions, collapseLaw, countLaw } from './two-types.js';

/** Counts of `token` in the last generation of a situation without errors; weights of real samples are whole numbers. */
export function countCheck(situation: Situation, token = 0): Check {
  const generation = Math.max(...generationsOf(situation));
  return checkOf(situation, `count${token === 0 ? '' : `:${token}`}`, 'exact chain of two types', async (seed, context) => {
    const metric = `probability:${token}`;
    const { spec, truth, values } = await observe(specOf({ ...situation, at: generation }, seed, [metric], context), context);
    const { weighting } = spec;
    const realWeight = weighting.kind === 'real-weight' ? weighting.weight : 1;
    const options = { realWeight, ...(spec.sampling.kind === 'temperature' && { sampled: heated(spec.sampling.temperature) }) };
    const { size, probability } = countLaw(spec.schedule, probabilityOf(truth, token), generation, options);
    const observed = new Float64Array(size + 1);
    for (const share of values) observed[Math.round(share * size)]++;
    return lawTest(observed, probability);
  });
}

/** Of two types at a temperature. */
function heated(temperature: number): ChainOptions['sampled'] {
  return (q) => 1 / (1 + ((1 - q) / q) ** (1 / temperature));
}

/**
 * Samples in the last generation's training set that the truth lacks: all of those against all others are two types, whatever the truth
 * is, of which errors bring the one and a verifier removes some.
 */
export function outsideCountCheck(situation: Situation): Check {
  const generation = Math.max(...generationsOf(situation));
  return checkOf(situation, 'count-outside', 'exact chain of two types', async (seed, context) => {
    const { spec, values } = await observe(specOf({ ...situation, at: generation }, seed, ['outside-truth'], context), context);
    const a = errorSize(spec)(generation);
    const { size, probability } = countLaw(spec.schedule, 0, generation, { sampled: outsideSampled(spec) });
    const observed = new Float64Array(size + 1);
    for (const mass of values) observed[Math.round((mass * (1 + a) - a) * size)]++;
    return lawTest(observed, probability);
  });
}

/** The size of an error outside the truth, by generation. */
function errorSize(spec: Spec): (m: number) => number {
  const { error } = categoricalSpec(spec).model;
  if (error?.tokens !== 'outside') throw new RangeError('an error outside the truth is needed');
  const sizes = errorSizesOf(error);
  return (m) => sizes[Math.min(m, sizes.length) - 1];
}

function outsideSampled(spec: Spec): NonNullable<ChainOptions['sampled']> {
  const size = errorSize(spec);
  const { sampling } = spec;
  const ratio = sampling.kind === 'verifier' ? sampling.keepOutside / sampling.keepInside : 1;
  return (q, m) => {
    const outside = ratio * (q + size(m));
    return outside / (outside + 1 - q);
  };
}

/** All samples of generation 1, of all replicates, are independent draws from the truth. `size`: the training set's. */
export function truthCheck(situation: Situation, size: number, tokens: number): Check {
  const metrics = Array.from({ length: tokens }, (_, i) => `probability:${i}`);
  return checkOf(situation, 'truth-samples', 'the truth', async (seed, context) => {
    const { truth, values } = await observe(specOf({ ...situation, at: 1 }, seed, metrics, context), context);
    const observed = new Float64Array(tokens);
    values.forEach((share, i) => (observed[i % tokens] += Math.round(share * size)));
    return lawTest(
      observed,
      metrics.map((_, token) => probabilityOf(truth, token)),
    );
  });
}

/** Collapse times of two types, up to one generation (and later ones in one cell). */
export function twoTypeCollapseCheck(situation: Situation): Check {
  const last = Math.max(...generationsOf(situation));
  return checkOf(situation, 'collapse-law', 'exact chain of two types, absorbed', async (seed, context) => {
    const spec = specOf({ ...situation, at: last }, seed, ['simpson'], context);
    const { truth, collapseTimes } = await observe(spec, context);
    const cumulative = collapseLaw(spec.schedule, probabilityOf(truth, 0), last);
    const probability = cumulative.map((value, i) => value - (i > 0 ? cumulative[i - 1] : 0));
    const observed = new Float64Array(last + 1);
    for (const time of collapseTimes) observed[time === 0 ? last : time - 1]++;
    return lawTest(observed, [...probability, 1 - cumulative[last - 1]]);
  });
}
