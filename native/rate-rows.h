// Poisson(rate c) of counts c, from alias tables that are built when they are first used and shared by all threads; the
// twin of assembly/rate-rows.ts, which explains them.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "poisson-rows.h"
#include "recent.h"
#include "stream.h"

namespace collapse {

/** Counts from here on have no rows. */
constexpr uint32_t NO_ROWS = 65536;
constexpr int DIGIT_ROWS = LARGEST_ROW - LARGEST_ROW / 64;
constexpr int TOP_ROWS = DIGIT_ROWS + 63;
constexpr int RATE_ROWS = TOP_ROWS + 16;

class RateRows {
 public:
  explicit RateRows(double rate) : rate_(rate) {}
  RateRows(const RateRows&) = delete;

  double rate() const { return rate_; }

  /** Draws Poisson(rate c) for each count but those without rows; returns the sum. */
  uint32_t draw(Stream& shared, const uint32_t* counts, int from, int to, uint32_t* drawn) {
    Stream stream = shared;
    uint32_t sum = 0;
    for (int i = from; i < to; i++) {
      const uint32_t c = counts[i];
      if (c >= NO_ROWS) continue;
      const uint32_t x = c <= LARGEST_ROW ? look_up(stream, static_cast<int>(c), c) : by_digits(stream, c);
      drawn[i] = x;
      sum += x;
    }
    shared = stream;
    return sum;
  }

 private:
  struct Lazy {
    /** Its cells, and behind them the rest of their thresholds. */
    std::atomic<const uint32_t*> cells{nullptr};
    int32_t bits = 0, low = 0;
  };
  const double rate_;
  Lazy rows_[RATE_ROWS];
  std::mutex mutex_;
  std::vector<std::unique_ptr<uint32_t[]>> kept_;

  uint32_t look_up(Stream& stream, int index, uint32_t c) {
    const Lazy& row = rows_[index];
    const uint32_t* cells = row.cells.load(std::memory_order_acquire);
    if (cells == nullptr) cells = build(index, c);
    const int bits = row.bits;
    const uint32_t u = stream.next();
    const uint32_t column = u >> (32 - bits);
    const uint32_t cell = cells[column];
    const uint32_t v = u << bits;
    if (__builtin_expect(is_open(v, cell), 0)) {
      Stream copy = stream;  // so that the stream itself stays in registers
      const uint32_t x = close(copy, row, cells, c, static_cast<int>(column));
      stream = copy;
      return x;
    }
    return choose(cell, v, static_cast<uint32_t>(row.low) + column);
  }

  uint32_t close(Stream& stream, const Lazy& row, const uint32_t* cells, uint32_t c, int column) const {
    const uint16_t* rest = reinterpret_cast<const uint16_t*>(cells + (size_t{1} << row.bits));
    return close_draw(stream, cells[column], rest[column], row.low, column, row.bits, [&] { return law(c); });
  }

  PoissonLaw law(uint32_t c) const { return {rate_ * static_cast<double>(c)}; }

  uint32_t by_digits(Stream& stream, uint32_t c) {
    uint32_t x = 0;
    if (c > 4095) {
      x = look_up(stream, TOP_ROWS + static_cast<int>(c >> 12), c & ~4095u);
      c &= 4095;
    }
    if (c > LARGEST_ROW) {
      x += look_up(stream, DIGIT_ROWS + static_cast<int>(c >> 6), c & ~63u);
      c &= 63;
    }
    return c == 0 ? x : x + look_up(stream, static_cast<int>(c), c);
  }

  const uint32_t* build(int index, uint32_t c) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Lazy& row = rows_[index];
    if (const uint32_t* cells = row.cells.load(std::memory_order_relaxed)) return cells;
    const PoissonLaw poisson = law(c);
    row.bits = poisson_bits(poisson.mean);
    row.low = row_low(poisson.mode(), row.bits);
    const size_t columns = size_t{1} << row.bits;
    kept_.push_back(std::make_unique<uint32_t[]>(columns + columns / 2));
    uint32_t* cells = kept_.back().get();
    RowBuilder(poisson, row.low, row.bits).fill(cells, reinterpret_cast<uint16_t*>(cells + columns));
    row.cells.store(cells, std::memory_order_release);
    return cells;
  }
};

/** The rows at a rate; the last few rates asked for are kept for the next job. */
inline std::shared_ptr<RateRows> shared_rate_rows(double rate) {
  static Recent<RateRows, 8> known;
  return known.get([rate](const RateRows& rows) { return rows.rate() == rate; }, rate);
}

}  // namespace collapse
