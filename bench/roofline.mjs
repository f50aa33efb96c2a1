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
  read256KB: ['a word from a random place of 256 KB', 'ns'],
  gather16KB: ['gather of 16 words, 16 KB', 'ns'],
  gather256KB: ['gather of 16 words, 256 KB', 'ns'],
  readGBs: ['reading 256 MB in order', 'GB/s'],
};

/** Generations that rows draw, of two tokens and of more, and the Poisson numbers that those need at least: one a live token but the pivot, no rejections. */
async function counts({ support, exponent, replicates, sizes }) {
  let generations = 0;
  let ofTwo = 0;
  let draws = 0;
  for (const n of sizes) {
    const onChains = ({ rows, values }) => {
      let at = 0;
      for (const length of rows) {
        // A generation is drawn from the support of the one before; direct picks are others (n < 4 (L - 1)).
        for (let m = 1; m < length; m++) {
          const live = values[at + m - 1];
          if (n < 4 * (live - 1)) continue;
          if (live === 2) {
            ofTwo++;
          } else {
            generations++;
            draws += live - 1;
          }
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
  return { generations, ofTwo, draws };
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
  if (instructionSets()[0] === 'avx512' && best.gather256KB) {
    const { generations, ofTwo, draws } = await counts(headlineJob);
    // A draw looks at one word of a row, and so does an acceptance. Sixteen at a time, no lane idle; by gathers, or by loads if those are faster.
    const sixteen = Math.min(best.gather256KB, 16 * best.read256KB);
    const lookUps = draws + generations + ofTwo;
    const milliseconds = (lookUps * sixteen) / 16 / 1e6;
    const random = (lookUps / 2) * best.generatorLanes * 1e-6;
    const kernel = await kernelTime(rounds);
    floor = {
      generations,
      ofTwo,
      draws,
      lookUpsMs: milliseconds,
      generatorMs: random,
      kernelMs: kernel,
      factor: kernel.min / milliseconds,
    };
    console.log(
      `Headline job: ${ofTwo} generations of two tokens and ${generations} of more by rows, ${lookUps} look-ups if nothing were rejected. Those alone ` +
        `${milliseconds.toFixed(2)} ms, random numbers alone ${random.toFixed(2)} ms; the C++ takes ${kernel.min.toFixed(2)} ms ` +
        `(median ${kernel.median.toFixed(2)}): ${floor.factor.toFixed(1)} times the look-ups.\n`,
    );
  }
  await save(out, 'roofline', { best, runs, floor });
}
