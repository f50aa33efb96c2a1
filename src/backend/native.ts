/** The kernels in C++ (native/), through Node-API; each call runs on a thread of its own, in memory of its own. */
import { ways } from './arena-regression.js';
import type { Job, SampledJob, Slice } from './job.js';
import { type Kernel, loopShape, type Shape } from './kernel.js';
import { type AddonCalls, NativeCalls } from './native-calls.js';
import { contextTables, pools, programTables } from './tables.js';

/** In the order of their numbers in the addon. */
const families: readonly Job['family'][] = ['categorical', 'gaussian', 'regression'];

/** The addon's Kernel checks everything it is given: TypeError or RangeError, never a crash. */
export interface AddonKernel extends AddonCalls {
  open(replicate: number, context: number, chains: number): void;
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

export class NativeKernel extends NativeCalls<AddonKernel> implements Kernel {
  /** @param simd one of the addon's instruction sets. */
  constructor(
    private readonly addon: Addon,
    private readonly simd: InstructionSet = 'scalar',
  ) {
    super();
  }

  load(shape: Shape): void {
    const { job, outCapacity } = loopShape(shape);
    const { program, report, ...numbers } = job;
    const { sizeSlots, lookBack, pool } = program;
    const loop = { sizeSlots, lookBack, pool: pools.indexOf(pool), report: report ?? new Int32Array(0), ...programTables(program) };
    const source = { ...numbers, familyId: families.indexOf(job.family), ...loop, ...familyFields(job) };
    this.kernel = new this.addon.Kernel(source, outCapacity, this.simd);
  }

  open({ replicate, context, chains }: Slice): void {
    this.loaded.open(replicate, context, chains);
  }
}
