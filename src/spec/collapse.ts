/** Where every chain collapses in the end, so that `until-collapse` needs no `maxGenerations`. */
import { errorSizesOf, type Model } from './model.js';
import type { Schedule } from './schedule.js';

/**
 * Whether a schedule keeps no real sample and forgets all but finitely many models: then a token that is alone is a
 * state that chance finds in the end and never leaves.
 */
export function forgets(schedule: Schedule): boolean {
  switch (schedule.kind) {
    case 'fully-synthetic':
    case 'most-recent':
      return true;
    case 'custom':
      if ('table' in schedule) return schedule.table[schedule.table.length - 1][0] === 0;
      return schedule.sources.every(({ from }) => from === 'model' || from === 'last');
    default:
      return false;
  }
}

/**
 * Why a chain need not collapse, or undefined where it must. Weights and samplings do not matter to it: they change no
 * distribution of one token. An error that goes on does: it brings tokens back.
 */
export function keepsFromCollapse({ model, schedule }: { model: Model; schedule: Schedule }): string | undefined {
  if (!forgets(schedule)) return `${schedule.kind} need not collapse`;
  if (model.kind === 'gaussian') {
    return schedule.kind === 'custom' ? 'a Gaussian under custom need not collapse' : undefined;
  }
  const sizes = model.kind === 'categorical' && model.error ? errorSizesOf(model.error) : [0];
  return sizes[sizes.length - 1] > 0 ? 'a model with an error need not collapse' : undefined;
}
