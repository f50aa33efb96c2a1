// Contenders against each other: checked, then timed in interleaved rounds.
import { theory } from 'model-collapse';
import { Contender } from './contender.mjs';
import { spread } from './statistics.mjs';

/** Standard errors that a mean may be off: a false alarm in 1.5 * 10^5 means. */
const MOST_ERRORS = 4.5;
/** In a round a contender goes on for so many seconds, or runs so often; its median counts. */
const ROUND_SECONDS = 0.1;
const MOST_REPEATS = 9;

/** What the mean of each size must be: the collapse time, or the Simpson index of the last generation. */
export function expectations({ support, exponent, generations, sizes }) {
  const weights = Array.from({ length: support }, (_, i) => (i + 1) ** -exponent);
  const total = weights.reduce((sum, x) => sum + x, 0);
  const p = weights.map((x) => x / total);
  const simpson = p.reduce((sum, x) => sum + x * x, 0);
  return sizes.map((n) =>
    generations === 0 ? theory.coalescent.expectedCollapseTime(n, p) : theory.fullySynthetic.expectedSimpson([generations], n, simpson)[0],
  );
}

const median = (values) => spread(values).median;

/**
 * Runs everyone once: a mean too far from theory, or bits that differ between backends, and the contender is out.
 * A standard error is the median of all contenders': with few replicates a single one says little.
 */
async function check(contenders, job) {
  const expected = expectations(job);
  const first = [];
  for (const contender of contenders)
    first.push({ contender, result: await contender.run(1).catch((error) => ({ failure: error.message })) });
  const ran = first.filter(({ result }) => !result.failure);
  const errors = expected.map((_, i) => median(ran.map(({ result }) => result.errors[i]).filter(Number.isFinite)));
  const reference = ran.find(({ contender }) => contender.identical)?.result;
  return first.map(({ contender, result }) => {
    if (result.failure) return { contender, refused: result.failure };
    const z = Math.max(...expected.map((mean, i) => Math.abs(result.means[i] - mean) / errors[i]));
    if (!(z < MOST_ERRORS)) return { contender, z, refused: `wrong: a mean is ${z.toFixed(0)} standard errors from its exact value` };
    const same = !contender.identical || result.means.every((mean, i) => Object.is(mean, reference.means[i]));
    return { contender, z, refused: same ? undefined : 'other bits than the other backends' };
  });
}

async function once(contender, seed) {
  const times = [];
  let total = 0;
  while (times.length === 0 || (total < ROUND_SECONDS && times.length < MOST_REPEATS)) {
    const { seconds } = await contender.run(seed + times.length);
    times.push(seconds);
    total += seconds;
  }
  return median(times);
}

/**
 * @param entries of contenders.mjs; the first is what the others are compared with
 * @returns rows { name, library, seconds: [a round each], best, median, ratio: { min, median, max } }, or { name, refused }
 */
export async function compare(entries, job, rounds, log = console.error) {
  const contenders = entries.map((entry) => new Contender(entry, job));
  try {
    const checked = await check(contenders, job);
    for (const { contender, refused } of checked) if (refused) log(`${contender.name}: not timed (${refused})`);
    const fit = checked.filter(({ refused }) => !refused);
    const times = new Map(fit.map(({ contender }) => [contender.name, []]));
    for (let round = 0; round < rounds; round++) {
      log(`round ${round + 1} of ${rounds}`);
      for (const { contender } of fit) times.get(contender.name).push(await once(contender, 1 + round * MOST_REPEATS));
    }
    const base = [...times.values()][0];
    return checked.map(({ contender: { name, library }, z, refused }) => {
      if (refused) return { name, library, refused };
      const seconds = times.get(name);
      const { min, median } = spread(seconds);
      return { name, library, z, seconds, best: min, median, ratio: spread(seconds.map((value, i) => value / base[i])) };
    });
  } finally {
    for (const contender of contenders) contender.stop();
  }
}
