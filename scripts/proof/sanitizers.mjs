// The native code under AddressSanitizer and UndefinedBehaviorSanitizer (every family, every set of instructions), and under ThreadSanitizer
// with threads that share a job and one that is cancelled. The long form also builds the addon so, and calls it from Node.
import { addonFolder, compileAddon, compileDriver } from './compile.mjs';
import { hostileCalls } from './hostile.mjs';
import { digestsOf, pinnedJobs } from './jobs.mjs';
import { holds, inFolder, needs, run } from './tools.mjs';

const memory = ['-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const threads = ['-O1', '-g1', '-fsanitize=thread'];

export async function prove({ long }) {
  needs('g++');
  return inFolder(async (folder) => {
    const { specs, jobs, file } = await pinnedJobs(folder);
    const checked = await compileDriver(long ? 'memory-O2' : 'memory', [long ? '-O2' : '-O0', ...memory]);
    const digests = digestsOf(await run(checked, [file]), jobs);
    specs.forEach(({ name, digest }, i) => holds(digests[i] === digest, `${name}: digest ${digests[i]}, the library has ${digest}`));
    const raced = await compileDriver('threads', threads);
    const rounds = long ? 20 : 1;
    for (let i = 0; i < rounds; i++) await run(raced, [file, '3'], { env: { ...process.env, TSAN_OPTIONS: 'halt_on_error=1' } });
    const lines = [
      `${jobs.length} jobs under AddressSanitizer and UndefinedBehaviorSanitizer: no finding, the library's digests`,
      `the same, ${rounds} times, each shared by 4 threads, under ThreadSanitizer: no finding`,
    ];
    return long ? [...lines, await addon()] : lines;
  });
}

/** Node itself is not instrumented: the libraries are loaded before it, and its own leaks are not looked for. */
async function addon() {
  const calls = 200_000;
  await compileAddon(['-O1', ...memory]);
  const library = (await run('g++', ['-print-file-name=libasan.so'])).toString().trim();
  const env = { ...process.env, LD_PRELOAD: library, ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1', PROOF_ADDON: addonFolder };
  const counts = await hostileCalls(calls, env);
  return `the addon so built, in Node: ${counts}, no finding`;
}
