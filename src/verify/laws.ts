/** Whole laws of one token's count against the exact chain of two types. */
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, probabilityOf, type Situation, specOf } from './observe.js';
import { lawTest } from './tests.js';
import { collapseLaw, countLaw } from './two-types.js';

/** Counts of `token` in the last generation of a situation. */
export function countCheck(situation: Situation, token = 0): Check {
  const generation = Math.max(...generationsOf(situation));
  return checkOf(situation, `count${token === 0 ? '' : `:${token}`}`, 'exact chain of two types', async (seed, context) => {
    const metric = `probability:${token}`;
    const { spec, truth, values } = await observe(specOf({ ...situation, at: generation }, seed, [metric], context), context);
    const { size, probability } = countLaw(spec.schedule, probabilityOf(truth, token), generation);
    const observed = new Float64Array(size + 1);
    for (const share of values) observed[Math.round(share * size)]++;
    return lawTest(observed, probability);
  });
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
