// Categorical chains side by side in SIMD lanes, from the generation on that rows draw. What comes out is the same, bit for bit and in
// the same order.
#include <algorithm>
#include <utility>

#include "categorical.h"

namespace collapse {

namespace {

/** Chains that are simulated side by side, and numbers that they may keep until then. */
constexpr size_t MOST_CHAINS = 256;
constexpr size_t MOST_VALUES = size_t{1} << 20;
/** With fewer chains, or with longer ones that leave room for no more, scalar code is as fast. */
constexpr uint32_t LEAST_CHAINS = 4;

}  // namespace

/** A function of the job alone. */
bool Categorical::suits_lanes(const CategoricalJob& job) {
  const int32_t* last = &job.lines[job.lines.size() - 2];
  const bool fits = std::any_of(job.sizes.begin(), job.sizes.end(), [](uint32_t n) { return n <= LARGEST_ROW; });
  return fits && job.jumps.empty() && job.replaces_all(last) && job.pool == POOL_NONE && LaneRecords::can_measure(job.metrics) &&
         most_chains(job) >= LEAST_CHAINS;
}

/** How many chains' values fit; where the number of generations is open, it is about 2 n, and n is small. */
size_t Categorical::most_chains(const CategoricalJob& job) {
  const size_t rows = job.report.empty() ? (job.until_collapse ? size_t{1} << 10 : static_cast<size_t>(job.last_generation))
                                         : job.report.size();
  return std::min(MOST_CHAINS, MOST_VALUES / std::max(size_t{1}, rows * job.metrics.size() / 2));
}

Status Categorical::run() {
  // A chain that is under way here was restored; lanes take chains from their beginning.
  if (kernel_ == nullptr || generation_ != 0) return Loop::run();
  for (;;) {
    if (!hand_over()) return OUT_FULL;
    if (chains_left_ == 0) return DONE;
    if (takes_pause()) return PAUSED;
    if (chains_left_ < LEAST_CHAINS) return Loop::run();
    if (!runner_) make_lanes();
    if (!simulate_group()) {
      chains_left_ = 0;
      return CANCELLED;
    }
  }
}

void Categorical::make_lanes() {
  records_ = std::make_unique<LaneRecords>(job_);
  runner_ = std::make_unique<LaneRunner>(*kernel_, *records_, rows_);
  two_runner_ = std::make_unique<TwoRunner>(*kernel_, *records_);
  picks_ = std::make_unique<LanePicks>();
}

void Categorical::reset() {
  group_.clear();
  handed_ = handed_values_ = 0;
  aside_.clear();
}

/** Appends what the group has recorded, as much as fits; true when that is all. */
bool Categorical::hand_over() {
  const size_t metrics = job_.metrics.size() / 2;
  for (; handed_ < group_.size(); handed_++) {
    const LaneChain& chain = group_[handed_];
    const size_t room = (out_capacity_ - out_.size()) / metrics * metrics;
    const size_t end = std::min(handed_values_ + room, chain.values.size() + chain.sums.size());
    const size_t values = std::min(end, chain.values.size());
    if (handed_values_ < values) {
      out_.append(chain.values.data() + handed_values_, values - handed_values_);
      handed_values_ = values;
    }
    if (handed_values_ < end) {
      const size_t some = end - handed_values_;
      const double squares = static_cast<double>(chain.n) * static_cast<double>(chain.n);
      kernel_->divide(chain.sums.data() + (handed_values_ - values), some, squares, out_.end());
      out_.set_size(out_.size() + some);
      handed_values_ = end;
    }
    if (end < chain.values.size() + chain.sums.size()) return false;
    handed_values_ = 0;
    collapse_times_.push_back(chain.collapsed_at);
    chains_left_--;
  }
  return true;
}

/** Simulates the next chains to their ends; false if cancelled. */
bool Categorical::simulate_group() {
  const size_t most = most_chains(job_);
  const size_t groups = (chains_left_ + most - 1) / most;
  const size_t chains = (chains_left_ + groups - 1) / groups;
  reset();
  std::vector<LaneChain> group(chains);
  for (LaneChain& chain : group) {
    chain.context = context_;
    chain.replicate = replicate_;
    open_context();
    chain.n = static_cast<uint32_t>(replace_size_);
    next_chain();
  }
  const int context = context_;
  const uint64_t replicate = replicate_;
  lend(group);
  LaneChains running, two, others;
  for (size_t first = 0; first < chains; first += LANES) {
    if (!begin(&group[first], static_cast<int>(std::min<size_t>(LANES, chains - first)), running)) return false;
  }
  for (;;) {
    if (!runner_->run(running, two, others, cancel, progress)) return false;
    if (others.empty()) break;
    running.clear();
    for (LaneChain* chain : others) {
      std::vector<uint32_t> counts(chain->counts, chain->counts + chain->live);
      if (!go_on(*chain, counts.data(), chain->live, running)) return false;
    }
    others.clear();
  }
  if (!run_two(two)) return false;
  context_ = context;
  replicate_ = replicate;
  generation_ = 0;
  group_ = std::move(group);
  return true;
}

/** Gives chains room for what they will record; those that need more make it themselves. */
void Categorical::lend(std::vector<LaneChain>& group) {
  size_t room = 0;
  const auto expected = [&](const LaneChain& chain) { return records_->expected(chain.n) + MOST_SWEEPS + RECORD_MARGIN; };
  for (const LaneChain& chain : group) room += expected(chain);
  if (records_->simple()) {
    if (lent_size_ < room) {
      lent_.reset();
      lent_.reset(new uint32_t[room]);
      lent_size_ = room;
    }
    uint32_t* at = lent_.get();
    for (LaneChain& chain : group) {
      chain.sums.borrow(at, expected(chain));
      at += expected(chain);
    }
  } else {
    for (LaneChain& chain : group) chain.values.reserve(expected(chain));
  }
}

/** Runs chains of two tokens to their ends, those of one n after the other. */
bool Categorical::run_two(LaneChains& chains) {
  // The longest first: in the end fewer lanes are idle.
  const auto comes_first = [](const LaneChain* x, const LaneChain* y) {
    return x->n != y->n ? x->n < y->n : x->counts[1] > y->counts[1];
  };
  std::stable_sort(chains.begin(), chains.end(), comes_first);
  for (size_t start = 0, end; start < chains.size(); start = end) {
    const uint32_t n = chains[start]->n;
    end = start;
    while (end < chains.size() && chains[end]->n == n) end++;
    const LaneChains alike(chains.begin() + start, chains.begin() + end);
    if (!two_runner_->run(alike, binomial_rows(static_cast<int>(n)), cancel, progress)) return false;
  }
  return true;
}

}  // namespace collapse
