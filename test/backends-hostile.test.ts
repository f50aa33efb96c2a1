// Wrong arguments to the native addon: an error that names the argument. (Random ones, and none that crashes: the proof `hostile`.)
import { describe, expect, test } from 'vitest';
import { nativeAddon, nativeProbes } from './support/native.js';

describe('messages name the argument', () => {
  const { Kernel } = nativeAddon();
  const job = () => ({
    familyId: 0,
    seed: 1,
    lastGeneration: 3,
    untilCollapse: false,
    pool: 0,
    rule: 0,
    ruleParameter: 1,
    weighted: false,
    realWeights: Float64Array.of(1),
    rates: new Float64Array(0),
    errorSizes: new Float64Array(0),
    errorShares: new Float64Array(0),
    jumps: new Int32Array(0),
    sizeSlots: 1,
    lookBack: 1,
    metrics: Int32Array.of(0, 0),
    report: new Int32Array(0),
    lines: Int32Array.of(0, 1, 1, 1),
    blocks: Int32Array.of(0, 0, 0, 0, 1, 0, 0, 1),
    blockWeights: Float64Array.of(1, 1),
    sizes: Uint32Array.of(5),
    starts: Int32Array.of(0, 2),
    tokens: Int32Array.of(0, 1),
    p: Float64Array.of(0.5, 0.5),
    logP: Float64Array.of(-0.7, -0.7),
    suffix: Float64Array.of(1, 0.5),
    cells: Uint32Array.of(2 ** 32 - 1, 0, 2 ** 32 - 1, 1),
    cellStarts: Int32Array.of(0, 2),
  });

  test('a good job runs', async () => {
    const kernel = new Kernel(job(), 10);
    kernel.open(0, 0, 2);
    expect(await kernel.advance()).toBe(0);
    expect(kernel.drain()).toHaveLength(6);
    expect(kernel.collapseTimes()).toHaveLength(2);
    expect(kernel.progress()).toBe(6);
  });

  const wrong: [string, unknown, RegExp][] = [
    ['seed', -1, /^seed: must be a whole number/],
    ['seed', '1', /^seed: a number is needed/],
    ['lastGeneration', 1.5, /^lastGeneration/],
    ['untilCollapse', 1, /^untilCollapse: true or false/],
    ['metrics', Int32Array.of(11, 0), /^metrics: must be known ids/],
    ['report', Int32Array.of(2, 2), /^report: must increase/],
    ['lines', Int32Array.of(0, 9), /^lines: must name blocks/],
    ['blocks', Int32Array.of(1, 0, 0, 1, 1, 0, 0, 1), /^blocks: must name a source/],
    ['blocks', Int32Array.of(0, 0, 0, 0, 1, 0, 0, 5), /^blocks: must name a source/],
    ['blocks', Int32Array.of(0, 0, 0, 0, 1, 0, 3, 1), /^weighted: must be true/],
    ['blockWeights', Float64Array.of(1, 2), /^weighted: must be true/],
    ['blockWeights', Float64Array.of(1, Number.NaN), /^blockWeights: must be positive/],
    ['realWeights', Float64Array.of(0), /^realWeights/],
    ['realWeights', new Float64Array(0), /^realWeights/],
    ['rates', Float64Array.of(0), /^rates: must lie in/],
    ['rates', Float64Array.of(1.5), /^rates: must lie in/],
    ['rates', Float64Array.of(Number.NaN), /^rates: must lie in/],
    ['rates', new Float64Array(9).fill(1), /^rates: must be few/],
    ['errorSizes', Float64Array.of(0.1), /^weighted: must be true with errors/],
    ['errorShares', Float64Array.of(0.1), /^errorShares/],
    ['weighted', 1, /^weighted: true or false/],
    ['jumps', Int32Array.of(1), /^jumps: must be as many/],
    ['jumps', [1], /^jumps: a typed array/],
    ['sizes', Uint32Array.of(0), /^sizes/],
    ['sizes', Uint32Array.of(2 ** 31 + 1), /^sizes/],
    ['starts', Int32Array.of(0, 3), /^starts/],
    ['p', Float64Array.of(0.5, Number.NaN), /^p: /],
    ['p', [0.5, 0.5], /^p: a typed array/],
    ['cells', Uint32Array.of(5, 0, 5, 2), /^cells: must give tokens of their context/],
    ['cells', Uint32Array.of(5, 0), /^cell/],
    ['cells', Uint32Array.of(5, 0, 5), /^cell/],
    ['cells', Int32Array.of(5, 0, 5, 1), /^cells/],
    ['cellStarts', Int32Array.of(0, 1), /^cell/],
    ['cellStarts', Int32Array.of(0), /^cell/],
    ['cellStarts', Int32Array.of(1, 2), /^cell/],
    ['cellStarts', Int32Array.of(0, -2), /^cell/],
  ];
  test.each(wrong)('%s = %s', (field, value, message) => {
    expect(() => new Kernel({ ...job(), [field]: value }, 10)).toThrow(message);
  });

  test('columns beyond the tokens must be empty, and as many as a power of two', () => {
    const padded = (columns: number, cells: number[]) => ({
      ...job(),
      starts: Int32Array.of(0, 3),
      tokens: Int32Array.of(0, 1, 2),
      p: new Float64Array(3).fill(1 / 3),
      logP: new Float64Array(3),
      suffix: Float64Array.of(1, 0.7, 0.4),
      cells: Uint32Array.from(cells),
      cellStarts: Int32Array.of(0, columns),
    });
    expect(() => new Kernel(padded(3, [9, 0, 9, 1, 9, 2]), 10)).toThrow(/^cells: must be powers of two/);
    expect(() => new Kernel(padded(4, [9, 0, 9, 1, 9, 2, 1, 0]), 10)).toThrow(/^cells: must give tokens/);
    expect(() => new Kernel(padded(4, [9, 0, 9, 1, 9, 2, 0, 2]), 10)).not.toThrow();
  });

  test('in the calling thread: values go to the room given, and nowhere else', () => {
    const kernel = new Kernel(job(), 10);
    kernel.open(0, 0, 2);
    expect(() => kernel.advanceHere(new Float64Array(9))).toThrow(/^room: must have room for outCapacity/);
    expect(() => kernel.advanceHere([1] as unknown as Float64Array)).toThrow(/^room: a Float64Array/);
    const room = new Float64Array(12).fill(-1);
    expect(kernel.advanceHere(room)).toBe(6);
    expect(kernel.status()).toBe(0);
    expect(room.subarray(0, 6).every((value) => value > 0 && value <= 1)).toBe(true);
    expect([...room.subarray(6)]).toEqual(new Array(6).fill(-1));
    expect(kernel.pending()).toBe(0);
    expect(kernel.drain()).toHaveLength(0);
    kernel.open(0, 0, 2);
    expect(kernel.advanceHere(room)).toBe(6);
  });

  test('what has been written must be drained before, into an array of its length', async () => {
    const kernel = new Kernel(job(), 10);
    kernel.open(0, 0, 2);
    await kernel.advance();
    expect(kernel.pending()).toBe(6);
    expect(() => kernel.advanceHere(new Float64Array(10))).toThrow('there are values to be drained first');
    expect(() => kernel.drain(new Float64Array(5))).toThrow(/^room: must be as long/);
    expect(() => kernel.drain(new Float32Array(6) as unknown as Float64Array)).toThrow(/^room: a Float64Array/);
    const room = new Float64Array(6);
    expect(kernel.drain(room)).toBe(room);
    expect(room.every((value) => value > 0)).toBe(true);
    expect(kernel.pending()).toBe(0);
  });

  test('another job takes the place of the one before; a wrong one leaves none', async () => {
    const kernel = new Kernel(job(), 10);
    kernel.load({ ...job(), lastGeneration: 5 }, 20, 'scalar');
    kernel.open(0, 0, 2);
    await kernel.advance();
    expect(kernel.drain()).toHaveLength(10);
    expect(() => kernel.load({ ...job(), lastGeneration: 0.5 }, 20, 'scalar')).toThrow(/^lastGeneration/);
    expect(() => kernel.open(0, 0, 1)).toThrow('the kernel has been freed');
    kernel.load(job(), 10, 'scalar');
    kernel.free();
    for (const name of ['advance', 'advanceHere', 'pending', 'drain', 'collapseTimes', 'save'] as const) {
      expect(() => (kernel[name] as () => unknown)(), name).toThrow('the kernel has been freed');
    }
    expect(kernel.progress()).toBe(0);
    kernel.cancel();
    kernel.free();
    kernel.load(job(), 10, 'scalar');
    kernel.open(0, 0, 2);
    expect(await kernel.advance()).toBe(0);
  });

  test('a damaged state does no harm to the chain after it', async () => {
    const weighted = { weighted: true, blockWeights: Float64Array.of(1, 0.5), realWeights: Float64Array.of(2) };
    for (const some of [job(), { ...job(), ...weighted }]) {
      const kernel = new Kernel({ ...some, sizes: Uint32Array.of(40) }, 1);
      const whole = async () => {
        kernel.open(0, 0, 1);
        const values: number[] = [];
        while ((await kernel.advance()) !== 0) values.push(...kernel.drain());
        return [...values, ...kernel.drain()];
      };
      const expected = await whole();
      kernel.open(0, 0, 1);
      await kernel.advance();
      kernel.drain();
      const state = kernel.save() as Uint8Array;
      for (let i = 0; i + 4 <= state.length; i += 4) {
        const damaged = state.slice().fill(127, i, i + 4);
        kernel.open(0, 0, 1);
        try {
          kernel.restore(damaged);
        } catch (error) {
          expect(String(error)).toContain('state: ');
        }
        expect(await whole()).toEqual(expected);
      }
    }
  });

  const regression = () => ({
    familyId: 2,
    seed: 1,
    lastGeneration: 2,
    untilCollapse: false,
    metrics: Int32Array.of(0, 0),
    report: new Int32Array(0),
    dimension: 2,
    features: 2,
    width: 0,
    wayId: 2,
    keepReal: false,
    scale: Float64Array.of(1, 1),
    signal: Float64Array.of(1, 1),
    shift: Float64Array.of(1, 1),
    penalty: Float64Array.of(0, 0),
    parts: Float64Array.of(5, 1, 1, 1, 0, 4, 1, 1, 0, 0),
  });

  test('a good regression runs', async () => {
    const kernel = new Kernel(regression(), 10);
    kernel.open(0, 0, 3);
    expect(await kernel.advance()).toBe(0);
    expect(kernel.drain().every((value) => value > 0 && value < Infinity)).toBe(true);
  });

  const wrongRegression: [string, unknown, RegExp][] = [
    ['familyId', 3, /^familyId: must be a whole number/],
    ['untilCollapse', true, /^untilCollapse: must be false/],
    ['dimension', 0, /^dimension/],
    ['dimension', 3, /^features: must be the smaller one/],
    ['dimension', 100_000, /^features/],
    ['features', 1, /^features/],
    ['width', 1, /^features/],
    ['width', 0.5, /^width: must be a whole number/],
    ['wayId', 3, /^wayId/],
    ['keepReal', true, /^way: can't draw/],
    ['scale', Float64Array.of(1), /^scale: must be 2 numbers/],
    ['signal', Float64Array.of(1, Number.NaN), /^signal: must not be negative/],
    ['shift', [1, 1], /^shift: a typed array/],
    ['penalty', Float64Array.of(1, -1), /^penalty/],
    ['penalty', Float64Array.of(1, Infinity), /^penalty/],
    ['parts', Float64Array.of(5, 1, 1, 1, 0), /^parts: must be 10 numbers/],
    ['parts', Float64Array.of(0, 1, 1, 1, 0, 0, 1, 1, 0, 0), /^parts: must have samples/],
    ['parts', Float64Array.of(1, 1, 1, 1, 0, 0, 1, 1, 0, 0), /^way: can't draw/],
    ['parts', Float64Array.of(5.5, 1, 1, 1, 0, 4, 1, 1, 0, 0), /^parts: must have whole numbers/],
    ['parts', Float64Array.of(5, 0, 1, 1, 0, 4, 1, 1, 0, 0), /^parts: must have positive weights/],
    ['parts', Float64Array.of(5, 2, 1, 1, 0, 4, 1, 1, 0, 0), /^parts: must have weights of 1/],
    ['parts', Float64Array.of(5, 1, 1, 1, 1, 4, 1, 1, 0, 0), /^parts: can't draw that part/],
    ['metrics', Int32Array.of(1, 0), /^metrics: must be known ids/],
  ];
  test.each(wrongRegression)('regression: %s = %s', (field, value, message) => {
    expect(() => new Kernel({ ...regression(), [field]: value }, 10)).toThrow(message);
  });

  const gaussian = () => ({
    ...{ familyId: 1, seed: 1, lastGeneration: 3, untilCollapse: false, pool: 0, rule: 0, ruleParameter: 1, realWeight: 1 },
    ...{ dimension: 3, unbiased: false, collapseVariance: 0.001, sizeSlots: 1, lookBack: 1 },
    metrics: Int32Array.of(0, 0, 1, 0, 2, 0, 3, 0, 4, 0),
    report: new Int32Array(0),
    lines: Int32Array.of(0, 1, 1, 1),
    blocks: Int32Array.of(0, 0, 0, 0, 1, 0, 0, 1),
    blockWeights: Float64Array.of(1, 1),
    sizes: Uint32Array.of(5),
  });

  test('a good Gaussian job runs', async () => {
    const kernel = new Kernel(gaussian(), 100);
    kernel.open(0, 0, 2);
    expect(await kernel.advance()).toBe(0);
    expect(kernel.drain()).toHaveLength(30);
  });

  const wrongGaussian: [string, unknown, RegExp][] = [
    ['familyId', 3, /^familyId: must be a whole number from 0 to 2/],
    ['familyId', '1', /^familyId: a number is needed/],
    ['dimension', 0, /^dimension/],
    ['dimension', 65, /^dimension/],
    ['dimension', 2.5, /^dimension/],
    ['unbiased', 1, /^unbiased: true or false/],
    ['collapseVariance', Number.NaN, /^collapseVariance/],
    ['collapseVariance', 2, /^collapseVariance/],
    ['rule', 2, /^rule/],
    ['ruleParameter', 0, /^ruleParameter/],
    ['realWeight', Number.POSITIVE_INFINITY, /^realWeight/],
    ['realWeight', 0, /^realWeight/],
    ['metrics', Int32Array.of(5, 0), /^metrics: must be known ids/],
    ['sizes', Uint32Array.of(0), /^sizes/],
    ['blocks', Int32Array.of(0, 0, 0, 0, -1, 0, 0, -1), /^pool: must hold all/],
    ['blocks', Int32Array.of(0, 0, 0, 0, -2, 0, 0, -2), /^pool: must be there/],
  ];
  test.each(wrongGaussian)('Gaussian, %s = %s', (field, value, message) => {
    expect(() => new Kernel({ ...gaussian(), [field]: value }, 10)).toThrow(message);
  });

  test('a pool of Gaussian samples must fit into memory, and a mixture must reach all models', () => {
    const pooled = { pool: 2, lines: Int32Array.of(0, 2), blocks: Int32Array.of(0, 0, 2, 0, -2, 0, 0, -2) };
    expect(() => new Kernel({ ...gaussian(), ...pooled, lastGeneration: 1000, sizes: Uint32Array.of(1e6) }, 10)).toThrow(
      /^sizes: make a pool/,
    );
    const whole = { pool: 2, lines: Int32Array.of(0, 3, 0, 4), blocks: Int32Array.of(0, 0, 2, 0, -2, 0, 0, -2, 0, 0, 0, 0, -2, 0, 1, -2) };
    expect(() => new Kernel({ ...gaussian(), ...whole, blockWeights: new Float64Array(4).fill(1) }, 10)).toThrow(
      /^blocks: can't subsample/,
    );
    const mixture = { pool: 1, blocks: Int32Array.of(0, 0, 0, 0, -1, 0, 0, -1) };
    expect(() => new Kernel({ ...gaussian(), ...mixture }, 10)).toThrow(/^lookBack: must reach all models/);
  });

  test('a fixed batch whose size is said to be other than it is does no harm: totals are counted', async () => {
    const lies = {
      ...job(),
      sizeSlots: 2,
      lines: Int32Array.of(0, 1, 1, 1),
      blocks: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 0),
      sizes: Uint32Array.of(1000, 5),
    };
    const kernel = new Kernel(lies, 1000);
    kernel.open(0, 0, 1);
    await kernel.advance();
    expect([...kernel.drain()].every((value) => value > 0 && value <= 1)).toBe(true);
  });

  test('two calls at once are refused', async () => {
    const kernel = new Kernel({ ...job(), lastGeneration: 100_000, report: Int32Array.of(100_000) }, 10);
    kernel.open(0, 0, 50);
    const first = kernel.advance();
    expect(() => kernel.advance()).toThrow('the kernel is running');
    expect(() => kernel.open(0, 0, 1)).toThrow('the kernel is running');
    expect(() => kernel.drain()).toThrow('the kernel is running');
    expect(() => kernel.free()).toThrow('the kernel is running');
    expect(() => kernel.load(job(), 10, 'scalar')).toThrow('the kernel is running');
    expect(() => kernel.advanceHere(new Float64Array(10))).toThrow('the kernel is running');
    kernel.cancel();
    expect([0, 2, 3]).toContain(await first);
  });

  test('probes', () => {
    const { log, threefry, binomials } = nativeProbes();
    expect(() => log([1] as unknown as Float64Array)).toThrow(/^values: a Float64Array/);
    expect(() => threefry(new Uint32Array(3), new Uint32Array(4))).toThrow(/^counter, key/);
    expect(() => binomials(1, 2, 3, 2, 1)).toThrow(/^part: /);
    expect(() => binomials(1, 2, 3, Number.NaN, 1)).toThrow(/^part: /);
    expect(() => (binomials as (...args: unknown[]) => unknown)()).toThrow(/^seed: /);
  });
});
