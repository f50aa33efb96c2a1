// The Parquet data set of a sweep as others read it: DuckDB, Polars (its npm package, fetched in the long form) and, where Python has it with a reader
// of Parquet, pandas. All rows, and the same numbers as in the sweep's result.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { holds, inFolder, run } from './tools.mjs';

const sweep = {
  base: {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } },
    schedule: { kind: 'fully-synthetic', sampleSize: 8 },
    generations: 6,
    replicates: 1100,
  },
  vary: { 'schedule.sampleSize': [8, 16, 32], seed: [0, 1] },
};

const key = (size, seed, metric, generation) => `${size} ${seed} ${metric} ${generation}`;

/** Means by point, metric and generation. */
function expectedMeans({ points }) {
  const means = new Map();
  for (const { vary, metrics } of points) {
    for (const [metric, { mean }] of Object.entries(metrics)) {
      mean.forEach((value, i) => means.set(key(vary['schedule.sampleSize'], vary.seed, metric, i + 1), value));
    }
  }
  return means;
}

/** @param rows objects with the columns of the data set, the varied fields among them */
function compare(reader, rows, expected) {
  holds(rows.length === expected.size, `${reader}: ${rows.length} rows of ${expected.size}`);
  for (const row of rows) {
    const name = key(row['schedule.sampleSize'], row.seed, row.metric, row.generation);
    holds(row.mean === expected.get(name), `${reader}: ${name}: mean ${row.mean}, the result has ${expected.get(name)}`);
  }
  return `${reader}: ${rows.length} rows, the means of the result to the last bit`;
}

async function readDuckDB(folder) {
  const { query } = await import(join(root, 'dist/sweep/query.js'));
  const { columns, rows } = await query('SELECT * FROM summary', folder);
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

/** The package's binary is a package of its own. */
async function readPolars(folder, scratch) {
  const binary = `nodejs-polars-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`;
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', scratch, 'nodejs-polars', binary]);
  const polars = createRequire(join(scratch, 'package.json'))('nodejs-polars');
  return polars.scanParquet(join(folder, 'summary/**/*.parquet'), { hivePartitioning: true }).collectSync().toRecords();
}

function readPandas(folder) {
  const program = 'import pandas, sys; print(pandas.read_parquet(sys.argv[1]).to_json(orient="records", double_precision=15))';
  return spawnSync('python3', ['-c', program, join(folder, 'summary')], { encoding: 'utf8' });
}

export function prove({ long }) {
  return inFolder(async (scratch) => {
    const file = join(scratch, 'sweep.json');
    const folder = join(scratch, 'out');
    writeFileSync(file, JSON.stringify(sweep));
    await run(process.execPath, [join(root, 'dist/cli/main.js'), 'sweep', file, '--out', folder]);
    const expected = expectedMeans(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')));
    const said = [compare('DuckDB', await readDuckDB(folder), expected)];
    if (long) said.push(compare('Polars', await readPolars(folder, scratch), expected));
    const pandas = readPandas(folder);
    if (pandas.status === 0) {
      const rows = JSON.parse(pandas.stdout);
      holds(rows.length === expected.size, `pandas: ${rows.length} rows of ${expected.size}`);
      said.push(`pandas: ${rows.length} rows`);
    } else said.push(`pandas: not run: ${(pandas.error?.message ?? pandas.stderr).trim().split('\n').at(-1)}`);
    return said;
  });
}
