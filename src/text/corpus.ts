/** A real corpus, ready for counting: documents as token numbers, a vocabulary, a validation set. */
import { Pace } from '../models/pace.js';
import type { NgramModel } from '../spec/ngram.js';
import { detectSeparator, HEAD_LENGTH, makeSplitter, type Splitter } from './documents.js';
import { refusal } from './refusal.js';
import { fingerprint, readText, type SourceFile, sourceFiles } from './source.js';
import { heldOut } from './split.js';
import { storyPieces } from './stories.js';
import { MAX_TOKENS, TokenStore } from './token-store.js';
import { makeTokeniser, type Tokeniser } from './tokeniser.js';
import { divide, type TextSets } from './vocabulary.js';

/** What of a model the corpus depends on. */
export type CorpusSpec = Pick<NgramModel, 'tokens' | 'corpus' | 'documents' | 'field' | 'lowercase' | 'minCount' | 'validation'>;

/** A corpus in memory. Plain data, cloneable. */
export interface TextCorpus extends TextSets {
  unit: NgramModel['tokens'];
  source: CorpusSource;
}

/** What identifies a corpus, for provenance. */
export interface CorpusSource {
  /** Path as given, or "stories". */
  path: string;
  /** SHA-256 (hex) and bytes: of the file on disk, of a folder's list of them (`fingerprint`), of the stories as UTF-8. */
  sha256: string;
  bytes: number;
  files: number;
  /** What separated documents; several where "auto" chose several. */
  separators: string[];
  documents: number;
  /** Tokens of all documents. */
  tokens: number;
}

/**
 * Reads a corpus once, from its files or from the grammar, and divides it.
 * @param spec as `ngramModel` parses it
 * @param seed decides which documents are held out: 0 ... 2^53 - 1
 * @throws InputError when a file cannot be used, the corpus is empty or too large, or a side would be without documents; the
 *   signal's reason when it is aborted.
 */
export async function loadCorpus(spec: CorpusSpec, seed: number, signal?: AbortSignal): Promise<TextCorpus> {
  const { corpus, tokens: unit } = spec;
  const path = typeof corpus === 'string' ? corpus : 'stories';
  const full = () => refusal(path, `has more than ${MAX_TOKENS} tokens (${unit})`, `at most ${MAX_TOKENS}`);
  const store = new TokenStore(full);
  const tokeniser = await makeTokeniser(unit, spec.lowercase, store);
  const read = typeof corpus === 'string' ? await readFiles(corpus, spec, tokeniser, signal) : await readStories(corpus, tokeniser, signal);
  const { tokens, ends } = store;
  if (ends.length === 0) throw refusal(path, 'is empty', 'a text with at least one token');
  const source: CorpusSource = { path, ...read, documents: ends.length, tokens: tokens.length };
  return { unit, source, ...divide(store, tokeniser, heldOut(ends.length, spec.validation, seed), spec.minCount) };
}

type Read = Omit<CorpusSource, 'path' | 'documents' | 'tokens'>;

async function readFiles(path: string, spec: CorpusSpec, tokeniser: Tokeniser, signal?: AbortSignal): Promise<Read> {
  const found = await sourceFiles(path);
  const separators = new Set<string>();
  const pace = new Pace(signal);
  for (const file of found) await readFile(file, spec, tokeniser, pace, separators, signal);
  return { ...fingerprint(found, path), files: found.length, separators: [...separators] };
}

async function readFile(
  file: SourceFile,
  { documents, field }: CorpusSpec,
  tokeniser: Tokeniser,
  pace: Pace,
  separators: Set<string>,
  signal?: AbortSignal,
): Promise<void> {
  let splitter: Splitter | undefined;
  let head: string[] = [];
  let length = 0;
  const begin = (): Splitter => {
    const separator = documents === 'auto' ? detectSeparator(file.name, head.join('')) : documents;
    separators.add(separator);
    const begun = makeSplitter(separator, field, tokeniser, (problem, allowed) => refusal(file.path, problem, allowed));
    for (const piece of head) begun.push(piece);
    head = [];
    return begun;
  };
  for await (const piece of readText(file, signal)) {
    await pace.turn();
    if (splitter) splitter.push(piece);
    else {
      head.push(piece);
      length += piece.length;
      if (documents !== 'auto' || length >= HEAD_LENGTH) splitter = begin();
    }
  }
  (splitter ?? begin()).end();
}

async function readStories(corpus: Exclude<CorpusSpec['corpus'], string>, tokeniser: Tokeniser, signal?: AbortSignal): Promise<Read> {
  const pace = new Pace(signal);
  const stories = storyPieces(corpus.documents, corpus.seed);
  for (let next = stories.next(); ; next = stories.next()) {
    if (next.done) return { ...next.value, files: 0, separators: ['blank-line'] };
    for (const story of next.value) {
      tokeniser.text(story);
      tokeniser.end();
    }
    await pace.turn();
  }
}
