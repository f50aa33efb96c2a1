/** Data schedules as lists of draws, for the moments: what each generation trains on (docs/MATH.md#second-moments). */
import { inputError } from '../errors.js';
import { checkSize } from './check.js';
import { type CustomRule, type CustomTable, checkEntries, type DataLaw, realWeight, type TrainingLaw } from './training-law.js';

/** Samples of one training set. `kept`: drawn once and used again; `weight` is that of each sample. */
export type Draw =
  | { from: 'truth'; size: number; weight: number; kept: boolean }
  /** `back` generations ago. */
  | { from: 'model'; back: number; size: number; weight: number; kept: boolean }
  /** `size` from each of the last `window` models (Infinity: all of them). */
  | { from: 'models'; window: number; size: number; weight: number; kept: boolean }
  /** Each sample from a source drawn uniformly from the truth and all models; real ones have this weight. */
  | { from: 'mixture'; size: number; realWeight: number }
  /** `size` items of a pool of as many real ones and `batch` of each model; real ones have this weight. */
  | { from: 'pool'; size: number; batch: number; replacement: boolean; realWeight: number };

/** Generation m trains on entry min(m, length) - 1. Models that do not exist yet are left out. */
export type TrainingProgram = readonly (readonly Draw[])[];

/**
 * The draws of a schedule with its weights.
 * @param last the last generation of interest
 * @throws InputError for sizes, weights or rows out of range
 */
export function trainingProgram(law: Pick<TrainingLaw, 'schedule' | 'weighting'>, last: number): TrainingProgram {
  const { schedule } = law;
  const weight = realWeight(law);
  const truth = (size: number, kept = false): Draw => ({ from: 'truth', size, weight, kept });
  const before = (size: number): Draw => ({ from: 'model', back: 1, size, weight: 1, kept: false });
  checkSizes(schedule);
  switch (schedule.kind) {
    case 'fully-synthetic':
      return [[truth(schedule.sampleSize)], [before(schedule.sampleSize)]];
    case 'partially-synthetic':
      return [[truth(schedule.real, true)], [truth(schedule.real, true), before(schedule.synthetic)]];
    case 'fresh':
      return [[truth(schedule.real)], [truth(schedule.real), before(schedule.synthetic)]];
    case 'accumulate': {
      const past: Draw = { from: 'models', window: Infinity, size: schedule.synthetic, weight: 1, kept: true };
      return [[truth(schedule.real, true), past]];
    }
    case 'most-recent': {
      const { window } = schedule;
      const size = Math.floor(schedule.sampleSize / window);
      const models: Draw = { from: 'models', window, size, weight: 1, kept: false };
      const early = [truth(size), models];
      return Array.from({ length: Math.min(window, last) + 1 }, (_, i) => (i < window ? early : [models]));
    }
    case 'randomly-sampled':
      return [[{ from: 'mixture', size: schedule.sampleSize, realWeight: weight }]];
    case 'accumulate-subsample': {
      const { corpusSize, batch, replacement = false } = schedule;
      return [[{ from: 'pool', size: corpusSize, batch, replacement, realWeight: weight }]];
    }
    case 'custom':
      return 'table' in schedule ? tableProgram(schedule, weight) : ruleProgram(schedule, weight);
  }
}

function ruleProgram(rule: CustomRule, realWeight: number): TrainingProgram {
  checkEntries(rule);
  const draws = rule.sources.map((entry): Draw => {
    const { size, weight = 1 } = entry;
    if (entry.from === 'real') return { from: 'truth', size, weight: weight * realWeight, kept: entry.draw !== 'fresh' };
    const kept = entry.draw === 'kept';
    if (entry.from === 'model') return { from: 'model', back: entry.back ?? 1, size, weight, kept };
    return { from: 'models', window: entry.from === 'last' ? entry.window : Infinity, size, weight, kept };
  });
  if (rule.first === undefined) return [draws];
  return [[{ from: 'truth', size: rule.first, weight: 1, kept: false }], draws];
}

function tableProgram({ table, real = 'fixed', synthetic = 'redrawn' }: CustomTable, weight: number): TrainingProgram {
  if (table.length === 0) throw inputError('table', table, 'one row or more');
  return table.map((row, index) => {
    if (row.length !== index + 1) throw inputError(`table[${index}]`, row, `${index + 1} sizes, real samples first`);
    return row.flatMap((size, t): Draw[] => {
      if (size === 0 && !(index === 0 && t === 0)) return [];
      checkSize(`table[${index}][${t}]`, size);
      if (t === 0) return [{ from: 'truth', size, weight, kept: real === 'fixed' }];
      return [{ from: 'model', back: index + 1 - t, size, weight: 1, kept: synthetic === 'kept' }];
    });
  });
}

/** Sizes and windows of the named schedules. */
function checkSizes(schedule: DataLaw): void {
  if (schedule.kind === 'custom') return;
  for (const [field, value] of Object.entries(schedule)) if (typeof value === 'number') checkSize(field, value);
  if (schedule.kind === 'most-recent') checkSize('window', schedule.window, schedule.sampleSize);
}

/** How far back single vectors are needed: models, and kept batches. */
export function lookBack(program: TrainingProgram): { models: number; batches: number } {
  const reach = { models: 1, batches: 0 };
  for (const draws of new Set(program)) {
    for (const draw of draws) {
      // A window also needs the model that leaves it.
      const back = draw.from === 'model' ? draw.back : draw.from === 'models' && draw.window < Infinity ? draw.window + 1 : 1;
      if (draw.from === 'model' || (draw.from === 'models' && !draw.kept)) reach.models = Math.max(reach.models, back);
      if ((draw.from === 'model' || draw.from === 'models') && draw.kept) reach.batches = Math.max(reach.batches, back);
    }
  }
  return reach;
}
