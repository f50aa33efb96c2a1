// Gamma, chi-square and chi variates; the twin of assembly/chi-squared.ts, which explains them.
#pragma once
#include <cmath>

#include "math.h"
#include "normal.h"
#include "stream.h"

namespace collapse {

inline double log_kept(double x, double e, double d) {
  if (std::fabs(e) < 0.0625) {
    const double g = 1.0 / 8.0 - e * (1.0 / 9.0 - e * (1.0 / 10.0 - e * (1.0 / 11.0 - e * (1.0 / 12.0))));
    const double square = e * e;
    return -3.0 * d * square * square * (1.0 / 4.0 - e * (1.0 / 5.0 - e * (1.0 / 6.0 - e * (1.0 / 7.0 - e * g))));
  }
  const double t = 1.0 + e;
  return 0.5 * x * x + d * (1.0 - t * t * t + 3.0 * log(t));
}

inline double gamma_above_one(Stream& stream, double a) {
  const Normals& table = normals();
  const double d = a - 1.0 / 3.0;
  const double c = 1.0 / (3.0 * std::sqrt(d));
  for (;;) {
    const double x = table.draw(stream);
    const double e = c * x;
    if (e <= -1.0) continue;
    const double t = 1.0 + e;
    const double u = stream.uniform();
    const double square = x * x;
    if (u < 1.0 - 0.0331 * (square * square) || log(u) < log_kept(x, e, d)) return d * (t * t * t);
  }
}

/** Gamma with shape a > 0 and scale 1. */
inline double gamma(Stream& stream, double a) {
  if (a >= 1.0) return gamma_above_one(stream, a);
  const double x = gamma_above_one(stream, a + 1.0);
  return x * exp(log(1.0 - stream.uniform()) / a);
}

/** Chi-square with nu > 0 degrees of freedom. */
inline double chi_squared(Stream& stream, double nu) { return 2.0 * gamma(stream, 0.5 * nu); }

/** Its square root. */
inline double chi(Stream& stream, double nu) { return std::sqrt(chi_squared(stream, nu)); }

}  // namespace collapse
