// What chains in lanes record, and where they end.
#pragma once
#include <cstdint>
#include <vector>

#include "job.h"
#include "lanes.h"
#include "metrics.h"
#include "values.h"

namespace collapse {

/** Sweeps in which a chain's records may grow unasked. */
constexpr int MOST_SWEEPS = 64;

/** A chain that is drawn in place from now on; and what it has recorded, in the order of generations. */
struct LaneChain {
  Stream stream;
  uint64_t replicate = 0;
  int context = 0;
  uint32_t n = 0, live = 0, generation = 0;
  uint32_t collapsed_at = 0;
  size_t report_index = 0;
  Values<double> values;
  /** What follows the values, where only the Simpson index is recorded: it times n n. */
  Values<uint32_t> sums;
  uint16_t counts[MOST_LIVE];
};

class LaneRecords {
 public:
  explicit LaneRecords(const LoopJob& job);

  /** The Simpson index alone, of every generation: its sums are written in the sweeps. */
  bool simple() const { return simple_; }
  /** Metrics that are functions of the counts alone. */
  static bool can_measure(const std::vector<int32_t>& metrics);
  /** About as many numbers as a chain of n samples records. */
  size_t expected(uint32_t n) const;
  /** Adds what scalar code has recorded of the chain. */
  void append(LaneChain& chain, const double* values, size_t count) const;
  /** The next generation at which something is to be done beside drawing. */
  uint32_t due(const LaneChain& chain) const;
  /** What is asked for of the chain's generation. */
  void record(LaneChain& chain, const uint32_t* counts, int live) const;
  void record(LaneChain& chain) const;
  bool is_over(const LaneChain& chain) const {
    return chain.live == 1 || chain.generation == static_cast<uint32_t>(job_.last_generation);
  }
  /** What is recorded after the end, if anything: it is the same every time. */
  void finish(LaneChain& chain) const;

 private:
  const LoopJob& job_;
  const bool simple_;

  void measure(LaneChain& chain, const uint32_t* counts, int live) const;
};

}  // namespace collapse
