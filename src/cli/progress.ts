import cliProgress from 'cli-progress';

/** Seconds between two lines where stderr is not a terminal; a shorter run prints none. */
const LINE_EVERY_SECONDS = 5;

/** Shows how far a job is on stderr: a bar on a terminal, one line every few seconds elsewhere. */
export interface ProgressDisplay {
  /** @param fraction in [0, 1]; @param detail a few words, such as "500 of 1000 replicates" */
  update(fraction: number, detail: string): void;
  stop(): void;
}

export function progressDisplay(label: string, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? bar(label, stream) : lines(label, stream);
}

function bar(label: string, stream: NodeJS.WriteStream): ProgressDisplay {
  const single = new cliProgress.SingleBar(
    {
      stream,
      format: `${label} {bar} {percentage} %  {detail}  {duration_formatted}`,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      // The signal handler of the command is the one that decides what an interruption does.
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    update(fraction, detail) {
      if (!started) single.start(1000, 0, { detail });
      started = true;
      single.update(Math.floor(fraction * 1000), { detail });
    },
    stop() {
      if (started) single.stop();
    },
  };
}

function lines(label: string, stream: NodeJS.WriteStream): ProgressDisplay {
  const start = performance.now();
  let last = start;
  return {
    update(fraction, detail) {
      const now = performance.now();
      if (now - last < LINE_EVERY_SECONDS * 1000) return;
      last = now;
      stream.write(`${label}: ${(fraction * 100).toFixed(1)} %, ${detail}, ${Math.round((now - start) / 1000)} s\n`);
    },
    stop() {},
  };
}
