// Chains of three tokens or more in lanes: those with about as many tokens go in step.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "lane-records.h"
#include "lanes.h"

namespace collapse {

using LaneChains = std::vector<LaneChain*>;

class LaneRunner {
 public:
  LaneRunner(const LaneKernel& kernel, const LaneRecords& records, std::shared_ptr<const PoissonRows> table)
      : kernel_(kernel), records_(records), table_(std::move(table)) {}

  /**
   * Runs chains, none of them drawn directly or in groups, to their ends, or until lanes don't fit any more.
   * @param two receives those that have two tokens then
   * @param others receives those whose next generation is drawn in groups
   * @returns false if cancelled
   */
  bool run(const LaneChains& chains, LaneChains& two, LaneChains& others, const Cancel& cancel, std::atomic<double>& progress);

 private:
  /** A group, and which chains are in its lanes; lanes from `used` on are idle. */
  struct Slot {
    LaneGroup group;
    LaneChain* chains[LANES];
    /** Generations at which something is to be done beside drawing. */
    uint32_t due[LANES];
    int used = 0;
    /** The most tokens of a lane, with its gaps. */
    int rows = 0;
  };

  const LaneKernel& kernel_;
  const LaneRecords& records_;
  const std::shared_ptr<const PoissonRows> table_;
  std::vector<std::unique_ptr<Slot>> slots_;
  LaneChains* two_ = nullptr;
  LaneChains* others_ = nullptr;
  /** Where idle lanes record. */
  uint32_t nowhere_[RECORDED_SWEEPS];
  /** Slots in use come first. */
  size_t used_ = 0;
  /** Generations made of chains that are in no lane. */
  double outside_ = 0.0;

  void arrange(const LaneChains& chains);
  bool is_loose() const;
  void rearrange();
  void sweep(Slot& slot);
  void end(Slot& slot, int lane);
  void take_due();
  double generations() const;
  int sweeps_to_next_event();

  void load(Slot& slot, int lane, LaneChain* chain);
  void save(Slot& slot, int lane);
  void move(Slot& slot, int from, int to);
  void clear(Slot& slot, int lane);
};

}  // namespace collapse
