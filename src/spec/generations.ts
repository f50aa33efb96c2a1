/** Which generations are reported, and where a chain ends. */
import { z } from 'zod';
import { integer, MAX_COUNT, word } from './fields.js';
import { MIXTURE_GENERATIONS } from './regression.js';

export const UNTIL_COLLAPSE = 'until-collapse';

const or = `, a strictly increasing list of such numbers, or "${UNTIL_COLLAPSE}"`;
const allowed = `a whole number from 1 to ${MAX_COUNT}${or}`;
const list = z
  .array(integer(1, MAX_COUNT))
  .min(1, { error: allowed })
  .refine((generations) => generations.every((m, i) => i === 0 || m > generations[i - 1]), { error: allowed });

export const generationsSchema = z
  .union([integer(1, MAX_COUNT, or), list, z.literal(UNTIL_COLLAPSE)], { error: allowed })
  .describe(
    `M: generations 1 ... M are reported. A list: only those. "${UNTIL_COLLAPSE}": every chain runs until it has collapsed. Default: 50, with the schedule mixture 1.`,
  );

/** The generations of a spec that says nothing: of a mixture one fit. */
export function defaultGenerations(schedule: string): number {
  return schedule === 'mixture' ? MIXTURE_GENERATIONS : 50;
}

export const maxGenerationsSchema = integer(1, MAX_COUNT)
  .optional()
  .describe(
    `With generations "${UNTIL_COLLAPSE}": the last generation of a chain that has not collapsed, 1 to ${MAX_COUNT}. Required where collapse is not certain: certain it is under fully-synthetic and most-recent and, for a categorical model, under custom without real samples and with finitely many models (never with an error that goes on). Default: no end.`,
  );

export const methodSchema = word(['auto', 'forward', 'jump'])
  .default('auto')
  .describe(
    'How reported generations are reached. "forward": one generation after the other. "jump": from each reported one to the next at once, by tracing ancestors, which draws from the same law but does not see when a chain collapsed between two of them; for a categorical model under fully-synthetic, sampling and weighting plain, no error, and generations a list. "auto": jumps where they save much time. Default: "auto".',
  );

/** The last generation that a spec asks for; Infinity where a chain runs until it has collapsed. */
export function lastGeneration({
  generations,
  maxGenerations,
}: {
  generations: z.output<typeof generationsSchema>;
  maxGenerations?: number;
}): number {
  if (generations === UNTIL_COLLAPSE) return maxGenerations ?? Number.POSITIVE_INFINITY;
  return typeof generations === 'number' ? generations : generations[generations.length - 1];
}
