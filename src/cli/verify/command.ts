import { join } from 'node:path';
import { prepareOutput } from '../../results/output.js';
import type { PublicVerification } from '../../verify/outcome.js';
import { chooseChecks } from '../../verify/registry.js';
import { verify } from '../../verify/run.js';
import { Interrupted, interruptible } from '../interrupt.js';
import { note, print, printJson } from '../print.js';
import { progressDisplay } from '../progress.js';
import type { VerifyCommandOptions } from '../verify.js';
import { listTable, verificationTable } from './table.js';

/** `verify [NAME...]`: fails (exit 1) if a check does. */
export async function runVerification(names: readonly string[], options: VerifyCommandOptions): Promise<void> {
  const { quick = false, out, overwrite, json, backend, threads } = options;
  const checks = chooseChecks(names, quick);
  if (options.list) return json ? printJson(checks.map(({ name, against }) => ({ name, against }))) : print(listTable(checks));
  if (out !== undefined) await prepareForFiles(out, overwrite);
  const verification = await interruptible(async (signal) => {
    const display = progressDisplay('verify');
    try {
      const result = await verify({
        ...{ checks, quick, backend, threads, signal },
        onProgress: (done, total, { name, passed, pValue }) => {
          if (!passed) note(`FAILED ${name}${pValue === null ? '' : ` (p = ${pValue.toExponential(1)})`}`);
          display.update(done / total, `${done} of ${total}: ${name}`);
        },
      });
      display.stop();
      await tell(result, out, json);
      if (!result.complete) throw signal.reason ?? new Interrupted('signal');
      return result;
    } finally {
      display.stop();
    }
  });
  if (!verification.passed) {
    const { failed, checks: total } = verification.totals;
    throw new Error(`${failed} of ${total} checks failed`);
  }
}

async function prepareForFiles(out: string, overwrite: boolean | undefined): Promise<void> {
  const { verificationFiles } = await import('../../verify/write.js');
  await prepareOutput(out, { overwrite, files: verificationFiles });
  const { loadChartTools } = await import('../../figures/render.js');
  await loadChartTools();
}

/** Prints and writes what there is; an interrupted run keeps the checks that were finished. */
async function tell(verification: PublicVerification, out: string | undefined, json: boolean | undefined): Promise<void> {
  if (out !== undefined) {
    const { writeVerification } = await import('../../verify/write.js');
    await writeVerification(out, verification);
    note(`page: ${join(out, 'index.html')}`);
  }
  if (json) await printJson(verification);
  else await print(verificationTable(verification));
}
