// How time and memory grow: with n, tokens, replicates, generations, contexts, threads. Every point is one process.
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { curveChart } from './chart.mjs';
import { plainTable, save } from './report.mjs';

const full = (sampleSize) => ({ kind: 'fully-synthetic', sampleSize });
const partial = (real, synthetic) => ({ kind: 'partially-synthetic', real, synthetic });
const categorical = (initial) => ({ kind: 'categorical', initial });
const zipf = (vocabulary) => categorical({ kind: 'zipf', vocabulary, exponent: 1 });
const uniform = (vocabulary) => categorical({ kind: 'uniform', vocabulary });

/** Powers of ten from one to the other, times the factors. */
const tens = (from, to, factors = [1]) =>
  Array.from({ length: to - from + 1 }, (_, i) => factors.map((factor) => factor * 10 ** (from + i))).flat();

/**
 * The curves: `of` makes a spec of what varies. `units` is what a time is divided by in the chart, so that a flat line is
 * linear growth.
 */
const curves = {
  'sample size': {
    x: 'n',
    lines: {
      '52 tokens': { at: tens(1, 9), of: (n) => ({ model: zipf(52), schedule: full(n), generations: 200, replicates: 20 }) },
      '50,257 tokens': { at: tens(2, 9), of: (n) => ({ model: zipf(50_257), schedule: full(n), generations: 20, replicates: 1 }) },
      '10^6 tokens': { at: tens(6, 9), of: (n) => ({ model: zipf(1_000_000), schedule: full(n), generations: 10, replicates: 1 }) },
    },
  },
  'around the methods’ limits': {
    x: 'n',
    lines: {
      '20 tokens': {
        at: [64, 128, 256, 400, 500, 512, 513, 600, 1024, 2048, 4096, 4097, 8192],
        of: (n) => ({ model: uniform(20), schedule: full(n), generations: 50, replicates: 1_000 }),
      },
      '200 tokens': {
        at: [64, 128, 256, 512, 513, 796, 797, 1024, 2048, 4096, 4097, 8192],
        of: (n) => ({ model: uniform(200), schedule: full(n), generations: 20, replicates: 200 }),
      },
    },
  },
  tokens: {
    x: 'tokens',
    lines: {
      'n = 400': { at: tens(1, 6), of: (s) => ({ model: uniform(s), schedule: full(400), generations: 50, replicates: 100 }) },
      'n = 10^6': { at: tens(1, 6), of: (s) => ({ model: uniform(s), schedule: full(1_000_000), generations: 10, replicates: 1 }) },
    },
  },
  replicates: {
    x: 'replicates',
    lines: {
      'every generation': { at: tens(2, 5), of: (r) => ({ model: zipf(52), schedule: full(100), generations: 100, replicates: r }) },
      'generations 1, 10, 100': {
        at: tens(2, 6),
        of: (r) => ({ model: zipf(52), schedule: full(100), generations: [1, 10, 100], replicates: r }),
      },
      'until collapse': {
        at: tens(2, 4),
        of: (r) => ({ model: zipf(52), schedule: full(100), generations: 'until-collapse', replicates: r }),
      },
    },
  },
  contexts: {
    x: 'chains (contexts x 1,000 replicates)',
    lines: {
      'n = 50, 20 tokens, 10 generations': {
        at: [1, 10, 100, 1000].map((contexts) => contexts * 1000),
        of: (chains) => ({
          model: categorical({ kind: 'dirichlet', vocabulary: 20, concentration: 0.5, contexts: chains / 1000 }),
          schedule: full(50),
          generations: 10,
          replicates: 1000,
        }),
      },
    },
  },
  generations: {
    x: 'generations',
    lines: {
      'partially synthetic, every one': {
        at: tens(2, 6),
        of: (m) => ({ model: zipf(52), schedule: partial(50, 50), generations: m, replicates: 1 }),
      },
      'partially synthetic, the last': {
        at: tens(2, 6),
        of: (m) => ({ model: zipf(52), schedule: partial(50, 50), generations: [m], replicates: 1 }),
      },
      'fully synthetic, n = 10^4, the last': {
        at: tens(2, 5),
        of: (m) => ({ model: zipf(52), schedule: full(10_000), generations: [m], replicates: 1 }),
      },
    },
  },
  threads: {
    x: 'threads',
    lines: {
      '10^5 replicates': {
        at: Array.from({ length: cpus().length }, (_, i) => i + 1),
        vary: 'threads',
        of: () => ({ model: zipf(52), schedule: full(100), generations: [1, 10, 100], replicates: 100_000 }),
      },
    },
  },
};

const file = fileURLToPath(new URL('scale-point.mjs', import.meta.url));

async function point(spec, threads, backend) {
  const whole = { metrics: ['simpson'], seed: 1, ...spec };
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(whole), String(threads), backend]);
  return JSON.parse(stdout);
}

/** The best of a few where they are short. */
async function best(...given) {
  let found = await point(...given);
  for (let i = 0; i < 4 && found.milliseconds < 300; i++) {
    const next = await point(...given);
    if (next.cpuMilliseconds < found.cpuMilliseconds) found = next;
  }
  return found;
}

export async function scale({ out, backend = 'native' }) {
  const results = {};
  const panels = [];
  for (const [title, { x, lines }] of Object.entries(curves)) {
    const rows = [];
    for (const [name, { at, vary, of }] of Object.entries(lines)) {
      for (const value of at) {
        const measured = await best(of(value), vary === 'threads' ? value : 1, backend);
        rows.push({
          curve: name,
          [x]: value,
          ms: measured.milliseconds,
          'ms of processors': measured.cpuMilliseconds,
          MB: measured.megabytes,
        });
      }
    }
    console.log(`${title}\n\n${plainTable(rows)}\n`);
    results[title] = rows;
    for (const [what, key] of [
      ['time, ms', vary(lines) ? 'ms' : 'ms of processors'],
      ['memory, MB', 'MB'],
    ]) {
      const of = (name) => rows.filter((row) => row.curve === name).map((row) => [row[x], row[key]]);
      panels.push({ title, x, y: what, lines: Object.fromEntries(Object.keys(lines).map((name) => [name, of(name)])) });
    }
    // What there is so far: a run is long.
    await save(out, 'scale', { backend, results }, { scale: curveChart(panels, 2) });
  }
}

const vary = (lines) => Object.values(lines).some((line) => line.vary === 'threads');
