// Categorical chains side by side in SIMD lanes: scalar code begins every chain and hands it over as soon as it is
// drawn in place from Poisson rows. What comes out is the same, bit for bit and in the same order.
#include <algorithm>
#include <cstring>

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
  return fits && job.jumps.empty() && job.replaces_all(last) && job.pool == POOL_NONE && LaneRunner::can_measure(job.metrics) &&
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
  if (!runner_ || generation_ != 0) return Loop::run();
  for (;;) {
    if (!hand_over()) return OUT_FULL;
    if (chains_left_ == 0) return DONE;
    if (takes_pause()) return PAUSED;
    if (chains_left_ < LEAST_CHAINS) return Loop::run();
    if (!simulate_group()) {
      chains_left_ = 0;
      return CANCELLED;
    }
  }
}

void Categorical::reset() {
  group_.clear();
  handed_ = handed_values_ = 0;
  picked_lane_ = -1;
}

/** Appends what the group has recorded, as much as fits; true when that is all. */
bool Categorical::hand_over() {
  const size_t metrics = job_.metrics.size() / 2;
  for (; handed_ < group_.size(); handed_++) {
    const LaneChain& chain = group_[handed_];
    const size_t room = (out_capacity_ - out_.size()) / metrics * metrics;
    const size_t end = std::min(handed_values_ + room, chain.values.size + chain.sums.size);
    const size_t values = std::min(end, chain.values.size);
    if (handed_values_ < values) {
      out_.insert(out_.end(), &chain.values.data[handed_values_], &chain.values.data[values]);
      handed_values_ = values;
    }
    const double squares = static_cast<double>(chain.n) * static_cast<double>(chain.n);
    while (handed_values_ < end) {
      double simpson[256];
      const size_t some = std::min(end - handed_values_, sizeof(simpson) / sizeof(double));
      const uint32_t* sums = &chain.sums.data[handed_values_ - chain.values.size];
      for (size_t i = 0; i < some; i++) simpson[i] = static_cast<double>(static_cast<int32_t>(sums[i])) / squares;
      out_.insert(out_.end(), simpson, simpson + some);
      handed_values_ += some;
    }
    if (end < chain.values.size + chain.sums.size) return false;
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
  std::vector<LaneChain*> running;
  for (size_t i = 0; i < chains; i++) {
    LaneChain& chain = group[i];
    const int lane = static_cast<int>(i) % runner_->lanes();
    if (lane == 0) pick_ahead(chains - i);
    picked_lane_ = picks_->n[lane] > 0 ? lane : -1;
    if (!begin_chain(chain)) return false;
    if (!has_ended()) running.push_back(&chain);
    next_chain();
  }
  if (!runner_->run(running, cancel, progress)) return false;
  group_ = std::move(group);
  return true;
}

/** The real samples that the next chains, as many as there are lanes, begin with; n is 0 where scalar code draws them. */
void Categorical::pick_ahead(size_t chains) {
  LanePicks& picks = *picks_;
  const int context = context_;
  const uint64_t replicate = replicate_;
  uint32_t most = 0;
  for (int lane = 0; lane < runner_->lanes(); lane++) {
    picks.n[lane] = picks.start[lane] = 0;
    picks.size[lane] = 1;
    if (static_cast<size_t>(lane) >= chains) continue;
    open_context();
    if (program_length() == 2 && replace_size_ <= LARGEST_ROW && draws_truth_first() && picks_truth(replace_size_)) {
      seed_stream();
      picks.a[lane] = stream_.a;
      picks.b[lane] = stream_.b;
      picks.c[lane] = stream_.c;
      picks.counter[lane] = stream_.counter;
      picks.n[lane] = static_cast<uint32_t>(replace_size_);
      picks.start[lane] = static_cast<uint32_t>(start_);
      picks.size[lane] = static_cast<uint32_t>(size_);
      most = std::max(most, picks.n[lane]);
    }
    next_chain();
  }
  context_ = context;
  replicate_ = replicate;
  if (most > 0) runner_->kernel().pick(picks, static_cast<int>(most), job_.shares.data(), job_.aliases.data());
}

/** Whether generation 1 is replace_size_ samples of the truth and nothing else. */
bool Categorical::draws_truth_first() const {
  const int32_t* first = line(1);
  const Block& block = job_.blocks[first[0]];
  return first[1] == 1 && block.source == SOURCE_TRUTH && block.mode == REDRAWN && block_size(block) == replace_size_;
}

/** Adds the samples that were picked ahead. */
void Categorical::take_picks() {
  const LanePicks& picks = *picks_;
  const int lane = picked_lane_;
  picked_lane_ = -1;
  touched_.resize(added_.size() + 1);
  uint32_t live = 0;
  for (uint32_t j = 0; j < picks.n[lane]; j++) {
    const uint32_t token = picks.tokens[j][lane];
    // Without a branch: whether a token is new can't be foretold.
    touched_[live] = static_cast<int32_t>(token);
    live += added_[token]++ == 0;
  }
  touched_.resize(live);
  stream_ = {picks.a[lane], picks.b[lane], picks.c[lane], picks.counter[lane]};
}

/** Simulates a chain until lanes can take it over. */
bool Categorical::begin_chain(LaneChain& chain) {
  const size_t mark = out_.size();
  start_chain(picked_lane_ >= 0);  // take_picks sets the stream
  while (!has_ended() && !fits_lane()) {
    if (!advance_chain()) return false;
  }
  chain.values.size = chain.sums.size = 0;
  const size_t values = out_.size() - mark;
  chain.values.reserve(values);
  if (values > 0) std::memcpy(chain.values.data.get(), out_.data() + mark, values * sizeof(double));
  chain.values.size = values;
  out_.resize(mark);
  chain.collapsed_at = collapsed_at_;
  chain.generation = static_cast<uint32_t>(generation_);
  chain.report_index = report_index_;
  if (has_ended()) return true;
  runner_->expect(chain, static_cast<uint32_t>(replace_size_));
  chain.stream = stream_;
  chain.n = static_cast<uint32_t>(replace_size_);
  chain.live = static_cast<uint32_t>(current_->live);
  for (uint32_t i = 0; i < chain.live; i++) chain.counts[i] = static_cast<uint16_t>(current_->counts[i]);
  return true;
}

/** Whether the chain is drawn in place by Poisson rows from here on. */
bool Categorical::fits_lane() const {
  return generation_ > 0 && generation_ + 1 >= replace_from_ && current_->total == replace_size_ &&
         uses_rows(replace_size_, current_->total) && current_->live > 1 && !is_direct(replace_size_, current_->live);
}

}  // namespace collapse
