// The headline job on one thread, on every instruction set and backend, side by side with NumPy: 100 replicates x n in {10, 50, 100, ..., 400}, support 52,
// S_0 = 0.1, until collapse, recording the Simpson index: about 340,000 generations. Rounds are interleaved, so that
// the ratios survive a noisy machine.
//   node bench/headline.mjs [--rounds 10] [--replicates 100] [--readme]     --readme writes the table into README.md
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backendStatus, resolveTruth, simulate, theory } from 'model-collapse';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    replicates: { type: 'string', default: '100' },
    readme: { type: 'boolean' },
  },
});
const sizes = [10, 50, 100, 150, 200, 250, 300, 350, 400];
const exponent = 1.1007934473676655;
const replicates = Number(options.replicates);

function spec(sampleSize, seed) {
  return {
    model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, exponent } },
    schedule: { kind: 'fully-synthetic', sampleSize },
    generations: 'until-collapse',
    replicates,
    seed,
    metrics: ['simpson'],
  };
}

/** The ways to run it: the native backend on each instruction set of this processor, the fastest first. */
const ways = [];
for (const set of ['avx512', 'avx2', 'neon', 'scalar']) {
  process.env.MODEL_COLLAPSE_SIMD = set;
  const [{ available }] = await backendStatus();
  if (available) ways.push({ name: `native, ${set}`, backend: 'native', set });
}
ways.push({ name: 'WASM', backend: 'wasm' }, { name: 'JavaScript', backend: 'javascript' });

/** Milliseconds in the backend, and the results to check. */
async function ours({ backend, set }, seed) {
  const results = [];
  process.env.MODEL_COLLAPSE_SIMD = set ?? '';
  for (const n of sizes) results.push(await simulate(spec(n, seed), { backend, threads: 1 }));
  const seconds = results.reduce((sum, { provenance }) => sum + provenance.durationSeconds, 0);
  return { milliseconds: 1000 * seconds, results };
}

function numpy() {
  const script = fileURLToPath(new URL('peers/headline.py', import.meta.url));
  try {
    const output = execFileSync('python3', [script, String(exponent), String(replicates)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** Nothing is timed before its result agrees with theory (4.5 standard errors a mean) and with the other ways. */
async function check() {
  const reference = await ours(ways[0], 1);
  const truth = await resolveTruth(spec(100, 1));
  reference.results.forEach(({ collapseTime }, i) => {
    const exact = theory.coalescent.expectedCollapseTime(sizes[i], truth.contexts[0].p);
    const z = (collapseTime.mean - exact) / collapseTime.standardError;
    if (!(Math.abs(z) < 4.5)) throw new Error(`n = ${sizes[i]}: mean ${collapseTime.mean}, exact ${exact}, z = ${z}`);
  });
  for (const way of ways.slice(1)) {
    const other = await ours(way, 1);
    other.results.forEach(({ digest }, i) => {
      if (digest !== reference.results[i].digest) throw new Error(`${way.name} differs from ${ways[0].name} at n = ${sizes[i]}`);
    });
  }
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

await check();
const peer = 'NumPy, vectorised over replicates';
const times = new Map([...ways.map(({ name }) => name), peer].map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round++) {
  for (const way of ways) times.get(way.name).push((await ours(way, 1)).milliseconds);
  const result = numpy();
  if (result) times.get(peer).push(1000 * result.seconds);
}

const fastest = times.get(ways[0].name);
const rows = [...times]
  .filter(([, list]) => list.length > 0)
  .map(([name, list]) => {
    const ratios = list.map((value, round) => value / fastest[round]).sort((a, b) => a - b);
    const spread = `${ratios[0].toFixed(2)} to ${ratios[ratios.length - 1].toFixed(2)}`;
    return `| ${name} | ${Math.min(...list).toFixed(1)} | ${median(list).toFixed(1)} | ${median(ratios).toFixed(2)} | ${spread} |`;
  });
const table = [
  `| headline job, one thread | ms, best of ${options.rounds} | median | times the first | spread of that ratio |`,
  '|---|---|---|---|---|',
  ...rows,
  '',
  `Measured on ${cpus()[0].model} (${cpus().length} cores), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, by \`npm run bench -- --readme\`.`,
].join('\n');
console.log(table);
if (times.get(peer).length === 0) console.log('NumPy was not found: python3 with numpy is needed for that row.');
if (options.readme) {
  const file = fileURLToPath(new URL('../README.md', import.meta.url));
  const text = readFileSync(file, 'utf8');
  const marked = /(<!-- headline -->\n)[\s\S]*?(\n<!-- \/headline -->)/;
  if (!marked.test(text)) throw new Error('README.md has no <!-- headline --> block');
  writeFileSync(
    file,
    text.replace(marked, (_, before, after) => `${before}${table}${after}`),
  );
}
