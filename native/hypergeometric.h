// Hypergeometric variates: inversion and ratio of uniforms; the twin of assembly/hypergeometric.ts.
#pragma once
#include <cmath>

#include "binomial.h"
#include "math.h"
#include "stream.h"

namespace collapse {

inline double log_factorial_ratio(double a, double b) {
  const double d = a - b;
  return (a + 0.5) * log1p(d / (b + 1.0)) + d * (log(b + 1.0) - 1.0) + stirling_error(a) - stirling_error(b);
}

inline double hypergeometric_inversion(Stream& stream, double n, double few, double whole) {
  const double many = whole - few;
  const double none = exp(log_factorial_ratio(many, whole) + log_factorial_ratio(whole - n, many - n));
  const double limit = n < few ? n : few;
  double u = stream.uniform();
  double f = none;
  double x = 0.0;
  while (u > f) {
    u -= f;
    if (x >= limit) {
      u = stream.uniform();
      f = none;
      x = 0.0;
    } else {
      f *= ((few - x) * (n - x)) / ((x + 1.0) * (many - n + x + 1.0));
      x += 1.0;
    }
  }
  return x;
}

inline double hypergeometric_ratio(Stream& stream, double n, double few, double whole) {
  const double many = whole - few;
  const double p = few / whole;
  const double centre = n * p + 0.5;
  const double variance = ((whole - n) * n * p * (1.0 - p)) / (whole - 1.0);
  const double spread = std::sqrt(variance + 0.5);
  const double width = 1.7155277699214135 * spread + 0.8989161620588988;
  const double mode = std::floor(((n + 1.0) * (few + 1.0)) / (whole + 2.0));
  const double most = (n < few ? n : few) + 1.0;
  const double far = std::floor(centre + 16.0 * spread);
  const double end = most < far ? most : far;
  for (;;) {
    const double u = 1.0 - stream.uniform();
    const double v = stream.uniform();
    const double x = centre + (width * (v - 0.5)) / u;
    if (!(x >= 0.0) || x >= end) continue;
    const double k = std::floor(x);
    const double t = log_factorial_ratio(mode, k) + log_factorial_ratio(few - mode, few - k) +
                     log_factorial_ratio(n - mode, n - k) + log_factorial_ratio(many - n + mode, many - n + k);
    if (u * (4.0 - u) - 3.0 <= t) return k;
    if (u * (u - t) >= 1.0) continue;
    if (2.0 * log(u) <= t) return k;
  }
}

/** How many of `good` items are among n drawn without replacement from `whole`; integers, 0 <= good, n <= whole. */
inline double hypergeometric(Stream& stream, double n, double good, double whole) {
  const double bad = whole - good;
  if (n <= 0.0 || good <= 0.0) return 0.0;
  if (bad <= 0.0) return n;
  if (n >= whole) return good;
  const double few = good < bad ? good : bad;
  const double rest = whole - n;
  const double drawn = n < rest ? n : rest;
  double x = (few * drawn) / whole < 10.0 ? hypergeometric_inversion(stream, drawn, few, whole)
                                          : hypergeometric_ratio(stream, drawn, few, whole);
  if (good > bad) x = drawn - x;
  return n < rest ? x : good - x;
}

}  // namespace collapse
