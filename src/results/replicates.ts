import type { ChainBatch } from '../engine/result.js';
import type { StagedFolder } from './staged.js';
import { type Column, openTable, type TableFormat, type TableWriter } from './table.js';

/** Rows that are held before they are written: one Parquet row group, 8 MB with seven metrics. */
const BLOCK_ROWS = 1 << 17;

export interface ReplicateWriterOptions {
  /** Default 'parquet'. */
  format?: TableFormat;
}

/** The names of the two tables of a run. */
export function replicateFiles(format: TableFormat): { replicates: string; collapse: string } {
  return { replicates: `replicates.${format}`, collapse: `collapse.${format}` };
}

/**
 * Writes the raw results of a run as they come. `replicates` is long: replicate, context, generation and one column per metric, one row
 * per recorded generation of each chain. `collapse` has replicate, context and collapse_time, the total collapse time T in generations,
 * null where the chain was censored; both have the contexts' names, where there are any. Both are staged: they get their names when the folder is committed.
 */
export class ReplicateWriter {
  readonly #folder: StagedFolder;
  readonly #format: TableFormat;
  #tables: { long: LongTable; collapse: CollapseTable } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #aborted = false;

  constructor(folder: StagedFolder, options: ReplicateWriterOptions = {}) {
    this.#folder = folder;
    this.#format = options.format ?? 'parquet';
  }

  /** Takes the next batch, in order; resolves when what had to be written is written. Pass it as `onChains`. */
  write(batch: ChainBatch): Promise<void> {
    this.#writing = this.#aborted ? Promise.resolve() : this.#add(batch);
    return this.#writing;
  }

  async #add(batch: ChainBatch): Promise<void> {
    this.#tables ??= await this.#open(batch);
    const { long, collapse } = this.#tables;
    const { firstChain, contexts, rows, values, metrics } = batch;
    for (let i = 0, offset = 0; i < rows.length; i++) {
      const chain = firstChain + i;
      const replicate = Math.floor(chain / contexts);
      const context = chain % contexts;
      for (let row = 0; row < rows[i]; row++, offset += metrics.length) {
        if (this.#aborted) return;
        if (long.add(replicate, context, batch.generationOf(row), values, offset)) await long.flush();
      }
      if (collapse.add(replicate, context, batch.collapseTimes[i])) await collapse.flush();
    }
  }

  /** Completes both files under their temporary names. */
  async finish(): Promise<void> {
    await this.#tables?.long.finish();
    await this.#tables?.collapse.finish();
  }

  /**
   * Closes both files incomplete, once a write that is under way has stopped; later batches (an interrupted run may still hand
   * some over) are dropped. The folder's `discard` then removes the files.
   */
  async abort(): Promise<void> {
    this.#aborted = true;
    await this.#writing.catch(() => undefined);
    await this.#tables?.long.abort();
    await this.#tables?.collapse.abort();
  }

  async #open({ metrics, contextLabels: labels }: ChainBatch): Promise<{ long: LongTable; collapse: CollapseTable }> {
    const names = replicateFiles(this.#format);
    const open = (name: string, columns: Column[]) => openTable(this.#folder.stage(name), this.#format, columns);
    const key: Column[] = [int('replicate'), int('context'), ...(labels ? [label] : [])];
    const doubles = metrics.map((name): Column => ({ name, type: 'double' }));
    const long = await open(names.replicates, [...key, int('generation'), ...doubles]);
    const collapse = await open(names.collapse, [...key, { ...int('collapse_time'), nullable: true }]);
    return { long: new LongTable(long, metrics.length, labels), collapse: new CollapseTable(collapse, labels) };
  }
}

const label: Column = { name: 'label', type: 'string' };

function int(name: string): Column {
  return { name, type: 'int' };
}

/** Common to both tables: a block of rows keyed by replicate and context. */
abstract class BlockTable {
  protected size = 0;
  protected readonly replicate = new Int32Array(BLOCK_ROWS);
  protected readonly context = new Int32Array(BLOCK_ROWS);

  constructor(
    protected readonly writer: TableWriter,
    readonly labels: readonly string[] | undefined,
  ) {}

  /** Writes the rows that are held. */
  async flush(): Promise<void> {
    const { size } = this;
    if (size === 0) return;
    const context = this.context.subarray(0, size);
    const { labels } = this;
    const names = labels ? [Array.from(context, (c) => labels[c] ?? String(c))] : [];
    await this.writer.write([this.replicate.subarray(0, size), context, ...names, ...this.rest(size)]);
    this.size = 0;
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.writer.finish();
  }

  abort(): Promise<void> {
    return this.writer.abort();
  }

  /** The columns after the key, `size` rows of each. */
  protected abstract rest(size: number): (Int32Array | Float64Array | (number | null)[])[];

  /** Adds the key of a row; returns whether the block is full with it. */
  protected addKey(replicate: number, context: number): boolean {
    this.replicate[this.size] = replicate;
    this.context[this.size] = context;
    return ++this.size === BLOCK_ROWS;
  }
}

class LongTable extends BlockTable {
  readonly #generation = new Int32Array(BLOCK_ROWS);
  readonly #metrics: Float64Array[];

  constructor(writer: TableWriter, metrics: number, labels: readonly string[] | undefined) {
    super(writer, labels);
    this.#metrics = Array.from({ length: metrics }, () => new Float64Array(BLOCK_ROWS));
  }

  add(replicate: number, context: number, generation: number, values: Float64Array, offset: number): boolean {
    this.#generation[this.size] = generation;
    for (let j = 0; j < this.#metrics.length; j++) this.#metrics[j][this.size] = values[offset + j];
    return this.addKey(replicate, context);
  }

  protected override rest(size: number): (Int32Array | Float64Array)[] {
    return [this.#generation, ...this.#metrics].map((column) => column.subarray(0, size));
  }
}

class CollapseTable extends BlockTable {
  readonly #time = new Int32Array(BLOCK_ROWS);

  add(replicate: number, context: number, time: number): boolean {
    this.#time[this.size] = time;
    return this.addKey(replicate, context);
  }

  protected override rest(size: number): (number | null)[][] {
    return [Array.from(this.#time.subarray(0, size), (time) => (time === 0 ? null : time))];
  }
}
