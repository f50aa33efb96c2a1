/** The page of `verify --out`: opens from the file system and loads nothing from elsewhere. */
import { attribute, number, pairs, seconds, text } from '../figures/html.js';
import { reportStyle } from '../figures/report-style.js';
import type { PublicOutcome, PublicVerification } from './outcome.js';

/** @param chart the chart of the p-values, a file beside the page; undefined without any p-value */
export function verificationPage(verification: PublicVerification, chart: string | undefined): string {
  const { checks, passed, totals, uniformity, quick, complete, backend, version, machine } = verification;
  const failing = checks.filter((check) => !check.passed);
  const uniform = uniformity ? `D = ${number(uniformity.statistic, 3)}, p = ${number(uniformity.pValue, 3)}` : 'too few p-values';
  const provenance: [string, string][] = [
    ['version', version],
    ['backend', backend],
    ['replicates', quick ? 'fewer (--quick)' : 'all'],
    ['started', verification.startedAt],
    ['duration', seconds(verification.durationSeconds)],
    ...Object.entries(machine).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Model collapse: simulation against theory</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>Model collapse: simulation against theory</h1>
<p class="lead"><strong class="${passed ? 'good' : 'bad'}">${totals.passed} of ${totals.checks} checks passed.</strong>${complete ? '' : ' The run was interrupted.'}
Every check has a fixed seed of its own and is run once. A statistical check fails if its p-value is below 10<sup>−6</sup>; all ${totals.statistical} together
fail without a reason with probability ${number(totals.falseAlarmRate, 2)} at most.</p>
</header>
<main>
${failing.length > 0 ? `<section><h2>Failed</h2>${tableHtml(failing)}</section>` : ''}
<section>
<h2>p-values</h2>
<p class="source">They are uniform if all is right. Kolmogorov-Smirnov: ${uniform}.</p>
${chart === undefined ? '' : `<figure><img src="${attribute(chart)}" alt="QQ plot and histogram of the p-values"><figcaption>Grey: what uniform p-values give (left: 95 % band of Kolmogorov-Smirnov; right: two standard deviations of a bin).</figcaption></figure>`}
</section>
<section>
<h2>Checks</h2>
${tableHtml(checks)}
<p class="source">Smallest effect: the smallest relative error that the check sees 99.87 % of the time (three standard errors beyond its limit); for a law, the root mean
square of the relative errors of its cells; for a change of a log determinant near 0, in standard deviations; for a correlation, the correlation itself. 0: the check is deterministic and sees any; its statistic counts violations.</p>
</section>
<section>
<h2>Provenance</h2>
${pairs(provenance)}
</section>
</main>
</body>
</html>
`;
}

function tableHtml(outcomes: readonly PublicOutcome[]): string {
  const head = ['statistic', 'p-value', 'predicted', 'measured', 'smallest effect', 'replicates']
    .map((name) => `<th class="n">${name}</th>`)
    .join('');
  return `<div class="wide"><table><thead><tr><th>check</th><th>against</th>${head}<th></th></tr></thead>
<tbody>${outcomes.map(rowHtml).join('\n')}</tbody></table></div>`;
}

function rowHtml({ name, against, statistic, pValue, predicted, measured, smallestEffect, replicates, passed }: PublicOutcome): string {
  const cells = [
    number(statistic, 3),
    number(pValue, 3),
    number(predicted ?? null),
    number(measured ?? null),
    number(smallestEffect, 2),
    String(replicates ?? ''),
  ];
  return `<tr><td>${text(name)}</td><td>${text(against)}</td>${cells.map((cell) => `<td class="n">${cell}</td>`).join('')}<td class="${passed ? 'good' : 'bad'}">${passed ? 'passed' : 'FAILED'}</td></tr>`;
}
