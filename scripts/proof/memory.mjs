// Memory stays flat over 10^4 runs, a third of them cancelled: every family and backend, one process.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../tools.mjs';
import { generator } from './random.mjs';
import { specsWithDigests } from './specs.mjs';
import { holds, run } from './tools.mjs';

const { simulate } = await import(join(root, 'dist/index.js'));
/** Runs after which memory is looked at: the first tenth is for compilers and allocators to settle. */
const LOOKS = 20;
/** Bytes a run: a leak of one result or one kernel would be far more. */
const MOST_SLOPE = 1024;

/** In a process of its own, started with --expose-gc. Prints the slope. */
async function measure(runs) {
  const { pick, chance, below } = generator(1);
  const specs = (await specsWithDigests()).map(({ spec }) => ({ ...spec, replicates: Math.min(spec.replicates, 5) }));
  // Those of language models take half a second each.
  const isLanguage = ({ model }) => model.kind === 'ngram';
  const [languages, others] = [specs.filter(isLanguage), specs.filter((spec) => !isLanguage(spec))];
  const counts = { finished: 0, cancelled: 0 };
  const looks = [];
  for (let i = 0; i < runs; i++) {
    const cancels = chance(1 / 3);
    const { signal, abort } = cancels ? soonAborted(below(4)) : {};
    const spec = pick(chance(0.02) ? languages : others);
    const asked = cancels ? { ...spec, replicates: 200 } : spec;
    try {
      await simulate(asked, { backend: pick(['native', 'wasm', 'javascript']), threads: 1 + below(2), signal });
      counts.finished++;
    } catch (error) {
      if (error !== abort?.reason) throw error;
      counts.cancelled++;
    }
    if ((i + 1) % Math.floor(runs / LOOKS) !== 0) continue;
    // What was cancelled ends in its own time.
    await sleep(50);
    globalThis.gc();
    looks.push([i + 1, process.memoryUsage().rss]);
  }
  const later = looks.slice(LOOKS / 4);
  console.log(JSON.stringify({ ...counts, slope: slopeOf(later), first: later[0][1], last: later.at(-1)[1] }));
}

function soonAborted(milliseconds) {
  const controller = new AbortController();
  const abort = { reason: new Error('enough') };
  setTimeout(() => controller.abort(abort.reason), milliseconds);
  return { signal: controller.signal, abort };
}

/** Least squares, bytes a run. */
function slopeOf(points) {
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const top = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return top / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

export async function prove({ long }) {
  // Of fewer, the steps of the allocator and the memory that is kept for reuse (64 MB) would look like a slope.
  const runs = long ? 10_000 : 1000;
  const output = await run(process.execPath, ['--expose-gc', import.meta.filename ?? new URL(import.meta.url).pathname, String(runs)]);
  const { finished, cancelled, slope, first, last } = JSON.parse(output.toString());
  const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  const line = `${finished} runs finished, ${cancelled} cancelled: ${slope.toFixed(0)} bytes of resident memory a run (${megabytes(first)} to ${megabytes(last)})`;
  // A short form sees the allocator's own steps.
  holds(slope < (long ? MOST_SLOPE : 100 * MOST_SLOPE), line);
  return [line];
}

if (process.argv[2] && process.argv[1] === new URL(import.meta.url).pathname) await measure(Number(process.argv[2]));
