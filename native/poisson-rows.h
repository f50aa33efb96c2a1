// Poisson(c) as alias tables and acceptance tables; the twin of assembly/poisson-rows.ts.
#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace collapse {

constexpr int LARGEST_ROW = 512;
/** Cells of the largest row of all. */
constexpr int MOST_CELLS = 4096;

/** A column of an alias table: `keep` below the threshold, else `alias`. Eight bytes: one gather a SIMD lane. */
struct Cell {
  uint32_t threshold;
  uint16_t alias;
  uint16_t keep;
};

/** One of its values, by 32 bits. Without a branch: which one can't be foretold. */
inline uint32_t choose(Cell cell, uint32_t v) {
  const uint32_t keeps = -static_cast<uint32_t>(v < cell.threshold);
  return cell.alias ^ ((cell.alias ^ cell.keep) & keeps);
}

struct Row {
  int32_t low;
  int32_t shift;  // 32 - log2(cells)
  const Cell* cells;
  const uint32_t* accept;
};

/** One Poisson law with a mean of up to about MOST - 8 sqrt(MOST) as an alias table. */
template <int MOST>
struct RowBuilder {
  const double mean;
  const int low, bits, cells;
  /** Pois(x; mean) / Pois(mode; mean) by cell, until `fill`. */
  double weights[MOST];

  explicit RowBuilder(double mean)
      : mean(mean), low(lowest(mean)), bits(bits_of(mean, low)), cells(1 << bits), sum_(fill_weights()) {}

  static int lowest(double mean) {
    const double low = mean - std::floor(8.0 * std::sqrt(mean) + 1.0);
    return low > 0.0 ? static_cast<int>(low) : 0;
  }
  static int bits_of(double mean, int low) {
    const int high = static_cast<int>(mean + std::floor(8.0 * std::sqrt(mean) + 10.0));
    int bits = 0;
    while (1 << bits < high - low + 1) bits++;
    return bits;
  }

  /** Writes the alias table by Vose's method. */
  void fill(Cell* table) {
    const double scale = static_cast<double>(cells) / sum_;
    int smalls = 0, larges = 0;
    for (int j = 0; j < cells; j++) {
      weights[j] = weights[j] * scale;
      if (weights[j] < 1.0) small_[smalls++] = j;
      else large_[larges++] = j;
    }
    while (smalls > 0 && larges > 0) {
      const int s = small_[--smalls];
      const int l = large_[--larges];
      table[s] = cell(threshold(weights[s]), low + s, low + l);
      weights[l] = weights[l] + weights[s] - 1.0;
      if (weights[l] < 1.0) small_[smalls++] = l;
      else large_[larges++] = l;
    }
    while (larges > 0) certain(table, large_[--larges]);
    while (smalls > 0) certain(table, small_[--smalls]);
  }

 private:
  const double sum_;
  int small_[MOST], large_[MOST];

  double fill_weights() {
    const int mode = static_cast<int>(mean) - low;
    weights[mode] = 1.0;
    for (int j = mode - 1; j >= 0; j--) weights[j] = weights[j + 1] * ((static_cast<double>(low + j) + 1.0) / mean);
    for (int j = mode + 1; j < cells; j++) weights[j] = weights[j - 1] * (mean / static_cast<double>(low + j));
    double sum = 0.0;
    for (int j = 0; j < cells; j++) sum += weights[j];
    return sum;
  }

  static uint32_t threshold(double share) {
    const double t = std::floor(share * 4294967296.0);
    return t < 4294967295.0 ? static_cast<uint32_t>(t) : 4294967295u;
  }

  static Cell cell(uint32_t threshold, int keep, int alias) {
    return {threshold, static_cast<uint16_t>(alias), static_cast<uint16_t>(keep)};
  }

  void certain(Cell* table, int j) { table[j] = cell(4294967295u, low + j, low + j); }
};

class PoissonRows {
 public:
  /** Builds the rows of means 1 ... largest. */
  explicit PoissonRows(int largest) : largest_(largest), rows_(largest + 1), packed_(largest + 1, 31) {
    size_t total = 0;
    for (int c = 1; c <= largest; c++) total += size_t{1} << Builder::bits_of(c, Builder::lowest(c));
    cells_.resize(total);
    accept_.resize(total);
    size_t at = 0;
    for (int c = 1; c <= largest; c++) at += build(c, at);
  }
  PoissonRows(const PoissonRows&) = delete;

  const Row* rows() const { return rows_.data(); }
  // The same for SIMD: by mean, place of the first cell << 14 | low << 5 | shift; all cells; all acceptances.
  const uint32_t* packed() const { return packed_.data(); }
  const Cell* cells() const { return cells_.data(); }
  const uint32_t* accept() const { return accept_.data(); }
  int largest() const { return largest_; }

 private:
  using Builder = RowBuilder<LARGEST_ROW>;
  int largest_;
  std::vector<Row> rows_;
  std::vector<uint32_t> packed_;
  std::vector<Cell> cells_;
  std::vector<uint32_t> accept_;

  size_t build(int c, size_t at) {
    Builder builder(c);
    Cell* table = cells_.data() + at;
    uint32_t* accept = accept_.data() + at;
    const int shift = 32 - builder.bits;
    rows_[c] = {builder.low, shift, table, accept};
    packed_[c] = static_cast<uint32_t>(at << 14) | static_cast<uint32_t>(builder.low << 5) | static_cast<uint32_t>(shift);
    for (int j = 0; j < builder.cells; j++) accept[j] = static_cast<uint32_t>(std::floor(builder.weights[j] * 4294967295.0));
    builder.fill(table);
    return builder.cells;
  }
};

/** The rows of means 1 ... largest, built once a process and shared by all threads. */
inline std::shared_ptr<const PoissonRows> shared_rows(int largest) {
  static std::mutex mutex;
  static std::shared_ptr<const PoissonRows> rows;
  const std::lock_guard<std::mutex> lock(mutex);
  if (!rows || rows->largest() < largest) rows = std::make_shared<const PoissonRows>(largest);
  return rows;
}

}  // namespace collapse
