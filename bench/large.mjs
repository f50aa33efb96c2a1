// A chain of a large vocabulary: n = 10^6 samples of 50,257 tokens (GPT-2's), 100 generations, the Simpson index of each.
// Nearly all tokens stay alive for dozens of generations, so a generation is tens of thousands of binomials.
import { ratioChart } from './chart.mjs';
import { library, peers } from './contenders.mjs';
import { ratioTable, save } from './report.mjs';
import { compare } from './rounds.mjs';

const starts = { uniform: 0, Zipf: 1 };

export async function large({ rounds, out, quick }) {
  const results = {};
  const charts = {};
  for (const [name, exponent] of Object.entries(starts)) {
    const job = { support: 50_257, exponent, replicates: 4, generations: 100, sizes: [1_000_000] };
    // Sample by sample a run takes a minute; forms that save calls have nothing to save here.
    const { entries, missing } = peers(quick ? [] : ['gsl', 'numpy', 'r']);
    const fit = [...library(), ...entries].filter((entry) => !/rbinom over|sizes in one|alone/.test(entry.name));
    const rows = await compare(fit, job, rounds);
    console.log(`${ratioTable(`n = 10^6, 50,257 tokens, ${name}`, rows, rounds)}\n`);
    results[name] = { job, rows, missing };
    charts[`large-${name.toLowerCase()}`] = ratioChart(`n = 10^6, 50,257 tokens (${name}), 100 generations, one thread`, rows);
  }
  await save(out, 'large', { rounds, starts: results }, charts);
}
