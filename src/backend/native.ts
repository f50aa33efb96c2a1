/** The kernels in C++ (native/), through Node-API; each call runs on a thread of its own, in memory of its own. */
import { ways } from './arena-regression.js';
import type { Job, SampledJob, Slice } from './job.js';
import { type Kernel, loopShape, type Shape } from './kernel.js';
import { contextTables, pools, programTables } from './tables.js';

/** In the order of their numbers in the addon. */
const families: readonly Job['family'][] = ['categorical', 'gaussian', 'regression'];

/** The addon's Kernel checks everything it is given: TypeError or RangeError, never a crash. */
export interface AddonKernel {
  open(replicate: number, context: number, chains: number): void;
  /** Null where the chain is in the middle of something. */
  save(): Uint8Array | null;
  restore(state: Uint8Array): void;
  pause(): void;
  advance(): Promise<number>;
  drain(): Float64Array;
  collapseTimes(): Uint32Array;
  progress(): number;
  /** Milliseconds of the last `advance`. */
  elapsed(): number;
  cancel(): void;
}

/** Instruction sets that chains can run side by side on; all give the same bits. */
export type InstructionSet = 'scalar' | 'neon' | 'avx2' | 'avx512';

export interface Addon {
  Kernel: new (job: Record<string, unknown>, outCapacity: number, simd?: InstructionSet) => AddonKernel;
  /** Those that this processor has, the fastest first. */
  instructionSets: InstructionSet[];
  /** Single functions of the kernels, for tests. */
  probes: Record<string, (...args: unknown[]) => unknown>;
}

/** What the addon needs of a job beside its numbers. */
function familyFields(job: SampledJob): object {
  if (job.family === 'regression') return { wayId: ways.indexOf(job.way) };
  return job.family === 'gaussian' ? {} : { ...job.contexts, ...contextTables(job.contexts) };
}

export class NativeKernel implements Kernel {
  private kernel: AddonKernel | undefined;

  /** @param simd one of the addon's instruction sets. */
  constructor(
    private readonly addon: Addon,
    private readonly simd: InstructionSet = 'scalar',
  ) {}

  load(shape: Shape): void {
    const { job, outCapacity } = loopShape(shape);
    const { program, report, ...numbers } = job;
    const { sizeSlots, lookBack, pool } = program;
    const loop = { sizeSlots, lookBack, pool: pools.indexOf(pool), report: report ?? new Int32Array(0), ...programTables(program) };
    const source = { ...numbers, familyId: families.indexOf(job.family), ...loop, ...familyFields(job) };
    this.kernel = new this.addon.Kernel(source, outCapacity, this.simd);
  }

  private get loaded(): AddonKernel {
    if (!this.kernel) throw new Error('no job is loaded');
    return this.kernel;
  }

  open({ replicate, context, chains }: Slice): void {
    this.loaded.open(replicate, context, chains);
  }
  save(): Uint8Array | undefined {
    return this.loaded.save() ?? undefined;
  }
  restore(state: Uint8Array): void {
    this.loaded.restore(state);
  }
  pause(): void {
    this.loaded.pause();
  }
  advance(): Promise<number> {
    return this.loaded.advance();
  }
  drain(): Float64Array {
    return this.loaded.drain();
  }
  collapseTimes(): Uint32Array {
    return this.loaded.collapseTimes();
  }
  progress(): number {
    return this.loaded.progress();
  }
  elapsed(): number {
    return this.loaded.elapsed();
  }
  cancel(): void {
    this.loaded.cancel();
  }
}
