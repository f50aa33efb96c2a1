/** The README's API example, JSON specs and commands run as they stand there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../dist/spec/spec.js';
import { cli } from './cli-process.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]);

describe('README', () => {
  it('has an API example that runs and prints the collapse time', () => {
    const [example] = blocks('js');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
      cwd: root,
      input: example,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [, mean, standardError, exact] = stdout.match(/collapse after (\S+) ± (\S+) generations; exactly (\S+)/) ?? [];
    expect(Math.abs(Number(mean) - Number(exact))).toBeLessThan(4.5 * Number(standardError));
    expect(stdout).toMatch(/digest [0-9a-f]{64}/);
  });

  it('has specs that are valid', () => {
    const specs = blocks('json');
    expect(specs.length).toBeGreaterThan(1);
    for (const spec of specs) expect(() => parseSpec(JSON.parse(spec))).not.toThrow();
  });

  it('has commands that run', async () => {
    const commands = [...readme.matchAll(/^ {4}npx model-collapse (.+)$/gm)].map(([, command]) => command);
    expect(commands.length).toBeGreaterThan(15);
    // The slow ones have tests of their own; what the others write goes where nothing is kept.
    const quick = commands.filter((command) => !/^(verify|plan)|--replicates 1000/.test(command));
    expect(quick.length).toBeGreaterThan(12);
    const ended = await Promise.all(quick.map((command) => cli(command.split(' '))));
    expect(ended.flatMap(({ status, stderr }, i) => (status === 0 ? [] : [`${quick[i]}: ${stderr}`]))).toEqual([]);
  }, 60_000);
});
