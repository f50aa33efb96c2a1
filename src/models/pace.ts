/** Lets a long computation on the calling thread give way now and then, and stop. */
import { yieldToEvents } from '#platform';

const TURN_MS = 20;

export class Pace {
  private since = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** Between two steps: gives events a turn about every 20 ms. @throws the signal's reason once it is aborted. */
  async turn(): Promise<void> {
    if (performance.now() - this.since > TURN_MS) {
      await yieldToEvents();
      this.since = performance.now();
    }
    this.signal?.throwIfAborted();
  }
}
