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

inline bool is_direct(double n, int live) {
  const int limit = n <= LARGE ? DIRECT_BELOW : LARGE_DIRECT_BELOW;
  return n < static_cast<double>(limit) * static_cast<double>(live - 1);
}

inline bool uses_rows(double n, double total) { return n == total && n <= static_cast<double>(LARGEST_ROW); }

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

/** Draws tokens from ... to - 1 until the pivot of mean `mass` accepts what is left of n; returns that. */
inline int pivot_step(Stream& stream, int n, const uint32_t* counts, int from, int to, int mass, const Row* rows,
                      uint32_t* drawn) {
  if (from == to) return n;
  const Row pivot = rows[mass];
  const uint32_t cells = 1u << (32 - pivot.shift);
  for (;;) {
    int rest = n;
    for (int i = from; i < to; i++) {
      const Row& row = rows[counts[i]];
      const uint32_t column = stream.next() >> row.shift;
      const uint32_t v = stream.next();
      const uint32_t x = choose(row.cells[column], v);
      drawn[i] = x;
      rest -= static_cast<int>(x);
    }
    const uint32_t w = stream.next();
    const int index = rest - pivot.low;
    // A negative index is beyond the cells as an unsigned number.
    if (static_cast<uint32_t>(index) < cells && w <= pivot.accept[index]) return rest;
  }
}

/** n <= 512 samples of `counts` (sum n too, a largest one first) by Poisson-product rejection. */
inline void poisson_product(Stream& shared, int n, const uint32_t* counts, int live, const Row* rows, uint32_t* drawn) {
  Stream stream = shared;
  int rest = n, left = live, sum = n;
  while (left >= GROUP_FROM) {
    int mass = 0, group = 0;
    while (mass << 1 < sum) mass += static_cast<int>(counts[group++]);
    rest = pivot_step(stream, rest, counts, group, left, mass, rows, drawn);
    left = group;
    sum = mass;
  }
  drawn[0] = static_cast<uint32_t>(pivot_step(stream, rest, counts, 1, left, static_cast<int>(counts[0]), rows, drawn));
  shared = stream;
}

/** One token of a real-valued distribution by its alias table (53 bits). */
inline int alias_pick(Stream& stream, int size, const double* shares, const int32_t* aliases) {
  const double x = stream.uniform() * static_cast<double>(size);
  const int column = static_cast<int>(x);
  const double fraction = x - std::floor(x);
  // Both are read, so that there is no branch to be foretold wrongly.
  const int alias = aliases[column];
  const int other = (column ^ alias) & -static_cast<int>(!(fraction < shares[column]));
  return column ^ other;
}

}  // namespace collapse
