import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TextSample } from '../engine/result.js';
import { makeFolder } from './folder.js';
import { StagedFolder } from './staged.js';

/** The folder, inside that of a result, with what a language model wrote. */
export const SAMPLES = 'samples';
const FILE = /^generation-\d+\.txt$/;
/** Stands where a document went on. */
const CUT = ' [...]';

/** The files that a result's folder has of an earlier run, relative to it. */
export async function sampleFiles(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, SAMPLES)).catch(() => []);
  return names.filter((name) => FILE.test(name)).map((name) => join(SAMPLES, name));
}

/**
 * Writes `samples/generation-NNN.txt` into a result's folder while a run goes on: the documents of one generation, a blank line between
 * them. Each file appears when it is complete, so that a run that fails leaves those of the generations before. Those of an earlier run
 * go away when the first one is written, or at the end.
 */
export class SampleWriter {
  /** Generations whose files are complete. */
  readonly generations: number[] = [];
  readonly #dir: string;
  readonly #digits: number;
  readonly #folder: StagedFolder;

  /** @param last the last generation: all numbers have as many digits as it has, three at least, so that the files stand in order */
  constructor(dir: string, last: number) {
    this.#dir = dir;
    this.#digits = Math.max(3, String(last).length);
    this.#folder = new StagedFolder(join(dir, SAMPLES));
  }

  /**
   * @param samples all of a generation's, of one or several generations
   * @throws Error naming the file and what was kept, when the disk is full
   */
  async write(samples: readonly TextSample[]): Promise<void> {
    for (const generation of new Set(samples.map((sample) => sample.generation))) {
      const texts = samples.filter((sample) => sample.generation === generation);
      await this.#writeFile(generation, texts.map(({ text, cut }) => `${text}${cut ? CUT : ''}\n`).join('\n'));
      this.generations.push(generation);
    }
  }

  /** Removes what an earlier run left, where this one wrote nothing. */
  async finish(): Promise<void> {
    if (this.generations.length === 0) await this.#clear();
  }

  /** What stands on the disk, in words; undefined: nothing. */
  kept(): string | undefined {
    const { generations } = this;
    if (generations.length === 0) return undefined;
    const [first, last] = [generations[0], generations[generations.length - 1]];
    return `texts of ${first === last ? `generation ${first}` : `generations ${first} to ${last}`} in ${this.#folder.dir}`;
  }

  async #writeFile(generation: number, text: string): Promise<void> {
    const name = `generation-${String(generation).padStart(this.#digits, '0')}.txt`;
    try {
      if (this.generations.length === 0) {
        await this.#clear();
        await makeFolder(this.#folder.dir);
      }
      await writeFile(this.#folder.stage(name), text);
      await this.#folder.commit();
    } catch (error) {
      await this.#folder.discard();
      throw new Error(`${join(this.#folder.dir, name)} could not be written: ${(error as Error).message}`, { cause: error });
    }
  }

  async #clear(): Promise<void> {
    for (const name of await sampleFiles(this.#dir)) await rm(join(this.#dir, name), { force: true });
    await rmdir(this.#folder.dir).catch(() => undefined); // an empty one only
  }
}
