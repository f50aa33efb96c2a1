/** From a spec of an n-gram model and its corpus to a job for the kernels (docs/NGRAM.md). */
import type { LanguageJob } from '../backend/job.js';
import { checkNgramJob, defaultMaxDocument, type NgramJob, type NgramWatch } from '../backend/ngram-job.js';
import { inputError } from '../errors.js';
import { NEEDS_TRUTH, ngramMetricId, watchedWords } from '../metrics/ngram.js';
import { samplingRule } from '../sampling/registry.js';
import type { NgramSpec } from '../spec/spec.js';
import type { TextCorpus } from '../text/corpus.js';
import { type GrammarFacts, grammarFacts } from '../text/grammar-exact.js';
import { storyGrammar } from '../text/stories.js';
import { withEnds } from '../text/token-stream.js';
import { wordsOf } from '../text/words.js';
import { loopParts } from './loop-job.js';

/** The discount of Kneser-Ney: the usual constant (Chen and Goodman 1999). */
const DISCOUNT = 0.75;
/** What is written to be read: documents, their longest length, and in how many replicates. */
const SAMPLES = { documents: 2, length: 400, replicates: 1 };
/** Look-ups to write a token, train on it and measure it. */
const TOKEN_COST = 20;

/** @throws InputError for sizes, watched words or generations that can't be run */
export async function ngramJob(spec: NgramSpec, corpus: TextCorpus): Promise<LanguageJob> {
  const { model } = spec;
  const vocabulary = corpus.vocabulary.length;
  const real = withEnds(corpus.training, vocabulary);
  const { loop, largest } = loopParts(spec, [real.length]);
  const { rule, parameter } = samplingRule(spec.sampling);
  const watch = await watched(spec, corpus);
  const truth = spec.metrics.includes(NEEDS_TRUTH) ? truthPairs(model.order, corpus) : { watch: [], truth: [] };
  const metrics = spec.metrics.flatMap((name) => metricIds(name, [...watch.keys()], truth.watch.length));
  const ngram: NgramJob = {
    seed: spec.seed,
    vocabulary,
    order: model.order,
    smoothing: model.smoothing,
    smoothingParameter: model.smoothing === 'add-k' ? (model.k ?? 1) : DISCOUNT,
    rule,
    ruleParameter: parameter,
    corpus: real,
    heldOut: withEnds(corpus.validation, vocabulary),
    generations: loop.program.generations,
    sizes: loop.sizes,
    lastGeneration: loop.lastGeneration,
    report: loop.report,
    metrics: Int32Array.from(metrics),
    watch: [...truth.watch, ...watch.values()],
    truth: truth.truth,
    maxDocument: defaultMaxDocument(real, vocabulary),
    samples: SAMPLES,
  };
  checkCorpus(spec, real.length);
  checkMetrics(spec, loop.lastGeneration);
  checkNgramJob(ngram);
  const { program: _, ...chain } = loop;
  return { ...chain, family: 'ngram', metrics: ngram.metrics, generationCost: TOKEN_COST * largest, ngram };
}

/** Real samples are documents of the corpus: there are no more. */
function checkCorpus({ model, schedule, generations }: NgramSpec, tokens: number): void {
  if (tokens < model.order) {
    const path = typeof model.corpus === 'string' ? model.corpus : 'stories';
    throw inputError(
      'model.order',
      model.order,
      `at most ${tokens}, the tokens to train on in ${JSON.stringify(path)}, ends of documents included`,
    );
  }
  if (generations === 'until-collapse') throw inputError('generations', generations, 'a number or a list');
  const real = 'real' in schedule ? schedule.real : 'corpusSize' in schedule ? schedule.corpusSize : undefined;
  if (typeof real === 'number' && real > tokens) {
    throw inputError(
      'real' in schedule ? 'schedule.real' : 'schedule.corpusSize',
      real,
      `at most ${tokens}, the tokens of the corpus, or "corpus"`,
    );
  }
}

/** What the kernels can't measure in this run. */
function checkMetrics({ metrics }: NgramSpec, last: number): void {
  let repetition: string | undefined;
  metrics.forEach((name, i) => {
    const [family, argument] = name.split(':');
    if (family === 'composition' && Number(argument) >= last) {
      throw inputError(
        `metrics[${i}]`,
        name,
        `composition:0 (real) to composition:${last - 1}: a generation that a later one can be trained on`,
      );
    }
    if (!name.startsWith('rep-')) return;
    if (repetition !== undefined)
      throw inputError(`metrics[${i}]`, name, `one length of repetition a run; ${repetition} is asked for already`);
    repetition = name;
  });
}

/** The watched pairs by the text that names them: of `watch`, and of metrics. */
async function watched({ model, metrics, watch = [] }: NgramSpec, { vocabulary }: TextCorpus): Promise<Map<string, NgramWatch>> {
  const numbers = new Map(vocabulary.map((name, i) => [name, i]));
  const pairs = new Map<string, NgramWatch>();
  for (const [i, metric] of metrics.entries()) {
    const text = watchedWords(metric);
    if (text === undefined || pairs.has(text)) continue;
    const asked = watch.indexOf(text);
    const [field, given] = asked >= 0 ? [`watch[${asked}]`, text] : [`metrics[${i}]`, metric];
    const words = await wordsOf(text, model, field);
    if (words.length < 1 || words.length > model.order) {
      throw inputError(field, given, `1 to ${model.order} tokens (${model.tokens}) with order ${model.order}; it has ${words.length}`);
    }
    const ids = words.map((word) => {
      const id = numbers.get(word);
      if (id === undefined) throw inputError(field, given, `words of the real corpus; ${JSON.stringify(word)} is not among them`);
      return id;
    });
    pairs.set(text, { context: ids.slice(0, -1), token: ids[ids.length - 1] });
  }
  return pairs;
}

/** Every context of the stories with everything that can follow, and their exact probabilities. */
function truthPairs(order: number, { vocabulary }: TextCorpus): Pick<NgramJob, 'watch' | 'truth'> {
  const grammar = storyGrammar();
  const { visits }: GrammarFacts = grammarFacts(grammar);
  const numbers = new Map(vocabulary.map((name, i) => [name, i]));
  // A word that no training story has is out of the vocabulary: <unk>.
  const idOf = (word: number) => numbers.get(grammar.words[word]) ?? 0;
  const [end, begin] = [vocabulary.length, vocabulary.length + 1];
  const watch: NgramWatch[] = [];
  const truth: NgramJob['truth'] = [];
  for (const { first, second, visits: weight, following } of visits) {
    const words = [first, second].map((word) => (word === grammar.boundary ? begin : idOf(word)));
    const context = words.slice(Math.max(0, words.length - (order - 1)));
    for (let i = 0; i < following.next.length; i++) {
      const next = following.next[i];
      watch.push({ context: order === 1 ? [] : context, token: next === grammar.boundary ? end : idOf(next) });
      truth.push({ p: following.p[i], weight: i === 0 ? weight : 0 });
    }
  }
  return { watch, truth };
}

function metricIds(name: string, watchedTexts: readonly string[], before: number): [id: number, argument: number] {
  const text = watchedWords(name);
  const found = ngramMetricId(name, text === undefined ? 0 : before + watchedTexts.indexOf(text));
  if (!found) throw inputError('metrics', name, 'a metric of an n-gram model');
  return found;
}
