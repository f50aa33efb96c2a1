import { join } from 'node:path';
import { makePlan } from '../../plan/plan.js';
import { prepareOutput } from '../../results/output.js';
import { categoricalSpec, isRegression } from '../../spec/spec.js';
import { interruptible } from '../interrupt.js';
import type { PlanCommandOptions } from '../plan.js';
import { note, print, printJson } from '../print.js';
import { progressDisplay } from '../progress.js';
import { checkSource, readSpec, requestOf } from './arguments.js';

/** `plan [SPEC]`: the answer, its check, and its files. */
export async function printPlan(argument: string | undefined, options: PlanCommandOptions): Promise<void> {
  checkSource(argument, options);
  const spec = argument === undefined ? undefined : await readSpec(argument, options);
  if (spec && isRegression(spec)) {
    const { printRegressionPlan } = await import('./regression.js');
    return printRegressionPlan(spec, options);
  }
  const request = requestOf(spec && categoricalSpec(spec), options);
  const { out, overwrite, check, backend, threads } = options;
  if (out !== undefined) await prepareOutput(out, { overwrite, files: (await import('../../plan/write.js')).planFiles });
  const planned = await interruptible(async (signal) => {
    const display = progressDisplay('plan');
    const onProgress = (what: string, fraction: number) => display.update(fraction, what);
    try {
      return await makePlan(request, { check, backend, threads, signal, onProgress });
    } finally {
      display.stop();
    }
  });
  if (out !== undefined) {
    const { writePlan } = await import('../../plan/write.js');
    const names = await writePlan(out, planned);
    note(`written: ${names.map((name) => join(out, name)).join(', ')}`);
  }
  if (options.json) return printJson(planned.plan);
  const { planText } = await import('./table.js');
  await print(planText(planned.plan));
}
