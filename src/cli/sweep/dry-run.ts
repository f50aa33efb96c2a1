import type { CheckedSweep } from '../../sweep/check.js';
import { pointName } from '../../sweep/points.js';
import { print, printJson } from '../print.js';
import type { SweepCommandOptions } from '../sweep.js';
import { describe, type SweepEstimate } from './estimate.js';

/** Points that are listed. */
const LISTED = 10;

/** `sweep --dry-run`: what would be run. */
export async function printDryRun(checked: CheckedSweep, estimate: SweepEstimate, { json }: SweepCommandOptions): Promise<void> {
  const { points, manifest, blocks } = checked;
  if (json) {
    return printJson({ ...estimate, identity: manifest.identity, vary: points.map(({ vary }) => vary) });
  }
  const listed = points
    .slice(0, LISTED)
    .map((point) => `  ${pointName(point)}: ${point.spec.replicates} replicates, blocks: ${blocks[point.index]}`);
  if (points.length > listed.length) listed.push(`  ... and ${points.length - listed.length} more`);
  return print([describe(estimate), ...listed].join('\n'));
}
