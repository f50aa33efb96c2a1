/** Every experiment, by name and by group. A new one is one file and one line here. */
import { inputError, nearest } from '../errors.js';
import { dohmatob1 } from './dohmatob-1.js';
import { dohmatob2 } from './dohmatob-2.js';
import { dohmatob3 } from './dohmatob-3.js';
import { dohmatob4 } from './dohmatob-4.js';
import { dohmatob9 } from './dohmatob-9.js';
import { dohmatob10 } from './dohmatob-10.js';
import { dohmatobMnist } from './dohmatob-mnist.js';
import type { Experiment } from './experiment.js';
import { gaussianFigure } from './gaussian.js';
import { goldenRatioFigure } from './golden-ratio.js';
import { schedulesFigure } from './schedules.js';
import { seddik1 } from './seddik-1.js';
import { seddik1Text } from './seddik-1-text.js';
import { seddik2 } from './seddik-2.js';
import { seddik3 } from './seddik-3.js';
import { seddik4 } from './seddik-4.js';
import { seddik6 } from './seddik-6.js';
import { verifierFigure } from './verifier.js';
import { wangMechanisms } from './wang-mechanisms.js';
import { wangPerplexity } from './wang-perplexity.js';
import { wangTokens } from './wang-tokens.js';
import { wangVocabulary } from './wang-vocabulary.js';

/** In the order in which they run and stand in the report. */
export const experiments: readonly Experiment[] = [
  seddik1,
  seddik1Text,
  seddik2,
  seddik3,
  seddik4,
  seddik6,
  schedulesFigure,
  wangMechanisms,
  wangPerplexity,
  wangTokens,
  wangVocabulary,
  goldenRatioFigure,
  verifierFigure,
  gaussianFigure,
  dohmatob1,
  dohmatob2,
  dohmatob3,
  dohmatob4,
  dohmatob9,
  dohmatob10,
  dohmatobMnist,
];

/** Those that cannot be drawn without a text of the user's. */
export const textSet: readonly Experiment[] = experiments.filter(({ readCorpus, hasCorpus }) => readCorpus && !hasCorpus);

/** Those that can be drawn from a text of the user's. */
export const corpusSet: readonly Experiment[] = experiments.filter(({ readCorpus }) => readCorpus);

/** Those that can be drawn from images of the user's. */
export const imageSet: readonly Experiment[] = experiments.filter(({ readImages }) => readImages);

/** What runs when no figure is named: less than two minutes on two cores. */
export const defaultSet: readonly Experiment[] = experiments.filter((experiment) => !textSet.includes(experiment) && !experiment.slow);

/** Everything that needs no text. */
export const fullSet: readonly Experiment[] = experiments.filter((experiment) => !textSet.includes(experiment));

/** The names of the groups. */
export function groups(): string[] {
  return [...new Set(experiments.map(({ group }) => group))];
}

/**
 * The experiments of these names: ids (`seddik-2`), short names (`fig2`, `2`), groups (`seddik`); each once, in the registry's order.
 * @throws InputError for a name that is none of them, naming the nearest
 */
export function findExperiments(names: readonly string[]): Experiment[] {
  const found = new Set<Experiment>();
  for (const name of names) {
    const matches = experiments.filter(({ id, aliases, group }) => [id, group, ...aliases].includes(name.toLowerCase()));
    if (matches.length === 0) throw unknownFigure(name);
    for (const match of matches) found.add(match);
  }
  return experiments.filter((experiment) => found.has(experiment));
}

function unknownFigure(name: string): Error {
  const known = [...new Set([...experiments.map(({ id }) => id), ...groups()])];
  const near = nearest(name, known);
  return inputError('figure', name, `${known.join(', ')}${near ? ` (did you mean ${near}?)` : ''}`);
}
