// Discrete laws as alias tables of 2^bits columns; the twin of assembly/alias-row.ts, which explains them.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "stream.h"

namespace collapse {

/** Columns of the largest row of all. */
constexpr int MOST_COLUMNS = 4096;

/** Poisson of any mean. */
struct PoissonLaw {
  double mean;
  int mode() const { return static_cast<int>(mean); }
  /** P(x) / P(x - 1). */
  double up(double x) const { return mean / x; }
  /** P(x - 1) / P(x). */
  double down(double x) const { return x / mean; }
};

/** n samples of which a token with c of n gets its share. */
struct BinomialLaw {
  double n, c;
  int mode() const { return static_cast<int>(c); }
  double up(double x) const { return (n - x + 1.0) * c / (x * (n - c)); }
  double down(double x) const { return x * (n - c) / ((n - x + 1.0) * c); }
};

/** Where a row of columns begins: its middle is the mode, if that leaves no room below 0. */
inline int row_low(int mode, int bits) { return std::max(0, mode - (1 << (bits - 1)) + 1); }

/** Terms below this share of the mode's are left out. */
constexpr double LEAST_TERM = 1e-30;

/** P(x) / P(mode) for all values outside of a row, added up on each side. */
template <typename Law>
struct Tails {
  double lower = 0.0, upper = 0.0;
  /** Of the first value on each side. */
  double at_lower = 1.0, at_upper = 1.0;

  Tails(const Law& law, int low, int high) {
    for (int x = law.mode(); x >= low; x--) at_lower *= x > 0 ? law.down(x) : 0.0;
    for (int x = law.mode() + 1; x <= high; x++) at_upper *= law.up(x);
    int x = low - 1;
    for (double f = at_lower; f > LEAST_TERM; f *= law.down(x--)) lower += f;
    x = high;
    for (double f = at_upper; f > LEAST_TERM; f *= law.up(++x)) upper += f;
  }
};

/** A value below `low`, or from `high` on. Hardly ever needed: one draw in ten million or fewer. */
template <typename Law>
int draw_tail(Stream& stream, const Law& law, int low, int high) {
  const Tails<Law> tails(law, low, high);
  double u = stream.uniform() * (tails.lower + tails.upper);
  if (u < tails.lower) {
    int x = low - 1;
    for (double f = tails.at_lower; u >= f && x > 0; f *= law.down(x--)) u -= f;
    return x;
  }
  u -= tails.lower;
  int x = high;
  for (double f = tails.at_upper; u >= f && f > LEAST_TERM; f *= law.up(++x)) u -= f;
  return x;
}

/** Whether the first word of a draw leaves open if the column or its alias is meant: one in 2^16. */
inline bool is_open(uint32_t v, uint32_t cell) { return (v ^ cell) >> 16 == 0; }

/** The column's own value if v is below the cell's threshold, else its alias. Without a branch: it can't be foretold. */
inline uint32_t choose(uint32_t cell, uint32_t v, uint32_t own) {
  const uint32_t alias = cell & 0xffff;
  return alias ^ ((alias ^ own) & -static_cast<uint32_t>(v < cell));
}

/** Decides a draw that is open; `law()` is asked where a value outside of the row is meant. */
template <typename MakeLaw>
uint32_t close_draw(Stream& stream, uint32_t cell, uint32_t rest, int low, int column, int bits, MakeLaw law) {
  if (stream.next() >> 16 >= rest) return cell & 0xffff;
  const int last = (1 << bits) - 1;
  return static_cast<uint32_t>(column < last ? low + column : draw_tail(stream, law(), low, low + last));
}

/** A row under construction. */
class RowBuilder {
 public:
  /** P(x) / P(mode) of the values low, low + 1, ... and, in the last column, of all that are outside. */
  template <typename Law>
  RowBuilder(const Law& law, int low, int bits) : low_(low), columns_(1 << bits) {
    const int mode = law.mode() - low, last = columns_ - 1;
    std::fill_n(weights, columns_, 0.0);
    double f = 1.0;
    for (int j = mode; j >= 0 && f > LEAST_TERM; f *= low + j > 0 ? law.down(low + j) : 0.0, j--) weights[j] = f;
    f = law.up(low + mode + 1);
    for (int j = mode + 1; j < last && f > LEAST_TERM; f *= law.up(low + ++j)) weights[j] = f;
    const Tails<Law> tails(law, low, low + last);
    weights[last] = tails.lower + tails.upper;
  }

  double weights[MOST_COLUMNS];

  /** Vose's method with two stacks; the weights are spent. */
  void fill(uint32_t* cells, uint16_t* rest) {
    double sum = 0.0;
    for (int j = 0; j < columns_; j++) sum += weights[j];
    const double scale = static_cast<double>(columns_) / sum;
    int smalls = 0, larges = 0;
    for (int j = 0; j < columns_; j++) {
      weights[j] = weights[j] * scale;
      if (weights[j] < 1.0) small_[smalls++] = j;
      else large_[larges++] = j;
    }
    const auto put = [&](int j, uint32_t threshold, int alias) {
      cells[j] = (threshold & 0xffff0000u) | static_cast<uint32_t>(low_ + alias);
      rest[j] = static_cast<uint16_t>(threshold);
    };
    while (smalls > 0 && larges > 0) {
      const int s = small_[--smalls];
      const int l = large_[--larges];
      put(s, static_cast<uint32_t>(std::floor(weights[s] * 4294967296.0)), l);
      weights[l] = weights[l] + weights[s] - 1.0;
      if (weights[l] < 1.0) small_[smalls++] = l;
      else large_[larges++] = l;
    }
    // What is left over is 1 up to rounding.
    const auto certain = [&](int j) { put(j, 0xffffffffu, j); };
    while (larges > 0) certain(large_[--larges]);
    while (smalls > 0) certain(small_[--smalls]);
  }

 private:
  const int low_, columns_;
  int small_[MOST_COLUMNS], large_[MOST_COLUMNS];
};

}  // namespace collapse
