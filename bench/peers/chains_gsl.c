/* Chains of fully synthetic training with the GNU Scientific Library: gsl_ran_multinomial of the live tokens only, the
 * Simpson index of every generation, GSL's fastest good generator (taus2).
 *   chains_gsl SUPPORT EXPONENT REPLICATES GENERATIONS N...     (chains.mjs has the protocol) */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double *recorded;
static size_t capacity;

static void record(size_t generation, double value) {
  if (generation >= capacity) {
    capacity = 2 * (generation + 1);
    recorded = realloc(recorded, capacity * sizeof *recorded);
    if (!recorded) abort();
  }
  recorded[generation] = value;
}

/* One chain: its collapse time, or the Simpson index of its last generation. */
static double chain(gsl_rng *rng, unsigned n, size_t support, const double *p, double *weights, unsigned *drawn, long generations) {
  size_t live = support;
  for (size_t i = 0; i < support; i++) weights[i] = p[i];
  for (long generation = 1;; generation++) {
    gsl_ran_multinomial(rng, live, n, weights, drawn);
    size_t kept = 0;
    double sum = 0.0;
    for (size_t i = 0; i < live; i++) {
      if (drawn[i] == 0) continue;
      const double count = drawn[i];
      weights[kept++] = count;
      sum += count * count;
    }
    live = kept;
    record((size_t)generation, sum / ((double)n * n));
    if (generations == 0 && live == 1) return (double)generation;
    if (generation == generations) return recorded[generation];
  }
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  const size_t support = (size_t)atol(argv[1]);
  const double exponent = atof(argv[2]);
  const long replicates = atol(argv[3]), generations = atol(argv[4]);
  double *p = malloc(support * sizeof *p), *weights = malloc(support * sizeof *weights);
  unsigned *drawn = malloc(support * sizeof *drawn);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
  if (!p || !weights || !drawn || !rng) return 1;
  double total = 0.0;
  for (size_t i = 0; i < support; i++) total += p[i] = pow((double)(i + 1), -exponent);
  for (size_t i = 0; i < support; i++) p[i] /= total;
  double *moments = malloc(2 * (size_t)argc * sizeof *moments);
  unsigned long seed;
  while (scanf("%lu", &seed) == 1) {
    gsl_rng_set(rng, seed);
    const clock_t started = clock();
    for (int k = 5; k < argc; k++) {
      double sum = 0.0, squares = 0.0;
      for (long r = 0; r < replicates; r++) {
        const double value = chain(rng, (unsigned)atol(argv[k]), support, p, weights, drawn, generations);
        sum += value;
        squares += value * value;
      }
      const double mean = sum / replicates;
      moments[2 * k] = mean;
      moments[2 * k + 1] = sqrt(fmax(0.0, squares - sum * mean) / (replicates - 1.0) / replicates);
    }
    printf("%.9g", (double)(clock() - started) / CLOCKS_PER_SEC);
    for (int k = 5; k < argc; k++) printf(" %.12g %.9g", moments[2 * k], moments[2 * k + 1]);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
