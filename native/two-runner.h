// Chains of two tokens in lanes, to their ends: none is refused a generation, so all make as many in the same time.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "lane-records.h"
#include "lanes.h"

namespace collapse {

class TwoRunner {
 public:
  TwoRunner(const LaneKernel& kernel, const LaneRecords& records) : kernel_(kernel), records_(records), group_(new TwoGroup()) {}

  /** Runs chains of two tokens and of rows.n() samples to their ends, the first ones first; false if cancelled. */
  bool run(const std::vector<LaneChain*>& chains, const BinomialRows& rows, const Cancel& cancel, std::atomic<double>& progress);

 private:
  const LaneKernel& kernel_;
  const LaneRecords& records_;
  std::unique_ptr<TwoGroup> group_;
  LaneChain* chains_[TWO_LANES];
  uint32_t due_[TWO_LANES];
  /** Chains in lanes; they are in the first ones. */
  int used_ = 0;

  void load(int lane, LaneChain* chain);
  void move(int from, int to);
  int sweeps() const;
  void take(int lane, int sweeps);
};

}  // namespace collapse
