/** One kernel for every job of a backend: that of the loop of recursive training, or that of language models. */
import type { Slice } from './job.js';
import type { Kernel, Shape } from './kernel.js';
import type { NgramKernel } from './ngram-kernel.js';

export class FamilyKernel implements Kernel {
  private current: Kernel;

  /** @param language makes the kernel of language models, when a job first needs it */
  constructor(
    private readonly loop: Kernel,
    private readonly language: () => Promise<NgramKernel>,
  ) {
    this.current = loop;
  }

  async load(shape: Shape): Promise<void> {
    this.current = shape.job.family === 'ngram' ? new LanguageKernel(await this.language()) : this.loop;
    await this.current.load(shape);
  }

  open(slice: Slice): void {
    this.current.open(slice);
  }
  save(): Uint8Array | undefined {
    return this.current.save();
  }
  restore(state: Uint8Array): void {
    this.current.restore(state);
  }
  pause(): void {
    this.current.pause();
  }
  advance(budget: number): number | Promise<number> {
    return this.current.advance(budget);
  }
  drain(): Float64Array {
    return this.current.drain();
  }
  drainText(): Int32Array {
    return this.current.drainText?.() ?? new Int32Array(0);
  }
  collapseTimes(): Uint32Array {
    return this.current.collapseTimes();
  }
  progress(): number {
    return this.current.progress();
  }
  elapsed(): number | undefined {
    return this.current.elapsed();
  }
  cancel(): void {
    this.current.cancel();
  }
  free(): void {
    this.current.free?.();
  }
}

/** A kernel of language models behind the interface of the others: its chains are replicates. */
class LanguageKernel implements Kernel {
  constructor(private readonly kernel: NgramKernel) {}

  load({ job, outCapacity }: Shape): void {
    if (job.family !== 'ngram') throw new Error(`a job of the family ${job.family}`);
    this.kernel.load({ job: job.ngram, outCapacity });
  }
  open({ replicate, chains }: Slice): void {
    this.kernel.open({ replicate, chains });
  }
  save(): Uint8Array | undefined {
    return this.kernel.save();
  }
  restore(state: Uint8Array): void {
    this.kernel.restore(state);
  }
  pause(): void {
    this.kernel.pause();
  }
  advance(budget: number): number | Promise<number> {
    return this.kernel.advance(budget);
  }
  drain(): Float64Array {
    return this.kernel.drain();
  }
  drainText(): Int32Array {
    return this.kernel.drainText();
  }
  collapseTimes(): Uint32Array {
    return this.kernel.collapseTimes();
  }
  progress(): number {
    return this.kernel.progress();
  }
  elapsed(): number | undefined {
    return this.kernel.elapsed();
  }
  cancel(): void {
    this.kernel.cancel();
  }
  free(): void {
    this.kernel.free?.();
  }
}
