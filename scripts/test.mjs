// `npm test`: builds what has changed, checks types, style and the package's shape, runs every test and the speed guard, and ends with "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, root, succeeds } from './tools.mjs';

/** One named check that passes or fails as a whole. */
function check(name, script, args) {
  console.log(`\n${name}`);
  return succeeds(script, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Every file in test/ (the floors check is one of them). Counts come from the report, since the exit status is one bit. */
function tests() {
  const folder = mkdtempSync(join(tmpdir(), 'model-collapse-test-'));
  const file = join(folder, 'report.json');
  const fine = succeeds(command('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  let passed = 0;
  let failed = 0;
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A file that could not be loaded, or whose set-up failed, has no failing test of its own.
    const broken = report.testResults.filter(
      (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
    );
    passed = report.numPassedTests;
    failed = report.numFailedTests + broken.length;
  } catch (error) {
    console.error(`no report of the tests: ${error.message}`);
  }
  rmSync(folder, { recursive: true, force: true });
  // Such as an error outside every test.
  if (!fine && failed === 0) failed = 1;
  return { passed, failed };
}

if (!succeeds(join(root, 'scripts/build.mjs'), [])) {
  console.log('\n0 passed, 1 failed');
  process.exit(1);
}
const outcomes = [
  check('types of the tests', command('typescript', 'tsc'), ['-p', 'test']),
  check('lint and format', command('@biomejs/biome', 'biome'), ['check', '--max-diagnostics=50']),
  check('package', command('publint'), ['--strict']),
  tests(),
  // After the tests, which would take its processor.
  check('speed against reference loops', join(root, 'bench/guard.mjs'), []),
];
const count = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
console.log(`\n${count('passed')} passed, ${count('failed')} failed`);
process.exitCode = count('failed') === 0 ? 0 : 1;
