/** The n-gram kernels of the three backends. */

import * as G from '../generated/javascript/ngram-layout.js';
import * as generated from '../generated/kernel.js';
import type { Memory } from './arena.js';
import { type AddonCalls, NativeCalls } from './native-calls.js';
import { type NgramLayout, type NgramShape, ngramLayout, writeNgram } from './ngram-arena.js';
import { checkNgramJob, type NgramJob, ngramSmoothings, programWords, truthDoubles, watchWords } from './ngram-job.js';
import { type NgramPlace, restoreNgram, saveNgram } from './state-ngram.js';
import { reserveMemory, type WasmExports, wasmInstance } from './wasm-instance.js';

/** Consecutive replicates. */
export interface NgramSlice {
  replicate: number;
  chains: number;
}

/** As `Kernel`, for n-grams: statuses are those of assembly/layout.ts. After OUT_FULL both outputs are to be drained. */
export interface NgramKernel {
  /** @throws InputError naming the field that is wrong. */
  load(shape: NgramShape): void;
  open(slice: NgramSlice): void;
  save(): Uint8Array | undefined;
  restore(state: Uint8Array): void;
  pause(): void;
  advance(budget: number): number | Promise<number>;
  /** The metrics' values since the last call: replicate after replicate, generation after generation. */
  drain(): Float64Array;
  /** Documents to read since the last call: for each replicate, generation, length (negative: cut), then its tokens. */
  drainText(): Int32Array;
  /** A chain of n-gram models has no collapse time: 0 for each chain that has ended. */
  collapseTimes(): Uint32Array;
  progress(): number;
  elapsed(): number | undefined;
  cancel(): void;
  free?(): void;
}

interface Functions {
  ngramPrepare(base: number): void;
  ngramTrain(base: number, generation: number): void;
  ngramAdvance(base: number, budget: number): number;
}

/** A sample of the text that a model writes. */
export interface NgramSample {
  replicate: number;
  generation: number;
  /** Whether it was longer. */
  cut: boolean;
  tokens: Int32Array;
}

/** Splits what `drainText` gives; tokens are without the end. */
export function ngramSamples(text: Int32Array): NgramSample[] {
  const samples: NgramSample[] = [];
  for (let at = 0; at < text.length; ) {
    const [replicate, generation, length] = text.subarray(at, at + 3);
    const end = at + 3 + Math.abs(length);
    samples.push({ replicate, generation, cut: length < 0, tokens: text.slice(at + 3, end - 1) });
    at = end;
  }
  return samples;
}

abstract class PortableNgram implements NgramKernel {
  protected abstract readonly memory: Memory;
  protected abstract reserve(bytes: number): void;
  protected abstract bound(): Functions;

  private layout: NgramLayout | undefined;

  load(shape: NgramShape): void {
    checkShape(shape);
    const layout = ngramLayout(shape, this.memory.base);
    this.reserve(layout.bytes);
    writeNgram(this.memory, layout, shape.outCapacity);
    this.bound().ngramPrepare(this.memory.base);
    this.layout = layout;
  }

  private get place(): NgramPlace {
    if (!this.layout) throw new Error('no job is loaded');
    return { memory: this.memory, job: this.layout.job, plan: this.layout.plan };
  }
  save(): Uint8Array | undefined {
    return saveNgram(this.place);
  }
  restore(state: Uint8Array): void {
    restoreNgram(this.place, state, (generation) => this.bound().ngramTrain(this.memory.base, generation));
  }
  pause(): void {
    this.words[G.PAUSE] = 1;
  }

  private get words(): Int32Array {
    return new Int32Array(this.memory.buffer, this.memory.base, G.HEADER_BYTES / 4);
  }
  private get doubles(): Float64Array {
    return new Float64Array(this.memory.buffer, this.memory.base, G.HEADER_BYTES / 8);
  }

  open({ replicate, chains }: NgramSlice): void {
    const { words, doubles } = this;
    doubles[G.REPLICATE / 2] = replicate;
    doubles[G.PROGRESS / 2] = 0;
    words[G.CHAINS_LEFT] = chains;
    for (const word of [G.CHAIN_INDEX, G.GENERATION, G.PHASE, G.PAUSE, G.OUT_USED, G.TEXT_USED]) words[word] = 0;
  }

  advance(budget: number): number {
    return this.bound().ngramAdvance(this.memory.base, budget);
  }

  drain(): Float64Array {
    const { words } = this;
    const values = new Float64Array(this.memory.buffer, words[G.ADDR_OUT], words[G.OUT_USED]).slice();
    words[G.OUT_USED] = 0;
    return values;
  }

  drainText(): Int32Array {
    const { words } = this;
    const text = new Int32Array(this.memory.buffer, words[G.ADDR_TEXT], words[G.TEXT_USED]).slice();
    words[G.TEXT_USED] = 0;
    return text;
  }

  collapseTimes(): Uint32Array {
    return new Uint32Array(this.words[G.CHAIN_INDEX]);
  }
  progress(): number {
    return this.doubles[G.PROGRESS / 2];
  }
  elapsed(): undefined {
    return undefined;
  }
  /** It stops between two calls of `advance`. */
  cancel(): void {}
}

function checkShape({ job, outCapacity }: NgramShape): void {
  checkNgramJob(job);
  if (outCapacity < job.metrics.length / 2) throw new RangeError('outCapacity: room for one generation is needed');
}

export class JavaScriptNgram extends PortableNgram {
  protected memory = { buffer: new ArrayBuffer(0), base: 0 };

  protected reserve(bytes: number): void {
    if (this.memory.buffer.byteLength < bytes) this.memory = { buffer: new ArrayBuffer(Math.ceil(bytes / 8) * 8), base: 0 };
  }

  // One instance of the module serves all kernels of a thread: bind this one's memory before every call.
  protected bound(): Functions {
    const functions = generated as unknown as Functions & { bindMemory(buffer: ArrayBuffer): void };
    functions.bindMemory(this.memory.buffer);
    return functions;
  }
}

class WasmNgram extends PortableNgram {
  private readonly base: number;

  constructor(private readonly exports: WasmExports & Functions) {
    super();
    this.base = exports.arenaBase();
  }

  protected get memory(): Memory {
    return { buffer: this.exports.memory.buffer as ArrayBuffer, base: this.base };
  }
  protected reserve(bytes: number): void {
    reserveMemory(this.exports, bytes);
  }
  protected bound(): Functions {
    return this.exports;
  }
}

/** @throws WebAssembly.CompileError where WebAssembly is not to be had. */
export async function wasmNgram(): Promise<NgramKernel> {
  return new WasmNgram(await wasmInstance());
}

/** The addon's class checks everything it is given: TypeError or RangeError, never a crash. */
export interface AddonNgram extends AddonCalls {
  open(replicate: number, chains: number): void;
  drainText(): Int32Array;
}

export interface NgramAddon {
  /** Empties a buffer: its memory is free at once. */
  giveBack(buffer: ArrayBuffer): void;
  NgramKernel: new (job: Record<string, unknown>, outCapacity: number) => AddonNgram;
}

export class NativeNgram extends NativeCalls<AddonNgram> implements NgramKernel {
  constructor(private readonly addon: NgramAddon) {
    super();
  }

  load(shape: NgramShape): void {
    checkShape(shape);
    const { job, outCapacity } = shape;
    this.kernel = new this.addon.NgramKernel(nativeNgramJob(job), outCapacity);
  }

  open({ replicate, chains }: NgramSlice): void {
    this.loaded.open(replicate, chains);
  }
  drainText(): Int32Array {
    return this.loaded.drainText();
  }
}

/** A job as the addon reads it: numbers and typed arrays. */
export function nativeNgramJob(job: NgramJob): Record<string, unknown> {
  const { samples, smoothing, generations: _, ...rest } = job;
  return {
    ...rest,
    ...programWords(job),
    smoothing: ngramSmoothings.indexOf(smoothing),
    report: job.report ?? new Int32Array(0),
    watch: watchWords(job),
    truth: truthDoubles(job),
    sampleDocuments: samples.documents,
    sampleLength: samples.length,
    sampleReplicates: samples.replicates,
  };
}
