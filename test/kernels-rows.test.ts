// Rows of columns: the laws that their tables hold, against exact ones; the parts of a draw that a first word hardly ever leads to; and
// the same tables from WASM and JavaScript.
import { beforeAll, describe, expect, test } from 'vitest';
import { rowLow } from '../dist/generated/javascript/alias-row.js';
import { BINOMIAL_BITS, binomialBytes } from '../dist/generated/javascript/binomial-rows.js';
import * as layout from '../dist/generated/javascript/layout.js';
import { acceptTable, ensureAccept, ROW_BITS, ROWS_BYTES } from '../dist/generated/javascript/poisson-rows.js';
import { RATE_ROWS, rateRowCount } from '../dist/generated/javascript/rate-rows.js';
import { javascriptKernel, moduleKernel, type PortableKernel, prepareRows, wasmKernel } from './support/kernels.js';
import { ALPHA, binomialLaw, goodnessOfFit } from './support/statistics.js';

let portable: PortableKernel[];
const javascript = javascriptKernel();
/** Its functions that only other modules of the kernel call can be called by themselves. */
const modules = moduleKernel();

beforeAll(async () => {
  portable = [await wasmKernel(), javascript, modules];
});

/** Poisson(c) on 0 ... wide, normalised. */
function poissonLaw(c: number): number[] {
  const wide = Math.ceil(c + 40 * Math.sqrt(c) + 60);
  const mode = Math.floor(c);
  const f = new Array<number>(wide + 1).fill(0);
  f[mode] = 1;
  for (let x = mode; x > 0; x--) f[x - 1] = (f[x] * x) / c;
  for (let x = mode + 1; x <= wide; x++) f[x] = (f[x - 1] * c) / x;
  const sum = f.reduce((total, x) => total + x, 0);
  return f.map((x) => x / sum);
}

/** A row in a kernel's memory. */
interface Row {
  cells: number;
  rest: number;
  low: number;
  bits: number;
}

/** How far the law in a row's table is from `exact`: total variation, the values outside counted as one. */
function variation({ buffer }: PortableKernel, { cells, rest, low, bits }: Row, exact: readonly number[]): number {
  const columns = 2 ** bits;
  const cell = new Uint32Array(buffer, cells, columns);
  const rests = new Uint16Array(buffer, rest, columns);
  // The last column is everything outside.
  const made = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    const threshold = ((cell[j] & 0xffff0000) >>> 0) + rests[j];
    const alias = (cell[j] & 0xffff) - low;
    expect(alias).toBeGreaterThanOrEqual(0);
    expect(alias).toBeLessThan(columns - 1);
    made[j] += threshold / 2 ** 32 / columns;
    made[alias] += (1 - threshold / 2 ** 32) / columns;
  }
  let outside = 1;
  let difference = 0;
  for (let j = 0; j < columns - 1; j++) {
    difference += Math.abs(made[j] - (exact[low + j] ?? 0)) / 2;
    outside -= exact[low + j] ?? 0;
  }
  // Its first word's half must never choose it, so that a value outside is drawn only where a second word is looked at.
  expect(cell[columns - 1] >>> 16).toBe(0);
  return difference + Math.abs(made[columns - 1] - outside) / 2;
}

const REST = (layout.LARGEST_ROW / 2 + 1) << (ROW_BITS + 2);

function poissonRow(rows: number, c: number): Row {
  return {
    cells: rows + (c << (ROW_BITS + 2)),
    rest: rows + REST + (c << (ROW_BITS + 1)),
    low: rowLow(c, ROW_BITS),
    bits: ROW_BITS,
  };
}

function binomialRow(rows: number, n: number, c: number): Row {
  const rest = rows + ((Math.floor(n / 2) + 1) << (BINOMIAL_BITS + 2));
  return {
    cells: rows + (c << (BINOMIAL_BITS + 2)),
    rest: rest + (c << (BINOMIAL_BITS + 1)),
    low: rowLow(c, BINOMIAL_BITS),
    bits: BINOMIAL_BITS,
  };
}

describe('tables', () => {
  test('Poisson rows of 1 ... 256 are within 2^-32 in total variation', () => {
    const { rows } = prepareRows(javascript);
    javascript.functions.buildRows(layout.LARGEST_ROW / 2);
    let most = 0;
    for (let c = 1; c <= layout.LARGEST_ROW / 2; c++) most = Math.max(most, variation(javascript, poissonRow(rows, c), poissonLaw(c)));
    expect(most).toBeLessThan(2 ** -32);
  });

  test.each([2, 3, 10, 97, 256, 400, 511, 512])('binomial rows of n = %d are within 2^-32', (n) => {
    prepareRows(javascript);
    const rows = javascript.functions.binomialRows(n);
    let most = 0;
    for (let c = 1; c <= n >> 1; c++) most = Math.max(most, variation(javascript, binomialRow(rows, n, c), binomialLaw(n, c / n)));
    expect(most).toBeLessThan(2 ** -32);
  });

  test('binomial rows stay where they are until there is no room, then all are built anew', () => {
    const { binomials } = prepareRows(javascript);
    const { binomialRows } = javascript.functions;
    const first = binomialRows(512);
    expect(first).toBe(binomials);
    expect(binomialRows(511)).toBe(first + binomialBytes(512));
    expect(binomialRows(512)).toBe(first);
    for (let n = 510; n > 500; n--) {
      const rows = binomialRows(n);
      expect(rows + binomialBytes(n)).toBeLessThanOrEqual(binomials + 4 * binomialBytes(512));
      expect(variation(javascript, binomialRow(rows, n, 3), binomialLaw(n, 3 / n))).toBeLessThan(2 ** -32);
    }
  });

  test('rows at a rate are within 2^-32, up to the last count that has rows', () => {
    const rates = [1, 1 / 3, 0.01, 99 / 100];
    const { rateRows, free: drawn } = prepareRows(javascript, rates);
    const { functions, buffer } = javascript;
    const words = new Int32Array(buffer);
    for (const [r, rate] of rates.entries()) {
      expect(functions.openRate(rate, 1)).toBe(true);
      for (const place of [1, 2, 7, 63, 64, 100, 499, 512, 513, 520, 567, 568, 575, 582]) {
        const c = rateRowCount(place);
        words[drawn >> 2] = c;
        functions.drawRates(drawn, 0, 1, drawn + 4);
        const [low, bits, cells] = words.subarray((rateRows >> 2) + 4 * (RATE_ROWS * r + place));
        expect(variation(javascript, { cells, rest: cells + (4 << bits), low, bits }, poissonLaw(rate * c))).toBeLessThan(2 ** -32);
      }
    }
    expect(functions.openRate(1, 7)).toBe(false);
  });

  test('WASM builds the same tables as JavaScript, in whatever order they are asked for', () => {
    const images = portable.map((kernel, k) => {
      const { rows, binomials } = prepareRows(kernel);
      for (const c of k === 0 ? [256] : [1, 40, 39, 256]) kernel.functions.buildRows(c);
      kernel.functions.binomialRows(400);
      return Buffer.concat([new Uint8Array(kernel.buffer, rows, ROWS_BYTES), new Uint8Array(kernel.buffer, binomials, binomialBytes(400))]);
    });
    for (const image of images) expect(image.equals(images[0])).toBe(true);
  });
});

describe('what a first word leaves open', () => {
  const draws = 100_000;

  test('a column or its alias: as the rest of the threshold says', () => {
    const { rows } = prepareRows(javascript);
    const { functions, buffer } = javascript;
    functions.buildRows(100);
    functions.seedStream(1, 0, 0, 0, 0, 0);
    for (const [c, column] of [
      [1, 0],
      [1, 3],
      [100, 110],
      [100, 140],
    ]) {
      const { cells, rest, low } = poissonRow(rows, c);
      const alias = new Uint32Array(buffer, cells, 256)[column] & 0xffff;
      const share = new Uint16Array(buffer, rest, 256)[column] / 2 ** 16;
      const seen = [0, 0];
      for (let i = 0; i < draws; i++) {
        const x = functions.closePoisson(rows, c, column);
        expect(x === low + column || x === alias).toBe(true);
        seen[x === low + column ? 0 : 1]++;
      }
      expect(goodnessOfFit(seen, [share, 1 - share])).toBeGreaterThan(ALPHA);
    }
  });

  test('two tokens: the same of a binomial row, and in its last column a value outside', () => {
    prepareRows(javascript);
    const { functions, buffer } = javascript;
    const [n, c] = [512, 256];
    const rows = functions.binomialRows(n);
    const { cells, rest, low } = binomialRow(rows, n, c);
    const share = (column: number) => new Uint16Array(buffer, rest, 128)[column] / 2 ** 16;
    functions.seedStream(2, 0, 0, 0, 0, 0);
    for (const column of [40, 127]) {
      const alias = new Uint32Array(buffer, cells, 128)[column] & 0xffff;
      const seen = [0, 0];
      for (let i = 0; i < draws; i++) {
        const x = functions.closeBinomial(rows, n, c, column);
        if (x === alias) seen[1]++;
        else if (column < 127 ? x === low + column : x < low || x >= low + 127) seen[0]++;
      }
      expect(seen[0] + seen[1]).toBe(draws);
      expect(goodnessOfFit(seen, [share(column), 1 - share(column)])).toBeGreaterThan(ALPHA);
    }
  });

  const tails = [
    { name: 'Poisson(5), 3 ... 7', law: poissonLaw(5), use: () => javascript.functions.usePoisson(5), low: 3, high: 8 },
    { name: 'Poisson(0.4), 0 ... 1', law: poissonLaw(0.4), use: () => javascript.functions.usePoisson(0.4), low: 0, high: 2 },
    { name: 'Poisson(40), 33 ... 45', law: poissonLaw(40), use: () => javascript.functions.usePoisson(40), low: 33, high: 46 },
    { name: 'Binomial(20, 0.3), 5 ... 8', law: binomialLaw(20, 0.3), use: () => javascript.functions.useBinomial(20, 6), low: 5, high: 9 },
  ];
  test.each(tails)('a value outside of the columns: $name', ({ law, use, low, high }) => {
    const { functions } = javascript;
    const outside = law.map((p, x) => (x < low || x >= high ? p : 0));
    const sum = outside.reduce((total, p) => total + p, 0);
    const seen = new Array<number>(law.length).fill(0);
    functions.seedStream(3, 0, 0, 0, 0, 0);
    use();
    for (let i = 0; i < draws; i++) seen[functions.drawTail(low, high)]++;
    expect(
      goodnessOfFit(
        seen,
        outside.map((p) => p / sum),
      ),
    ).toBeGreaterThan(ALPHA);
    seen.forEach((count, x) => {
      if (outside[x] === 0) expect(count).toBe(0);
    });
  });
});

describe('acceptance of a pivot', () => {
  /** The largest word that a pivot of mean c accepts y with. */
  function largestWord(y: number, c: number): number {
    let [low, high] = [0, 2 ** 32];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (modules.functions.acceptsExactly(middle | 0, y, c)) low = middle;
      else high = middle;
    }
    return low;
  }

  test.each([1, 2, 30, 64, 128, 129, 200, 400, 512])('c = %d: Pois(y; c) / Pois(c; c) within 2^-32, in the table and beyond it', (c) => {
    const { rows } = prepareRows(modules);
    ensureAccept(rows, c);
    const low = rowLow(c, ROW_BITS);
    const table = new Uint16Array(modules.buffer, acceptTable(rows, c), 2 ** ROW_BITS);
    const law = poissonLaw(c);
    for (let y = 0; y <= Math.min(512, law.length - 1); y++) {
      const most = largestWord(y, c);
      expect(Math.abs((most + 1) / 2 ** 32 - law[y] / law[c])).toBeLessThan(2 ** -32 * 1.001);
      if (y >= low && y < low + 2 ** ROW_BITS - 1) expect(table[y - low]).toBe(most >>> 16);
    }
    expect(table[2 ** ROW_BITS - 1]).toBe(0);
    expect(modules.functions.acceptsExactly(0, -1, c)).toBe(false);
  });
});
