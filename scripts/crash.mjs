// Crash test of sweeps: kill -9 at random moments, resume, and at the end the same bytes as a sweep that nothing disturbed. Some
// points are a few long chains, which are saved in their middle.
//   node scripts/crash.mjs [KILLS (100)] [SEED (1)]
// Prints one line of figures; status 1 if anything differs or a finished file is lost.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './tools.mjs';

const [kills = 100, seed = 1] = process.argv.slice(2).map(Number);
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'model-collapse-crash-'));
const sweep = join(folder, 'sweep.json');
const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } };
const half = { kind: 'partially-synthetic', real: 100, synthetic: 100 };
const specs = [];
// Points of one block, of three, and of two, the last of which is small.
for (const replicates of [400, 3072, 1100]) {
  for (const synthetic of [50, 100, 400]) {
    for (const seed of [0, 1]) {
      specs.push({ model: zipf, schedule: { ...half, synthetic }, generations: 30, metrics: ['simpson', 'support'], replicates, seed });
    }
  }
}
// Long chains of three kinds.
const stories = { kind: 'ngram', order: 3, tokens: 'word', corpus: { kind: 'stories', documents: 200 } };
specs.splice(6, 0, { model: zipf, schedule: { ...half, real: 10, synthetic: 10 }, generations: [120_000], replicates: 2 });
specs.splice(9, 0, { model: { kind: 'gaussian', dimension: 2 }, schedule: half, generations: [120_000], replicates: 2 });
specs.splice(12, 0, { model: stories, schedule: { kind: 'replace' }, generations: 30, metrics: ['vocabulary'], replicates: 2 });
writeFileSync(sweep, JSON.stringify({ specs }));

/** Starts the sweep; kills it after so many milliseconds, or lets it end. */
function start(out, killAfter) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, 'sweep', sweep, '--out', out, '--resume', '--threads', '2', '--checkpoint-every', '0.1'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, killed: signal === 'SIGKILL', stderr });
    });
  });
}

/** Finished files with what tells whether they were written again. A point's file stands for its blocks. */
function finished(out) {
  const found = new Map();
  for (const kind of ['points', 'blocks']) {
    let names = [];
    try {
      names = readdirSync(join(out, kind)).filter((name) => !name.endsWith('.partial'));
    } catch {}
    for (const name of names) found.set(`${kind}/${name}`, statSync(join(out, kind, name)).mtimeMs);
  }
  return found;
}

function lost(before, after) {
  return [...before].filter(([name, time]) => {
    const point = name.replace(/^blocks\/(\d+)-.*/, 'points/$1.json');
    return after.get(name) !== time && !(point !== name && after.has(point));
  });
}

/** A small generator of our own, so that the moments are those of the seed. */
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

let problems = 0;
const problem = (text) => {
  problems++;
  console.error(`crash test: ${text}`);
};

const began = performance.now();
const whole = join(folder, 'whole');
const undisturbed = await start(whole);
if (undisturbed.status !== 0) problem(undisturbed.stderr);
const wholeMs = performance.now() - began;
const expected = readFileSync(join(whole, 'result.json'));

const counts = { kills: 0, sweeps: 0, starts: 0, early: 0, inside: 0 };
while (counts.kills < kills && problems < 5) {
  const out = join(folder, `crashed-${counts.sweeps++}`);
  let before = finished(out);
  for (;;) {
    counts.starts++;
    const end = await start(out, counts.kills < kills ? random() * wholeMs : undefined);
    const after = finished(out);
    if (/under way \(generation [1-9]/.test(end.stderr)) counts.inside++;
    for (const [name] of lost(before, after)) problem(`${name} was finished and is lost`);
    before = after;
    if (!end.killed) {
      if (end.status !== 0) problem(`status ${end.status}: ${end.stderr}`);
      break;
    }
    counts.kills++;
    if (after.size === 0) counts.early++;
    // What a crash leaves must never look damaged.
    if (/checksum|damaged/.test(end.stderr)) problem(end.stderr);
  }
  if (problems === 0 && !readFileSync(join(out, 'result.json')).equals(expected)) problem('the result differs from the undisturbed one');
}
rmSync(folder, { recursive: true, force: true });
const { digest } = JSON.parse(expected);
console.log(
  `crash test: ${counts.kills} kills in ${counts.starts} starts of ${counts.sweeps} sweeps (${counts.early} before the first block was finished, ` +
    `${counts.inside} starts went on inside a chain), ` +
    `${problems} problems, digest ${digest}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
process.exitCode = problems === 0 ? 0 : 1;
