// kill -9 at random moments of a sweep, resume: the same digest, nothing finished lost. 100 times in the long form.
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { run } from './tools.mjs';

export async function prove({ long }) {
  const output = await run(process.execPath, [join(root, 'scripts/crash.mjs'), long ? '100' : '2', '1']);
  return output.toString().trim().split('\n');
}
