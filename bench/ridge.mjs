// A replicate of ridge regression at d = 600, n = 1,200 (half of it synthetic) on one thread: drawn as a Wishart matrix and sample by sample,
// native and WASM, beside NumPy (one BLAS thread). CPU time; rounds are interleaved, so that the ratios survive a noisy machine.
// Then the same at many samples, where drawing them is the cost.
//   node bench/ridge.mjs [--rounds 7] [--replicates 4] [--many 20000] [--python python3]
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { simulate, theory } from 'model-collapse';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    replicates: { type: 'string', default: '4' },
    many: { type: 'string', default: '20000' },
    python: { type: 'string', default: 'python3' },
  },
});
const replicates = Number(options.replicates);
const model = { kind: 'ridge', dimension: 600, ridge: 0.01, spectrum: { kind: 'isotropic' } };
const usual = { kind: 'mixture', samples: 1200, syntheticFraction: 0.5, noiseReal: 0.25, noiseSynthetic: 0.25, quality: 0.5 };
const million = 1e6;

/** CPU seconds of all threads a replicate, and the mean test error with its standard error. */
async function ours(backend, draw, seed, samples = usual.samples, count = replicates) {
  const before = process.cpuUsage();
  const { testError } = await simulate({ model, schedule: { ...usual, samples, draw }, replicates: count, seed }, { backend, threads: 1 });
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6 / count, ...testError };
}

function numpy(seed, count = replicates) {
  const script = fileURLToPath(new URL('peers/ridge_numpy.py', import.meta.url));
  const { samples, noiseReal, quality } = usual;
  const list = [script, model.dimension, samples, samples / 2, model.ridge, noiseReal, quality, count, seed].map(String);
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  let output;
  try {
    output = execFileSync(options.python, list, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
  const { seconds, errors } = JSON.parse(output);
  const mean = errors.reduce((a, b) => a + b, 0) / count;
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  return { seconds: seconds / count, mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}

const ways = [
  { name: 'Wishart, native', run: (seed, count) => ours('native', 'auto', seed, usual.samples, count) },
  { name: 'rows, native', run: (seed, count) => ours('native', 'data', seed, usual.samples, count) },
  { name: 'Wishart, WASM', run: (seed, count) => ours('wasm', 'auto', seed, usual.samples, count) },
  { name: 'rows, WASM', run: (seed, count) => ours('wasm', 'data', seed, usual.samples, count) },
];
const hasNumpy = numpy(1, 2) !== undefined;
if (hasNumpy) ways.push({ name: 'rows, NumPy', run: async (seed, count) => numpy(seed, count) });

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

// Nothing is timed before its test error agrees with the law (4.5 standard errors; the law itself is off by O(1/d)).
const law = theory.linear.predict(model, usual, [1]).testError.total;
for (const { name, run } of ways) {
  const { mean, standardError } = await run(1, 24);
  const z = (mean - law) / standardError;
  if (!(Math.abs(z) < 4.5)) throw new Error(`${name}: test error ${mean}, law ${law}, z = ${z}`);
}

const times = ways.map(() => []);
for (let round = 0; round < Number(options.rounds); round++) {
  for (const [i, { run }] of ways.entries()) times[i].push(1000 * (await run(2 + round, replicates)).seconds);
}
const reference = times[ways.length - 1];
console.log(
  `| d = 600, n = 1,200, one thread | CPU ms a replicate, best | median | times ${ways[ways.length - 1].name} | spread of that ratio |\n|---|---|---|---|---|`,
);
for (const [i, { name }] of ways.entries()) {
  const ratios = times[i].map((value, round) => value / reference[round]).sort((a, b) => a - b);
  const spread = `${ratios[0].toFixed(2)} to ${ratios[ratios.length - 1].toFixed(2)}`;
  console.log(
    `| ${name} | ${Math.min(...times[i]).toFixed(1)} | ${median(times[i]).toFixed(1)} | ${median(ratios).toFixed(2)} | ${spread} |`,
  );
}
const ratio = (a, b) => median(times[a].map((value, round) => value / times[b][round])).toFixed(2);
console.log(`\nWASM against native: Wishart ${ratio(2, 0)}, rows ${ratio(3, 1)}.`);

const many = Number(options.many);
const rows = await ours('native', 'data', 1, many, 1);
const wishart = await ours('native', 'auto', 1, million, 10);
const expected = (rows.seconds * million) / many;
const how =
  many === million ? 'rows measured' : `rows from ${rows.seconds.toFixed(2)} s at n = ${many.toLocaleString('en')}, in proportion`;
console.log(
  `n = 10^6: Wishart ${(1000 * wishart.seconds).toFixed(1)} ms, ${how}: ${expected.toFixed(1)} s, ${Math.round(expected / wishart.seconds)} times as long.`,
);
console.log(`${cpus()[0].model}, Node ${process.version}.`);
if (!hasNumpy) console.log('NumPy was not found: python3 with numpy is needed for its row (--python says which).');
