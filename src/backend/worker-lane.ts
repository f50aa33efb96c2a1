/** A lane in a worker thread (Node) or Web Worker (browser). */
import { type Port, startWorker } from '#platform';
import type { RunningSlice, Slice, SliceResult, SliceState } from './job.js';
import type { Shape } from './kernel.js';
import type { Lane, OnText } from './lane.js';

export type PortableName = 'wasm' | 'javascript';

export type Request = { id: number } & (
  | { kind: 'load'; backend: PortableName }
  | { kind: 'open'; shape: Shape }
  | { kind: 'run'; slice: Slice; from?: SliceState }
  | { kind: 'save' }
);
export type Reply =
  | { kind: 'progress'; generations: number }
  | { kind: 'text'; text: Int32Array }
  | { id: number; kind: 'done'; result?: SliceResult; state?: RunningSlice }
  | { id: number; kind: 'failed'; message: string };

interface Waiting {
  resolve(reply: Extract<Reply, { kind: 'done' }>): void;
  reject(error: Error): void;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export class WorkerLane implements Lane {
  readonly concurrent = true;
  private readonly waiting = new Map<number, Waiting>();
  private generations = 0;
  private next = 0;
  private failure: Error | undefined;
  /** What is made of the slice's texts, one after the other; an error there is that of the slice. */
  private onText: OnText | undefined;
  private reading: Promise<void> = Promise.resolve();

  private constructor(private readonly port: Port) {
    port.onMessage((message) => this.receive(message as Reply));
    port.onError((error) => this.fail(error));
  }

  /** Starts a worker with a backend loaded. */
  static async start(backend: PortableName): Promise<WorkerLane> {
    const lane = new WorkerLane(startWorker());
    await lane.ask({ kind: 'load', backend });
    return lane;
  }

  /** Whether its worker has ended. */
  get failed(): boolean {
    return this.failure !== undefined;
  }

  async open(shape: Shape): Promise<void> {
    await this.ask({ kind: 'open', shape });
  }

  async run(slice: Slice, from?: SliceState, onText?: OnText): Promise<SliceResult> {
    this.generations = 0;
    this.onText = onText;
    this.reading = Promise.resolve();
    const { result } = await this.ask({ kind: 'run', slice, from });
    await this.reading;
    this.generations = 0;
    return result as SliceResult;
  }

  async save(): Promise<RunningSlice | undefined> {
    return (await this.ask({ kind: 'save' })).state;
  }

  progress(): number {
    return this.generations;
  }

  stop(): void {
    this.fail(new Error('stopped'));
    this.port.terminate();
  }

  private ask(request: WithoutId<Request>): Promise<Extract<Reply, { kind: 'done' }>> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.send({ ...request, id });
    });
  }

  private receive(reply: Reply): void {
    if (reply.kind === 'progress') {
      this.generations = reply.generations;
      return;
    }
    if (reply.kind === 'text') {
      this.reading = this.reading.then(() => this.onText?.(reply.text));
      this.reading.catch((error) => this.fail(error));
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.kind === 'done') waiting?.resolve(reply);
    else waiting?.reject(new Error(reply.message));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
