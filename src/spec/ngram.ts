/** The n-gram language model of a spec: `model.kind: "ngram"`. Self-contained: `spec.ts` lists `ngramModel` among its kinds. */
import { z } from 'zod';
import { integer, kind, real, strict } from './fields.js';

/** How documents are told apart in a file. */
export const documentSeparators = ['auto', 'blank-line', 'endoftext', 'line', 'jsonl'] as const;
/** What a token is. */
export const tokenUnits = ['char', 'word', 'bpe'] as const;
/** What a model gives to words that it has not seen after a context. */
export const smoothings = ['none', 'add-k', 'witten-bell', 'kneser-ney'] as const;

export type DocumentSeparator = (typeof documentSeparators)[number];
export type TokenUnit = (typeof tokenUnits)[number];
export type Smoothing = (typeof smoothings)[number];

/** The constant of add-k where none is given. */
const DEFAULT_K = 0.1;
/** Most stories that the grammar writes. */
const MAX_STORIES = 1e7;

const PATH = 'the path of a text file or of a folder of them, "stories", or an object with kind "stories"';

const STORIES = `an object with kind "stories" and, if wanted, documents (2 to ${MAX_STORIES}) and seed (0 to 2^53 - 1)`;

function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: `one of ${names.map((name) => JSON.stringify(name)).join(', ')}` });
}

const stories = strict({
  kind: kind('stories', 'Stories of the built-in grammar, whose probabilities are known: no download, and a truth to compare with.'),
  documents: integer(2, MAX_STORIES)
    .default(5000)
    .describe(`Number of stories, training and validation together: 2 to ${MAX_STORIES}. Default: 5000.`),
  seed: integer(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Seed of the stories, 0 to 2^53 - 1; apart from the seed of the run, so that runs share a real corpus. Default: 0.'),
});

const corpus = z
  .union([z.string({ error: PATH }).min(1, { error: PATH }), stories], {
    error: (issue) => (typeof issue.input === 'object' && issue.input !== null ? STORIES : PATH),
  })
  .default('stories')
  .describe(
    'The real corpus: path of a UTF-8 text file, plain or gzip-compressed, or of a folder of them (.txt, .jsonl, .gz; by name); or "stories", the built-in grammar ("./stories" is a path). Default: "stories".',
  );

/** The schema of an n-gram model. */
export const ngramModel = strict({
  kind: kind('ngram', 'An n-gram language model, fitted to a corpus of documents by counting.'),
  order: integer(1, 6).default(3).describe('Order n: a token depends on the n - 1 before it in its document. 1 to 6. Default: 3.'),
  tokens: oneOf(tokenUnits)
    .default('word')
    .describe(
      '"char": Unicode code points. "word": runs of letters, marks, digits and apostrophes; any other visible character is a token by itself. "bpe": byte pairs, with the vocabulary of GPT-2 (needs the package gpt-tokenizer). Default: "word".',
    ),
  corpus,
  documents: oneOf(documentSeparators)
    .default('auto')
    .describe(
      'What separates documents: "blank-line" (a line of white space only is blank), "endoftext" (the mark <|endoftext|>), "line" (each line is one), "jsonl" (a JSON object a line). "auto", file by file: "jsonl" where the name ends in .jsonl or .jsonl.gz; else, by the first 2^20 characters, "endoftext" if the mark is there, "blank-line" if there is a blank line between others, else "line". The end of a file ends a document. Default: "auto".',
    ),
  field: z
    .string({ error: 'the name of a field' })
    .min(1, { error: 'the name of a field' })
    .default('text')
    .describe('With JSON lines: the field that holds the text. Default: "text".'),
  lowercase: z
    .boolean({ error: 'true or false' })
    .default(false)
    .describe('Whether capital letters are made small ("char" and "word"). Default: false.'),
  minCount: integer(1, 1e9)
    .default(1)
    .describe('Tokens that the real training documents have fewer times than this become <unk>. Default: 1, which keeps all.'),
  validation: real('a number above 0 and below 1', (number, error) => number.gt(0, error).lt(1, error))
    .default(0.1)
    .describe('Share of the documents that is held out for validation: above 0, below 1. Default: 0.1.'),
  validationSeed: integer(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe(
      'Seed of the choice of documents held out, 0 to 2^53 - 1, so that runs with other seeds share a division. Default: the seed of the run.',
    ),
  smoothing: oneOf(smoothings)
    .default('none')
    .describe(
      'Smoothing: "none" (maximum likelihood), "add-k", "witten-bell", "kneser-ney". Mass on what the training set has not is for scoring, never sampled. Default: "none".',
    ),
  k: real('a number above 0', (number, error) => number.gt(0, error))
    .optional()
    .describe(`With smoothing "add-k": what is added to every count, above 0. Default: ${DEFAULT_K}.`),
})
  .superRefine((model, context) => {
    const refuse = (key: string, message: string, input: unknown) => context.addIssue({ code: 'custom', path: [key], message, input });
    if (model.k !== undefined && model.smoothing !== 'add-k') refuse('k', 'nothing, unless smoothing is "add-k"', model.k);
    if (model.lowercase && model.tokens === 'bpe') refuse('lowercase', 'false with tokens "bpe"', true);
    if (model.corpus !== 'stories' && typeof model.corpus === 'string') return;
    if (model.documents !== 'auto') refuse('documents', '"auto" with corpus "stories"', model.documents);
  })
  .transform((model) => ({
    ...model,
    corpus: model.corpus === 'stories' ? stories.parse({ kind: 'stories' }) : model.corpus,
    ...(model.smoothing === 'add-k' ? { k: model.k ?? DEFAULT_K } : {}),
  }));

/** An n-gram model with every default filled in; `corpus` is a path or the grammar. */
export type NgramModel = z.output<typeof ngramModel>;
/** An n-gram model as a spec writes it. */
export type NgramModelInput = z.input<typeof ngramModel>;
/** Corpus of the built-in grammar. */
export type StoriesCorpus = z.output<typeof stories>;
