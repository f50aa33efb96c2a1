/** One process at a time works in a folder. */
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { inputError } from '../errors.js';
import { storageError } from './durable.js';

/** The lock's name in the folder. */
export const LOCK = 'lock.json';
/** How often a holder says that it is alive, and for how long a holder on another machine is believed without. */
const BEAT_MS = 5_000;
const SILENCE_MS = 60_000;

interface Holder {
  pid: number;
  host: string;
  /** When the process started, by the system's clock ticks where it tells: process ids are used again. */
  born: string;
  token: string;
}

export interface Lock {
  /** @throws Error when another process has taken the folder over */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a folder. A lock of a process that is no more is taken over.
 * @throws InputError when a process that lives holds it
 */
export async function lockFolder(dir: string): Promise<Lock> {
  const path = join(dir, LOCK);
  const own: Holder = { pid: process.pid, host: hostname(), born: birthOf(process.pid), token: `${Date.now()}-${Math.random()}` };
  for (let attempt = 0; ; attempt++) {
    try {
      await create(path, JSON.stringify(own));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storageError(path, error);
    }
    const holder = await readHolder(path);
    if (holder === undefined) continue; // released meanwhile
    if (attempt > 5 || (await lives(dir, path, holder))) {
      throw inputError('--out', dir, `a folder that no other process works in (process ${holder.pid} on ${holder.host} does)`);
    }
    await removeStale(path, holder);
  }
  // A date that cannot be set is no reason to stop: only other machines look at it.
  const beat = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), BEAT_MS);
  beat.unref();
  return {
    check: async () => {
      if ((await readHolder(path))?.token !== own.token) throw new Error(`${dir} has been taken over by another process`);
    },
    release: async () => {
      clearInterval(beat);
      if ((await readHolder(path))?.token === own.token) await rm(path, { force: true });
    },
  };
}

/** Makes a file that is never seen half written. @throws EEXIST where there is one */
async function create(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  await writeFile(temporary, text);
  try {
    await link(temporary, path);
  } catch (error) {
    // Some file systems have no links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await writeFile(path, text, { flag: 'wx' });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Undefined where there is none. A lock that is being written, or that is damaged, is nobody's: `pid` 0. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { pid: 0, host: 'an unknown machine', born: '', token: '' };
  }
}

async function lives(dir: string, path: string, { pid, host, born }: Holder): Promise<boolean> {
  if (host !== hostname()) return (await silence(dir, path)) < (pid === 0 ? BEAT_MS : SILENCE_MS);
  if (pid === process.pid) return false; // an id used again: this process has only just come
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return birthOf(pid) === born;
}

/** Milliseconds since the lock was touched, by the clock of the file system. */
async function silence(dir: string, path: string): Promise<number> {
  const probe = join(dir, `.clock-probe-${process.pid}`);
  try {
    await (await open(probe, 'w')).close();
    const [now, then] = await Promise.all([stat(probe), stat(path)]);
    return now.mtimeMs - then.mtimeMs;
  } catch {
    return 0;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Removes a lock, if it still is the one that was looked at: two processes may find it stale at the same time. */
async function removeStale(path: string, seen: Holder): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch {
    return; // the other one was first
  }
  if ((await readHolder(aside))?.token !== seen.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** When a process started; '' where the system does not say, or where it has ended and its parent has not taken note. */
function birthOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the start time is the 20th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
