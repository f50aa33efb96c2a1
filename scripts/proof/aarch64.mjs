// The C++ kernels on another processor: Debian's cross compiler, and qemu for a user's program. The same digests as here.
import { join } from 'node:path';
import { compileDriver } from './compile.mjs';
import { digestsOf, jobOf, writeJobs } from './jobs.mjs';
import { specsWithDigests } from './specs.mjs';
import { holds, inFolder, needs, run } from './tools.mjs';

export async function prove({ long }) {
  const compiler = needs('aarch64-linux-gnu-g++', 'g++-aarch64-linux-gnu');
  const emulator = needs('qemu-aarch64', 'qemu-user');
  return inFolder(async (folder) => {
    const specs = await specsWithDigests();
    const jobs = [];
    for (const { spec } of specs) jobs.push(await jobOf(spec));
    const file = join(folder, 'jobs');
    writeJobs(file, jobs);
    // What optimises more also reorders more: the long form takes what the addon is built with.
    const program = await compileDriver(long ? 'aarch64-O3' : 'aarch64', [long ? '-O3' : '-O1', '-static'], compiler);
    const digests = digestsOf(await run(emulator, [program, file]), jobs);
    specs.forEach(({ name, digest }, i) => holds(digests[i] === digest, `${name}: digest ${digests[i]}, here ${digest}`));
    return [`${jobs.length} jobs: the digests of x86-64`];
  });
}
