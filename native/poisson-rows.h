// Poisson(c) as alias tables and acceptance tables; the twin of assembly/poisson-rows.ts.
#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace collapse {

constexpr int LARGEST_ROW = 512;

/** A column of an alias table: `keep` below the threshold, else `alias`. Eight bytes: one gather a SIMD lane. */
struct Cell {
  uint32_t threshold;
  uint16_t alias;
  uint16_t keep;
};

struct Row {
  int32_t low;
  int32_t shift;  // 32 - log2(cells)
  const Cell* cells;
  const uint32_t* accept;
};

class PoissonRows {
 public:
  /** Builds the rows of means 1 ... largest. */
  explicit PoissonRows(int largest) : largest_(largest), rows_(largest + 1), packed_(largest + 1, 31) {
    size_t total = 0;
    for (int c = 1; c <= largest; c++) total += size_t{1} << bits_of(c);
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
  int largest_;
  std::vector<Row> rows_;
  std::vector<uint32_t> packed_;
  std::vector<Cell> cells_;
  std::vector<uint32_t> accept_;
  double weights_[LARGEST_ROW];
  int small_[LARGEST_ROW], large_[LARGEST_ROW];

  static int lowest(double c) {
    const double low = c - std::floor(8.0 * std::sqrt(c) + 1.0);
    return low > 0.0 ? static_cast<int>(low) : 0;
  }
  static int bits_of(double c) {
    const int high = static_cast<int>(c + std::floor(8.0 * std::sqrt(c) + 10.0));
    const int cells = high - lowest(c) + 1;
    int bits = 0;
    while (1 << bits < cells) bits++;
    return bits;
  }

  size_t build(int c, size_t at) {
    const int low = lowest(c);
    const int bits = bits_of(c);
    const int cells = 1 << bits;
    Cell* table = cells_.data() + at;
    uint32_t* accept = accept_.data() + at;
    rows_[c] = {low, 32 - bits, table, accept};
    packed_[c] = static_cast<uint32_t>(at << 14) | static_cast<uint32_t>(low << 5) | static_cast<uint32_t>(32 - bits);
    const double scale = static_cast<double>(cells) / fill_weights(c, low, cells);
    for (int j = 0; j < cells; j++) {
      accept[j] = static_cast<uint32_t>(std::floor(weights_[j] * 4294967295.0));
      weights_[j] = weights_[j] * scale;
    }
    fill_alias(low, cells, table);
    return cells;
  }

  double fill_weights(double mean, int low, int cells) {
    const int mode = static_cast<int>(mean) - low;
    weights_[mode] = 1.0;
    for (int j = mode - 1; j >= 0; j--) weights_[j] = weights_[j + 1] * ((static_cast<double>(low + j) + 1.0) / mean);
    for (int j = mode + 1; j < cells; j++) weights_[j] = weights_[j - 1] * (mean / static_cast<double>(low + j));
    double sum = 0.0;
    for (int j = 0; j < cells; j++) sum += weights_[j];
    return sum;
  }

  static uint32_t threshold(double share) {
    const double t = std::floor(share * 4294967296.0);
    return t < 4294967295.0 ? static_cast<uint32_t>(t) : 4294967295u;
  }

  static Cell cell(uint32_t threshold, int keep, int alias) {
    return {threshold, static_cast<uint16_t>(alias), static_cast<uint16_t>(keep)};
  }

  static void certain(Cell* table, int j, int low) { table[j] = cell(4294967295u, low + j, low + j); }

  void fill_alias(int low, int cells, Cell* table) {
    int smalls = 0, larges = 0;
    for (int j = 0; j < cells; j++) {
      if (weights_[j] < 1.0) small_[smalls++] = j;
      else large_[larges++] = j;
    }
    while (smalls > 0 && larges > 0) {
      const int s = small_[--smalls];
      const int l = large_[--larges];
      table[s] = cell(threshold(weights_[s]), low + s, low + l);
      weights_[l] = weights_[l] + weights_[s] - 1.0;
      if (weights_[l] < 1.0) small_[smalls++] = l;
      else large_[larges++] = l;
    }
    while (larges > 0) certain(table, large_[--larges], low);
    while (smalls > 0) certain(table, small_[--smalls], low);
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
