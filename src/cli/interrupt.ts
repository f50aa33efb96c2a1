/** Why a command stopped early: the reason of the signal that `interruptible` gives. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(readonly by: string) {
    super(`interrupted (${by})`);
  }
}

/**
 * Runs `work` with a signal that aborts on the first SIGINT or SIGTERM, so that it can clean up; the second one
 * ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted(name));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
