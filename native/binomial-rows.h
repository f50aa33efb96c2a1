// Binomial(n, c/n) of the rarer of two tokens as alias tables; the twin of assembly/binomial-rows.ts.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "alias-row.h"
#include "recent.h"
#include "stream.h"

namespace collapse {

class BinomialRows {
 public:
  /** log2 of the columns of every row: so many that what is outside stays below 2^-16 of a column for n up to 512. */
  static constexpr int BITS = 7;

  /** Builds the rows of c = 1 ... n / 2. Row c begins at c << BITS. */
  explicit BinomialRows(int n) : n_(n) {
    const size_t cells = static_cast<size_t>(n / 2 + 1) << BITS;
    cells_.resize(cells);
    rest_.resize(cells);
    for (int c = 1; c <= n / 2; c++) {
      const size_t start = static_cast<size_t>(c) << BITS;
      RowBuilder(BinomialLaw{static_cast<double>(n), static_cast<double>(c)}, row_low(c, BITS), BITS)
          .fill(&cells_[start], &rest_[start]);
    }
  }
  BinomialRows(const BinomialRows&) = delete;

  int n() const { return n_; }
  const uint32_t* cells() const { return cells_.data(); }

  /** Decides a draw of row c that its first word leaves open. */
  uint32_t close(Stream& stream, uint32_t c, uint32_t column) const {
    const size_t at = (static_cast<size_t>(c) << BITS) + column;
    return close_draw(stream, cells_[at], rest_[at], row_low(static_cast<int>(c), BITS), static_cast<int>(column), BITS,
                      [&] { return BinomialLaw{static_cast<double>(n_), static_cast<double>(c)}; });
  }

 private:
  const int n_;
  std::vector<uint32_t> cells_;
  std::vector<uint16_t> rest_;
};

/** The rows of n; those last asked for are kept for the next job. */
inline std::shared_ptr<const BinomialRows> shared_binomial_rows(int n) {
  static Recent<const BinomialRows, 64> known;
  return known.get([n](const BinomialRows& rows) { return rows.n() == n; }, n);
}

}  // namespace collapse
