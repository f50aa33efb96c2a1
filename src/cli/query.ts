import type { Command } from 'commander';

export interface QueryCommandOptions {
  json?: boolean;
}

export function registerQuery(program: Command): void {
  program
    .command('query')
    .description('ask the tables of a sweep or run in SQL (needs the optional package @duckdb/node-api)')
    .usage('[options] SQL [DIR]')
    .argument('[SQL]', 'one statement over points, summary, or any other Parquet table of DIR by its name')
    .argument('[DIR]', 'the folder of a sweep or run', '.')
    .option('--json', 'print a list of rows as one JSON document')
    .addHelpText(
      'after',
      `\nExample:\n  model-collapse query 'SELECT "schedule.sampleSize", avg(mean) FROM summary WHERE metric = $$support$$ AND generation = 50 GROUP BY 1' DIR`,
    )
    .action(async (sql: string | undefined, dir: string, options: QueryCommandOptions) => {
      const { ask } = await import('./sweep/query.js');
      await ask(sql, dir, options);
    });
}
