/** What the two ends of a queue share: BullMQ on Redis or Valkey. Both packages are optional. */
import { z } from 'zod';
import { inputError } from '../errors.js';
import { firstProblem } from '../spec/issues.js';

export const QUEUE = 'model-collapse';
export const QUEUE_PACKAGES = ['bullmq', 'ioredis'] as const;
/** Largest text that Redis holds under one key. */
export const LARGEST_RESULT = 2 ** 29;
/** Seconds until a server is given up at the start. */
const CONNECT_SECONDS = 10;

/** A block to be computed. Data only: the worker checks all of it again. */
const payloadSchema = z.strictObject({
  format: z.literal(1),
  /** Of the software that put it there. */
  version: z.string(),
  identity: z.string().regex(/^[0-9a-f]{64}$/),
  point: z.int().min(0),
  block: z.int().min(0),
  spec: z.unknown(),
  /** The point's varied fields. */
  vary: z.record(z.string(), z.unknown()),
  /** SHA-256 of the texts that the spec reads, by path. */
  corpora: z.record(z.string(), z.string()),
});
export type Payload = z.output<typeof payloadSchema>;

/** @throws InputError for anything that is no payload */
export function readPayload(input: unknown): Payload {
  const parsed = payloadSchema.safeParse(input);
  if (!parsed.success) throw firstProblem(parsed.error.issues, input);
  return parsed.data;
}

/** A block has one name, so that it is on the queue once, however often it is put there. */
export function jobName({ identity, point, block }: Pick<Payload, 'identity' | 'point' | 'block'>): string {
  return `${identity.slice(0, 32)}-${point}-${block}`;
}

/** Where a worker leaves a finished block. */
export function resultKey(job: string): string {
  return `${QUEUE}:result:${job}`;
}

/** What is used of ioredis. */
export interface Redis {
  /** How many of the keys are there. */
  exists(...keys: string[]): Promise<number>;
  getBuffer(key: string): Promise<Buffer | null>;
  set(key: string, value: Buffer, mode: 'EX', seconds: number): Promise<unknown>;
  del(key: string): Promise<number>;
  ping(): Promise<string>;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'ready' | 'close', listener: () => void): void;
}

/** What is used of BullMQ. */
export interface Bull {
  Queue: new (
    name: string,
    options: { connection: Redis },
  ) => {
    addBulk(jobs: { name: string; data: Payload; opts: Record<string, unknown> }[]): Promise<unknown>;
    getFailed(start: number, end: number): Promise<BullJob[]>;
    remove(job: string): Promise<unknown>;
    close(): Promise<void>;
    on(event: 'error', listener: (error: Error) => void): void;
  };
  Worker: new (
    name: string,
    processor: (job: BullJob) => Promise<unknown>,
    options: Record<string, unknown>,
  ) => {
    close(force?: boolean): Promise<void>;
    on(event: 'error' | 'stalled', listener: (error: Error) => void): void;
    on(event: 'failed', listener: (job: BullJob | undefined, error: Error) => void): void;
  };
  UnrecoverableError: new (message: string) => Error;
}

export interface BullJob {
  id?: string;
  data: unknown;
  failedReason?: string;
}

export interface QueueTools {
  bull: Bull;
  /** A connection of its own, which waits through outages. */
  connect(): Redis;
  /** Ends the connections. */
  close(): void;
  /** Without user and password. */
  server: string;
}

/**
 * Loads the packages and makes sure that the server answers.
 * @param onNote told of outages, once each
 * @throws InputError for an URL that is none, or a server that does not answer; Error when a package is missing
 */
export async function openQueue(url: string, onNote: (text: string) => void): Promise<QueueTools> {
  const server = serverOf(url);
  const [bullName, redisName]: string[] = [...QUEUE_PACKAGES];
  let bull: Bull;
  let Redis: new (url: string, options: Record<string, unknown>) => Redis;
  try {
    bull = (await import(bullName)) as Bull;
    Redis = ((await import(redisName)) as { Redis: typeof Redis }).Redis;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new Error(`a queue needs optional packages; install them with: npm install ${QUEUE_PACKAGES.join(' ')} (${reason})`, {
      cause: error,
    });
  }
  await probe(() => new Redis(url, { lazyConnect: false, maxRetriesPerRequest: 0, retryStrategy: () => null }), server);
  const connections: Redis[] = [];
  let [lost, over] = [false, false];
  const connect = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    connections.push(redis);
    redis.on('error', () => undefined); // it closes, too
    redis.on('close', () => {
      if (!lost && !over) onNote(`the connection to ${server} is lost; trying again`);
      lost = true;
    });
    redis.on('ready', () => {
      if (lost) onNote(`connected to ${server} again`);
      lost = false;
    });
    return redis;
  };
  const close = () => {
    over = true;
    for (const redis of connections) redis.disconnect();
  };
  return { bull, connect, close, server };
}

async function probe(make: () => Redis, server: string): Promise<void> {
  const redis = make();
  let reason = `no answer in ${CONNECT_SECONDS} s`;
  redis.on('error', ({ message }) => {
    reason = message;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(reason)), CONNECT_SECONDS * 1000);
  });
  try {
    await Promise.race([redis.ping(), late]);
  } catch (error) {
    const { message } = error as Error;
    throw inputError('--queue', server, `a server that answers (${/closed|retries/i.test(message) ? reason : message})`);
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}

/** An URL without what is secret in it. */
function serverOf(url: string): string {
  const allowed = 'redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss:// for TLS';
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw inputError('--queue', url.replace(/\/\/.*@/, '//'), allowed);
  }
  const server = `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
  if (!/^rediss?:$/.test(parsed.protocol) || parsed.host === '') throw inputError('--queue', server, allowed);
  return server;
}
