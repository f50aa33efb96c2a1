/** Metrics without a closed form, against the same training drawn pick by pick. */
import { Pace } from '../models/pace.js';
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, type Situation, specOf } from './observe.js';
import { definitions, frequencies, trainingSets } from './pick-by-pick.js';
import { FairBits } from './random.js';
import { sameMeanTest } from './tests.js';

/** The mean of a metric in the last generation, of two independent implementations; with a sampling rule too. */
export function slowCopyCheck(situation: Situation, metric: string): Check {
  const generation = Math.max(...generationsOf(situation));
  return checkOf(situation, metric, 'pick-by-pick implementation', async (seed, context) => {
    const { spec, truth, values } = await observe(specOf({ ...situation, at: generation }, seed, [metric], context), context);
    const [{ p }] = truth.contexts;
    const bits = new FairBits(seed);
    const pace = new Pace(context.signal);
    const copies = new Float64Array(spec.replicates);
    for (let r = 0; r < copies.length; r++) {
      await pace.turn();
      const sets = trainingSets(spec.schedule, spec.sampling, p, generation, bits);
      const [first, last] = [sets[0], sets[generation - 1]].map((samples) => frequencies(samples, p.length));
      copies[r] = definitions[metric](last, first, Array.from(p));
    }
    return sameMeanTest(values, copies);
  });
}
