// Hostile calls of the native addon, in processes of their own: everything it exports with wrong arguments, and changed jobs of every family.
// 10^6 in the long form.
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { run } from './tools.mjs';

/** Half of each kind. @returns the figures @throws Error where a process crashed */
export async function hostileCalls(calls, env = process.env) {
  const half = String(calls / 2);
  const scripts = [join(root, 'test/support/hostile.mjs'), join(root, 'scripts/proof/mutated-jobs.mjs')];
  const outputs = await Promise.all(scripts.map((script) => run(process.execPath, ['--expose-gc', script, '1', half], { env })));
  const [any, jobs] = outputs.map((output) => JSON.parse(output.toString()));
  return (
    `${any.calls} calls with any arguments (${any.threw + any.rejected} refused), ` +
    `${jobs.calls} with ${jobs.jobs} changed jobs (${jobs.refused} refused, ${jobs.finished} finished, ${jobs.cancelled} cancelled)`
  );
}

export async function prove({ long }) {
  return [await hostileCalls(long ? 1e6 : 30_000)];
}
