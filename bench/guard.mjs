// The regression guard: how long short jobs take against loops that have nothing to do with the library, in one process, in turns,
// compared with the ratios recorded in guard.json. `npm test` runs it.
//   node bench/guard.mjs              fails where a job has become slower by more than a fifth
//   node bench/guard.mjs --record     records this machine's ratios
//   node bench/guard.mjs --slow 0.3   does so much more work: it must then fail
//
// Processor time of a short piece of work only ever errs upwards, when something else has had the processor or its caches; so
// the piece that is slower than a twentieth of the others is taken. Clock frequency and neighbours change everything by about
// the same factor, and the loops are as many pieces as the jobs, spread over the same seconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chainSpecs, chainsOf } from './chains.mjs';
import { instructionSets } from './contenders.mjs';
import { references } from './guard-references.mjs';

const ROUNDS = 250;
const QUANTILE = 0.05;
/** A loss of speed of 20 %. */
const MOST = 1.2;

const { values: options } = parseArgs({
  options: { record: { type: 'boolean' }, slow: { type: 'string', default: '0' }, json: { type: 'boolean' } },
});
const file = new URL('guard.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8'));

/**
 * Jobs of about half a millisecond: replicates, or generations of one replicate. Their tables fit into the first two caches:
 * with rows up to 400 (1.5 MB) a busy neighbour made the same code 1.4 times as slow.
 */
const works = [
  { title: 'small Poisson rows: n = 60 until collapse', replicates: 60 },
  { title: 'Poisson rows in groups: n = 500, 60 tokens', replicates: 40 },
  { title: 'large counts: n = 10^6, 500 tokens', replicates: 1, generations: 20 },
];

/** Ways to run them: the fastest instruction set takes more chains at once. */
function ways() {
  const [fastest] = instructionSets();
  const native = fastest ? [{ name: 'native, scalar', backend: 'native', set: 'scalar', times: 1 }] : [];
  if (fastest && fastest !== 'scalar') native.push({ name: 'native, fastest', backend: 'native', set: fastest, times: 4 });
  return [...native, { name: 'WASM', backend: 'wasm', times: 1 }, { name: 'JavaScript', backend: 'javascript', times: 0.5 }];
}

async function jobs() {
  const made = {};
  for (const { title, replicates, generations } of works) {
    for (const { name, backend, set, times } of ways()) {
      // One chain has no lanes.
      if (generations && name === 'native, fastest') continue;
      const more = (count) => Math.round(count * times * (1 + Number(options.slow)));
      const given = generations ? { replicates, generations: more(generations) } : { replicates: more(replicates) };
      made[`${title.split(':')[0]}, ${name}`] = await chainsOf({ ...chainSpecs[title], ...given }, backend, set);
    }
  }
  return made;
}

function processorMilliseconds(work) {
  const before = process.cpuUsage();
  const done = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const result = work();
  return result instanceof Promise ? result.then(done) : done();
}

/** What a native call took is known to its thread; the rest of the call is this thread's. */
async function milliseconds(name, run) {
  if (!name.includes('native')) return processorMilliseconds(run);
  const { busy } = await run();
  return busy.reduce((sum, time, i) => sum + (i % 2 === 0 ? -time : time), 0);
}

const low = (times) => times.sort((a, b) => a - b)[Math.floor(QUANTILE * times.length)];

/** Until the compiler has done its best with the loops: on a busy machine it is late, and code that is not finished is half as fast. */
async function warmUp() {
  for (let i = 0; i < 10; i++) {
    for (let k = 0; k < 20; k++) for (const run of Object.values(references)) run();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function measure() {
  const measured = await jobs();
  await warmUp();
  const times = Object.fromEntries([...Object.keys(references), ...Object.keys(measured)].map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(references)) times[name].push(processorMilliseconds(run));
    for (const [name, run] of Object.entries(measured)) times[name].push(await milliseconds(name, run));
  }
  const logs = Object.keys(references).map((name) => Math.log(low(times[name])));
  const reference = Math.exp(logs.reduce((sum, x) => sum + x, 0) / logs.length);
  return Object.fromEntries(Object.keys(measured).map((name) => [name, Number((low(times[name]) / reference).toPrecision(4))]));
}

const cpu = `${cpus()[0].model}, ${instructionSets()[0] ?? 'no addon'}, Node ${process.versions.node.split('.')[0]}`;
const ratios = await measure();
if (options.json) console.log(JSON.stringify(ratios));
if (options.record) {
  writeFileSync(file, `${JSON.stringify({ ...recorded, [cpu]: ratios }, null, 2)}\n`);
  console.log(`recorded for ${cpu}`);
} else {
  judge();
}

/** On a processor that nobody has recorded only what would be slow on all of them counts. */
function judge() {
  const known = recorded[cpu];
  const limits = known ? [known] : Object.values(recorded);
  const most = known ? MOST : 2;
  if (!known) console.log(`no record of ${cpu}: losses of more than ${most} times are looked for (--record makes one)`);
  for (const [name, ratio] of Object.entries(ratios)) {
    const expected = Math.max(...limits.map((record) => record[name] ?? 0));
    const loss = expected > 0 ? ratio / expected : Number.NaN;
    const verdict = expected === 0 ? 'new' : loss > most ? 'SLOWER' : loss < 1 / most ? 'faster: record it' : '';
    console.log(
      `${name.padEnd(48)} ${ratio.toFixed(3).padStart(8)} of the loops, recorded ${expected.toFixed(3).padStart(8)} ${loss.toFixed(2).padStart(6)} ${verdict}`,
    );
    if (loss > most) process.exitCode = 1;
  }
}
