/** Files that are on disk for good, whole or not at all: temporary name, fsync, rename, fsync of the folder. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The last of a temporary name: no reader takes it for the real thing. */
const PARTIAL = '.partial';
/** Bytes gathered before they are written. */
const CHUNK = 1 << 22;

/** A folder that can't be written while a sweep runs. What is finished is kept. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

const REASONS: Record<string, string> = {
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EIO: 'the disk failed',
  EFBIG: 'the file is too large',
  EMFILE: 'too many open files',
};

/** What to say of a file system's error; other errors as they are. */
export function storageError(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof StorageError) return error;
  return new StorageError(`${path} cannot be written: ${REASONS[code] ?? code}; what is finished is kept: go on with --resume`, {
    cause: error,
  });
}

/** A file in the making, with a SHA-256 of all its bytes at its end if it is sealed. */
export class DurableFile {
  private readonly hash = createHash('sha256');
  private waiting: Uint8Array[] = [];
  private size = 0;
  private file: FileHandle | undefined;

  constructor(readonly path: string) {}

  private get temporary(): string {
    return `${this.path}${PARTIAL}`;
  }

  /** Takes bytes, which must not change afterwards; a promise where the disk has to be waited for. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    this.waiting.push(bytes);
    this.size += bytes.byteLength;
    return this.size < CHUNK ? undefined : this.flush();
  }

  /** Ends the file with the checksum (32 bytes) and gives it its name; resolves when it is on disk for good. */
  async seal(): Promise<void> {
    await this.flush(true);
    await this.commit();
  }

  /** Removes what there is. */
  async discard(): Promise<void> {
    await this.file?.close().catch(() => undefined);
    await rm(this.temporary, { force: true }).catch(() => undefined);
  }

  private async flush(last = false): Promise<void> {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.size = 0;
    this.hash.update(bytes);
    try {
      this.file ??= await open(this.temporary, 'w');
      await writeAll(this.file, last ? Buffer.concat([bytes, this.hash.digest()]) : bytes);
    } catch (error) {
      throw storageError(this.path, error);
    }
  }

  private async commit(): Promise<void> {
    try {
      await this.file?.sync();
      await this.file?.close();
      this.file = undefined;
      await rename(this.temporary, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw storageError(this.path, error);
    }
  }
}

/** Node's `write` may take a part only. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Writes a whole file for good. */
export async function writeDurable(path: string, text: string | Uint8Array): Promise<void> {
  const temporary = `${path}${PARTIAL}`;
  try {
    const file = await open(temporary, 'w');
    try {
      await writeAll(file, typeof text === 'string' ? Buffer.from(text) : text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageError(path, error);
  }
}

/** Makes new names in a folder last. Windows has no such call, and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes what a killed process left half written. */
export async function removePartial(dir: string): Promise<void> {
  for (const name of await readdir(dir)) if (name.endsWith(PARTIAL)) await rm(join(dir, name), { force: true });
}
