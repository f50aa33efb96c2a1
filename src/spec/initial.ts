/** The initial distributions p^(0) of a categorical model. A new kind is one schema here and its entry in `initialKinds`. */
import { z } from 'zod';
import { giving, integer, kind, kinds, MAX_PROBABILITIES, MAX_VOCABULARY, real, refuse, strict, word } from './fields.js';

/** How far the probabilities given may sum from 1. */
const SUM_TOLERANCE = 1e-9;

const vocabulary = integer(1, MAX_VOCABULARY).describe(`Vocabulary size s, in tokens: 1 to ${MAX_VOCABULARY}.`);
const support = integer(1, MAX_VOCABULARY, ', at most vocabulary')
  .optional()
  .describe('Number of tokens with positive probability, the first of the vocabulary: 1 to vocabulary. Default: vocabulary.');

type Sized = { vocabulary: number; support?: number };
type Context = z.core.$RefinementCtx;

function checkSupport({ vocabulary, support }: Sized, context: Context): void {
  if (support !== undefined && support > vocabulary) {
    refuse(context, ['support'], `a whole number from 1 to ${vocabulary} (the vocabulary)`);
  }
}

function withSupport<T extends Sized>(initial: T): T & { support: number } {
  return { ...initial, support: initial.support ?? initial.vocabulary };
}

const zipf = strict({
  kind: kind('zipf', "Zipf's law: p_i proportional to i^-a, i = 1 ... support. Give a as `exponent`, or its Simpson index as `simpson`."),
  vocabulary,
  support,
  exponent: real('a finite number, 0 or more', (number, error) => number.min(0, error))
    .optional()
    .describe('Exponent a: 0 (uniform) or more.'),
  simpson: real('a number in [1/support, 1)', (number, error) => number.gt(0, error).lt(1, error))
    .optional()
    .describe('Simpson index, sum of p_i^2, that a is solved for: in [1/support, 1).'),
})
  .superRefine((initial, context) => {
    checkSupport(initial, context);
    const { exponent, simpson } = initial;
    const size = initial.support ?? initial.vocabulary;
    if (exponent === undefined && simpson === undefined) {
      refuse(context, ['exponent'], 'a number, 0 or more (or give simpson instead)');
    } else if (exponent !== undefined && simpson !== undefined) {
      refuse(context, ['simpson'], 'exponent or simpson, not both');
    } else if (simpson !== undefined && (simpson < 1 / size || simpson >= 1)) {
      refuse(context, ['simpson'], `a number in [1/support, 1) = [${1 / size}, 1)${size === 1 ? '; with one token give exponent' : ''}`);
    }
  })
  .transform(withSupport)
  .meta({ oneOf: ['exponent', 'simpson'].map((key) => giving(key, 'number', 'exponent and simpson')) });

const uniform = strict({ kind: kind('uniform', 'p_i = 1/support on the first `support` tokens.'), vocabulary, support })
  .superRefine(checkSupport)
  .transform(withSupport);

const probability = real('a finite number, 0 or more', (number, error) => number.min(0, error));
const explicitLength = { error: `an array of 1 to ${MAX_VOCABULARY} probabilities that sum to 1` };
const explicit = strict({
  kind: kind('explicit', 'The probabilities themselves; the vocabulary is their number.'),
  p: z
    .array(probability, explicitLength)
    .min(1, explicitLength)
    .max(MAX_VOCABULARY, explicitLength)
    .describe(`Probabilities p_i, i = 0, 1, ...: 1 to ${MAX_VOCABULARY} numbers, 0 or more, that sum to 1 within ${SUM_TOLERANCE}.`),
}).superRefine(({ p }, context) => {
  const sum = p.reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
    refuse(context, ['p'], `probabilities that sum to 1 within ${SUM_TOLERANCE}; these sum to ${sum}`);
  }
});

const dirichlet = strict({
  kind: kind(
    'dirichlet',
    'Every context draws its own p from the symmetric Dirichlet distribution, once per seed (the same p for all replicates).',
  ),
  vocabulary,
  concentration: real('a finite number above 0', (number, error) => number.gt(0, error)).describe(
    'Concentration of every token, above 0; 1 is uniform on the simplex, smaller is more uneven.',
  ),
  contexts: integer(1, MAX_VOCABULARY)
    .default(1)
    .describe(`Number of contexts, each a model of its own: 1 to ${MAX_VOCABULARY}. Default: 1.`),
}).superRefine(({ vocabulary, contexts }, context) => {
  if (vocabulary * contexts > MAX_PROBABILITIES) {
    const most = Math.floor(MAX_PROBABILITIES / vocabulary);
    refuse(
      context,
      ['contexts'],
      `a whole number from 1 to ${most} with vocabulary ${vocabulary} (${MAX_PROBABILITIES} probabilities in all)`,
    );
  }
});

const text = strict({
  kind: kind('text', 'A real corpus: every context of it is a model of its own, with its next-token frequencies as p^(0).'),
  path: z
    .string({ error: 'the path of a UTF-8 text file' })
    .min(1, { error: 'the path of a UTF-8 text file' })
    .describe('Path of a UTF-8 text file, plain or gzip-compressed, from the working directory.'),
  tokens: word(['char', 'word']).describe(
    '"char": Unicode code points. "word": runs of letters, marks, digits and apostrophes; any other visible character is a token by itself.',
  ),
  context: integer(0, 16).describe('Context length l, in tokens: 0 to 16.'),
});

/** Every kind of initial distribution. */
export const initialKinds = [zipf, uniform, explicit, dirichlet, text] as const;

export const initialSchema = kinds(initialKinds).describe('The true distribution p^(0).');

export type Initial = z.output<typeof initialSchema>;
export type InitialKind = Initial['kind'];
/** The initial distribution of one kind, defaults filled in. */
export type InitialOf<Kind extends InitialKind> = Extract<Initial, { kind: Kind }>;

/** Vocabulary size s, or undefined where only the corpus tells. */
export function vocabularyOf(initial: Initial): number | undefined {
  if (initial.kind === 'text') return undefined;
  return initial.kind === 'explicit' ? initial.p.length : initial.vocabulary;
}
