/** The vectors that later generations draw from: models, batches that are kept, the real batch, sums over windows. */
import { inputError } from '../errors.js';
import { lookBack, type TrainingProgram } from './training-program.js';
import { TRUTH, type Vectors } from './vectors.js';

/** A sum of models, or of their kept batches of `size`, over the last `window` generations. */
interface WindowSum {
  slot: number;
  window: number;
  size?: number;
}

const sumKey = (window: number, size?: number) => `${size ?? 'models'} ${window}`;

export class TrainingSources {
  private readonly sums = new Map<string, WindowSum>();
  private readonly models = new Map<number, number>();
  private readonly batches = new Map<number, { slot: number; size: number }>();
  private readonly reach: { models: number; batches: number };
  private realBatch?: { slot: number; size: number };
  /** A vector that is never forgotten. */
  private pinned = TRUTH;

  constructor(
    program: TrainingProgram,
    private readonly vectors: Vectors,
  ) {
    this.reach = lookBack(program);
    for (const draw of program.flat()) {
      if (draw.from === 'mixture') this.needSum(Infinity);
      else if (draw.from === 'pool') this.needSum(Infinity, draw.batch);
      else if (draw.from === 'models') this.needSum(draw.window, draw.kept ? draw.size : undefined);
    }
  }

  /** Before generation m: sums take in the newest model and let go of the one that the window has passed. */
  advance(m: number): void {
    if (m === 1) return;
    for (const { slot, window, size } of this.sums.values()) {
      const term = (t: number) => (size === undefined ? this.model(t) : this.batch(t, size));
      this.vectors.accumulate(slot, term(m - 1), 1);
      if (m - 1 - window < 1) continue;
      this.vectors.accumulate(slot, term(m - 1 - window), -1);
      this.vectors.refresh(
        slot,
        Array.from({ length: window }, (_, k) => term(m - 1 - k)),
      );
    }
  }

  model(t: number): number {
    return this.models.get(t) as number;
  }

  /** The batch that model t has made, now or before. */
  batch(t: number, size: number): number {
    let batch = this.batches.get(t);
    if (!batch) {
      batch = { slot: this.vectors.batch(this.model(t), size), size };
      this.batches.set(t, batch);
    }
    if (batch.size !== size) throw inputError('size', size, `${batch.size} samples of model ${t}, as they are the same ones`);
    return batch.slot;
  }

  /** The real samples that stay the same. */
  real(size: number): number {
    this.realBatch ??= { slot: this.vectors.batch(TRUTH, size), size };
    if (this.realBatch.size !== size) throw inputError('real', size, `${this.realBatch.size}, as they are the same samples`);
    return this.realBatch.slot;
  }

  /** Slot of the sum of the last `window` models or, with a size, of their kept batches. */
  sum(window: number, size?: number): number {
    return (this.sums.get(sumKey(window, size)) as WindowSum).slot;
  }

  /** After generation m: its model, and the end of those that nothing looks back to any more. */
  remember(m: number, model: number): void {
    this.models.set(m, model);
    const { models, batches } = this.reach;
    const old = this.models.get(m - models);
    if (old !== undefined) {
      this.models.delete(m - models);
      this.release(old);
    }
    for (const [t, { slot }] of this.batches) {
      if (t > m - batches) continue;
      this.batches.delete(t);
      this.release(slot);
    }
  }

  pin(slot: number): void {
    this.pinned = slot;
  }

  release(slot: number): void {
    if (slot !== this.pinned) this.vectors.release(slot);
  }

  private needSum(window: number, size?: number): void {
    const key = sumKey(window, size);
    if (!this.sums.has(key)) this.sums.set(key, { slot: this.vectors.emptySum(), window, size });
  }
}

/** Vectors held at once up to generation `last`. */
export function slotsOf(program: TrainingProgram, last: number): number {
  const { models, batches } = lookBack(program);
  const sums = new Set(program.flat().filter(({ from }) => from !== 'truth' && from !== 'model')).size;
  return Math.min(models, last) + Math.min(batches, last) + sums + 12;
}
