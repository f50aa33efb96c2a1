/** Laws that only jumps are checked against: of two snapshots together, and of training that takes every step. */
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, probabilityOf, type Situation, specOf } from './observe.js';
import { lawTest, sameLawTest } from './tests.js';
import { countLaw } from './two-types.js';

/** Counts of token 0 in two generations, k < m, of fully synthetic training, together: the count in m given that in k is a chain of its own. */
export function jointCountCheck(situation: Situation): Check {
  return checkOf(situation, 'count-pair', 'exact chain of two types', async (seed, context) => {
    const { spec, truth, values } = await observe(specOf(situation, seed, ['probability:0'], context), context);
    const [k, m] = generationsOf(situation);
    const { size, probability: first } = countLaw(spec.schedule, probabilityOf(truth, 0), k);
    const cells = size + 1;
    const probability = new Float64Array(cells * cells);
    first.forEach((mass, x) => {
      countLaw(spec.schedule, x / size, m - k).probability.forEach((part, y) => (probability[x * cells + y] = mass * part));
    });
    const observed = new Float64Array(cells * cells);
    for (let i = 0; i < values.length; i += 2) observed[Math.round(values[i] * size) * cells + Math.round(values[i + 1] * size)]++;
    return lawTest(observed, probability);
  });
}

/** The whole law of a metric in the last generation, against as many chains that take every step, with other random numbers. */
export function sameAsForwardCheck(situation: Situation, metric: string): Check {
  return checkOf(situation, `${metric}-law`, 'the same chains step by step', async (seed, context) => {
    const columns = generationsOf(situation).length;
    const last = async (one: Situation, seed: number) => {
      const { values } = await observe(specOf(one, seed, [metric], context), context);
      return values.filter((_, i) => i % columns === columns - 1);
    };
    return sameLawTest(await last(situation, seed), await last({ ...situation, method: 'forward' }, seed + 1));
  });
}
