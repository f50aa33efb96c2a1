// Jobs of the n-gram kernels, and running them to the end.
import { metricId, type NgramBlock, type NgramJob, type NgramMetric, ngramSmoothings } from '../../dist/backend/ngram-job.js';
import { JavaScriptNgram, NativeNgram, type NgramAddon, type NgramKernel, wasmNgram } from '../../dist/backend/ngram-kernel.js';
import { nativeAddon } from './native.js';

export interface Run {
  values: number[];
  /** Bytes of the values and of the sample text. */
  bytes: Buffer;
  text: Int32Array;
}

const DONE = 0;
const OUT_FULL = 2;

export function nativeNgram(): NgramKernel {
  return new NativeNgram(nativeAddon() as unknown as NgramAddon);
}

export async function allKernels(): Promise<[name: string, kernel: NgramKernel][]> {
  return [
    ['javascript', new JavaScriptNgram()],
    ['wasm', await wasmNgram()],
    ['native', nativeNgram()],
  ];
}

export async function runNgram(kernel: NgramKernel, job: NgramJob, chains = 1, budget = 1 << 20, outCapacity = 4096): Promise<Run> {
  kernel.load({ job, outCapacity: Math.max(outCapacity, job.metrics.length / 2) });
  kernel.open({ replicate: 0, chains });
  const values: number[] = [];
  const text: number[] = [];
  for (let calls = 0; ; calls++) {
    if (calls > 1e7) throw new Error('it does not end');
    const status = await kernel.advance(budget);
    if (status === OUT_FULL || status === DONE) {
      values.push(...kernel.drain());
      text.push(...kernel.drainText());
    }
    if (status === DONE) break;
    if (status !== OUT_FULL && status !== 1) throw new Error(`status ${status}`);
  }
  const words = Int32Array.from(text);
  return { values, text: words, bytes: Buffer.concat([Buffer.from(Float64Array.from(values).buffer), Buffer.from(words.buffer)]) };
}

/** Metrics as (id, argument) pairs: 'perplexity', or ['distinct', 2]. */
export function metrics(...names: (NgramMetric | [NgramMetric, number])[]): Int32Array {
  return Int32Array.from(names.flatMap((name) => (typeof name === 'string' ? [metricId(name), 0] : [metricId(name[0]), name[1]])));
}

/** A job on documents of words 0 ... vocabulary - 1 under Replace; what differs is in `changes`. */
export function ngramJob(documents: number[][], vocabulary: number, changes: Partial<NgramJob> = {}): NgramJob {
  const corpus = stream(documents, vocabulary);
  return {
    seed: 1,
    vocabulary,
    order: 2,
    smoothing: 'none',
    smoothingParameter: 0.75,
    rule: 0,
    ruleParameter: 1,
    corpus,
    heldOut: corpus,
    generations: [[block(0)], [block(1)]],
    sizes: Uint32Array.of(corpus.length),
    lastGeneration: 1,
    report: null,
    metrics: metrics('vocabulary'),
    watch: [],
    truth: [],
    maxDocument: 50,
    samples: { documents: 0, length: 1, replicates: 0 },
    ...changes,
  };
}

export function stream(documents: number[][], vocabulary: number): Uint32Array {
  return Uint32Array.from(documents.flatMap((words) => [...words, vocabulary]));
}

export function block(source: number, mode: NgramBlock['mode'] = 'redrawn', size = 0, through?: number): NgramBlock {
  return { source, mode, size, through };
}

/** Every schedule that the kernels know, in short. */
export const schedules: NgramBlock[][][] = [
  [[block(0)], [block(1)]],
  [[block(0)], [block(0, 'fixed'), block(1, 'redrawn', 1)]],
  [[block(0)], [block(0, 'redrawn', 1), block(1)]],
  [[block(0)], [block(1, 'fixed'), block(1, 'redrawn', 1)]],
  [[block(0)], [block(-1)]],
  [
    [block(0, 'into-pool'), block(-2)],
    [block(1, 'into-pool', 1), block(-2)],
  ],
  [
    [block(0, 'into-pool', 1), block(-3)],
    [block(1, 'into-pool', 1), block(-3), block(-2, 'redrawn', 1)],
  ],
  [
    [block(0, 'into-pool'), block(-2, 'fixed')],
    [block(1, 'into-pool', 1), block(-2, 'fixed')],
  ],
  [[block(0, 'kept', 1)], [block(0, 'kept', 1), block(1, 'kept', 1, 2)]],
  [[block(0, 'redrawn', 1)], [block(1, 'redrawn', 1, 3)]],
  [
    [block(0), block(0, 'redrawn', 1)],
    [block(0, 'fixed'), block(2, 'redrawn', 1), block(1, 'fixed')],
    [block(2, 'fixed'), block(1, 'kept', 1, 1)],
  ],
  [[block(0)], [block(2, 'redrawn', 1), block(0, 'kept', 1), block(3, 'into-pool'), block(1)]],
];

export type Random = () => number;

/** A small job at random: every order, smoothing, rule and schedule comes up. */
export function randomJob(random: Random, schedule: number): NgramJob {
  const below = (n: number) => Math.floor(random() * n);
  const vocabulary = 1 + below(12);
  const order = 1 + below(6);
  const documents = () =>
    Array.from({ length: 1 + below(25) }, () => Array.from({ length: below(12) }, () => Math.floor(vocabulary * random() ** 2)));
  const real = documents();
  while (stream(real, vocabulary).length < 10) real.push([0, 0, 0]);
  const total = stream(real, vocabulary).length;
  const rule = below(2) * below(4);
  const lastGeneration = 1 + below(7);
  const watch = Array.from({ length: 3 }, () => {
    const begins = below(2);
    const words = below(order);
    return {
      context: Array.from({ length: words }, (_, j) => (j < begins ? vocabulary + 1 : below(vocabulary))),
      token: below(vocabulary + 1),
    };
  });
  return {
    ...ngramJob(real, vocabulary),
    seed: below(2 ** 50),
    order,
    smoothing: ngramSmoothings[below(4)],
    smoothingParameter: 0.05 + 0.9 * random(),
    rule,
    ruleParameter: rule === 2 ? 1 + below(4) : rule === 3 ? 0.3 + 0.6 * random() : 0.4 + 1.5 * random(),
    heldOut: stream(documents(), vocabulary),
    generations: schedules[schedule],
    sizes: Uint32Array.of(below(2) ? total : 1 + below(2 * total), 1 + below(total)),
    lastGeneration,
    report: below(3) ? null : Int32Array.of(lastGeneration),
    metrics: randomMetrics(random, lastGeneration),
    watch,
    truth: [
      { p: 0.5, weight: 2 },
      { p: 0.25, weight: 0 },
      { p: 1, weight: 0.5 },
    ],
    maxDocument: 1 + below(40),
    samples: { documents: below(3), length: 1 + below(20), replicates: below(3) },
  };
}

function randomMetrics(random: Random, lastGeneration: number): Int32Array {
  const repetition = 1 + Math.floor(random() * 6);
  const all: [NgramMetric, number][] = [
    ...(['perplexity', 'cross-entropy', 'unseen', 'vocabulary', 'ngram-types', 'entropy-rate'] as const).map(
      (name): [NgramMetric, number] => [name, 0],
    ),
    ...([1, 2, 3] as const).map((n): [NgramMetric, number] => ['distinct', n]),
    ['repetition', repetition],
    ['verbatim', 0],
    ...([0, 1, 2] as const).map((n): [NgramMetric, number] => ['watch', n]),
    ...Array.from({ length: lastGeneration }, (_, t): [NgramMetric, number] => ['composition', t]),
    ...(['documents', 'tokens', 'cut', 'kl-truth'] as const).map((name): [NgramMetric, number] => [name, 0]),
    ...([1, 2, 5] as const).map((n): [NgramMetric, number] => ['survival', n]),
  ];
  // Few metrics count fewer lengths.
  const kept = random() < 0.6 ? all : all.filter(() => random() < 0.15);
  return metrics(...(kept.length > 0 ? kept : all));
}
