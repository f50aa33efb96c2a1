/** Finds the spec that an argument of the command line names (Node only). */
import { readFile } from 'node:fs/promises';
import { InputError, inputError, show } from '../errors.js';
import { jsonErrorOffset } from './json-position.js';
import { getPreset, isPreset, presetHint } from './presets.js';

const ALLOWED = 'a JSON file, - for standard input, or the name of a preset';

/** What an argument names. */
export interface Loaded {
  /** Unchecked. */
  spec: unknown;
  /** Where the spec is that of an earlier run: what its provenance or result says about itself. */
  earlier?: EarlierResult;
}

export interface EarlierResult {
  digest?: string;
  corpusSha256?: string;
}

/**
 * Reads a spec, unchecked and once (a pipe cannot be read again): `-` is standard input, then presets by name, then files. A file is a spec, or the provenance
 * or result of an earlier run, whose spec is taken. (`./NAME` is always a file.)
 * @throws InputError when there is no such file or preset, or what it holds is not a JSON object.
 */
export async function loadSpec(argument: string): Promise<Loaded> {
  if (argument === '') throw inputError('SPEC', argument, ALLOWED);
  if (isPreset(argument)) return { spec: getPreset(argument).spec };
  return specOf(await loadJson(argument, 'SPEC', ALLOWED, true), nameOf(argument));
}

/**
 * Reads a JSON document: a file, or standard input where `argument` is `-`.
 * @param field what the argument is called in messages
 * @throws InputError when there is no such file, or when it is not JSON
 */
export async function loadJson(argument: string, field: string, allowed = 'a JSON file, or - for standard input', presets = false) {
  if (argument === '') throw inputError(field, argument, allowed);
  const text = argument === '-' ? await readStandardInput() : await readJsonFile(argument, field, allowed, presets);
  return parseJson(text, nameOf(argument), field);
}

function nameOf(argument: string): string {
  return argument === '-' ? 'standard input' : argument;
}

async function readJsonFile(path: string, field: string, allowed: string, presets: boolean): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      const looksLikeFile = !presets || /[\\/.]/.test(path);
      throw new InputError(
        `${field}: no such file${looksLikeFile ? '' : ' or preset'}: ${show(path)}; ${looksLikeFile ? `allowed: ${allowed}` : presetHint(path)}`,
        field,
      );
    }
    if (code === 'EISDIR') throw new InputError(`${field}: ${show(path)} is a directory; allowed: ${allowed}`, field);
    throw new InputError(`${field}: cannot read ${show(path)} (${code ?? (error as Error).message}); allowed: ${allowed}`, field);
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(source: string, name: string, field: string): unknown {
  const text = source.replace(/^\ufeff/, '');
  if (text.trim() === '') throw new InputError(`${field}: ${name} is empty; allowed: a ${field.toLowerCase()} in JSON`, field);
  try {
    return JSON.parse(text);
  } catch {
    const offset = jsonErrorOffset(text);
    const lines = text.slice(0, offset).split('\n');
    const found = offset < text.length ? `unexpected ${show([...text.slice(offset, offset + 2)][0])}` : 'the text ends too early';
    throw new InputError(
      `${field}: ${name} is not JSON: ${found} at line ${lines.length}, column ${lines[lines.length - 1].length + 1}`,
      field,
    );
  }
}

/** The spec inside a result (`provenance.spec`) or a provenance file (`spec` beside `version` or `backend`), or the document itself. */
function specOf(document: unknown, name: string): Loaded {
  if (!isObject(document))
    throw new InputError(`SPEC: ${name} holds ${show(document)}; allowed: a JSON object with model and schedule`, 'SPEC');
  const provenance = isObject(document.provenance) && isObject(document.provenance.spec) ? document.provenance : document;
  const earlier = provenance !== document || 'backend' in document || 'version' in document;
  if (!earlier || !isObject(provenance.spec)) return { spec: document };
  const { spec, corpus } = provenance;
  return { spec, earlier: { digest: textOf(document.digest), corpusSha256: isObject(corpus) ? textOf(corpus.sha256) : undefined } };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
