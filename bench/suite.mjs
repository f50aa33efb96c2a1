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
  const expected = await Object.values(cases)[0]();
  let kept = 0;
  const added = [];
  for (const [name, run] of Object.entries(cases)) {
    const answer = run();
    const got = await answer;
    if (!Object.is(got, expected)) throw new Error(`${title}: ${name} gives ${got}, ${Object.keys(cases)[0]} gives ${expected}`);
    let last = Promise.resolve();
    // benny tries a function without waiting for it: calls that take turns.
    const inTurn = () => {
      last = last.then(run).then((value) => void (kept += value));
      return last;
    };
    const timed = answer instanceof Promise ? inTurn : () => void (kept += run());
    added.push(b.add(name, timed, { maxTime: SECONDS }));
  }
  const { results } = await b.suite(title, ...added, b.cycle(), b.complete());
  if (Number.isNaN(kept)) throw new Error(`${title}: not a number`);
  return { title, cases: results.map(({ name, ops, margin, samples }) => ({ name, perSecond: ops, marginPercent: margin, samples })) };
}
