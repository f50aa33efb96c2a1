import Table from 'cli-table3';
import type { Check } from '../../verify/check.js';
import type { PublicVerification } from '../../verify/outcome.js';
import { formatError, formatNumber, formatSeconds } from '../format.js';

const plain = { head: [], border: [], compact: true };

/** Names of checks, and what each compares with. */
export function listTable(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.map(({ name, against }) => `${name.padEnd(width)}  ${against}`).join('\n');
}

/** The outcome for people. */
export function verificationTable({ checks, totals, uniformity, complete, durationSeconds }: PublicVerification): string {
  const table = new Table({
    head: ['check', 'against', 'statistic', 'p-value', 'smallest effect', ''],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
    style: plain,
  });
  for (const { name, against, statistic, pValue, smallestEffect, passed } of checks) {
    const p = pValue === null ? 'exact' : formatError(pValue);
    table.push([name, against, formatError(statistic), p, formatError(smallestEffect), passed ? 'passed' : 'FAILED']);
  }
  const alarm = `false alarm of any: ${formatError(totals.falseAlarmRate)}`;
  const uniform = uniformity
    ? `; p-values uniform: Kolmogorov-Smirnov D = ${formatNumber(uniformity.statistic)}, p = ${formatError(uniformity.pValue)}`
    : '';
  return [
    table.toString(),
    `${totals.passed} of ${totals.checks} checks passed in ${formatSeconds(durationSeconds)}${complete ? '' : ' (interrupted)'}; ${alarm}${uniform}`,
    'smallest effect: relative error that a check sees 99.87 % of the time',
  ].join('\n');
}
