// @stdlib, live tokens only; used if it is installed (contenders.mjs says how). The first argument is the form: `binomials` are
// conditional ones of @stdlib/random-base-binomial, `picks` a binary search in the cumulative sums for every sample, with
// the Mersenne Twister of @stdlib/random-base-mt19937.
const [form] = process.argv.splice(2, 1);
const { job, picker, serve, simulateChains } = await import('./chains.mjs');
const { default: binomial } = await import('@stdlib/random-base-binomial');
const { default: mersenne } = await import('@stdlib/random-base-mt19937');

function binomials(random) {
  return (n, weights, live, drawn) => {
    let left = n;
    let mass = 0;
    for (let i = 0; i < live; i++) mass += weights[i];
    for (let i = 0; i < live; i++) {
      const share = i === live - 1 ? 1 : weights[i] / mass;
      // It takes neither n = 0 nor a probability of 1.
      const x = left === 0 ? 0 : share >= 1 ? left : random(left, share);
      drawn[i] = x;
      left -= x;
      mass -= weights[i];
    }
  };
}

await serve((seed) =>
  simulateChains(form === 'picks' ? picker(mersenne.factory({ seed }).normalized, job.support) : binomials(binomial.factory({ seed }))),
);
