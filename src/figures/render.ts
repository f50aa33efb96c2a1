/** Vega-Lite specification -> SVG (vega) -> PNG (resvg). The three packages are optional and loaded on first use. */
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StagedFolder } from '../results/staged.js';
import { fontOptions, fontPackage } from './fonts.js';
import type { VegaLiteSpec } from './style.js';

/** The npm packages that charts need. */
export const chartPackages = ['vega', 'vega-lite', '@resvg/resvg-js', fontPackage] as const;

/** Pixels per SVG unit: charts print at about 200 dpi. */
const pngScale = 2;

/** What charts are drawn with. */
interface Tools {
  vega: typeof import('vega');
  vegaLite: typeof import('vega-lite');
  resvg: typeof import('@resvg/resvg-js');
}

let tools: Promise<Tools> | undefined;

/**
 * Loads the packages that charts need, once.
 * @throws Error naming the npm packages to install, when one is missing or does not load.
 */
export function loadChartTools(): Promise<Tools> {
  tools ??= load().catch((error: unknown) => {
    tools = undefined;
    throw error;
  });
  return tools;
}

async function load(): Promise<Tools> {
  try {
    const [vega, vegaLite, resvg] = await Promise.all([import('vega'), import('vega-lite'), import('@resvg/resvg-js')]);
    // Vega would measure text with node-canvas where that happens to be installed: an estimate of our own keeps the layout the same everywhere.
    const { textMetrics } = vega as unknown as { textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number } };
    textMetrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11);
    return { vega, vegaLite, resvg };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`charts need optional packages; install them with: npm install ${chartPackages.join(' ')} (${reason})`, {
      cause: error,
    });
  }
}

/** Width of a text in pixels: Source Sans 3 averages about half an em a character. */
function textWidth(text: string, fontSize: number): number {
  return Math.ceil(0.5 * fontSize * text.length);
}

/**
 * Draws a specification as SVG; the same specification gives the same text.
 * @throws Error when a chart package is missing, or when Vega-Lite refuses the specification.
 */
export async function toSvg(spec: VegaLiteSpec): Promise<string> {
  const { vega, vegaLite } = await loadChartTools();
  vega.resetSVGDefIds();
  const logger = vega.logger(vega.Error);
  const compiled = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0], { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/**
 * Draws an SVG as PNG, two pixels per unit, on white.
 * @throws Error when no font can be found: the texts would be missing from the picture.
 */
export async function toPng(svg: string): Promise<Uint8Array> {
  const { resvg } = await loadChartTools();
  const font = fontOptions();
  if (font.loadSystemFonts && !textShows(resvg, font)) {
    throw new Error(`PNG charts need a font and this system has none; install one with: npm install ${fontPackage}`);
  }
  const image = await resvg.renderAsync(svg, { font, background: 'white', fitTo: { mode: 'zoom', value: pngScale } });
  return image.asPng();
}

/** Whether a letter leaves a mark: without any font resvg draws nothing, and says nothing. */
function textShows(resvg: Tools['resvg'], font: ReturnType<typeof fontOptions>): boolean {
  const probe =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" font-family="sans-serif">M</text></svg>';
  return new resvg.Resvg(probe, { font }).render().pixels.some((value) => value > 0);
}

/**
 * Writes `basePath`.vl.json, `basePath`.svg and `basePath`.png: all three or none. Files of these names are replaced.
 * @param basePath a path without extension, in an existing folder.
 * @returns the three paths.
 * @throws Error when a chart package or every font is missing.
 */
export async function renderChart(spec: VegaLiteSpec, basePath: string): Promise<{ spec: string; svg: string; png: string }> {
  const folder = new StagedFolder(dirname(basePath));
  try {
    await stageChart(spec, folder, basename(basePath));
    await folder.commit();
  } finally {
    await folder.discard();
  }
  const path = (extension: string) => join(folder.dir, `${basename(basePath)}.${extension}`);
  return { spec: path('vl.json'), svg: path('svg'), png: path('png') };
}

/** Draws a chart into a folder's staged files `name`.vl.json, `name`.svg, `name`.png; they appear when the folder is committed. */
export async function stageChart(spec: VegaLiteSpec, folder: StagedFolder, name: string): Promise<void> {
  const svg = await toSvg(spec);
  const png = await toPng(svg);
  await writeFile(folder.stage(`${name}.vl.json`), `${JSON.stringify(spec)}\n`);
  await writeFile(folder.stage(`${name}.svg`), svg);
  await writeFile(folder.stage(`${name}.png`), png);
}
