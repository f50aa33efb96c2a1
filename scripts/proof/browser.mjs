// Headless Chromium on WASM, in the page and in its workers: the same digests. A small server on 127.0.0.1 gives it the bundled library and takes the
// digests.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from '../tools.mjs';
import { compare } from './digests.mjs';
import { specsWithDigests } from './specs.mjs';
import { inFolder, needs } from './tools.mjs';

const SECONDS = 120;
/** Chromium asks for nothing but our page. */
const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

/** A page cannot import a folder's modules by bare names, and its workers even less. */
async function bundled(entry) {
  const bundle = await rolldown({ input: join(root, entry), platform: 'browser', external: [/^node:/], logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

const script = (specs, backends) => `
import { simulate } from './library.js';
const send = (answer) => fetch('/answer', { method: 'POST', body: JSON.stringify(answer) });
try {
  const found = {};
  for (const backend of ${JSON.stringify(backends)}) {
    found[backend] = [];
    for (const spec of ${JSON.stringify(specs)}) found[backend].push((await simulate(spec, { backend, threads: 2 })).digest);
  }
  await send({ agent: navigator.userAgent, found });
} catch (error) {
  await send({ problem: String(error.stack ?? error) });
}`;

/** Serves the files; resolves with what the page sends. */
function serve(files) {
  let answered;
  const answer = new Promise((resolve) => {
    answered = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        response.end();
        answered(JSON.parse(Buffer.concat(parts).toString()));
      });
      return;
    }
    const text = files[request.url];
    const type = request.url === '/' ? 'text/html' : 'text/javascript';
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': type }).end(text);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, answer })));
}

export async function prove({ long }) {
  const chromium = needs('chromium');
  const specs = await specsWithDigests();
  const backends = ['wasm', ...(long ? ['javascript'] : [])];
  const files = {
    '/': '<!doctype html><title>digests</title><script type="module" src="/page/main.js"></script>',
    '/page/main.js': script(
      specs.map(({ spec }) => spec),
      backends,
    ),
    '/page/library.js': await bundled('dist/index.js'),
    // Where the library looks for it, from where the page has the library.
    '/backend/worker.js': await bundled('dist/backend/worker.js'),
  };
  return inFolder(async (folder) => {
    const { server, answer } = await serve(files);
    const browser = spawn(chromium, [...flags, `--user-data-dir=${folder}`, `http://127.0.0.1:${server.address().port}/`], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => browser.on('close', resolve));
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the page did not answer in ${SECONDS} s`)), SECONDS * 1000);
    });
    try {
      const { problem, agent, found } = await Promise.race([answer, late]);
      if (problem) throw new Error(problem);
      for (const backend of backends) compare(`browser, ${backend}`, specs, found[backend]);
      return [`${/Chrome\/[\d.]+/.exec(agent)?.[0] ?? agent}: the same ${specs.length} digests (${backends.join(', ')})`];
    } finally {
      clearTimeout(timer);
      browser.kill('SIGKILL');
      server.closeAllConnections();
      server.close();
      await ended;
    }
  });
}
