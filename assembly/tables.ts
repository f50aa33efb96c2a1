// Look-up tables that a kernel builds in the arena, once a job.
import { setHeader, word } from './header';
import * as A from './layout';
import { buildNormals } from './normal';
import { buildRows } from './poisson-rows';

/** @param rows Poisson rows needed, from mean 1 on; 0: none */
export function buildTables(at: i32, rows: i32): void {
  setHeader(at);
  if (rows > 0) buildRows(at, rows);
  if (word(A.FAMILY) != A.CATEGORICAL) buildNormals(word(A.ADDR_NORMALS));
}
