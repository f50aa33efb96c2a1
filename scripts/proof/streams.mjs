// The random streams of the kernels through dieharder: that of one replicate, and 1,024 of them with a number of each in turn. Every test reads streams
// of a seed of its own, from the beginning.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { holds, needs, run } from './tools.mjs';

/** Number of the test, and its argument where it takes several. Left out: diehard_sums, which dieharder itself distrusts. */
const quick = [[0], [100], [101]];
const all = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 100, 101, 102].map((test) => [test]),
  ...[1, 2, 4, 8, 12].map((n) => [200, n]),
  ...[2, 5].map((n) => [201, n]),
  ...[2, 5].map((n) => [202, n]),
  ...[0, 1, 8, 31].map((n) => [203, n]),
  ...[204, 205, 206, 207, 208, 209].map((test) => [test]),
];
const kinds = { single: [], interleaved: ['1024'] };

/** @returns rows of dieharder: name, argument, samples, p-samples, p-value, assessment */
async function assess(program, kind, [test, n]) {
  const seed = String(test + 1000 * (n ?? 0));
  const source = spawn(program, [seed, ...kinds[kind]], { stdio: ['ignore', 'pipe', 'ignore'] });
  const judge = spawn('dieharder', ['-g', '200', '-d', String(test), ...(n === undefined ? [] : ['-n', String(n)])], {
    stdio: [source.stdout, 'pipe', 'ignore'],
  });
  source.stdout.destroy();
  let output = '';
  judge.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [status] = await once(judge, 'close');
  source.kill();
  holds(status === 0, `dieharder -d ${test}: status ${status}`);
  return output
    .split('\n')
    .map((line) => line.split('|').map((field) => field.trim()))
    .filter((fields) => /^(PASSED|WEAK|FAILED)$/.test(fields.at(-1)));
}

export async function prove({ long }) {
  const compiler = needs('g++');
  needs('dieharder');
  mkdirSync(join(root, 'build/proof'), { recursive: true });
  const program = join(root, 'build/proof/stream');
  await run(compiler, ['-std=c++17', '-O2', `-I${join(root, 'native')}`, join(root, 'scripts/proof/native/stream.cc'), '-o', program]);
  const work = async (kind) => {
    const rows = [];
    for (const test of long ? all : quick) {
      const found = await assess(program, kind, test);
      holds(found.length > 0, `dieharder -d ${test[0]} said nothing`);
      rows.push(...found);
      if (long)
        for (const [name, ntuple, , , p, assessment] of found) console.log(`  ${kind} | ${name} | ${ntuple} | ${p} | ${assessment}`);
    }
    const count = (assessment) => rows.filter((row) => row.at(-1) === assessment).length;
    const values = rows.map((row) => Number(row[4]));
    const line = `${kind}: ${rows.length} p-values, ${count('PASSED')} passed, ${count('WEAK')} weak, ${count('FAILED')} failed, from ${Math.min(...values)} to ${Math.max(...values)}`;
    holds(count('FAILED') === 0, line);
    return line;
  };
  return Promise.all(Object.keys(kinds).map(work));
}
