import { lstat, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Files of one output folder that appear together or not at all: each is written under a temporary name beside
 * its final one (same file system, so the rename is atomic), and `commit` renames them in the order they were staged.
 */
export class StagedFolder {
  readonly #names: string[] = [];

  /** @param dir an existing folder (see `prepareOutput`) */
  constructor(readonly dir: string) {}

  /** The temporary path to write `name` to. The suffix comes last, so that no reader takes it for the real thing. */
  stage(name: string): string {
    if (basename(name) !== name) throw new Error(`not a file name: ${name}`);
    if (!this.#names.includes(name)) this.#names.push(name);
    return this.#temporary(name);
  }

  /**
   * Gives every staged file its final name, replacing what was there. Returns the final names.
   * @throws Error when a name is that of a folder, before any file has been renamed; `discard` removes what was not renamed
   */
  async commit(): Promise<string[]> {
    const names = [...this.#names];
    for (const name of names) await refuseFolder(join(this.dir, name));
    for (const name of names) {
      await rename(this.#temporary(name), join(this.dir, name));
      this.#names.shift();
    }
    return names;
  }

  /** Removes every staged file that has not been committed. A failure to do so must not hide the one that led here. */
  async discard(): Promise<void> {
    for (const name of this.#names.splice(0)) await rm(this.#temporary(name), { force: true }).catch(() => undefined);
  }

  #temporary(name: string): string {
    return join(this.dir, `${name}.partial`);
  }
}

async function refuseFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new Error(`${path} cannot be written: it is a folder`);
}

/** Whether anything, a broken link included, has this path. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
