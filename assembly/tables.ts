// Look-up tables that a kernel builds in the arena once a job; Poisson rows come later, as they are needed.
import { setHeader, word } from './header';
import * as A from './layout';
import { buildNormals } from './normal';

export function buildTables(at: i32): void {
  setHeader(at);
  if (word(A.FAMILY) != A.CATEGORICAL) buildNormals(word(A.ADDR_NORMALS));
}
