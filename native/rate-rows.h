// Poisson(rate c) of counts c, from alias tables that are built when they are first used and shared by all threads; the
// twin of assembly/rate-rows.ts, which explains them.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "poisson-rows.h"
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
    std::atomic<const Cell*> cells{nullptr};
    int32_t bits = 0;
  };
  const double rate_;
  Lazy rows_[RATE_ROWS];
  std::mutex mutex_;
  std::vector<std::unique_ptr<Cell[]>> kept_;

  uint32_t look_up(Stream& stream, int index, uint32_t c) {
    const Lazy& row = rows_[index];
    const Cell* cells = row.cells.load(std::memory_order_acquire);
    if (cells == nullptr) cells = build(index, c);
    const int bits = row.bits;
    const uint32_t u = stream.next();
    const Cell cell = cells[u >> (32 - bits)];
    uint32_t v = u << bits;
    if (((v ^ cell.threshold) >> bits) == 0) v |= stream.next() >> (32 - bits);
    return choose(cell, v);
  }

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

  const Cell* build(int index, uint32_t c) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Lazy& row = rows_[index];
    if (const Cell* cells = row.cells.load(std::memory_order_relaxed)) return cells;
    const auto builder = std::make_unique<RowBuilder<MOST_CELLS>>(rate_ * static_cast<double>(c));
    kept_.push_back(std::make_unique<Cell[]>(static_cast<size_t>(builder->cells)));
    builder->fill(kept_.back().get());
    row.bits = builder->bits;
    row.cells.store(kept_.back().get(), std::memory_order_release);
    return kept_.back().get();
  }
};

/** The rows at a rate; the last few rates asked for are kept for the next job. */
inline std::shared_ptr<RateRows> shared_rate_rows(double rate) {
  constexpr size_t KEPT_RATES = 8;
  static std::mutex mutex;
  static std::vector<std::shared_ptr<RateRows>> known;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& rows) { return rows->rate() == rate; });
  if (found != known.end()) {
    std::rotate(known.begin(), found, found + 1);
  } else {
    if (known.size() == KEPT_RATES) known.pop_back();
    known.insert(known.begin(), std::make_shared<RateRows>(rate));
  }
  return known.front();
}

}  // namespace collapse
