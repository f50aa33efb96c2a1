/** The packed tarball, unpacked into an empty folder beside the runtime dependencies only: what a user of the package gets. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backendStatus } from '../dist/backend/select.js';
import type { Result } from '../dist/engine/result.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const native = (await backendStatus())[0].available;

const spec = {
  model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 60, support: 20, simpson: 0.1 } },
  schedule: { kind: 'fully-synthetic', sampleSize: 50 },
  generations: 5,
  replicates: 20,
  seed: 7,
};

let folder: string;
/** With the prebuilt binary, and without it. */
let app: string;
let bare: string;
let tarball: string;

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

function start(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, MODEL_COLLAPSE_BACKEND: '' };
    execFile(file, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

const cli = (cwd: string, ...args: string[]) => start(process.execPath, ['node_modules/model-collapse/dist/cli/main.js', ...args], cwd);

async function done(ended: Promise<Ended>): Promise<string> {
  const { status, stdout, stderr } = await ended;
  if (status !== 0) throw new Error(`status ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** An empty project with the package in it. */
async function project(name: string): Promise<string> {
  const dir = join(folder, name);
  const installed = join(dir, 'node_modules', 'model-collapse');
  await mkdir(installed, { recursive: true });
  await done(start('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], dir));
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const dependency of Object.keys(dependencies)) {
    const place = join(dir, 'node_modules', dependency);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, 'node_modules', dependency), place, 'junction');
  }
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await writeFile(join(dir, 'spec.json'), JSON.stringify(spec));
  return dir;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-collapse-package-'));
  // What `npm pack` does, without its rebuild of the checkout that other tests are using.
  if (native) await done(start(process.execPath, ['scripts/build.mjs', 'prebuild'], root));
  await done(start('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root));
  tarball = join(folder, (await readdir(folder)).filter((name) => name.endsWith('.tgz'))[0]);
  [app, bare] = await Promise.all([project('app'), project('bare')]);
  await rm(join(bare, 'node_modules/model-collapse/prebuilds'), { recursive: true, force: true });
  // The addon is compiled anew, beside other tests.
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  test('holds what runs, and nothing that npm would build', async () => {
    const names = (await done(start('tar', ['-tzf', tarball], folder))).trim().split('\n');
    for (const name of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'dist/spec.schema.json', 'dist/platform/browser.js']) {
      expect(names).toContain(`package/${name}`);
    }
    expect(names.some((name) => /^package\/prebuilds\/.+\.node$/.test(name))).toBe(native);
    // No binding.gyp: npm would run node-gyp where it finds one.
    expect(names.filter((name) => !/^package\/((dist|prebuilds|bench)\/|(package\.json|README\.md|LICENSE)$)/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.tsbuildinfo'))).toEqual([]);
    const manifest = JSON.parse(await readFile(join(app, 'node_modules/model-collapse/package.json'), 'utf8'));
    expect(manifest.gypfile).toBe(false);
    for (const script of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts).not.toHaveProperty(script);
    expect((await stat(tarball)).size).toBeLessThan(1_300_000);
  });
});

async function run(cwd: string, ...args: string[]): Promise<Result> {
  return JSON.parse(await done(cli(cwd, 'run', 'spec.json', '--json', ...args))) as Result;
}

describe('installed in an empty folder', () => {
  test.runIf(native)('runs natively', async () => {
    const info = JSON.parse(await done(cli(app, 'info', '--json')));
    expect(info.backends[0]).toMatchObject({ name: 'native', available: true });
    expect((await run(app)).provenance.backend).toBe('native');
  });

  test('runs on WASM with the binary removed, and says why', async () => {
    const info = JSON.parse(await done(cli(bare, 'info', '--json')));
    expect(info.backends[0]).toMatchObject({ name: 'native', available: false, reason: expect.stringMatching(/no native build/i) });
    const result = await run(bare);
    expect(result.provenance.backend).toBe('wasm');
    expect(result.provenance.refused?.native).toMatch(/no native build/i);
    expect(result.digest).toBe((await run(app)).digest);
    expect((await cli(bare, 'run', 'spec.json', '--backend', 'native')).status).toBe(2);
  });

  test('needs no chart packages to run; reproduce names them', async () => {
    const ended = await cli(app, 'run', 'spec.json', '--out', 'out', '--format', 'csv');
    expect(ended.status).toBe(0);
    expect(ended.stderr).toMatch(/no chart: .*npm install vega/);
    expect(await readdir(join(app, 'out'))).toContain('provenance.json');
    const reproduced = await cli(app, 'reproduce', '--out', 'report');
    expect(reproduced.status).toBe(1);
    expect(reproduced.stderr).toMatch(/npm install vega/);
  });

  test('is a library: functions, theory and schema', async () => {
    const script = `
      import { simulate, parseSpec } from 'model-collapse';
      import * as theory from 'model-collapse/theory';
      import schema from 'model-collapse/spec.schema.json' with { type: 'json' };
      const { digest } = await simulate(parseSpec(${JSON.stringify(spec)}));
      console.log(JSON.stringify({ digest, theory: Object.keys(theory).length, schema: schema.title }));`;
    await writeFile(join(app, 'library.js'), script);
    const seen = JSON.parse(await done(start(process.execPath, ['--no-warnings', 'library.js'], app)));
    expect(seen).toEqual({ digest: (await run(app)).digest, theory: expect.any(Number), schema: 'model-collapse spec' });
    expect(seen.theory).toBeGreaterThan(3);
  });

  test('has types, for Node and for bundlers', async () => {
    const script = `
      import { InputError, type Result, simulate, type SpecInput, theory } from 'model-collapse';
      import * as sameTheory from 'model-collapse/theory';
      export const same: typeof theory = sameTheory;
      const spec: SpecInput = ${JSON.stringify(spec)};
      const result: Result = await simulate(spec, { backend: 'wasm', threads: 1 });
      export const digest: string = result.digest;
      // @ts-expect-error a digest is a string
      export const wrong: number = result.digest;
      export const error: Error = new InputError('no', 'field');`;
    await writeFile(join(app, 'consumer.ts'), script);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
    for (const module of ['nodenext', 'bundler']) {
      // Checking the declarations themselves takes seconds: once is enough.
      const kind = module === 'bundler' ? ['--module', 'preserve', '--skipLibCheck'] : ['--module', module];
      kind.push('--moduleResolution', module);
      expect(await start(process.execPath, [tsc, ...options, ...kind, 'consumer.ts'], app)).toMatchObject({ status: 0, stdout: '' });
    }
  });

  test('bundles for the browser, and computes the same there', async () => {
    await cp(join(app, 'spec.json'), join(bare, 'input.json'));
    await writeFile(
      join(bare, 'page.js'),
      "import spec from './input.json'; import { simulate } from 'model-collapse'; export default () => simulate(spec);",
    );
    const bundle = await rolldown({ input: join(bare, 'page.js'), platform: 'browser', external: [/^node:/], logLevel: 'silent' });
    const { output } = await bundle.write({ dir: join(bare, 'page'), format: 'esm', codeSplitting: false });
    await bundle.close();
    const chunks = output.filter((item) => item.type === 'chunk');
    expect(chunks.flatMap((chunk) => chunk.imports)).toEqual([]);
    const late = chunks.flatMap((chunk) => Object.entries(chunk.modules)).filter(([, { code }]) => code?.match(/import\(["']node:/));
    expect(late).toEqual([]);
    const use = "import('./page/page.js').then(({ default: run }) => run()).then((result) => console.log(JSON.stringify(result)));";
    const result = JSON.parse(await done(start(process.execPath, ['--input-type=module', '-e', use], bare))) as Result;
    expect(result.provenance).toMatchObject({ backend: 'wasm', machine: { platform: 'browser' } });
    expect(result.digest).toBe((await run(bare)).digest);
  });
});
