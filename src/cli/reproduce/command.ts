import { join } from 'node:path';
import { experiments } from '../../experiments/registry.js';
import { reproduce } from '../../experiments/reproduce.js';
import { figureFiles, reportFiles } from '../../experiments/write.js';
import { exists } from '../../results/staged.js';
import { Interrupted, interruptible } from '../interrupt.js';
import { note, print, printJson } from '../print.js';
import { progressDisplay } from '../progress.js';
import type { ReproduceOptions } from '../reproduce.js';

const DEFAULT_OUT = 'results';

/** `reproduce [FIGURE...]`: figures, data and the report, and the claims on stdout. */
export async function reproduceFigures(figures: readonly string[], options: ReproduceOptions): Promise<void> {
  const out = options.out ?? (await freeFolder(options.overwrite));
  const { full, corpus, mnist, threads, backend, overwrite, json } = options;
  const report = await interruptible(async (signal) => {
    const display = progressDisplay('reproduce');
    try {
      return await reproduce({
        ...{ figures, out, full, corpus, mnist, threads, backend, overwrite, signal },
        onProgress: ({ figure, step, figures: done, ofFigures, fraction }) =>
          display.update(fraction, `figure ${Math.min(done + 1, ofFigures)} of ${ofFigures}: ${figure}, ${step}`),
      });
    } catch (error) {
      if (error instanceof Interrupted) await tellWhatIsKept(out);
      throw error;
    } finally {
      display.stop();
    }
  });
  if (json) return printJson(report);
  const { reportTable } = await import('./table.js');
  await print(reportTable(report));
}

/** ./results, or the next of ./results-2, ./results-3, ... where nothing of an earlier report would be overwritten. */
async function freeFolder(overwrite: boolean | undefined): Promise<string> {
  if (overwrite || !(await holdsReport(DEFAULT_OUT))) return DEFAULT_OUT;
  let i = 2;
  while (await holdsReport(`${DEFAULT_OUT}-${i}`)) i++;
  const out = `${DEFAULT_OUT}-${i}`;
  note(`./${DEFAULT_OUT} holds an earlier report; this one goes to ./${out} (--overwrite replaces the earlier one)`);
  return out;
}

async function holdsReport(dir: string): Promise<boolean> {
  const files = [...reportFiles, ...experiments.flatMap(({ id }) => figureFiles(id))];
  return (await Promise.all(files.map((name) => exists(join(dir, name))))).some(Boolean);
}

async function tellWhatIsKept(out: string): Promise<void> {
  const index = join(out, 'index.html');
  note((await exists(index)) ? `kept: the figures that were finished, with a report of them in ${index}` : 'no figure was finished');
}
