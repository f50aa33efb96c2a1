// Poisson(c) of counts c as alias tables and acceptance tables; the twin of assembly/poisson-rows.ts.
#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "alias-row.h"
#include "stream.h"

namespace collapse {

constexpr int LARGEST_ROW = 512;

/** log2 of the columns of the row of any mean: so many that what is outside stays below 2^-16 of a column. */
inline int poisson_bits(double mean) {
  constexpr double limits[] = {16.0, 128.0, 520.0, 2048.0, 8000.0, 31000.0};
  int bits = 6;
  for (const double limit : limits) bits += mean >= limit;
  return bits;
}

/** Of all integer means, so that a row is found without a look at its size. */
constexpr int ROW_BITS = 8;

class PoissonRows {
 public:
  static constexpr int BITS = ROW_BITS;

  /**
   * For training sets of up to `largest` samples. Only a largest token, the pivot, can have more than half of them: it has a row of
   * acceptances, the others have cells. Row 0 is that of a token without samples. Row c begins at c << BITS.
   */
  explicit PoissonRows(int largest) : largest_(largest) {
    cells_.resize(static_cast<size_t>(largest / 2 + 1) << BITS);
    rest_.resize(cells_.size());
    accept_.resize((static_cast<size_t>(largest + 1) << BITS) + 1);
    for (int c = 1; c <= largest; c++) build(c);
  }
  PoissonRows(const PoissonRows&) = delete;

  int largest() const { return largest_; }
  const uint32_t* cells() const { return cells_.data(); }
  /** By column: the high half of the largest word that the pivot accepts its value with; one more may be read. */
  const uint16_t* accept() const { return accept_.data(); }

  /** Decides a draw of mean c that its first word leaves open. */
  uint32_t close(Stream& stream, uint32_t c, uint32_t column) const {
    const size_t at = (static_cast<size_t>(c) << BITS) + column;
    return close_draw(stream, cells_[at], rest_[at], row_low(static_cast<int>(c), BITS), static_cast<int>(column), BITS,
                      [c] { return PoissonLaw{static_cast<double>(c)}; });
  }

 private:
  const int largest_;
  std::vector<uint32_t> cells_;
  std::vector<uint16_t> rest_, accept_;

  void build(int c) {
    const size_t start = static_cast<size_t>(c) << BITS;
    RowBuilder builder(PoissonLaw{static_cast<double>(c)}, row_low(c, BITS), BITS);
    const int last = (1 << BITS) - 1;
    for (int j = 0; j < last; j++) {
      accept_[start + j] = static_cast<uint16_t>(static_cast<uint32_t>(std::floor(builder.weights[j] * 4294967295.0)) >> 16);
    }
    if (c <= largest_ / 2) builder.fill(&cells_[start], &rest_[start]);
  }
};

/** Whether a pivot of mean c accepts y, w being a random word: with probability Pois(y; c) / Pois(c; c). */
inline bool accepts_exactly(uint32_t w, int y, int c) {
  if (y < 0) return false;
  const PoissonLaw law{static_cast<double>(c)};
  double f = 1.0;
  for (int x = c; x > y; x--) f *= law.down(x);
  for (int x = c + 1; x <= y; x++) f *= law.up(x);
  return static_cast<double>(w) <= std::floor(f * 4294967295.0);
}

/** The rows of means 1 ... largest or more, built once a process and shared by all threads. */
inline std::shared_ptr<const PoissonRows> shared_rows(int largest) {
  static std::mutex mutex;
  static std::shared_ptr<const PoissonRows> rows;
  const std::lock_guard<std::mutex> lock(mutex);
  if (rows && rows->largest() >= largest) return rows;
  // The next power of two: sizes that grow do not build them every time.
  int upTo = 1;
  while (upTo < largest) upTo *= 2;
  rows = std::make_shared<const PoissonRows>(upTo);
  return rows;
}

}  // namespace collapse
