/** Pages with interactive charts. They open from the file system: the specification stands in the page, vega and vega-lite in files beside the report. */
import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StagedFolder } from '../results/staged.js';
import { attribute, text } from './html.js';
import { interactiveSpec } from './interactive.js';
import { fontFamily, type VegaLiteSpec } from './style.js';

/** The scripts that pages load, in this order. */
export const pageScripts = ['vega.min.js', 'vega-lite.min.js'] as const;

/**
 * Copies the scripts into a folder's staged files, from the packages that also draw the static charts.
 * @throws Error when a package is missing; `loadChartTools` says which, and how to install them
 */
export async function stageScripts(folder: StagedFolder): Promise<void> {
  const require = createRequire(import.meta.url);
  for (const name of pageScripts) {
    const build = dirname(require.resolve(name.replace('.min.js', '')));
    await copyFile(join(build, name), folder.stage(name));
  }
}

/** Shows the chart; tooltips are tables beside the pointer. */
const program = `
const spec = JSON.parse(document.getElementById('spec').textContent);
const tip = document.getElementById('tip');
const show = (_, event, item, value) => {
  tip.hidden = value == null;
  if (tip.hidden) return;
  tip.replaceChildren(...Object.entries(value).map(([name, shown]) => {
    const row = document.createElement('tr');
    for (const part of [name, shown]) row.appendChild(document.createElement('td')).textContent = part;
    return row;
  }));
  const { innerWidth, innerHeight } = window;
  const { offsetWidth, offsetHeight } = tip;
  tip.style.left = Math.max(0, Math.min(event.clientX + 14, innerWidth - offsetWidth - 4)) + 'px';
  tip.style.top = Math.max(0, Math.min(event.clientY + 14, innerHeight - offsetHeight - 4)) + 'px';
};
if (!window.vega || !window.vegaLite) document.getElementById('chart').textContent = 'The files ${pageScripts.join(' and ')} are not in the folder above this page.';
else new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'canvas', hover: true, container: '#chart', tooltip: show }).runAsync();
`;

const style = `
body { margin: 28px; color: #1f2328; background: #fff; font: 16px/1.5 ${fontFamily}; }
h1 { font-size: 21px; font-weight: 600; margin: 0 0 4px; }
p { margin: 0 0 14px; max-width: 92ch; color: #5b6470; font-size: 14.5px; }
a { color: #005a8f; }
#chart { overflow-x: auto; }
#tip { position: fixed; background: #fff; border: 1px solid #b8bec6; border-radius: 3px; padding: 4px 8px; font-size: 13px; pointer-events: none; box-shadow: 0 1px 4px #0003; }
#tip[hidden] { display: none; }
#tip td:first-child { color: #5b6470; padding-right: 12px; }
`;

/** A page in a folder beside the scripts' own. The specification is that of the static chart. */
export function interactivePage(spec: VegaLiteSpec, { title, caption }: { title: string; caption: string }): string {
  // Nothing in it may end the script element; in JSON a "<" is in a string.
  const json = JSON.stringify(interactiveSpec(spec)).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${text(title)}</h1>
<p>Drag to move, turn the wheel to zoom, double-click to go back. Point at a mark for its numbers; click a name in a legend to single it out, and beside it to see all again. <a href="../index.html">Report</a></p>
<div id="chart"></div>
<p>${text(caption)}</p>
<table id="tip" hidden></table>
${pageScripts.map((name) => `<script src="${attribute(`../${name}`)}"></script>`).join('\n')}
<script type="application/json" id="spec">${json}</script>
<script>${program}</script>
</body>
</html>
`;
}
