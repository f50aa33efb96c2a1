// What the processor can do at most, and how far the headline job is from it.
import { execFileSync } from 'node:child_process';
import { simulate } from 'model-collapse';
import { Contender } from './contender.mjs';
import { compiled, instructionSets, library } from './contenders.mjs';
import { headlineJob } from './headline.mjs';
import { plainTable, save } from './report.mjs';
import { spread } from './statistics.mjs';

const units = {
  generatorScalar: ['generator, scalar', 'ns for 64 bits'],
  generatorLanes: ['generator, 2 x 16 chains side by side', 'ns for 64 bits'],
  read16KB: ['a word from a random place of 16 KB', 'ns'],
  read1MB: ['a word from a random place of 1 MB', 'ns'],
  gather16KB: ['gather of 16 words, 16 KB', 'ns'],
  gather1MB: ['gather of 16 words, 1 MB', 'ns'],
  cells16KB: ['gathers of 16 cells of 8 bytes, 16 KB', 'ns'],
  cells1MB: ['gathers of 16 cells of 8 bytes, 1 MB', 'ns'],
  readGBs: ['reading 256 MB in order', 'GB/s'],
};

/** Generations that Poisson rows draw, and the Poisson numbers that those need at least: one a live token but the pivot, no rejections. */
async function counts({ support, exponent, replicates, sizes }) {
  let generations = 0;
  let draws = 0;
  for (const n of sizes) {
    const onChains = ({ rows, values }) => {
      let at = 0;
      for (const length of rows) {
        // A generation is drawn from the support of the one before; direct picks are others (n < 4 (L - 1)).
        for (let m = 1; m < length; m++) {
          const live = values[at + m - 1];
          if (n < 4 * (live - 1)) continue;
          generations++;
          draws += live - 1;
        }
        at += length;
      }
    };
    const initial = { kind: 'zipf', vocabulary: support, exponent };
    const spec = {
      model: { kind: 'categorical', initial },
      schedule: { kind: 'fully-synthetic', sampleSize: n },
      generations: 'until-collapse',
      replicates,
      seed: 1,
      metrics: ['support'],
    };
    await simulate(spec, { threads: 1, onChains });
  }
  return { generations, draws };
}

/** Milliseconds of the C++ alone, the best of so many runs of the headline job with seed 1. */
async function kernelTime(rounds) {
  const contender = new Contender(
    library().find(({ name }) => name.endsWith('C++ alone')),
    headlineJob,
  );
  const times = [];
  for (let i = 0; i < 3 * rounds; i++) times.push(1000 * (await contender.run(1)).seconds);
  contender.stop();
  return spread(times);
}

export async function roofline({ rounds, out }) {
  const program = compiled('roofline.cc', 'c++', ['-std=c++17']);
  if (!program) return console.log('no C++ compiler: nothing to measure with');
  const runs = Array.from({ length: Math.min(rounds, 5) }, () => JSON.parse(execFileSync(program, { encoding: 'utf8' })));
  const best = Object.fromEntries(
    Object.keys(units)
      .filter((key) => key in runs[0])
      .map((key) => [key, key === 'readGBs' ? Math.max(...runs.map((run) => run[key])) : Math.min(...runs.map((run) => run[key]))]),
  );
  console.log(`${plainTable(Object.entries(best).map(([key, value]) => ({ roofline: units[key][0], value, unit: units[key][1] })))}\n`);
  let floor;
  if (instructionSets()[0] === 'avx512' && best.cells1MB) {
    const { generations, draws } = await counts(headlineJob);
    // A draw: a packed row and a cell; a generation: its pivot's row and the acceptance. Sixteen at a time, no lane idle.
    const milliseconds = (draws * (best.gather1MB + best.cells1MB) + generations * 2 * best.gather1MB) / 16 / 1e6;
    const random = ((2 * draws + generations) / 2) * best.generatorLanes * 1e-6;
    const kernel = await kernelTime(rounds);
    floor = { generations, draws, gathersMs: milliseconds, generatorMs: random, kernelMs: kernel, factor: kernel.min / milliseconds };
    console.log(
      `Headline job: ${generations} generations by Poisson rows, ${draws} draws if nothing were rejected. Gathers alone ${milliseconds.toFixed(2)} ms, ` +
        `random numbers alone ${random.toFixed(2)} ms; the C++ takes ${kernel.min.toFixed(2)} ms (median ${kernel.median.toFixed(2)}): ${floor.factor.toFixed(1)} times the gathers.\n`,
    );
  }
  await save(out, 'roofline', { best, runs, floor });
}
