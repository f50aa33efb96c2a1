/** Known answers from independent code (vectors/theory.json), and how near ours must be. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export interface CollapseCase {
  distribution: { kind: string; support: number; exponent?: number; simpson?: number; p?: number[] };
  sampleSize: number;
  simpson0: number;
  expectedCollapseTime: number;
  paperLowerBound: number;
  paperUpperBound: number;
  probabilityCollapsedBy: Record<string, number>;
  expectedSupportSize: Record<string, number>;
  expectedSimpson: Record<string, number>;
}

export interface PartialCase {
  real: number;
  synthetic: number;
  simpson0: number;
  expectedSimpson: Record<string, number>;
}

export const vectors: { collapse: CollapseCase[]; partiallySynthetic: PartialCase[] } = JSON.parse(
  readFileSync(new URL('../vectors/theory.json', import.meta.url), 'utf8'),
);

export function near(actual: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(relative * Math.abs(expected));
}
