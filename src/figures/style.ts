/** The look of every chart: one font, one palette, one Vega-Lite configuration. */

/** A Vega-Lite specification: plain JSON. */
export type VegaLiteSpec = Record<string, unknown>;

/** Okabe and Ito's palette (2008): distinguishable with every common colour blindness. */
export const palette = {
  blue: '#0072B2',
  vermillion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  orange: '#E69F00',
  sky: '#56B4E9',
  ink: '#1f2328',
  grey: '#6b7280',
  pale: '#e6e8eb',
} as const;

/** Colours for series that have no colour of their own, in order. */
export const seriesColours: readonly string[] = [
  palette.blue,
  palette.vermillion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.ink,
  palette.grey,
];

/** Quoted: a name with a digit makes the whole list invalid CSS otherwise. The first family is in the optional npm package of `fonts.ts`; a browser without it takes the next. */
export const fontFamily = "'Source Sans 3', 'Source Sans Pro', 'Helvetica Neue', Helvetica, Arial, sans-serif";

/** White ground, thin axes, a faint grid, labels that can be read in print. */
export const houseConfig = {
  background: 'white',
  font: fontFamily,
  padding: 12,
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 400,
    labelColor: palette.ink,
    titleColor: palette.ink,
    domainColor: '#8b929a',
    tickColor: '#8b929a',
    domainWidth: 0.8,
    tickWidth: 0.8,
    tickSize: 4,
    gridColor: palette.pale,
    gridWidth: 0.6,
    labelPadding: 3,
    titlePadding: 6,
    labelFlush: false,
  },
  legend: {
    labelFontSize: 11.5,
    titleFontSize: 12,
    titleFontWeight: 400,
    labelColor: palette.ink,
    titleColor: palette.ink,
    symbolStrokeWidth: 2,
    symbolSize: 220,
    columnPadding: 18,
    labelLimit: 0,
  },
  title: {
    fontSize: 13,
    fontWeight: 600,
    color: palette.ink,
    subtitleFontSize: 11.5,
    subtitleColor: palette.grey,
    anchor: 'middle',
    offset: 8,
  },
  header: { labelFontSize: 12, titleFontSize: 12 },
};

/** A Vega-Lite specification in the house style. */
export function chart(body: VegaLiteSpec, datasets: Record<string, readonly object[]> = {}): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...body,
    datasets,
    config: houseConfig,
  };
}
