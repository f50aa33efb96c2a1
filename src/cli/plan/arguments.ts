import { InputError, inputError } from '../../errors.js';
import { type CheckedRequest, checkRequest, type PlanRequest, type PlanSchedule, planSchedules, type Real } from '../../plan/request.js';
import { loadSpec } from '../../spec/load.js';
import { applySet } from '../../spec/set.js';
import { type CategoricalSpec, parseSpec, type Spec, type SpecInput } from '../../spec/spec.js';
import type { PlanCommandOptions } from '../plan.js';

/** Options that are fields of model.initial. */
const INITIAL_FIELDS = ['vocabulary', 'support', 'exponent', 'simpson', 'concentration', 'contexts'] as const;
const TEXT_FIELDS = ['tokens', 'context'] as const;
const SOURCES = 'a SPEC (a JSON file, - for stdin or a preset), --corpus PATH, or --initial KIND';

/** Throws InputError unless one thing says what p^(0) is, and every option has something to go with. */
export function checkSource(argument: string | undefined, options: PlanCommandOptions): void {
  const given = [argument, options.corpus, options.initial].filter((source) => source !== undefined);
  if (given.length !== 1) throw inputError('SPEC', given.length === 0 ? undefined : given, `one of these: ${SOURCES}`);
  refuseStray(options);
}

/**
 * The request that the arguments make: options beat the SPEC, the SPEC beats the defaults.
 * @throws InputError
 */
export function requestOf(spec: CategoricalSpec | undefined, options: PlanCommandOptions): CheckedRequest {
  if (options.tolerance === undefined) throw inputError('--tolerance', undefined, 'a finite number above 0');
  const model = (spec?.model ?? { kind: 'categorical', initial: initialOf(options) }) as SpecInput['model'];
  const schedule = options.schedule ?? scheduleOf(spec);
  const request: PlanRequest = {
    ...{ model, schedule, criterion: options.criterion, tolerance: options.tolerance, replicates: options.replicates },
    seed: options.seed ?? spec?.seed,
    generations: options.generations ?? horizonOf(spec),
    real: options.real ?? (schedule === 'fully-synthetic' ? undefined : realOf(spec, options)),
  };
  try {
    return checkRequest(request);
  } catch (error) {
    throw asTyped(error);
  }
}

/** @throws InputError */
export async function readSpec(argument: string, { set = [] }: PlanCommandOptions): Promise<Spec> {
  const loaded = (await loadSpec(argument)).spec;
  return parseSpec(set.reduce((spec: object, assignment) => applySet(spec, assignment), loaded as object));
}

/** An option that nothing would read is a mistake. */
function refuseStray({ corpus, initial, set, ...options }: PlanCommandOptions): void {
  const refuse = (name: string, value: unknown, needs: string) => {
    if (value !== undefined) throw inputError(`--${name}`, value, `nothing without ${needs}`);
  };
  if (corpus === undefined) for (const field of TEXT_FIELDS) refuse(field, options[field], '--corpus');
  if (initial === undefined) for (const field of [...INITIAL_FIELDS, 'p' as const]) refuse(field, options[field], '--initial');
  if (corpus !== undefined || initial !== undefined) refuse('set', set, 'a SPEC');
}

/** model.initial from the options, unchecked. */
function initialOf(options: PlanCommandOptions): object {
  if (options.corpus !== undefined) {
    return { kind: 'text', path: options.corpus, tokens: options.tokens ?? 'char', context: numberOr(options.context ?? '0') };
  }
  const fields = INITIAL_FIELDS.flatMap((field) => (options[field] === undefined ? [] : [[field, numberOr(options[field])]]));
  const p = options.p === undefined ? {} : { p: options.p.split(',').map(numberOr) };
  return { kind: options.initial, ...Object.fromEntries(fields), ...p };
}

/** A number where the text is one: else the spec's schema says what is allowed. */
function numberOr(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** The SPEC's own schedule where it mixes real and synthetic data. */
function scheduleOf(spec: CategoricalSpec | undefined): PlanSchedule {
  const kind = planSchedules.find((known) => known === spec?.schedule.kind);
  return kind === undefined || kind === 'fully-synthetic' ? 'partially-synthetic' : kind;
}

function realOf(spec: CategoricalSpec | undefined, { corpus }: PlanCommandOptions): Real | undefined {
  if (spec === undefined) return corpus === undefined ? undefined : 'corpus';
  const { schedule } = spec;
  if (schedule.kind === 'custom') return undefined;
  if ('real' in schedule) return schedule.real;
  if ('corpusSize' in schedule) return schedule.corpusSize;
  return 'sampleSize' in schedule ? schedule.sampleSize : undefined;
}

function horizonOf(spec: CategoricalSpec | undefined): number | undefined {
  if (spec === undefined || spec.generations === 'until-collapse') return undefined;
  return Math.max(2, Array.isArray(spec.generations) ? (spec.generations.at(-1) as number) : spec.generations);
}

/** Names the option in place of the request's field, or of the stand-in schedule's. */
function asTyped(error: unknown): unknown {
  const options = ['real', 'generations', 'criterion', 'schedule', 'tolerance', 'replicates'];
  if (!(error instanceof InputError)) return error;
  const field = error.field === 'schedule.real' ? 'real' : (error.field ?? '');
  if (!options.includes(field)) return error;
  return new InputError(`--${error.message.replace(/^schedule\./, '')}`, `--${field}`);
}
