// npm run bench -- [SUITE ...] [--rounds 10] [--replicates 100] [--out results-bench] [--readme] [--quick]
// Without a suite: headline. `all` is every suite. --quick leaves the peers out. What follows `--` goes to the suites that are scripts (ngram, ridge).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** A suite is a function in a file, or a script that takes its own arguments. */
const suites = {
  headline: { what: 'the headline job, on all backends and against peers', file: 'headline.mjs' },
  roofline: { what: 'generator, look-ups and memory alone, and how far the headline job is from them', file: 'roofline.mjs' },
  kernels: { what: 'generator, binomials, normals: backend against backend', file: 'kernels.mjs' },
  chains: { what: 'chains by the way their generations are drawn, on every instruction set and backend', file: 'chains.mjs' },
  schedules: { what: 'whole jobs under every schedule, backend against backend', file: 'schedules.mjs' },
  large: { what: '10^6 samples of 50,257 tokens, against peers', file: 'large.mjs' },
  threads: { what: '10^5 replicates on one thread and on two', file: 'calls.mjs' },
  facade: { what: 'what a call of simulate() costs beside its chains', file: 'calls.mjs' },
  start: { what: 'the first call of a process', file: 'calls.mjs' },
  scale: { what: 'time and memory against n, tokens, replicates, generations, contexts, threads', file: 'scale.mjs' },
  ngram: { what: 'language models: tokens per second', script: 'ngram.mjs' },
  ridge: { what: 'regression', script: 'ridge.mjs' },
};

const given = process.argv.slice(2);
const cut = given.indexOf('--') < 0 ? given.length : given.indexOf('--');

function refuse(message) {
  console.error(`${message}\nsuites: ${Object.keys(suites).join(', ')}, all`);
  process.exit(2);
}

function parsed(settings) {
  try {
    return parseArgs(settings);
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = parsed({
  args: given.slice(0, cut),
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    replicates: { type: 'string', default: '100' },
    out: { type: 'string', default: 'results-bench' },
    readme: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const positive = (name) => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) refuse(`--${name}: got "${values[name]}"; allowed: a whole number from 1`);
  return value;
};
const options = { ...values, rounds: positive('rounds'), replicates: positive('replicates') };
const unknown = positionals.find((name) => name !== 'all' && !(name in suites));
if (unknown) refuse(`suite: got "${unknown}"`);
if (values.help) {
  for (const [name, { what }] of Object.entries(suites)) console.log(`${name.padEnd(10)} ${what}`);
  process.exit(0);
}

/** Some suites need benny, which the library does not install. */
async function load(file) {
  try {
    return await import(`./${file}`);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`${error.message.split(' imported')[0]}: install it beside model-collapse`);
    return process.exit(1);
  }
}

const wanted = positionals.includes('all') ? Object.keys(suites) : positionals.length > 0 ? positionals : ['headline'];
for (const name of wanted) {
  const { file, script } = suites[name];
  console.log(`\n# ${name}\n`);
  if (!script) {
    await (await load(file))[name](options);
    continue;
  }
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...given.slice(cut + 1)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
