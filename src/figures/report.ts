/** The report of `reproduce`: one HTML page that opens from the file system and loads nothing from elsewhere. */
import type { Result } from '../engine/result.js';
import { type Claim, zLimit } from './claim.js';
import { attribute, number, pairs, seconds, text, zText } from './html.js';
import { reportStyle } from './report-style.js';

export interface FigureReport {
  id: string;
  title: string;
  source: string;
  caption: string;
  parameters: readonly (readonly [string, string])[];
  claims: readonly Claim[];
  simulations: readonly SimulationReport[];
  /** Paths relative to the report. */
  files: { svg: string; png: string; page: string; spec: string; data: string; results: string };
  /** Wall time of the figure: simulation, theory and drawing. */
  durationSeconds: number;
}

/** Where the numbers of one simulation come from; `results` of the figure's files has the rest. */
export interface SimulationReport {
  label: string;
  digest: string;
  backend: string;
  threads: number;
  durationSeconds: number;
}

export interface Report {
  version: string;
  /** The folder that the report stands in. */
  out: string;
  startedAt: string;
  durationSeconds: number;
  machine: Record<string, unknown>;
  figures: readonly FigureReport[];
  /** Whether every figure that was asked for is here; not where the run was stopped, or has not ended. */
  complete: boolean;
  claims: { total: number; hold: number };
  /** Whether every claim holds. */
  passed: boolean;
}

export function simulationReport(label: string, { digest, provenance }: Result): SimulationReport {
  return { label, digest, backend: provenance.backend, threads: provenance.threads, durationSeconds: provenance.durationSeconds };
}

const partial = `<p class="lead"><strong class="bad">This report is partial:</strong> the run was stopped, or is still going on, and not all of its figures are here.</p>
`;

/** The page as HTML. Text is escaped; pictures are the SVG files beside it. */
export function reportHtml(report: Report): string {
  const { claims, figures } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Model collapse: figures reproduced</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>Model collapse: figures reproduced</h1>
<p class="lead"><strong class="${report.passed ? 'good' : 'bad'}">${claims.hold} of ${claims.total} claims hold.</strong>
Every picture and number on this page comes from the simulations listed with it; the predictions come from closed forms that share no code with them.</p>
${report.complete ? '' : partial}<nav>${figures.map(({ id, title }) => `<a href="#${attribute(id)}">${text(title)}</a>`).join('')}</nav>
</header>
<main>
${figures.map(figureHtml).join('\n')}
<section>
<h2>How to read the tables</h2>
<p>z is (measured − predicted) / standard error. An equality holds if |z| &lt; ${zLimit}. An inequality is one-sided: it holds unless the measurement breaks it by
${zLimit} standard errors or more. Where a row stands for several comparisons, it shows the one nearest to failing, and holds only if all of them do.</p>
</section>
<section>
<h2>Provenance</h2>
${pairs([['version', report.version], ['started', report.startedAt], ['duration', seconds(report.durationSeconds)], ...Object.entries(report.machine).map(([name, value]) => [name, String(value)] as const)])}
</section>
</main>
</body>
</html>
`;
}

function figureHtml(figure: FigureReport): string {
  const { id, title, source, caption, parameters, claims, simulations, files, durationSeconds } = figure;
  const link = (path: string, name: string) => `<a href="${attribute(path)}">${name}</a>`;
  return `<section id="${attribute(id)}">
<h2>${text(title)}</h2>
<p class="source">${text(source)}</p>
<figure><img src="${attribute(files.svg)}" alt="${attribute(title)}">
<figcaption>${text(caption)} ${link(files.page, 'Interactive version')}</figcaption></figure>
<div class="wide"><table><thead><tr><th>claim</th><th>source</th><th></th><th class="n">predicted</th><th class="n">measured</th><th class="n">standard error</th><th class="n">z</th><th>verdict</th></tr></thead>
<tbody>${claims.map(claimHtml).join('\n')}</tbody></table></div>
<details><summary>Parameters</summary>${pairs(parameters)}</details>
<details><summary>Simulations, digests, files (${seconds(durationSeconds)})</summary>
<p>${[link(files.data, 'data'), link(files.results, 'results'), link(files.page, 'interactive'), link(files.spec, 'Vega-Lite'), link(files.svg, 'SVG'), link(files.png, 'PNG')].join(' · ')}</p>
<div class="wide"><table><thead><tr><th>simulation</th><th>backend</th><th class="n">threads</th><th class="n">time</th><th>digest (SHA-256)</th></tr></thead>
<tbody>${simulations.map(simulationHtml).join('\n')}</tbody></table></div></details>
</section>`;
}

const relations = { '=': '=', '>=': '≥', '<=': '≤' } as const;

function claimHtml({ claim, source, relation, predicted, measured, standardError, z, holds, worstOf }: Claim): string {
  const several = worstOf ? ` <small>worst of ${worstOf}</small>` : '';
  const rule = relation === '=' ? '' : ' <small>one-sided</small>';
  return `<tr><td>${subscripts(text(claim))}${several}</td><td>${text(source)}</td><td>${relations[relation]}${rule}</td><td class="n">${number(predicted)}</td><td class="n">${number(measured)}</td>
<td class="n">${number(standardError, 2)}</td><td class="n">${zText(z)}</td><td class="${holds ? 'good' : 'bad'}">${holds ? 'holds' : 'fails'}</td></tr>`;
}

function simulationHtml({ label, backend, threads, durationSeconds, digest }: SimulationReport): string {
  return `<tr><td>${text(label)}</td><td>${text(backend)}</td><td class="n">${threads}</td><td class="n">${seconds(durationSeconds)}</td><td><code>${text(digest)}</code></td></tr>`;
}

/** S_m as a reader writes it. */
function subscripts(html: string): string {
  return html.replace(
    /\b([A-Z])_(\w)\b|ρ_(\w)\b/g,
    (_, letter: string | undefined, index: string, rho: string) => `${letter ?? 'ρ'}<sub>${index ?? rho}</sub>`,
  );
}
