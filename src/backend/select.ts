/** Chooses a backend: visible, overridable, never silent. */
import { environment, hasWorkers, loadAddon, yieldToEvents } from '#platform';
import { InputError, inputError } from '../errors.js';
import { FamilyKernel } from './family-kernel.js';
import { KernelLane, type Lane } from './lane.js';
import { type Addon, type InstructionSet, NativeKernel } from './native.js';
import { NativeNgram, type NgramAddon } from './ngram-kernel.js';
import { portableKernel } from './portable.js';
import { type PortableName, WorkerLane } from './worker-lane.js';

export type BackendName = 'native' | 'wasm' | 'javascript';
export type BackendChoice = 'auto' | BackendName;

/** From the fastest to the one that runs everywhere. */
export const backendNames: readonly BackendName[] = ['native', 'wasm', 'javascript'];

export interface BackendStatus {
  name: BackendName;
  available: boolean;
  /** Why it is not available. */
  reason?: string;
  detail?: string;
}

/** Look-ups below which a thread or worker is not worth its start: for native code some 10 ms at most. */
export const INLINE_WORK: Readonly<Record<BackendName, number>> = { native: 5_000_000, wasm: 2_000_000, javascript: 2_000_000 };

/** About 8 ms of work between two turns of the event loop. */
const INLINE_BUDGET = 800_000;
const TURN_MS = 8;

let lastTurn = 0;
let turns = Promise.resolve();

async function turn(): Promise<void> {
  if (performance.now() - lastTurn < TURN_MS) return;
  await yieldToEvents();
  lastTurn = performance.now();
}

/** For kernels in this thread: many small runs, in a row or at once, must not keep signals and timers waiting. */
const inlineTurns = {
  pause: yieldToEvents,
  // One after the other: all that wait for the same turn of the event loop would go on in it.
  turn: () => {
    turns = turns.then(turn);
    return turns;
  },
};

let addon: (Addon & NgramAddon) | Error | undefined;

function nativeAddon(): Addon & NgramAddon {
  if (addon === undefined) {
    try {
      addon = loadAddon() as Addon & NgramAddon;
    } catch (error) {
      addon = error instanceof Error ? error : new Error(String(error));
    }
  }
  if (addon instanceof Error) throw addon;
  return addon;
}

/**
 * The fastest instruction set of this processor; MODEL_COLLAPSE_SIMD stands in for it.
 * @throws InputError for a set that is not there.
 */
function instructionSet(): InstructionSet {
  const sets = nativeAddon().instructionSets;
  const wanted = environment('MODEL_COLLAPSE_SIMD') || sets[0];
  const set = sets.find((name) => name === wanted);
  if (!set) throw inputError('MODEL_COLLAPSE_SIMD', wanted, `${sets.join(', ')} (on this processor)`);
  return set;
}

/** A try, once. */
let wasmWorks: Promise<unknown> | undefined;

/** What there is of a backend. @throws Error where it can't be had. */
const details: Record<BackendName, () => Promise<string>> = {
  native: async () => {
    return `C++ addon, ${instructionSet()}`;
  },
  wasm: async () => {
    wasmWorks ??= portableKernel('wasm');
    await wasmWorks;
    return 'WebAssembly';
  },
  javascript: async () => 'plain JavaScript',
};

/** Which backends there are, and why one is not. */
export async function backendStatus(): Promise<BackendStatus[]> {
  return Promise.all(
    backendNames.map(async (name) => {
      try {
        return { name, available: true, detail: await details[name]() };
      } catch (error) {
        return { name, available: false, reason: firstLine(error) };
      }
    }),
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

export interface Selection {
  name: BackendName;
  /** Why each faster backend was refused. */
  refused: Partial<Record<BackendName, string>>;
}

/**
 * The backend asked for, or the fastest there is. MODEL_COLLAPSE_BACKEND stands in for 'auto'.
 * @throws InputError for an unknown backend, or one that can't be had.
 */
export async function selectBackend(choice: BackendChoice = 'auto'): Promise<Selection> {
  const forced = choice === 'auto' ? environment('MODEL_COLLAPSE_BACKEND') : undefined;
  const wanted = forced || choice;
  const field = forced ? 'MODEL_COLLAPSE_BACKEND' : 'backend';
  if (wanted !== 'auto' && !backendNames.includes(wanted as BackendName)) {
    throw inputError(field, wanted, ['auto', ...backendNames].join(', '));
  }
  const refused: Selection['refused'] = {};
  for (const name of wanted === 'auto' ? backendNames : [wanted as BackendName]) {
    try {
      await details[name]();
      return { name, refused };
    } catch (error) {
      if (error instanceof InputError) throw error;
      refused[name] = firstLine(error);
    }
  }
  const reasons = Object.entries(refused).map(([name, reason]) => `${name}: ${reason}`);
  throw new InputError(`${field}: got "${wanted}", which can't be had here (${reasons.join('; ')})`, field);
}

/** Empties a buffer, once the native backend has been chosen: its memory is free at once, not when it is collected. */
export function giveBack(buffer: ArrayBuffer): void {
  nativeAddon().giveBack(buffer);
}

/**
 * One lane per thread. `inline`: kernels run in this thread, for work below INLINE_WORK: portable ones in short turns, native ones
 * to the end.
 */
export async function openLanes(name: BackendName, threads: number, inline: boolean): Promise<Lane[]> {
  const lanes = Array.from({ length: threads }, () => openLane(name, inline));
  return Promise.all(lanes);
}

async function openLane(name: BackendName, inline: boolean): Promise<Lane> {
  if (name === 'native') return nativeLane(inline);
  if (!inline && hasWorkers) return idleWorker(name);
  return idleInline[name].pop() ?? new KernelLane(await portableKernel(name), { budget: INLINE_BUDGET, ...inlineTurns });
}

/** Its calls return when the output is full or the slice is done. */
function nativeLane(inline: boolean): KernelLane {
  const simd = instructionSet();
  const known = inline ? idleNative.get(simd) : undefined;
  if (known) {
    idleNative.delete(simd);
    return known;
  }
  const kernel = new FamilyKernel(new NativeKernel(nativeAddon(), simd, inline), async () => new NativeNgram(nativeAddon()));
  const lane = new KernelLane(kernel, { budget: 0, ...(inline && inlineTurns) }, !inline);
  instructionSetOf.set(lane, simd);
  return lane;
}

const idle: Record<PortableName, WorkerLane[]> = { wasm: [], javascript: [] };
const idleInline: Record<PortableName, KernelLane[]> = { wasm: [], javascript: [] };
const instructionSetOf = new WeakMap<KernelLane, InstructionSet>();
/** By instruction set: a lane that runs in this thread. */
const idleNative = new Map<InstructionSet, KernelLane>();

async function idleWorker(name: PortableName): Promise<WorkerLane> {
  for (let lane = idle[name].pop(); lane; lane = idle[name].pop()) {
    if (!lane.failed) return lane;
  }
  return WorkerLane.start(name);
}

function closeNative(lane: KernelLane): void {
  lane.free();
  const simd = instructionSetOf.get(lane);
  if (simd && !lane.concurrent && !lane.isStopped) idleNative.set(simd, lane);
}

/** Keeps workers and kernels, with the tables that they have built, for the next run; native kernels give their memory back. */
export function closeLanes(name: BackendName, lanes: readonly Lane[]): void {
  for (const lane of lanes) {
    if (name === 'native') closeNative(lane as KernelLane);
    else if (lane instanceof WorkerLane) idle[name].push(lane);
    else if (lane instanceof KernelLane && !lane.isStopped && idleInline[name].length === 0) idleInline[name].push(lane);
  }
}
