// The C++ kernels on another processor: Debian's cross compiler, and qemu for a user's program. The same digests as here.
import { compileDriver } from './compile.mjs';
import { digestsOf, pinnedJobs } from './jobs.mjs';
import { holds, inFolder, needs, run } from './tools.mjs';

export async function prove({ long }) {
  const compiler = needs('aarch64-linux-gnu-g++', 'g++-aarch64-linux-gnu');
  const emulator = needs('qemu-aarch64', 'qemu-user');
  return inFolder(async (folder) => {
    const { specs, jobs, file } = await pinnedJobs(folder);
    // What optimises more also reorders more: the long form takes what the addon is built with.
    const program = await compileDriver(long ? 'aarch64-O3' : 'aarch64', [long ? '-O3' : '-O1', '-static'], compiler);
    const digests = digestsOf(await run(emulator, [program, file]), jobs);
    specs.forEach(({ name, digest }, i) => holds(digests[i] === digest, `${name}: digest ${digests[i]}, here ${digest}`));
    return [`${jobs.length} jobs: the digests of x86-64`];
  });
}
