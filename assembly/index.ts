// What a backend calls, and what tests compare between backends.
export { drawTail, useBinomial, usePoisson } from './alias-row';
export { binomial } from './binomial';
export { binomialRows, closeBinomial } from './binomial-rows';
export { chi, chiSquared, gamma, logKept } from './chi-squared';
export { hypergeometric } from './hypergeometric';
export { advance } from './loop';
export { exp, log, log1p } from './math';
export {
  addProduct,
  backSubstitute,
  cholesky,
  forwardSubstitute,
  logDeterminant,
  lowerTimesLower,
  lowerTimesTranspose,
  lowerTimesVector,
  lowerTransposedTimesVector,
  timesVector,
} from './matrix';
export { conditionalBinomials, directFromSlots, directFromWeights, poissonProduct } from './multinomial';
export { buildNormals, fillNormals, normal, useNormals } from './normal';
export { acceptsExactly, buildRows, closePoisson } from './poisson-rows';
export { runLength, runRows } from './replace-run';
export { poissonised } from './poissonised';
export { drawRates, openRate } from './rate-rows';
export { occupancy } from './occupancy';
export { poisson } from './poisson';
export { bounded, nextU32, restoreStream, saveStream, seedStream, uniform } from './stream';
export { buildTables } from './tables';
export { out0, out1, out2, out3, threefry } from './threefry';
export { bartlett, wishart } from './wishart';
export { arenaBase, bindMemory } from './primitives';
export { ngramAdvance, ngramPrepare, ngramTrain } from './ngram';
