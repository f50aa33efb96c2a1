/** From a schedule of the spec to its law in src/theory: numbers in the place of "corpus". */
import { batchOf, type SampleSchedule, type Size } from '../spec/schedule.js';
import type { CustomEntry, CustomRule, CustomTable, DataLaw } from '../theory/training-law.js';

/** A custom schedule in the spec: as in the laws, with sizes that may say "corpus". */
type Sized<T> = T extends { size: number } ? Omit<T, 'size'> & { size: Size } : never;
type CustomSchedule = { kind: 'custom'; sources: readonly Sized<CustomEntry>[]; first?: Size } | CustomTable;

/** A schedule whose sizes may say "corpus". */
export type SizedSchedule = SampleSchedule | CustomSchedule;

/** The schedule of one context of `count` samples in the corpus. */
export function dataLaw(schedule: SizedSchedule, count = 0): DataLaw {
  const size = (value: Size) => (value === 'corpus' ? count : value);
  switch (schedule.kind) {
    case 'partially-synthetic':
    case 'accumulate':
    case 'fresh':
      return { kind: schedule.kind, real: size(schedule.real), synthetic: size(schedule.synthetic) };
    case 'accumulate-subsample': {
      const corpusSize = size(schedule.corpusSize);
      return { kind: schedule.kind, corpusSize, batch: batchOf(schedule.rate, corpusSize), replacement: schedule.replacement };
    }
    case 'most-recent':
      return { kind: schedule.kind, sampleSize: size(schedule.sampleSize), window: schedule.window };
    case 'custom': {
      if ('table' in schedule && schedule.table) return schedule;
      const { sources, first } = schedule as Extract<CustomSchedule, { sources: unknown }>;
      const resolved: CustomRule = {
        kind: 'custom',
        sources: sources.map((entry) => ({ ...entry, size: size(entry.size) }) as CustomEntry),
      };
      return first === undefined ? resolved : { ...resolved, first: size(first) };
    }
    default:
      return { kind: schedule.kind, sampleSize: size(schedule.sampleSize) };
  }
}
