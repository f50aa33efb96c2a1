// What one would write first: Math.random and a binary search for every sample, live tokens only.
import { job, picker, serve, simulateChains } from './chains.mjs';

await serve(() => simulateChains(picker(Math.random, job.support)));
