/** The report's style sheet: system fonts, one column, tables that can be scanned, light and print. */
export const reportStyle = `
:root { --ink: #1f2328; --soft: #5b6470; --line: #dfe3e8; --good: #00664b; --bad: #b33a00; --blue: #005a8f; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.55 "Source Sans 3", "Source Sans Pro", system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
header, main { max-width: 1080px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 44px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 10px; font-weight: 600; }
h2 { font-size: 21px; line-height: 1.3; margin: 0; font-weight: 600; }
.lead { max-width: 74ch; margin: 0 0 14px; }
.source { margin: 2px 0 14px; color: var(--soft); font-size: 14px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 22px; padding: 12px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: 14.5px; }
a { color: var(--blue); text-decoration: none; }
a:hover { text-decoration: underline; }
section { margin: 46px 0; }
figure { margin: 0 0 20px; }
figure img { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figcaption { max-width: 92ch; margin: 6px auto 0; color: var(--soft); font-size: 14.5px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 1.5px solid var(--ink); padding: 5px 10px 5px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: 5px 10px 5px 0; vertical-align: top; }
.n { text-align: right; white-space: nowrap; }
td:last-child, th:last-child { padding-right: 0; }
th.n + th:not(.n), td.n + td:not(.n) { padding-left: 12px; }
small { color: var(--soft); white-space: nowrap; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
details { margin-top: 12px; font-size: 14.5px; }
summary { cursor: pointer; color: var(--blue); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 22px; margin: 10px 0; font-size: 14.5px; }
dt { color: var(--soft); }
dd { margin: 0; }
code { font: 12px/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; color: var(--soft); }
@media (max-width: 640px) { header, main { padding-left: 16px; padding-right: 16px; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; } }
@media print { details { display: none; } section { break-inside: avoid; } }
`;
