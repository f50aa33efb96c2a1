// The headline job on one thread: 100 replicates x n in {10, 50, 100, ..., 400}, support 52, S_0 = 0.1, until collapse,
// recording the Simpson index: about 340,000 generations.
import { ratioChart } from './chart.mjs';
import { library, peers } from './contenders.mjs';
import { machineFacts } from './machine.mjs';
import { ratioTable, save, writeReadme } from './report.mjs';
import { compare } from './rounds.mjs';

export const headlineJob = {
  support: 52,
  exponent: 1.1007934473676655,
  replicates: 100,
  generations: 0,
  sizes: [10, 50, 100, 150, 200, 250, 300, 350, 400],
};

export async function headline({ rounds, out, readme, replicates, quick }) {
  const job = { ...headlineJob, replicates };
  const { entries, missing } = peers(quick ? [] : ['gsl', 'numpy', 'r', 'stdlib', 'naive']);
  const rows = await compare([...library(), ...entries], job, rounds);
  const table = ratioTable('headline job, one thread', rows, rounds);
  console.log(`${table}\n`);
  for (const line of missing) console.log(`not installed: ${line}`);
  const chart = ratioChart('Headline job, one thread, processor time', rows);
  await save(out, 'headline', { job, rounds, rows, missing }, { headline: chart });
  if (readme) await writeReadme('headline', table, machineFacts(), chart);
}
