// Proofs of robustness: `npm run proof [-- NAME...] [--long]` (no name: all). Each prints its figures; status 1 if one fails.
// docs/ROBUSTNESS.md says what each shows and what it gave.
import { NotRun } from './tools.mjs';

const names = ['crash', 'sanitizers', 'aarch64', 'hostile', 'fuzz', 'memory', 'nodes', 'workers', 'browser', 'streams', 'queue', 'tables'];
const asked = process.argv.slice(2).filter((argument) => argument !== '--long');
const long = process.argv.includes('--long');
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`proof: got ${unknown.join(', ')}; allowed: ${names.join(', ')}, and --long`);
  process.exit(2);
}
let failures = 0;
for (const name of asked.length > 0 ? asked : names) {
  const began = performance.now();
  const { prove } = await import(`./${name}.mjs`);
  try {
    for (const line of await prove({ long })) console.log(`${name}: ${line}`);
    console.log(`${name}: held, ${((performance.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    // On a developer's machine a tool may be missing; where all are installed, nothing is skipped in silence.
    const missing = error instanceof NotRun && !process.env.CI;
    console.error(`${name}: ${missing ? `not run: ${error.message}` : `FAILED: ${error.stack ?? error}`}`);
    if (!missing) failures++;
  }
}
process.exitCode = failures === 0 ? 0 : 1;
