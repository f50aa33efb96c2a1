// What a suite leaves behind: a table on the screen, JSON, a chart, and the README's table.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toSvg } from '../dist/figures/render.js';
import { machineFacts, machineLine } from './machine.mjs';
import { short } from './statistics.mjs';

const milliseconds = (seconds) => short(1000 * seconds);

/** A Markdown table of the rows of rounds.mjs. */
export function ratioTable(title, rows, rounds) {
  const lines = rows.map(({ name, best, median, ratio, refused }) =>
    refused
      ? `| ${name} | ${refused} | | | |`
      : `| ${name} | ${milliseconds(best)} | ${milliseconds(median)} | ${short(ratio.median)} | ${short(ratio.min)} to ${short(ratio.max)} |`,
  );
  return [`| ${title} | ms, best of ${rounds} | median | times the first | range |`, '|---|---|---|---|---|', ...lines].join('\n');
}

/** A Markdown table of objects with equal keys. */
export function plainTable(rows) {
  const keys = Object.keys(rows[0]);
  const cell = (value) => (typeof value === 'number' ? short(value) : (value ?? ''));
  return [
    `| ${keys.join(' | ')} |`,
    `|${keys.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${keys.map((key) => cell(row[key])).join(' | ')} |`),
  ].join('\n');
}

/** Writes `name`.json, and `name`.svg where there is a chart, into a folder. */
export async function save(folder, name, data, charts = {}) {
  mkdirSync(folder, { recursive: true });
  const written = [join(folder, `${name}.json`)];
  writeFileSync(written[0], `${JSON.stringify({ suite: name, machine: machineFacts(), ...data }, null, 2)}\n`);
  for (const [chart, spec] of Object.entries(charts)) {
    const file = join(folder, `${chart}.svg`);
    try {
      writeFileSync(file, await toSvg(spec));
      written.push(file);
    } catch (error) {
      console.log(`no chart: ${error.message}`);
    }
  }
  console.log(`written: ${written.join(', ')}`);
}

/** Puts a table, under what it was measured, and its chart between the README's marks. */
export async function writeReadme(mark, table, facts, chart) {
  const picture = `docs/${mark}.svg`;
  const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const file = inProject('README.md');
  const text = readFileSync(file, 'utf8');
  const marked = new RegExp(`(<!-- ${mark} -->\\n)[\\s\\S]*?(\\n<!-- /${mark} -->)`);
  if (!marked.test(text)) throw new Error(`README.md has no <!-- ${mark} --> block`);
  const block = `${table}\n\nProcessor time. Measured on ${machineLine(facts)}, by \`npm run bench -- --readme\`.\n\n![Processor time against the fastest](${picture})`;
  writeFileSync(inProject(picture), await toSvg(chart));
  writeFileSync(
    file,
    text.replace(marked, (_, before, after) => `${before}${block}${after}`),
  );
}
