// Binomial variates: inversion (BINV) and transformed rejection (BTRS); the twin of assembly/binomial.ts.
#pragma once
#include <cmath>

#include "math.h"
#include "stream.h"

namespace collapse {

inline double inversion(Stream& stream, double n, double p) {
  const double odds = p / (1.0 - p);
  const double none = exp(n * log1p(-p));
  const double limit = n < 120.0 ? n : 120.0;
  double u = stream.uniform();
  double f = none;
  double x = 0.0;
  while (u > f) {
    u -= f;
    x += 1.0;
    if (x > limit) {
      u = stream.uniform();
      f = none;
      x = 0.0;
    } else {
      f *= ((n - x + 1.0) / x) * odds;
    }
  }
  return x;
}

inline double stirling_error(double k) {
  static constexpr double table[10] = {0.08106146679532726,  0.04134069595540929,  0.02767792568499834,
                                       0.02079067210376509,  0.01664469118982119,  0.01387612882307075,
                                       0.01189670994589177,  0.01041126526197209,  0.009255462182712733,
                                       0.008330563433362871};
  if (k <= 9.0) return table[static_cast<int>(k)];
  const double x = k + 1.0;
  const double square = x * x;
  return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / x;
}

inline double rejection(Stream& stream, double n, double p) {
  const double q = 1.0 - p;
  const double deviation = std::sqrt(n * p * q);
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * deviation;
  for (;;) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor(((2.0 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0.0) || k > n) continue;
    const double odds = p / q;
    const double mode = std::floor((n + 1.0) * p);
    const double at_mode = stirling_error(mode) + stirling_error(n - mode);
    const double height = log((v * alpha) / (a / (us * us) + b));
    const double bound = (mode + 0.5) * log((mode + 1.0) / (odds * (n - mode + 1.0))) +
                         (n + 1.0) * log((n - mode + 1.0) / (n - k + 1.0)) +
                         (k + 0.5) * log((odds * (n - k + 1.0)) / (k + 1.0)) + at_mode - stirling_error(k) -
                         stirling_error(n - k);
    if (height <= bound) return k;
  }
}

/** Binomial with p = part / whole, 0 <= part <= whole; part and whole need not be integers. */
inline double binomial(Stream& stream, double n, double part, double whole) {
  if (n <= 0.0 || part <= 0.0) return 0.0;
  const double rest = whole - part;
  if (rest <= 0.0) return n;
  const bool flip = part > rest;
  const double p = (flip ? rest : part) / whole;
  const double x = n * p < 10.0 ? inversion(stream, n, p) : rejection(stream, n, p);
  return flip ? n - x : x;
}

}  // namespace collapse
