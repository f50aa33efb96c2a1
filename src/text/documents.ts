/** Cuts a stream of text pieces into documents. Where pieces are cut makes no difference. */
import { show } from '../errors.js';
import type { DocumentSeparator } from '../spec/ngram.js';

/** The mark between documents in TinyStories and other sets. */
export const END_OF_TEXT = '<|endoftext|>';
/** How much of a file "auto" looks at, in UTF-16 code units. */
export const HEAD_LENGTH = 2 ** 20;

/** A line end, white space only, a line end. Starts are at line ends alone, so that long runs of spaces cost no time. */
const BLANK_LINE = /\n[^\S\n]*\n/;
const LINE_END = /\n/;
/** A surrogate without its other half: only JSON's escapes can write one. */
const LONE_SURROGATE = /\p{Cs}/u;

/** Takes documents: pieces of text, then the end. No document is empty, and no piece ends within a character. */
export interface DocumentSink {
  text(piece: string): void;
  end(): void;
}

/** Takes the text of a file. */
export interface Splitter {
  push(piece: string): void;
  /** The file is over, and so is its last document. */
  end(): void;
}

/** What `documents: "auto"` means for a file: by its name, else by the beginning of its text. */
export function detectSeparator(name: string, head: string): Exclude<DocumentSeparator, 'auto'> {
  if (/\.jsonl(\.gz)?$/i.test(name)) return 'jsonl';
  const start = head.slice(0, HEAD_LENGTH);
  if (start.includes(END_OF_TEXT)) return 'endoftext';
  return BLANK_LINE.test(start.trim()) ? 'blank-line' : 'line';
}

/**
 * Cuts a file's text into documents, which lose the white space at both ends; those of white space only are dropped. Line ends
 * \r\n become \n.
 * @param fail makes the error of a bad JSON line
 */
export function makeSplitter(
  separator: Exclude<DocumentSeparator, 'auto'>,
  field: string,
  sink: DocumentSink,
  fail: (problem: string, allowed: string) => Error,
): Splitter {
  if (separator === 'jsonl') return new JsonLines(field, new Trimmed(sink), fail);
  if (separator === 'endoftext') return new Marked(new Trimmed(sink));
  return new Trimmed(sink, separator === 'line' ? LINE_END : BLANK_LINE);
}

/** One document, or several with `breaks` between them: holds white space back until it knows that text follows. */
class Trimmed implements Splitter {
  private held: string[] = [];
  private started = false;

  constructor(
    private readonly sink: DocumentSink,
    private readonly breaks?: RegExp,
  ) {}

  push(piece: string): void {
    if (piece.trim() === '') {
      if (this.started) this.held.push(piece);
      return;
    }
    const joined = this.held.join('') + piece;
    const text = this.started ? joined : joined.trimStart();
    const body = text.trimEnd();
    this.held = [text.slice(body.length)];
    this.started = true;
    this.pass(body.includes('\r') ? body.replaceAll('\r\n', '\n') : body);
  }

  private pass(body: string): void {
    const parts = this.breaks ? body.split(this.breaks) : [body];
    parts.forEach((part, i) => {
      const left = i > 0 ? part.trimStart() : part;
      const text = i < parts.length - 1 ? left.trimEnd() : left;
      if (text !== '') this.sink.text(text);
      // The first part may go on with a document; a part between two breaks may be empty.
      if (i < parts.length - 1 && (i === 0 || text !== '')) this.sink.end();
    });
  }

  end(): void {
    if (this.started) this.sink.end();
    this.started = false;
    this.held = [];
  }
}

/** Documents between marks. */
class Marked implements Splitter {
  private held = '';

  constructor(private readonly document: Trimmed) {}

  push(piece: string): void {
    const parts = (this.held + piece).split(END_OF_TEXT);
    const last = parts.length - 1;
    this.held = beginningOfMark(parts[last]);
    parts[last] = parts[last].slice(0, parts[last].length - this.held.length);
    parts.forEach((part, i) => {
      if (i > 0) this.document.end();
      if (part !== '') this.document.push(part);
    });
  }

  end(): void {
    if (this.held !== '') this.document.push(this.held);
    this.held = '';
    this.document.end();
  }
}

/** The longest end of a text that may be the beginning of a mark. */
function beginningOfMark(text: string): string {
  for (let length = Math.min(END_OF_TEXT.length - 1, text.length); length > 0; length--) {
    if (END_OF_TEXT.startsWith(text.slice(text.length - length))) return END_OF_TEXT.slice(0, length);
  }
  return '';
}

/** A JSON object a line, the document in one of its fields; blank lines are skipped. */
class JsonLines implements Splitter {
  private parts: string[] = [];
  private line = 1;

  constructor(
    private readonly field: string,
    private readonly document: Trimmed,
    private readonly fail: (problem: string, allowed: string) => Error,
  ) {}

  push(piece: string): void {
    const lines = piece.split('\n');
    lines.forEach((part, i) => {
      if (i > 0) this.finishLine();
      this.parts.push(part);
    });
  }

  end(): void {
    this.finishLine();
  }

  private finishLine(): void {
    const line = this.parts.join('').trim();
    this.parts = [];
    if (line !== '') {
      this.document.push(this.textOf(line));
      this.document.end();
    }
    this.line++;
  }

  private textOf(line: string): string {
    const allowed = `a JSON object on each line with a text in ${show(this.field)}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw this.fail(`has no JSON on line ${this.line}: ${show(line)}`, allowed);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.fail(`has ${show(value)} on line ${this.line}`, allowed);
    if (!Object.hasOwn(value, this.field)) {
      throw this.fail(
        `has no field ${show(this.field)} on line ${this.line} (its fields: ${Object.keys(value).slice(0, 10).join(', ')})`,
        allowed,
      );
    }
    const text = (value as Record<string, unknown>)[this.field];
    if (typeof text !== 'string') throw this.fail(`has ${show(text)} in field ${show(this.field)} on line ${this.line}`, allowed);
    if (LONE_SURROGATE.test(text)) throw this.fail(`has half a surrogate pair in field ${show(this.field)} on line ${this.line}`, allowed);
    return text;
  }
}
