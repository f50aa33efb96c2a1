import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, inputError, show } from '../errors.js';
import { makeFolder } from './folder.js';
import { exists } from './staged.js';

export interface OutputOptions {
  /** Replace files of an earlier result. Default false. */
  overwrite?: boolean;
  /** Names of the files that will be written in the folder. */
  files: readonly string[];
  /** What the folder is called in messages. Default '--out'. */
  field?: string;
}

/**
 * Makes sure, before any work starts, that results can be put into `dir`: creates it, writes and removes a probe file,
 * and looks for files that would be overwritten.
 *
 * @throws InputError when the folder cannot be created or written, or when one of `files` exists and `overwrite` is not set
 */
export async function prepareOutput(dir: string, options: OutputOptions): Promise<void> {
  const field = options.field ?? '--out';
  if (dir.trim() === '') throw inputError(field, dir, 'the path of a folder');
  await checkWritable(dir, field);
  for (const name of options.files) {
    const path = join(dir, name);
    if (!(await exists(path))) continue;
    if (!options.overwrite) {
      throw new InputError(
        `${field}: got ${show(dir)}, where ${path} exists already; allowed: a folder without it, or --overwrite to replace it`,
        field,
      );
    }
    if ((await stat(path).catch(() => undefined))?.isDirectory()) {
      throw inputError(field, dir, `a folder where ${name} is not itself a folder`);
    }
  }
}

async function checkWritable(dir: string, field: string): Promise<void> {
  const probe = join(dir, `.write-probe-${process.pid}`);
  try {
    await makeFolder(dir);
    await (await open(probe, 'wx')).close();
  } catch (error) {
    throw inputError(field, dir, `a folder that can be created and written (${reason(error)})`);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

const REASONS: Record<string, string> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'part of the path is a file',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'it cannot be made there',
  ENOSPC: 'no space left',
  ENAMETOOLONG: 'the name is too long',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? (code || String(error));
}
