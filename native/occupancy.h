// How many of n boxes hold 2, 3, ... of k balls thrown at random; the twin of assembly/occupancy.ts, which explains it.
#pragma once
#include <cmath>
#include <cstdint>

#include "binomial.h"
#include "poisson.h"
#include "stream.h"

namespace collapse {

/** Numbers of balls in a box that are looked at: 2 ... 24 at most, as k <= n. */
constexpr int MOST_BALLS = 32;

/** P(X >= 2), P(X >= 3), ... of a Poisson variable; returns the index of the last. */
inline int fill_shares(double mean, double none, double* shares) {
  double share = none * mean * mean * 0.5;
  const double least = share * 1e-20;
  int top = 0;
  shares[0] = share;
  while (share > least) {
    top++;
    share *= mean / static_cast<double>(top + 2);
    shares[top] = share;
  }
  for (int i = top - 1; i >= 0; i--) shares[i] += shares[i + 1];
  return top;
}

/** True with the probability of these two Poisson numbers, each against that of its mode. */
inline bool is_kept(Stream& stream, double singles, double single_mean, double empty, double empty_mean) {
  const double u = stream.uniform();
  const double single_mode = std::floor(single_mean);
  const double empty_mode = std::floor(empty_mean);
  const double d = std::fabs(singles - single_mode);
  const double e = std::fabs(empty - empty_mode);
  if (u < 1.0 - (d * (d + 1.0)) / (2.0 * single_mean) - (e * (e + 1.0)) / (2.0 * empty_mean)) return true;
  const double single = log_mass(singles, single_mean) - log_mass(single_mode, single_mean);
  return log(u) <= single + (log_mass(empty, empty_mean) - log_mass(empty_mode, empty_mean));
}

/** Writes the numbers of boxes with 2, 3, ... balls, MOST_BALLS at most, and returns how many numbers that are. */
inline int occupancy(Stream& stream, double k, double n, int32_t* numbers) {
  double shares[MOST_BALLS];
  const double mean = k / n;
  const double none = exp(-mean);
  const int top = fill_shares(mean, none, shares);
  const double empty_mean = n * none;
  const double single_mean = n * none * mean;
  const double crowded_mean = n * shares[0];
  for (;;) {
    double boxes = poisson(stream, crowded_mean);
    double singles = k;
    double empty = n;
    int kinds = 0;
    while (boxes > 0.0) {
      const double more = kinds < top ? binomial(stream, boxes, shares[kinds + 1], shares[kinds]) : 0.0;
      const double these = boxes - more;
      numbers[kinds] = static_cast<int32_t>(these);
      singles -= these * static_cast<double>(kinds + 2);
      empty -= these;
      boxes = more;
      kinds++;
    }
    empty -= singles;
    if (singles >= 0.0 && empty >= 0.0 && is_kept(stream, singles, single_mean, empty, empty_mean)) return kinds;
  }
}

}  // namespace collapse
