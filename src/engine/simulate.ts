/** The one way to run a spec: checks it, picks a backend, simulates, sums up. */
import { machine, version } from '#platform';
import { exactly, giveRoom } from '../backend/buffers.js';
import type { Job, Slice, SliceResult } from '../backend/job.js';
import type { Lane, OnText } from '../backend/lane.js';
import { closeLanes, giveBack, openLanes } from '../backend/select.js';
import { parseSpec, type Spec, type SpecInput } from '../spec/spec.js';
import type { TextCorpus } from '../text/corpus.js';
import { Checkpoints, NO_CHECKPOINTS } from './checkpoints.js';
import { corpusFacts } from './corpus-facts.js';
import { Digest } from './digest.js';
import { findings } from './findings.js';
import { type Meter, startMeter } from './meter.js';
import { Pool } from './pool.js';
import { checkThreads, prepare } from './prepare.js';
import { Replicates, replicateShape } from './replicates.js';
import type { Chains } from './resolve.js';
import type { Result, SimulateOptions, TextSample } from './result.js';
import { slices } from './slices.js';
import { Summary } from './summary.js';
import { readableSamples } from './text-samples.js';

/**
 * Simulates a spec (docs of the spec: `model-collapse schema`). Same spec and seed: same digest, on every backend,
 * number of threads and machine.
 * @throws InputError for a spec, backend or number of threads that can't be run; the signal's reason when aborted.
 */
export async function simulate(input: SpecInput, options: SimulateOptions = {}): Promise<Result> {
  const spec = parseSpec(input);
  const threads = checkThreads(options.threads);
  options.signal?.throwIfAborted();
  const running: Running = { lanes: [] };
  try {
    return await raceAbort(run(spec, threads, running, options), options.signal, async () => running.checkpoints?.saveAll());
  } catch (error) {
    stop(running);
    throw error;
  }
}

/** What there is to stop, and to save before. */
interface Running {
  lanes: Lane[];
  checkpoints?: Checkpoints;
}

function stop({ lanes }: Running): void {
  for (const lane of lanes) lane.stop();
}

/**
 * All the checks of `simulate`, without simulating: spec, backend, threads, text files, memory.
 * @throws InputError as `simulate` would.
 */
export async function checkRun(input: SpecInput, options: Pick<SimulateOptions, 'backend' | 'threads' | 'signal'> = {}): Promise<void> {
  await prepare(parseSpec(input), checkThreads(options.threads), options.backend, options.signal);
}

async function run(spec: Spec, threads: number, running: Running, options: SimulateOptions): Promise<Result> {
  const startedAt = new Date();
  const began = performance.now();
  const { selection, truth, corpus, job, chains, shape, inline } = await prepare(spec, threads, options.backend, options.signal);
  const { lanes } = running;
  lanes.push(...(await openLanes(selection.name, shape.threads, inline)));
  if (options.signal?.aborted) {
    stop(running); // they were opened after the abort, which had none to stop
    throw options.signal.reason;
  }
  await Promise.all(lanes.map((lane) => lane.open(shape)));
  const facts = corpus && corpusFacts(corpus);
  if (selection.name === 'native') forgetTexts(job, corpus);
  const setupSeconds = (performance.now() - began) / 1000;
  const samples: TextSample[] = [];
  const onText = async (text: Int32Array) => {
    if (!corpus) return;
    const written = readableSamples(text, corpus);
    samples.push(...written);
    await options.onSamples?.(written);
  };
  const { summaries, digest, durationSeconds } = await runJob(job, spec, chains, running, shape.chainsPerSlice, options, onText);
  options.signal?.throwIfAborted();
  // Whoever takes them next is not to be stopped by a late abort.
  closeLanes(selection.name, lanes.splice(0));
  const provenance = {
    version: version(),
    backend: selection.name,
    threads,
    seed: spec.seed,
    spec,
    machine: machine(),
    ...(Object.keys(selection.refused).length > 0 && { refused: selection.refused }),
    ...(truth?.corpus && { corpus: truth.corpus }),
    ...(facts && { corpus: facts }),
    startedAt: startedAt.toISOString(),
    durationSeconds,
    setupSeconds,
  };
  return { provenance, ...findings(spec, summaries, corpus && samples), digest };
}

/** The native lanes have a copy of their own of every text. */
function forgetTexts(job: Job, corpus: TextCorpus | undefined): void {
  if (job.family !== 'ngram' || !corpus) return;
  for (const { buffer } of [job.ngram.corpus, corpus.training.tokens]) giveBack(buffer as ArrayBuffer);
}

async function runJob(
  job: Job,
  spec: Spec,
  chains: Chains,
  running: Running,
  chainsPerSlice: number,
  options: SimulateOptions,
  onText: OnText,
) {
  const contexts = job.contextCount;
  const { lanes } = running;
  const shape = replicateShape(spec, job, chains);
  const replicates = new Replicates(shape);
  const summary = new Summary(shape);
  const digest = new Digest(contexts);
  const meter: Meter = startMeter({ lanes, replicates: spec.replicates, contexts, job, onProgress: options.onProgress });
  const store = options.checkpoints ?? NO_CHECKPOINTS;
  /** What can be used again afterwards: callers, checkpoints and replicates of many contexts may keep what they are given. */
  const held: Float64Array[] = [];
  const nobodyElse = !options.onChains && store.everyMs === 0 && contexts === 1;
  const onResult = async (slice: Slice, given: SliceResult) => {
    // Callers get arrays of their own, not views of memory that is used again.
    const result = options.onChains ? { ...given, values: exactly(given.values, store.everyMs === 0) } : given;
    // Of the slice that fills the summary, too, some replicates are held.
    const holds = summary.holdsReplicates;
    digest.add(result);
    for (const replicate of replicates.add(result)) summary.add(replicate);
    meter.add(slice, result);
    if (nobodyElse) {
      if (holds) held.push(result.values);
      else giveRoom(result.values);
    }
    await options.onChains?.({
      firstChain: slice.replicate * contexts + slice.context,
      contexts,
      contextLabels: chains.labels,
      metrics: spec.metrics,
      generationOf: (row) => shape.generations?.[row] ?? row + 1,
      rows: result.collapseTimes.map((time) => replicates.rowsOf(time)),
      values: result.values,
      collapseTimes: shape.jumps.length === 0 ? result.collapseTimes : new Uint32Array(result.collapseTimes.length),
    });
  };
  const checkpoints = new Checkpoints(store, lanes, contexts);
  running.checkpoints = checkpoints;
  const tasks = slices(spec.replicates, contexts, chainsPerSlice, store.found);
  const pool = new Pool({ lanes, tasks, onRun: (slice, result) => checkpoints.add(slice, result), onResult, onText });
  try {
    await checkpoints.during(() => pool.run());
  } finally {
    meter.stop();
  }
  const summaries = summary.finish();
  for (const values of held) giveRoom(values);
  return { summaries, digest: digest.finish(), durationSeconds: pool.durationSeconds };
}

/** Rejects as soon as the signal says so and `before` is done, whatever the work still does. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined, before: () => Promise<void>): Promise<T> {
  if (!signal) return work;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => void before().then(() => reject(signal.reason), reject);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    work.catch(() => {}); // it fails when its lanes stop
    signal.removeEventListener('abort', abort);
  }
}
