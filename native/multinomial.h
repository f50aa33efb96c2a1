// One exact multinomial draw; the twin of assembly/multinomial.ts, which explains the rule.
#pragma once
#include <cmath>
#include <cstdint>

#include "binomial.h"
#include "cancel.h"
#include "poisson-rows.h"
#include "stream.h"

namespace collapse {

constexpr int DIRECT_BELOW = 4;
constexpr int LARGE_DIRECT_BELOW = 2;
constexpr double LARGE = 4096.0;
constexpr int GROUP_FROM = 20;
constexpr int DIFFUSE_BELOW = 16;

inline bool is_direct(double n, int live) {
  const int limit = n <= LARGE ? DIRECT_BELOW : LARGE_DIRECT_BELOW;
  return n < static_cast<double>(limit) * static_cast<double>(live - 1);
}

/** n samples of `counts` (sum n too) into `drawn`; `slots` has room for n. */
inline void direct_from_slots(Stream& shared, uint32_t n, const uint32_t* counts, int live, int32_t* slots,
                              uint32_t* drawn) {
  Stream stream = shared;
  int32_t* at = slots;
  for (int i = 0; i < live; i++) {
    for (uint32_t k = counts[i]; k > 0; k--) *at++ = i;
    drawn[i] = 0;
  }
  for (uint32_t j = 0; j < n; j++) drawn[slots[stream.bounded(n)]]++;
  shared = stream;
}

inline double bounded_double(Stream& stream, double range) {
  if (range <= 4294967295.0) return stream.bounded(static_cast<uint32_t>(range));
  return std::floor(stream.uniform() * range);
}

/** n samples of `weights` into `drawn`, by binary search in their running sums. `real`: they are no integers. */
inline void direct_from_weights(Stream& stream, double n, const double* weights, int live, double total, double* prefix,
                                uint32_t* drawn, bool real, const Cancel& cancel) {
  double sum = 0.0;
  for (int i = 0; i < live; i++) {
    sum += weights[i];
    prefix[i] = sum;
    drawn[i] = 0;
  }
  const uint32_t samples = static_cast<uint32_t>(n);
  for (uint32_t j = 0; j < samples; j++) {
    if ((j & 0xffff) == 0xffff && is_cancelled(cancel)) return;
    const double u = real ? stream.uniform() * sum : bounded_double(stream, total);
    int low = 0, high = live - 1;
    while (low < high) {
      const int middle = (low + high) >> 1;
      if (prefix[middle] > u) high = middle;
      else low = middle + 1;
    }
    drawn[low]++;
  }
}

/** n samples of integer `weights` into `drawn`, a conditional binomial a token. */
inline void conditional_binomials(Stream& shared, double n, const double* weights, int live, double total,
                                  uint32_t* drawn, const Cancel& cancel) {
  Stream stream = shared;
  double left = n, mass = total;
  for (int i = 0; i < live; i++) {
    if ((i & 0x3fff) == 0x3fff && is_cancelled(cancel)) return;
    if (left == 0.0) {
      drawn[i] = 0;
      continue;
    }
    const double x = binomial(stream, left, weights[i], mass);
    drawn[i] = static_cast<uint32_t>(x);
    left -= x;
    mass -= weights[i];
  }
  shared = stream;
}

/** n samples of real `weights` into `drawn`: conditional binomials against sums added up from the end. */
inline void binomials_of_reals(Stream& stream, double n, const double* weights, int live, double* suffix,
                               uint32_t* drawn, const Cancel& cancel) {
  double sum = 0.0;
  for (int i = live - 1; i >= 0; i--) {
    sum += weights[i];
    suffix[i] = sum;
  }
  double left = n;
  for (int i = 0; i < live; i++) {
    if ((i & 0x3fff) == 0x3fff && is_cancelled(cancel)) return;
    const double x = left > 0.0 ? binomial(stream, left, weights[i], suffix[i]) : 0.0;
    drawn[i] = static_cast<uint32_t>(x);
    left -= x;
  }
}

/** One value of row c: its first word chooses a column, and mostly what it stands for. */
template <typename Rows>
inline uint32_t look_up(Stream& stream, const Rows& rows, uint32_t c) {
  constexpr int BITS = Rows::BITS;
  const uint32_t u = stream.next();
  const uint32_t column = u >> (32 - BITS), v = u << BITS;
  const uint32_t cell = rows.cells()[(c << BITS) + column];
  if (is_open(v, cell)) {
    Stream open = stream;  // a copy, so that the stream itself stays in registers
    const uint32_t x = rows.close(open, c, column);
    stream = open;
    return x;
  }
  return choose(cell, v, static_cast<uint32_t>(row_low(static_cast<int>(c), BITS)) + column);
}

/** Draws tokens from ... to - 1 until the pivot of mean `mass` accepts what is left of n; returns that. */
inline int pivot_step(Stream& shared, int n, const uint32_t* counts, int from, int to, int mass, const PoissonRows& rows,
                      uint32_t* drawn) {
  if (from == to) return n;
  Stream stream = shared;
  const uint16_t* accept = rows.accept() + (mass << ROW_BITS);
  const int low = row_low(mass, ROW_BITS);
  for (;;) {
    int rest = n;
    for (int i = from; i < to; i++) {
      drawn[i] = look_up(stream, rows, counts[i]);
      rest -= static_cast<int>(drawn[i]);
    }
    const uint32_t w = stream.next();
    const uint32_t index = static_cast<uint32_t>(rest - low);  // beyond the columns if it is negative
    const uint32_t limit = index >> ROW_BITS == 0 ? accept[index] : 0;
    if (w >> 16 > limit) continue;
    if (w >> 16 == limit && !accepts_exactly(w, rest, mass)) continue;
    shared = stream;
    return rest;
  }
}

/** Whether a pivot of one token, the largest, would refuse too often: it has less than a sixteenth of the samples. */
inline bool needs_groups(int n, uint32_t largest, int live) {
  return live >= GROUP_FROM && DIFFUSE_BELOW * static_cast<int>(largest) < n;
}

/** n <= 512 samples of `counts` (sum n too, a largest one first) by Poisson-product rejection. */
inline void poisson_product(Stream& stream, int n, const uint32_t* counts, int live, const PoissonRows& rows, uint32_t* drawn) {
  int rest = n, left = live;
  if (needs_groups(n, counts[0], live)) {
    for (int sum = n; left >= GROUP_FROM;) {
      int mass = 0, group = 0;
      while (mass << 1 < sum) mass += static_cast<int>(counts[group++]);
      rest = pivot_step(stream, rest, counts, group, left, mass, rows, drawn);
      left = group;
      sum = mass;
    }
  }
  drawn[0] = static_cast<uint32_t>(pivot_step(stream, rest, counts, 1, left, static_cast<int>(counts[0]), rows, drawn));
}

}  // namespace collapse
