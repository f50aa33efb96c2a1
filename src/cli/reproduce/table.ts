import { join } from 'node:path';
import Table from 'cli-table3';
import type { Report } from '../../figures/report.js';
import { formatError, formatNumber, formatSeconds } from '../format.js';

/** Columns of text on a line of the claims. */
const CLAIM_WIDTH = 60;

/** The claims of a report for people, and where the figures are. */
export function reportTable(report: Report): string {
  const table = new Table({
    head: ['figure', 'claim', '', 'predicted', 'measured', '± s.e.', 'z', 'verdict'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    colWidths: [null, CLAIM_WIDTH + 2],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { id, claims } of report.figures) {
    claims.forEach(({ claim, relation, predicted, measured, standardError, z, holds }, i) => {
      const numbers = [formatNumber(predicted), formatNumber(measured), formatError(standardError), formatError(z)];
      table.push([i === 0 ? id : '', claim, relation, ...numbers, holds ? 'holds' : 'DOES NOT HOLD']);
    });
  }
  const { total, hold } = report.claims;
  const figures = `${report.figures.length} ${report.figures.length === 1 ? 'figure' : 'figures'}`;
  return [
    table.toString(),
    `${hold} of ${total} claims hold; ${figures} in ${formatSeconds(report.durationSeconds)}`,
    `report: ${join(report.out, 'index.html')}`,
  ].join('\n');
}
