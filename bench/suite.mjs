// The one place that touches benny. Every case returns a number that depends on all of its work, so that nothing is
// optimised away, and is run once and compared before it is timed.
import b from 'benny';

/** That a case is timed. */
const SECONDS = 1;

/**
 * @param cases {name: () => number | Promise<number>}; all must return the same number
 * @returns { title, cases: [{ name, perSecond, marginPercent, samples }] }
 */
export async function suite(title, cases) {
  const entries = Object.entries(cases);
  const expected = await entries[0][1]();
  for (const [name, run] of entries) {
    const got = await run();
    if (!Object.is(got, expected)) throw new Error(`${title}: ${name} gives ${got}, ${entries[0][0]} gives ${expected}`);
  }
  let kept = 0;
  const { results } = await b.suite(
    title,
    ...entries.map(([name, run]) =>
      b.add(
        name,
        async () => {
          kept += await run();
        },
        { maxTime: SECONDS },
      ),
    ),
    b.cycle(),
    b.complete(),
  );
  if (Number.isNaN(kept)) throw new Error(`${title}: not a number`);
  return { title, cases: results.map(({ name, ops, margin, samples }) => ({ name, perSecond: ops, marginPercent: margin, samples })) };
}
