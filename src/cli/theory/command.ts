import { inputError } from '../../errors.js';
import { resolveTruth } from '../../models/categorical.js';
import { loadSpec } from '../../spec/load.js';
import { presetHint } from '../../spec/presets.js';
import { isCategorical, isNgram, parseSpec } from '../../spec/spec.js';
import { finite } from '../finite.js';
import { note, print, printJson } from '../print.js';
import { labelOf, withFlags } from '../run/jobs.js';
import type { TheoryOptions } from '../theory.js';
import { LARGEST_SAMPLE_SIZE, predictSpec } from './predict.js';

/** `theory SPEC`: the spec of a run, answered by closed forms. */
export async function theory(specs: readonly string[], options: TheoryOptions): Promise<void> {
  if (specs.length !== 1) {
    const allowed = `one: a JSON file, - for stdin, a provenance file, or a preset; ${presetHint('')}`;
    throw inputError('SPEC', specs.length === 0 ? undefined : specs, allowed);
  }
  const [argument] = specs;
  // Formulas reach further than simulations.
  const spec = parseSpec(withFlags((await loadSpec(argument)).spec, options), { largest: LARGEST_SAMPLE_SIZE });
  if (isNgram(spec)) {
    const allowed = `a model with closed forms (an n-gram has none; of the built-in stories \`run\` reports the least perplexity that is possible)`;
    throw inputError('model.kind', spec.model.kind, allowed);
  }
  const { prediction, absent } = predictSpec(spec, isCategorical(spec) ? await resolveTruth(spec) : undefined);
  if (options.json) await printJson(finite(prediction));
  else {
    const { predictionTable } = await import('./table.js');
    await print(predictionTable(labelOf(argument), prediction));
  }
  if (absent.length > 0) note(`no closed form, or none that takes seconds: ${absent.join(', ')}`);
}
