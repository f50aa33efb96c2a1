// What the laws of regression leave out at finite d: verify's situations at d/5, 2d/5 and 4d/5 with n/d, m/d and p_2 kept, and the
// difference between simulation and law, relative and times d. docs/MATH.md#finite-d has its figures.
//   node scripts/finite-d.mjs [--replicates 40000]     the number at the smallest d; half and a quarter of it at the others
import { parseArgs } from 'node:util';
import { limitSituations } from '../dist/verify/cases-regression.js';
import { lawOf, regressionSpec, testErrors } from '../dist/verify/regression.js';
import { sampleOf } from '../dist/verify/tests.js';

const { values: options } = parseArgs({ options: { replicates: { type: 'string', default: '40000' } } });
const factors = [1 / 5, 2 / 5, 4 / 5];

function scaled({ model, schedule, ...rest }, factor) {
  const size = (value) => Math.round(value * factor);
  const { dimension, width, spectrum } = model;
  const eigenvalues =
    spectrum?.eigenvalues && Array.from({ length: size(dimension) }, (_, i) => spectrum.eigenvalues[Math.floor(i / factor)]);
  return {
    ...rest,
    model: {
      ...model,
      dimension: size(dimension),
      ...(width && { width: size(width) }),
      ...(eigenvalues && { spectrum: { ...spectrum, eigenvalues } }),
    },
    schedule: { ...schedule, samples: size(schedule.samples) },
  };
}

const columns = await Promise.all(
  factors.map(async (factor, k) => {
    const column = [];
    for (const situation of limitSituations) {
      const spec = regressionSpec(scaled(situation, factor), Math.round(Number(options.replicates) / 2 ** k), 1 + k);
      const law = lawOf(spec);
      const { mean, standardError } = sampleOf(await testErrors(spec, { backend: 'auto', threads: 1 }));
      const { dimension } = spec.model;
      column.push({ dimension, off: dimension * (mean / law - 1), error: (dimension * standardError) / law });
    }
    return column;
  }),
);
limitSituations.forEach(({ regime }, i) => {
  const cells = columns.map((column) => `${column[i].off.toFixed(2)} ± ${column[i].error.toFixed(2)} (d = ${column[i].dimension})`);
  console.log(`${regime.padEnd(40)} ${cells.join('   ')}`);
});
columns.forEach((column, k) => {
  const size = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const off = column.map((cell) => Math.abs(cell.off));
  console.log(`d x ${factors[k]}: mean ${size(off).toFixed(2)}, largest ${Math.max(...off).toFixed(2)}`);
});
