import Table from 'cli-table3';
import type { Result, TextSample } from '../../engine/result.js';
import { formatError, formatNumber } from '../format.js';
import { pick } from './table.js';

/** Characters of the sample shown. */
const SAMPLE = 400;
const WIDTH = 100;

/** The metrics of a language model for people: one line each, mean and standard error at a few generations. */
export function textMetrics({ generation, metrics }: Result): string {
  const columns = pick(generation.length);
  const table = new Table({
    head: ['metric (± s.e.)', ...columns.map((i) => `m = ${generation[i]}`)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { mean, standardError }] of Object.entries(metrics)) {
    table.push([
      name,
      ...columns.map((i) => {
        const error = standardError[i];
        return typeof error === 'number' && error > 0 ? `${formatNumber(mean[i])} ± ${formatError(error)}` : formatNumber(mean[i]);
      }),
    ]);
  }
  return table.toString();
}

/** What the corpus is, what can be known of the perplexity, and a sample of the last generation. */
export function textLines({ provenance, metrics, samples = [], generation }: Result): string[] {
  const { corpus } = provenance;
  const lines: string[] = [];
  if (corpus && 'training' in corpus) {
    const { path, training, validation, vocabulary, unknown, perplexityFloor } = corpus;
    const held = `${validation.tokens} in ${validation.documents} held out${unknown.tokens > 0 ? `, ${unknown.tokens} of them unknown` : ''}`;
    lines.push(
      `corpus: ${path}, ${training.tokens} tokens in ${training.documents} documents to train on, ${vocabulary} different; ${held}`,
    );
    if (perplexityFloor !== undefined)
      lines.push(`least perplexity that a model of these stories can have: ${formatNumber(perplexityFloor)}`);
  }
  const last = generation.length - 1;
  if (metrics.perplexity?.mean[last] === 'Infinity') {
    const unseen = metrics.unseen && `${formatNumber(metrics.unseen.mean[last])} of the held-out tokens`;
    lines.push(
      `perplexity is infinite: the model of generation ${generation[last]} gives probability 0 to ${unseen ?? 'some held-out tokens (the metric unseen says how many)'}; ` +
        'model.smoothing "witten-bell" or "kneser-ney" gives every token some',
    );
  }
  const sample = samples.findLast((candidate) => candidate.replicate === 0);
  if (sample) lines.push(`written in generation ${sample.generation}:`, ...wrapped(sample));
  return lines;
}

function wrapped({ text, cut }: TextSample): string[] {
  const characters = [...text];
  const shown = characters.length > SAMPLE || cut ? `${characters.slice(0, SAMPLE).join('')} [...]` : text;
  const lines: string[] = [];
  for (const line of shown.split('\n')) {
    let part = ' ';
    for (const word of line.split(' ')) {
      if (part.length + 1 + word.length > WIDTH && part !== ' ') {
        lines.push(part);
        part = ' ';
      }
      part += ` ${word}`;
    }
    lines.push(part);
  }
  return lines;
}
