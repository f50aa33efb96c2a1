// Where and when a measurement was made: it is kept beside every number.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { instructionSets } from './contenders.mjs';

/** The commit that was measured, with a `+` where files have changed since. */
function commit() {
  const git = (...given) =>
    execFileSync('git', given, { cwd: new URL('..', import.meta.url), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', 'src', 'assembly', 'native', 'bench').trim() !== '';
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

export function machineFacts() {
  return {
    cpu: cpus()[0].model,
    cores: cpus().length,
    instructionSets: instructionSets(),
    memoryBytes: totalmem(),
    node: process.version,
    date: new Date().toISOString(),
    commit: commit(),
    load: loadavg().map((value) => Number(value.toFixed(2))),
  };
}

export function machineLine({ cpu, cores, node, date, commit, load }) {
  return `${cpu} (${cores} cores), Node ${node}, ${date.slice(0, 10)}, commit ${commit}, load average ${load[0]}`;
}
