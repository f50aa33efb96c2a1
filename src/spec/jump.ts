/** Which specs can jump from one reported generation to the next (docs/MATH.md#jumps). */
import type { Draft } from './spec.js';

/** Why a spec can't, or undefined where it can. */
export function keepsFromJumping({ model, schedule, sampling, weighting, generations }: Omit<Draft, 'metrics'>): string | undefined {
  if (model.kind !== 'categorical') return `with the model ${model.kind} (jump needs categorical)`;
  if (model.error !== undefined) return 'with a model that has an error';
  if (schedule.kind !== 'fully-synthetic') return `with the schedule ${schedule.kind} (jump needs fully-synthetic)`;
  if (sampling.kind !== 'plain') return `with the sampling ${sampling.kind} (jump needs plain)`;
  if (weighting.kind !== 'plain') return `with the weighting ${weighting.kind} (jump needs plain)`;
  if (!Array.isArray(generations)) return 'unless generations is a list (jump goes from one listed generation to the next)';
  return undefined;
}
