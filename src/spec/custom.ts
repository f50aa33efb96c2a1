/** The schedule `custom`: any table or rule for how many samples generation m takes from which source. */
import { z } from 'zod';
import { checkRule, checkTable } from './custom-checks.js';
import { giving, integer, kind, kinds, MAX_COUNT, refuse, strict, word } from './fields.js';
import { type Size, sizeSchema } from './size.js';
import { weight } from './weighting.js';

/** Most sources of a rule, and rows of a table. */
const MAX_SOURCES = 100;
const MAX_ROWS = 1000;

function sourceSchema(largest: number) {
  const weighed = weight().default(1).describe('Weight of each of these samples: 1e-6 to 1e6. Default: 1.');
  const models = {
    draw: word(['redrawn', 'kept'])
      .default('redrawn')
      .describe('"redrawn": new samples in every generation. "kept": each model makes its batch once. Default: "redrawn".'),
    weight: weighed,
  };
  const each = sizeSchema(largest, 'Number of samples from each of the models');
  const real = strict({
    from: z.literal('real').describe('Real samples.'),
    size: sizeSchema(largest, 'Number of samples'),
    draw: word(['fixed', 'fresh'])
      .default('fixed')
      .describe('"fixed": the same samples in every generation. "fresh": new ones. Default: "fixed".'),
    weight: weighed,
  });
  const model = strict({
    from: z.literal('model').describe('Samples from one earlier model, where it is there: the first model is that of generation 1.'),
    back: integer(1, MAX_COUNT).default(1).describe(`How many generations ago: 1 to ${MAX_COUNT}. Default: 1, the last model.`),
    size: sizeSchema(largest, 'Number of samples'),
    ...models,
  });
  const last = strict({
    from: z.literal('last').describe('Samples from each of the last models (of those that are there).'),
    window: integer(1, MAX_COUNT).describe(`How many models K: 1 to ${MAX_COUNT}.`),
    size: each,
    ...models,
  });
  const past = strict({ from: z.literal('past').describe('Samples from each model so far.'), size: each, ...models });
  return kinds([real, model, last, past], 'from').describe('A source of samples.');
}

const RULE_OR_TABLE = 'sources and table';

/** The schema; `largest`: most samples of one source in one generation. */
export function customSchema(largest: number) {
  const rowsAllowed = `a list of 1 to ${MAX_ROWS} rows; row m holds m sizes, those of the real data and of the models 1 ... m - 1`;
  const sourcesAllowed = `a list of 1 to ${MAX_SOURCES} sources`;
  const size = integer(0, largest);
  return strict({
    kind: kind('custom', 'Any rule (`sources`) or table (`table`) for what generation m trains on; models are counted from generation 1.'),
    sources: z
      .array(sourceSchema(largest), { error: sourcesAllowed })
      .min(1, { error: sourcesAllowed })
      .max(MAX_SOURCES, { error: sourcesAllowed })
      .optional()
      .describe(
        'A rule: what every generation takes samples from. At most one real source is "fixed", at most one source of models is "kept". Generation 1 trains on the real sources.',
      ),
    first: sizeSchema(largest, 'Real samples of generation 1; required with a rule that has no real source, else not allowed').optional(),
    table: z
      .array(z.array(size, { error: `a list of whole numbers from 0 to ${largest}` }), { error: rowsAllowed })
      .min(1, { error: rowsAllowed })
      .max(MAX_ROWS, { error: rowsAllowed })
      .optional()
      .describe(
        'A table: row m holds the m sizes n_t of generation m, of the real data (t = 0) and of the models t = 1 ... m - 1, each 0 or more (Seddik et al. 2024, eq. 5). After the last row it repeats: models keep their distance in generations.',
      ),
    real: word(['fixed', 'fresh'])
      .optional()
      .describe('With a table: "fixed": the same real samples in every generation, "fresh": new ones. Default: "fixed".'),
    synthetic: word(['redrawn', 'kept'])
      .optional()
      .describe(
        'With a table: "redrawn": new samples of a model in every generation, "kept": each model makes its batch once. Default: "redrawn".',
      ),
  })
    .superRefine((schedule, context) => {
      if (context.issues.length > 0) return;
      const { sources, first, table, real, synthetic } = schedule;
      if (sources === undefined && table === undefined) refuse(context, ['sources'], `one of ${RULE_OR_TABLE}`);
      else if (sources !== undefined && table !== undefined) refuse(context, ['table'], `nothing beside sources: one of ${RULE_OR_TABLE}`);
      else if (sources !== undefined) {
        const beside = 'nothing beside sources; it belongs to a table';
        if (real !== undefined) refuse(context, ['real'], beside);
        if (synthetic !== undefined) refuse(context, ['synthetic'], beside);
        checkRule({ sources, first }, context);
      } else if (table !== undefined) {
        if (first !== undefined) refuse(context, ['first'], 'nothing beside table, whose first row it is');
        checkTable({ table, ...tableDefaults(schedule) }, context);
      }
    })
    .transform((schedule): CustomRule | CustomTable => {
      const { kind, sources, first, table = [] } = schedule;
      if (sources === undefined) return { kind, table, ...tableDefaults(schedule) };
      return first === undefined ? { kind, sources } : { kind, sources, first };
    })
    .meta({ oneOf: ['sources', 'table'].map((key) => giving(key, 'array', RULE_OR_TABLE)) });
}

interface TableModes {
  real: 'fixed' | 'fresh';
  synthetic: 'redrawn' | 'kept';
}

function tableDefaults({ real = 'fixed', synthetic = 'redrawn' }: Partial<TableModes>): TableModes {
  return { real, synthetic };
}

export type Source = z.output<ReturnType<typeof sourceSchema>>;

/** A rule, with every default filled in. */
export interface CustomRule {
  kind: 'custom';
  sources: Source[];
  first?: Size;
}

/** A table, with every default filled in. */
export interface CustomTable extends TableModes {
  kind: 'custom';
  table: number[][];
}

/**
 * Samples in the training set of generation m >= 1 (Infinity: of one after all others).
 * @param count the context's count in the corpus, which "corpus" stands for
 */
export function customSize(schedule: CustomRule | CustomTable, m: number, count = 0): number {
  const size = (value: Size) => (value === 'corpus' ? count : value);
  if ('table' in schedule) return schedule.table[Math.min(m, schedule.table.length) - 1].reduce((sum, n) => sum + n, 0);
  const sizes = schedule.sources.map((source) => (source.from === 'real' ? 1 : m === 1 ? 0 : modelsOf(source, m)) * size(source.size));
  return sizes.reduce((sum, n) => sum + n, m === 1 && schedule.first !== undefined ? size(schedule.first) : 0);
}

/** How many models a source of a rule has in generation m >= 2. */
function modelsOf(source: Exclude<Source, { from: 'real' }>, m: number): number {
  if (source.from === 'model') return source.back < m ? 1 : 0;
  return source.from === 'last' ? Math.min(source.window, m - 1) : m - 1;
}

/** Samples in the smallest and in the largest training set of generations 1 ... `last` (which may be Infinity). */
export function customRange(schedule: CustomRule | CustomTable, last: number, count?: number): { smallest: number; largest: number } {
  // From generation 2 on a rule's training sets grow.
  const rows = 'table' in schedule ? schedule.table.map((_, i) => i + 1) : [1, 2, last];
  const sizes = rows.filter((m) => m <= last).map((m) => customSize(schedule, m, count));
  return { smallest: Math.min(...sizes), largest: Math.max(...sizes) };
}
