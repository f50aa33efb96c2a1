// The same bytes from the n-gram kernels of all backends: random small corpora, every order, smoothing, rule and schedule.
import { beforeAll, describe, expect, test } from 'vitest';
import type { NgramKernel } from '../dist/backend/ngram-kernel.js';
import { allKernels, randomJob, runNgram, schedules } from './support/ngram.js';
import { mulberry32 } from './support/oracle.js';

let kernels: [string, NgramKernel][];
beforeAll(async () => {
  kernels = await allKernels();
});

const JOBS = 60;

describe.each(schedules.map((_, i) => i))('schedule %d', (schedule) => {
  test(`${JOBS} jobs give the same bytes`, async () => {
    const random = mulberry32(100 + schedule);
    for (let i = 0; i < JOBS; i++) {
      const job = randomJob(random, schedule);
      const [first, ...others] = kernels;
      const expected = await runNgram(first[1], job, 2);
      expect(expected.values.length).toBe((2 * (job.report?.length ?? job.lastGeneration) * job.metrics.length) / 2);
      for (const [name, kernel] of others) {
        const got = await runNgram(kernel, job, 2);
        if (!got.bytes.equals(expected.bytes)) expect({ i, name, ...got, job }).toEqual({ i, name, ...expected, job });
      }
    }
  });
});
