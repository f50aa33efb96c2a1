/** Every check, and how checks are chosen by name. */
import { InputError, nearest } from '../errors.js';
import { exactChecks } from './cases-exact.js';
import { fullySyntheticChecks } from './cases-fully-synthetic.js';
import { gaussianChecks } from './cases-gaussian.js';
import { jumpChecks } from './cases-jumps.js';
import { regressionChecks } from './cases-regression.js';
import { scheduleChecks } from './cases-schedules.js';
import { trainingChecks } from './cases-training.js';
import type { Check } from './check.js';

export const checks: readonly Check[] = [
  ...fullySyntheticChecks,
  ...scheduleChecks,
  ...trainingChecks,
  ...gaussianChecks,
  ...jumpChecks,
  ...exactChecks,
  ...regressionChecks,
];

/** A name with `*` for any text, or the beginning of one. */
function matcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name.startsWith(pattern);
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${escaped.join('.*')}$`);
  return (name) => expression.test(name);
}

/**
 * The checks that any of the names, beginnings of names or patterns (`*` stands for any text) mean, in the registry's
 * order; without any, all of them, or with `quick` those that are not slow.
 * @throws InputError for one that means none
 */
export function chooseChecks(patterns: readonly string[], quick: boolean): Check[] {
  if (patterns.length === 0) return checks.filter(({ slow }) => !(quick && slow));
  const matchers = patterns.map((pattern) => {
    const matches = matcher(pattern);
    if (pattern === '' || !checks.some(({ name }) => matches(name))) throw unknown(pattern);
    return matches;
  });
  return checks.filter(({ name }) => matchers.some((matches) => matches(name)));
}

function unknown(pattern: string): InputError {
  const near = nearest(
    pattern,
    checks.map(({ name }) => name),
  );
  const hint = near ? `did you mean "${near}"? ` : '';
  return new InputError(
    `NAME: got ${JSON.stringify(pattern)}; ${hint}allowed: the name of a check, the beginning of one, or a pattern with * (model-collapse verify --list prints the ${checks.length} names)`,
    'NAME',
  );
}
