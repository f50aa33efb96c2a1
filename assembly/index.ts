// What a backend calls, and what tests compare between backends.
export { binomial } from './binomial';
export { advance } from './chain';
export { hypergeometric } from './hypergeometric';
export { exp, log, log1p } from './math';
export { conditionalBinomials, directFromSlots, directFromWeights, poissonProduct } from './multinomial';
export { buildRows } from './poisson-rows';
export { bounded, nextU32, restoreStream, saveStream, seedStream, uniform } from './stream';
export { out0, out1, out2, out3, threefry } from './threefry';
export { arenaBase, bindMemory } from './primitives';
export { ngramAdvance, ngramPrepare } from './ngram';
