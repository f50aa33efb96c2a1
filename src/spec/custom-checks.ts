/** What no single field of a custom schedule can check. */
import type { z } from 'zod';
import type { CustomRule, CustomTable } from './custom.js';
import { refuse } from './fields.js';

type Context = z.core.$RefinementCtx;

export function checkRule({ sources, first }: Pick<CustomRule, 'sources' | 'first'>, context: Context): void {
  const once = (mode: string, what: string) => {
    const those = sources.flatMap(({ draw }, i) => (draw === mode ? [i] : []));
    if (those.length > 1) {
      refuse(context, ['sources', those[1], 'draw'], `one ${what} with draw "${mode}" at most, and sources[${those[0]}] is one`, mode);
    }
  };
  once('fixed', 'real source');
  once('kept', 'source of models');
  const hasReal = sources.some(({ from }) => from === 'real');
  if (hasReal && first !== undefined) refuse(context, ['first'], 'nothing beside a real source, which generation 1 trains on');
  if (!hasReal && first === undefined) {
    refuse(context, ['first'], 'a number of real samples for generation 1, because there is no real source');
  }
  if (!hasReal && sources.every((source) => source.from === 'model' && source.back > 1)) {
    refuse(context, ['sources'], 'sources that give every generation samples; generation 2 would have none');
  }
}

export function checkTable({ table, real, synthetic }: Omit<CustomTable, 'kind'>, context: Context): void {
  const wrong = table.findIndex((row, i) => row.length !== i + 1);
  if (wrong >= 0) {
    refuse(
      context,
      ['table', wrong],
      `${wrong + 1} sizes, those of generation ${wrong + 1}: the real data's and one for each model before`,
    );
    return;
  }
  const empty = table.findIndex((row) => row.every((size) => size === 0));
  if (empty >= 0) {
    refuse(context, ['table', empty], `sizes that are not all 0: generation ${empty + 1} would have no samples`);
    return;
  }
  if (real === 'fixed') checkFixed(table, context);
  if (synthetic === 'kept') checkKept(table, context);
}

function checkFixed(table: readonly number[][], context: Context): void {
  const size = table[0][0];
  const other = table.findIndex(([real]) => real !== 0 && real !== size);
  if (other >= 0) refuse(context, ['table', other, 0], `0 or ${size}, the size of the fixed real data (or real "fresh")`);
}

/** Follows the table until the repeated row is all that any model still meets. */
function checkKept(table: readonly number[][], context: Context): void {
  const sizes = new Map<number, number>();
  for (let m = 2; m < 2 * table.length; m++) {
    const rowIndex = Math.min(m, table.length) - 1;
    const row = table[rowIndex];
    for (let at = 1; at < row.length; at++) {
      if (row[at] === 0) continue;
      const model = m - row.length + at;
      const size = sizes.get(model) ?? row[at];
      sizes.set(model, size);
      if (size === row[at]) continue;
      const where = m > table.length ? ` (generation ${m} repeats the last row)` : '';
      refuse(
        context,
        ['table', rowIndex, at],
        `0 or ${size}, the size of the batch that model ${model} keeps${where}, or synthetic "redrawn"`,
      );
      return;
    }
  }
}
