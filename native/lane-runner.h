// Which chain is in which lane: chains with many tokens first, so that lanes that run side by side are alike.
#pragma once
#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "job.h"
#include "lanes.h"
#include "metrics.h"
#include "stream.h"

namespace collapse {

/** Numbers that are appended to; growing does not fill. */
template <typename T>
struct Values {
  std::unique_ptr<T[]> data;
  size_t size = 0, capacity = 0;

  /** Makes room for `more` numbers. */
  void reserve(size_t more) {
    if (size + more <= capacity) return;
    capacity = std::max(size + more, 2 * capacity);
    std::unique_ptr<T[]> larger(new T[capacity]);
    std::copy_n(data.get(), size, larger.get());
    data = std::move(larger);
  }
  void push(T value) {
    reserve(1);
    data[size++] = value;
  }
};

/** A chain that is drawn in place from now on; and what it has recorded, in the order of generations. */
struct LaneChain {
  Stream stream;
  uint32_t n = 0, live = 0, generation = 0;
  uint32_t collapsed_at = 0;
  size_t report_index = 0;
  Values<double> values;
  /** What follows the values, where only the Simpson index is recorded: it times n n. */
  Values<uint32_t> sums;
  uint16_t counts[MOST_LIVE];
};

class LaneRunner {
 public:
  /** Sweeps between looks at `cancel`. */
  static constexpr int MOST_SWEEPS = 64;

  LaneRunner(const LaneKernel& kernel, const LoopJob& job, std::shared_ptr<const PoissonRows> rows);

  /** Makes room for about as many numbers as chains of n samples will record. */
  void expect(LaneChain& chain, uint32_t n) const;

  const LaneKernel& kernel() const { return kernel_; }
  int lanes() const { return kernel_.lanes; }

  /** Metrics that are functions of the counts alone. */
  static bool can_measure(const std::vector<int32_t>& metrics);

  /** Runs chains of two tokens or more, none of them drawn directly, to their ends; false if cancelled. */
  bool run(const std::vector<LaneChain*>& chains, const Cancel& cancel, std::atomic<double>& progress);

 private:
  const LaneKernel& kernel_;
  const LoopJob& job_;
  const std::shared_ptr<const PoissonRows> rows_;
  /** The Simpson index alone, of every generation: its sums are written in the sweeps. */
  const bool simple_;
  std::unique_ptr<LaneState> state_;
  /** Where idle lanes record. */
  uint32_t nowhere_ = 0;
  LaneChain* chains_[MOST_LANES];
  /** Generations at which something is to be done beside drawing. */
  uint32_t due_[MOST_LANES];
  std::vector<LaneChain*> waiting_[MOST_LIVE + 1];
  int most_waiting_ = 0;
  /** Whether the lanes' levels are set up. */
  bool grouped_ = false;
  /** Chains in lanes; lanes from `used_` on are idle. */
  int running_ = 0, used_ = 0;
  /** The most tokens of a lane, dead ones included. */
  int most_live_ = 0;
  /** Sweeps after which no chain can have gone past its next event or its room. */
  int safe_ = 0;
  /** Lanes that are at the beginning of a generation for another reason than that they made one. */
  uint32_t restarted_ = 0;
  /** Generations of the chains that are in no lane. */
  double outside_ = 0.0;

  void begin(const std::vector<LaneChain*>& chains);
  void attend(int lane);
  double generations() const;
  uint32_t due_lanes() const;

  void pack();
  void wait(LaneChain* chain);
  LaneChain* next_waiting();
  bool gives_way(int lane) const;
  void load(int lane, LaneChain* chain);
  void save(int lane);
  void clear(int lane);
  int sweeps_to_next_event();
  int sweeps_of(int lane);
  void compact(int lane);
  void record(int lane);
  void measure(LaneChain& chain, const Measured<uint32_t>& measured) const;
  void set_due(int lane);
  bool is_over(int lane) const;
  void finish(int lane);
};

}  // namespace collapse
