/** The files of a verification; they appear together or not at all. */
import { writeFile } from 'node:fs/promises';
import { stageChart } from '../figures/render.js';
import { StagedFolder } from '../results/staged.js';
import { pValueChart } from './chart.js';
import type { PublicVerification } from './outcome.js';
import { verificationPage } from './page.js';

const CHART = 'p-values';

/** Files that `writeVerification` may write. */
export const verificationFiles = ['verify.json', 'index.html', `${CHART}.vl.json`, `${CHART}.svg`, `${CHART}.png`] as const;

/**
 * Writes verify.json, index.html and the chart of the p-values into an existing folder, replacing earlier ones.
 * @throws Error when a package that charts need is missing
 */
export async function writeVerification(dir: string, verification: PublicVerification): Promise<void> {
  const folder = new StagedFolder(dir);
  const hasChart = verification.checks.some(({ pValue }) => pValue !== null);
  try {
    await writeFile(folder.stage('verify.json'), `${JSON.stringify(verification, null, 2)}\n`);
    if (hasChart) await stageChart(pValueChart(verification.checks), folder, CHART);
    await writeFile(folder.stage('index.html'), verificationPage(verification, hasChart ? `${CHART}.svg` : undefined));
    await folder.commit();
  } finally {
    await folder.discard();
  }
}
