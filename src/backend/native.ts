/** The kernels in C++ (native/), through Node-API, in memory of their own. */
import { ways } from './arena-regression.js';
import { takeRoom } from './buffers.js';
import { concatenate } from './concatenate.js';
import type { CategoricalJob, Job, SampledJob, Slice } from './job.js';
import { type Kernel, loopShape, type Shape } from './kernel.js';
import { type AddonCalls, NativeCalls } from './native-calls.js';
import { contextTables, pools, programTables } from './tables.js';

/** In the order of their numbers in the addon. */
const families: readonly Job['family'][] = ['categorical', 'gaussian', 'regression'];

/** The addon's Kernel checks everything it is given: TypeError or RangeError, never a crash. */
export interface AddonKernel extends AddonCalls {
  /** Another job in the place of the one before. */
  load(job: Record<string, unknown>, outCapacity: number, simd?: InstructionSet): void;
  open(replicate: number, context: number, chains: number): void;
  /** `advance` on the calling thread: writes values to the room, of at least outCapacity numbers, and returns how many. */
  advanceHere(room: Float64Array): number;
  /** What the last `advanceHere` would have returned as `advance`. */
  status(): number;
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

const nothing = new Int32Array(0);

/** A job as the addon reads it. */
function sourceOf(job: SampledJob): Record<string, unknown> {
  if (job.family === 'categorical') return categoricalSource(job);
  const { program, report, ...numbers } = job;
  const { sizeSlots, lookBack, pool } = program;
  const loop = { sizeSlots, lookBack, pool: pools.indexOf(pool), report: report ?? nothing, ...programTables(program) };
  const family = job.family === 'regression' ? { wayId: ways.indexOf(job.way) } : {};
  return { ...numbers, familyId: families.indexOf(job.family), ...loop, ...family };
}

/** Field by field: as three spread objects it took longer than a small job (45 us). */
function categoricalSource(job: CategoricalJob): Record<string, unknown> {
  const { sizeSlots, lookBack, pool } = job.program;
  const { lines, blocks, blockWeights } = programTables(job.program);
  const { starts, tokens, p } = job.contexts;
  const { logP, suffix, cells, cellStarts } = contextTables(job.contexts);
  return {
    familyId: 0,
    seed: job.seed,
    contextCount: job.contextCount,
    sizes: job.sizes,
    metrics: job.metrics,
    report: job.report ?? nothing,
    lastGeneration: job.lastGeneration,
    untilCollapse: job.untilCollapse,
    sizeSlots,
    lookBack,
    pool: pools.indexOf(pool),
    lines,
    blocks,
    blockWeights,
    starts,
    tokens,
    p,
    logP,
    suffix,
    cells,
    cellStarts,
    rule: job.rule,
    ruleParameter: job.ruleParameter,
    weighted: job.weighted,
    realWeights: job.realWeights,
    rates: job.rates,
    errorSizes: job.errorSizes,
    errorShares: job.errorShares,
    jumps: job.jumps,
  };
}

export class NativeKernel extends NativeCalls<AddonKernel> implements Kernel {
  private outCapacity = 0;
  /** What has been written in this thread since the last `drain`. */
  private written: Float64Array[] = [];

  /**
   * @param simd one of the addon's instruction sets
   * @param here whether to run in the calling thread, not on one of its own: for work of some milliseconds
   */
  constructor(
    private readonly addon: Addon,
    private readonly simd: InstructionSet = 'scalar',
    private readonly here = false,
  ) {
    super();
  }

  load(shape: Shape): void {
    const { job, outCapacity } = loopShape(shape);
    const source = sourceOf(job);
    this.outCapacity = outCapacity;
    if (this.kernel) this.kernel.load(source, outCapacity, this.simd);
    else this.kernel = new this.addon.Kernel(source, outCapacity, this.simd);
  }

  open({ replicate, context, chains }: Slice): void {
    this.written = [];
    this.loaded.open(replicate, context, chains);
  }

  override advance(): number | Promise<number> {
    if (!this.here) return super.advance();
    const room = takeRoom(this.outCapacity);
    this.written.push(room.subarray(0, this.loaded.advanceHere(room)));
    return this.loaded.status();
  }

  override drain(): Float64Array {
    if (!this.here) return super.drain();
    const values = concatenate(Float64Array, this.written);
    this.written = [];
    return values;
  }

  override elapsed(): number | undefined {
    return this.here ? undefined : super.elapsed();
  }
}
