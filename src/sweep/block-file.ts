/**
 * A finished block on disk. One line of JSON, then every replicate: rows (u32), collapse time (u32), the trajectory (f64: rows x
 * metrics) and, where contexts are counted, the collapsed ones by row (f64); then texts (how many numbers, i32 numbers), the block's hash (32 bytes) and the checksum of
 * all that comes before it (SHA-256). Little-endian.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type BlockEnd, type BlockRun, replicatesIn } from '../engine/blocks.js';
import type { Replicate } from '../engine/replicates.js';

export const HASH_BYTES = 32;
const READ_BYTES = 1 << 20;

/** What the first line says. */
export interface BlockHeader {
  format: 'model-collapse block 1';
  /** Of the sweep that it is a part of. */
  identity: string;
  point: number;
  block: number;
  replicates: number;
  metrics: number;
  counted: boolean;
}

/** Where a block goes: to a file (`DurableFile`), or into memory. `seal` ends it with the checksum of all that was written. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void> | undefined;
  seal(): Promise<void>;
  discard(): Promise<void>;
}

/** A block in memory, to be sent. */
export class MemorySink implements Sink {
  private readonly pieces: Uint8Array[] = [];
  /** Once it is sealed: what a file would hold. */
  bytes = Buffer.alloc(0);

  write(bytes: Uint8Array): undefined {
    this.pieces.push(bytes);
  }

  async seal(): Promise<void> {
    const body = Buffer.concat(this.pieces);
    this.bytes = Buffer.concat([body, createHash('sha256').update(body).digest()]);
  }

  async discard(): Promise<void> {}
}

/** What a block's first line says of it. */
export function blockHeader(identity: string, point: number, block: number, run: BlockRun): BlockHeader {
  const shape = { replicates: replicatesIn(run, block), metrics: run.shape.metrics.length, counted: run.shape.countContexts };
  return { format: 'model-collapse block 1', identity, point, block, ...shape };
}

/** Writes a block as its replicates come. */
export class BlockWriter {
  private readonly metrics: number;

  constructor(
    private readonly file: Sink,
    header: BlockHeader,
  ) {
    this.file.write(Buffer.from(`${JSON.stringify(header)}\n`));
    this.metrics = header.metrics;
  }

  add({ values, from, to, time, collapsed }: Replicate): Promise<void> | undefined {
    const trajectory = values.subarray(from, to);
    this.file.write(bytesOf(Uint32Array.of(trajectory.length / this.metrics, time)));
    if (collapsed) this.file.write(bytesOf(trajectory));
    return this.file.write(bytesOf(collapsed ?? trajectory));
  }

  async finish({ hash, texts }: BlockEnd): Promise<void> {
    this.file.write(bytesOf(Uint32Array.of(texts.reduce((sum, text) => sum + text.length, 0))));
    for (const text of texts) this.file.write(bytesOf(text));
    this.file.write(hash);
    await this.file.seal();
  }

  discard(): Promise<void> {
    return this.file.discard();
  }
}

/** The bytes of an array, without a copy; on big-endian machines they would be swapped, and Node runs on none. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Why a block file is not what it should be; undefined where it is. @throws the file system's errors */
export async function checkBlock(path: string, expected: Pick<BlockHeader, 'identity' | 'point' | 'block'>): Promise<string | undefined> {
  const hash = createHash('sha256');
  let tail = Buffer.alloc(0);
  let first: Buffer | undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    first ??= chunk;
    const all = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
    const keep = Math.max(0, all.length - HASH_BYTES);
    hash.update(all.subarray(0, keep));
    tail = Buffer.from(all.subarray(keep));
  }
  if (!hash.digest().equals(tail)) return 'its checksum is wrong';
  return checkHeader(first ?? Buffer.alloc(0), expected);
}

/** The same for a block in memory. */
export function checkBlockBytes(bytes: Buffer, expected: Pick<BlockHeader, 'identity' | 'point' | 'block'>): string | undefined {
  const end = Math.max(0, bytes.length - HASH_BYTES);
  if (!createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) return 'its checksum is wrong';
  return checkHeader(bytes, expected);
}

function checkHeader(bytes: Buffer, expected: Pick<BlockHeader, 'identity' | 'point' | 'block'>): string | undefined {
  let header: Partial<BlockHeader>;
  try {
    header = JSON.parse(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(10)))) as BlockHeader;
  } catch {
    return 'it does not begin as a block does';
  }
  const same = header.identity === expected.identity && header.point === expected.point && header.block === expected.block;
  return same ? undefined : 'it is of another sweep or block';
}

/** Hands over the replicates of a block whose checksum has been checked. */
export async function readBlock(path: string, onReplicate: (replicate: Replicate) => void): Promise<BlockEnd> {
  const reader = new ByteReader(await open(path, 'r'));
  try {
    const { replicates, metrics, counted } = JSON.parse(await reader.line()) as BlockHeader;
    for (let i = 0; i < replicates; i++) {
      const head = await reader.take(8);
      const rows = head.readUInt32LE(0);
      const values = doubles(await reader.take(8 * rows * metrics));
      const collapsed = counted ? { collapsed: doubles(await reader.take(8 * rows)) } : {};
      onReplicate({ values, from: 0, to: values.length, time: head.readUInt32LE(4), ...collapsed });
    }
    const numbers = (await reader.take(4)).readUInt32LE(0);
    const text = new Int32Array(numbers);
    new Uint8Array(text.buffer).set(await reader.take(4 * numbers));
    return { hash: Uint8Array.from(await reader.take(HASH_BYTES)), texts: numbers > 0 ? [text] : [] };
  } finally {
    await reader.close();
  }
}

/** A copy, aligned. */
function doubles(bytes: Buffer): Float64Array {
  const values = new Float64Array(bytes.length / 8);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** Reads a file piece by piece, in large steps. */
class ByteReader {
  private held = Buffer.alloc(0);
  private at = 0;

  constructor(private readonly file: FileHandle) {}

  async line(): Promise<string> {
    for (;;) {
      const end = this.held.indexOf(10, this.at);
      if (end >= 0) {
        const text = this.held.toString('utf8', this.at, end);
        this.at = end + 1;
        return text;
      }
      await this.more(READ_BYTES);
    }
  }

  /** The next bytes; valid until the next call. */
  async take(bytes: number): Promise<Buffer> {
    while (this.held.length - this.at < bytes) await this.more(Math.max(READ_BYTES, bytes));
    this.at += bytes;
    return this.held.subarray(this.at - bytes, this.at);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async more(bytes: number): Promise<void> {
    const next = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await this.file.read(next, 0, bytes);
    if (bytesRead === 0) throw new Error('a block file ends too early');
    this.held = Buffer.concat([this.held.subarray(this.at), next.subarray(0, bytesRead)]);
    this.at = 0;
  }
}
