/** Checkpoints inside a run: every so often all that was simulated is handed over to be kept, with the chains under way. */
import { concatenate } from '../backend/concatenate.js';
import type { Slice, SliceResult, SliceState } from '../backend/job.js';
import type { Lane } from '../backend/lane.js';
import { placeOf } from './slices.js';

/** Chains that were saved: `chains` ended ones from the block's chain `first` on and, if `generation` is not 0, the one after them. */
export interface SavedSlice {
  block: number;
  first: number;
  chains: number;
  /** Generation of the chain under way. */
  generation: number;
  read: () => Promise<SliceState>;
}

/** Where checkpoints are kept. */
export interface CheckpointStore {
  /** Milliseconds between two of them; 0: none are made. */
  everyMs: number;
  /** What an earlier process has left. */
  found: readonly SavedSlice[];
  /** Keeps a slice, in the place of one of the same block and first chain. */
  save: (block: number, first: number, state: SliceState) => Promise<void>;
  /** One that another holds too. */
  remove: (block: number, first: number) => Promise<void>;
}

/** None are made, and none are found. */
export const NO_CHECKPOINTS: CheckpointStore = { everyMs: 0, found: [], save: async () => undefined, remove: async () => undefined };

/** Results that wait to be saved take no more memory than this. */
const MOST_BYTES = 1 << 26;
/** What comes in faster than this is as soon simulated again as it is read. */
const LEAST_MS = 1000;

/** Keeps what lanes simulate, from `start` on. */
export class Checkpoints {
  private ended: { slice: Slice; result: SliceResult }[] = [];
  private bytes = 0;
  private since = performance.now();
  /** Chains under way that were saved: `block first`. */
  private readonly underWay = new Set<string>();
  private saving = Promise.resolve();
  private fail: (error: unknown) => void = () => {};

  constructor(
    private readonly store: CheckpointStore,
    private readonly lanes: readonly Lane[],
    private readonly contexts: number,
  ) {}

  /** Saves every so often while `work` lasts. @throws what `work` throws, or a save that went wrong */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const failed = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    const { everyMs } = this.store;
    let idle = true;
    const save = async () => {
      if (!idle) return; // the last one still takes its time
      idle = false;
      await this.saveAll().catch(() => undefined); // `fail` is told
      idle = true;
    };
    const timer = everyMs > 0 ? setInterval(() => void save(), everyMs) : undefined;
    try {
      return await Promise.race([work(), failed]);
    } finally {
      clearInterval(timer);
      await this.saving;
    }
  }

  /** Takes a slice that has been run. */
  add(slice: Slice, result: SliceResult): Promise<void> | undefined {
    if (this.store.everyMs === 0) return undefined;
    this.ended.push({ slice, result });
    this.bytes += result.values.byteLength + result.collapseTimes.byteLength;
    if (this.bytes < MOST_BYTES) return undefined;
    if (performance.now() - this.since >= LEAST_MS) return this.inTurn(() => this.saveEnded());
    this.takeEnded();
    return undefined;
  }

  /** Saves all there is. */
  saveAll(): Promise<void> {
    return this.inTurn(async () => {
      if (this.store.everyMs === 0) return;
      await this.saveEnded();
      const states = await Promise.all(this.lanes.map((lane) => lane.save()));
      for (const state of states) {
        if (!state || (state.generation === 0 && state.collapseTimes.length === 0)) continue;
        const place = placeOf(state.slice, this.contexts);
        await this.store.save(place.block, place.first, state);
        this.underWay.add(`${place.block} ${place.first}`);
      }
      // Those that have ended meanwhile.
      await this.saveEnded();
    });
  }

  /** One save at a time, so that none takes the place of a later one. */
  private inTurn(save: () => Promise<void>): Promise<void> {
    const turn = this.saving.then(save);
    this.saving = turn.catch((error: unknown) => this.fail(error));
    return turn;
  }

  private takeEnded(): { slice: Slice; result: SliceResult }[] {
    const ended = this.ended;
    this.ended = [];
    this.bytes = 0;
    this.since = performance.now();
    return ended;
  }

  /** Saves the slices that have ended, those that follow each other in one piece. */
  private async saveEnded(): Promise<void> {
    const ended = this.takeEnded().map((entry) => ({ ...entry, ...placeOf(entry.slice, this.contexts) }));
    ended.sort((a, b) => a.block - b.block || a.first - b.first);
    for (let from = 0; from < ended.length; ) {
      let to = from + 1;
      while (to < ended.length && ended[to].block === ended[from].block && ended[to].first === endOf(ended[to - 1])) to++;
      const run = ended.slice(from, to);
      const [{ block, first }] = run;
      await this.store.save(block, first, joined(run));
      for (const entry of run) {
        const known = this.underWay.delete(`${entry.block} ${entry.first}`);
        if (known && entry.first !== first) await this.store.remove(entry.block, entry.first);
      }
      from = to;
    }
  }
}

function endOf({ first, slice }: { first: number; slice: Slice }): number {
  return first + slice.chains;
}

/** Slices that follow each other as one. */
function joined(run: readonly { slice: Slice; result: SliceResult }[]): SliceState {
  const results = run.map(({ result }) => result);
  return {
    values: concatenate(
      Float64Array,
      results.map(({ values }) => values),
    ),
    collapseTimes: concatenate(
      Uint32Array,
      results.map(({ collapseTimes }) => collapseTimes),
    ),
    texts: concatenate(
      Int32Array,
      results.map(({ texts }) => texts ?? new Int32Array(0)),
    ),
    generations: results.reduce((sum, { generations }) => sum + generations, 0),
    busy: [],
    chain: new Uint8Array(0),
    generation: 0,
  };
}
