// Poisson variates of any mean: inversion and transformed rejection (PTRS); the twin of assembly/poisson.ts.
#pragma once
#include <cmath>

#include "binomial.h"
#include "math.h"
#include "stream.h"

namespace collapse {

/** log P(X = k) + log(2 pi mean) / 2 of a Poisson variable. */
inline double log_mass(double k, double mean) {
  const double beyond = k + 1.0 - mean;
  return beyond - (k + 0.5) * log1p(beyond / mean) - stirling_error(k);
}

inline double poisson_inversion(Stream& stream, double mean) {
  const double none = exp(-mean);
  double u = stream.uniform();
  double f = none;
  double x = 0.0;
  while (u > f) {
    u -= f;
    x += 1.0;
    if (x > 120.0) {
      u = stream.uniform();
      f = none;
      x = 0.0;
    } else {
      f *= mean / x;
    }
  }
  return x;
}

inline double poisson_rejection(Stream& stream, double mean) {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double squeeze = 0.9277 - 3.6224 / (b - 2.0);
  const double top = 0.91893853320467274178 + 0.5 * log(mean);
  for (;;) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor(((2.0 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0.0) || (us < 0.013 && v > us)) continue;
    if (log((v * alpha) / (a / (us * us) + b)) <= log_mass(k, mean) - top) return k;
  }
}

/** Poisson with a mean up to 2^48. */
inline double poisson(Stream& stream, double mean) {
  return mean < 10.0 ? poisson_inversion(stream, mean) : poisson_rejection(stream, mean);
}

}  // namespace collapse
