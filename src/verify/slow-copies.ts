/** Metrics without a closed form, against the same training drawn pick by pick. */
import { type Check, scheduleName } from './check.js';
import { generationsOf, observe, type Situation, specOf } from './observe.js';
import { definitions, frequencies, trainingSets } from './pick-by-pick.js';
import { FairBits, seedOf } from './random.js';
import { sameMeanTest } from './tests.js';

/** The mean of a metric in the last generation, of two independent implementations; with a sampling rule too. */
export function slowCopyCheck(situation: Situation, metric: string): Check {
  const name = `categorical/${scheduleName(situation.schedule)}/${metric}/${situation.regime}`;
  const seed = seedOf(name);
  const generation = Math.max(...generationsOf(situation));
  return {
    name,
    seed,
    slow: situation.slow,
    against: 'pick-by-pick implementation',
    async run(context) {
      const { spec, truth, values } = await observe(specOf({ ...situation, at: generation }, seed, [metric], context), context);
      const [{ p }] = truth.contexts;
      const bits = new FairBits(seed);
      const copies = new Float64Array(spec.replicates);
      for (let r = 0; r < copies.length; r++) {
        if (r % 256 === 255) await pause(context.signal);
        const sets = trainingSets(spec.schedule, spec.sampling, p, generation, bits);
        const [first, last] = [sets[0], sets[generation - 1]].map((samples) => frequencies(samples, p.length));
        copies[r] = definitions[metric](last, first, Array.from(p));
      }
      return sameMeanTest(values, copies);
    },
  };
}

/** Lets other checks and an interruption in. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
