/** Who wrote the training sets of accumulate-subsample: the corpus and every model so far (Wang et al., figure 1). */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { type Datasets, type PanelSize, position } from '../figures/panels.js';
import { palette, type VegaLiteSpec } from '../figures/style.js';
import type { Run } from './run.js';
import { means, valuesAt } from './seddik.js';
import { generations, paper, poolShare, type TextSetting } from './wang-text.js';

/** Share of the training set that each generation wrote; 0: real. */
export const compositionMetrics = Array.from({ length: generations }, (_, t) => `composition:${t}`);

/** Generations drawn as one area: from `first` on, up to the next one's. */
const bands = [
  { name: 'real text', first: 0, colour: palette.green },
  { name: 'models 1-5', first: 1, colour: '#9ecae1' },
  { name: 'models 6-10', first: 6, colour: '#6baed6' },
  { name: 'models 11-20', first: 11, colour: '#3182bd' },
  { name: 'models 21-39', first: 21, colour: '#08519c' },
];
/** What is tested: training sets, and who wrote a part of them. */
const tested = [2, 5, 10, 20, 40];

export function compositionClaim(run: Run, setting: TextSetting, rate: number): Claim {
  const claims = tested.flatMap((m) =>
    [0, 1, m >> 1, m - 1].map((t) => {
      const written = t === 0 ? 'the corpus' : `model ${t}`;
      const claim = `every part of the pool has its share of the training set: ${written} in generation ${m}`;
      return compare(claim, paper, estimate(valuesAt(run, `composition:${t}`, m - 1)), '=', poolShare(setting, rate, m, t));
    }),
  );
  return worst(claims);
}

/** Areas on top of each other, and the borders that are expected (dashed). */
export function compositionPanel(datasets: Datasets, run: Run, setting: TextSetting, rate: number, size: PanelSize): VegaLiteSpec {
  const shares = compositionMetrics.map((metric) => means(run, metric));
  const inBand = (band: number, t: number) => t >= bands[band].first && t < (bands[band + 1]?.first ?? generations);
  datasets.composition = run.generation.flatMap((m, i) =>
    bands.map(({ name }, band) => ({
      m,
      band,
      name,
      share: shares.reduce((sum, values, t) => sum + (inBand(band, t) ? values[i] : 0), 0),
    })),
  );
  datasets['composition-expected'] = run.generation.flatMap((m) =>
    bands.slice(1).map(({ first }, border) => ({
      m,
      border,
      below: compositionMetrics.reduce((sum, _, t) => sum + (t < first ? poolShare(setting, rate, m, t) : 0), 0),
    })),
  );
  const x = position('m', { title: 'generation m', domain: [1, generations], values: [1, 10, 20, 30, 40] });
  const y = { title: 'share of the training set', domain: [0, 1] as [number, number], format: '.0%' };
  const color = {
    field: 'name',
    type: 'nominal',
    sort: null,
    scale: { domain: bands.map(({ name }) => name), range: bands.map(({ colour }) => colour) },
    legend: { title: null, orient: 'top', direction: 'horizontal', columns: 3, symbolType: 'square' },
  };
  return {
    ...size,
    layer: [
      {
        data: { name: 'composition' },
        mark: { type: 'area', opacity: 0.85 },
        encoding: { x, y: { ...position('share', y), stack: 'zero' }, color, order: { field: 'band' } },
      },
      {
        data: { name: 'composition-expected' },
        mark: { type: 'line', strokeDash: [5, 3], strokeWidth: 1.2, color: palette.ink },
        encoding: { x, y: position('below', y), detail: { field: 'border' } },
      },
    ],
  };
}
