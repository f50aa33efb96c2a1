// Categorical chains side by side in SIMD lanes: scalar code begins every chain and hands it over as soon as it is
// drawn in place from Poisson rows. What comes out is the same, bit for bit and in the same order.
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

/** Two lists change places for as long as this is there. */
struct Exchange {
  Exchange(Doubles& x, Doubles& y) : x_(x), y_(y) { std::swap(x_, y_); }
  Exchange(const Exchange&) = delete;
  ~Exchange() { std::swap(x_, y_); }

 private:
  Doubles &x_, &y_;
};

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

/** Whether generation 1 is replace_size_ samples of the truth and nothing else. */
bool Categorical::draws_truth_first() const {
  const int32_t* first = line(1);
  const Block& block = job_.blocks[first[0]];
  return first[1] == 1 && block.source == SOURCE_TRUTH && block.mode == REDRAWN && block_size(block) == replace_size_;
}

/** Begins chains, 16 at most; those that lanes can take over go to `running`. */
bool Categorical::begin(LaneChain* chains, int count, LaneChains& running) {
  LanePicks& picks = *picks_;
  uint32_t most = 0;
  int rows = 0;
  bool picked[LANES] = {};
  for (int lane = 0; lane < LANES; lane++) {
    picks.n[lane] = picks.start[lane] = picks.context[lane] = picks.replicate_low[lane] = picks.replicate_high[lane] = 0;
    picks.bits[lane] = 1;
    if (lane >= count) continue;
    const LaneChain& chain = chains[lane];
    context_ = chain.context;
    open_context();
    picked[lane] = replace_size_ <= LARGEST_ROW && program_length() == 2 && draws_truth_first() && picks_truth(replace_size_) &&
                   in_token_order(replace_size_);
    if (!picked[lane]) continue;
    picks.context[lane] = static_cast<uint32_t>(context_);
    picks.replicate_low[lane] = static_cast<uint32_t>(chain.replicate);
    picks.replicate_high[lane] = static_cast<uint32_t>(chain.replicate >> 32);
    picks.n[lane] = chain.n;
    picks.start[lane] = static_cast<uint32_t>(job_.cell_starts[context_]);
    picks.bits[lane] = static_cast<uint32_t>(job_.cell_bits(context_));
    most = std::max(most, chain.n);
    rows = std::max(rows, size_);
  }
  if (most > 0) pick(static_cast<int>(most), rows);
  for (int lane = 0; lane < count; lane++) {
    if (!(picked[lane] ? take_picks(chains[lane], lane, running) : begin_scalar(chains[lane], running))) return false;
  }
  return true;
}

/** Picks real samples in lanes and counts them, by token. */
void Categorical::pick(int most, int rows) {
  LanePicks& picks = *picks_;
  picks.none = static_cast<uint32_t>(rows);
  kernel_->seed(picks, job_.seed_low, job_.seed_high);
  kernel_->pick(picks, most, job_.cells.data());
  picked_.assign(static_cast<size_t>(rows + 1) * LANES, 0);
  for (int j = 0; j < most; j++) {
    for (int lane = 0; lane < LANES; lane++) picked_[picks.tokens[j][lane] * LANES + static_cast<uint32_t>(lane)]++;
  }
}

/** Makes what a lane has picked generation 1. */
bool Categorical::take_picks(LaneChain& chain, int lane, LaneChains& running) {
  const LanePicks& picks = *picks_;
  context_ = chain.context;
  open_context();
  uint32_t* counts = drawn_.data();
  uint32_t live = 0, most = 0, best = 0;
  for (int token = 0; token < size_; token++) {
    const uint32_t count = picked_[static_cast<size_t>(token * LANES + lane)];
    counts[live] = count;
    best = count > most ? live : best;
    most = count > most ? count : most;
    live += count != 0;
  }
  std::swap(counts[0], counts[best]);
  chain.stream = {picks.a[lane], picks.b[lane], picks.c[lane], picks.counter[lane]};
  chain.generation = 1;
  chain.live = live;
  chain.collapsed_at = live == 1 ? 1 : 0;
  records_->record(chain, counts, static_cast<int>(live));
  progress.store(progress.load(std::memory_order_relaxed) + 1.0, std::memory_order_relaxed);
  if (records_->is_over(chain)) {
    records_->finish(chain);
    return true;
  }
  const int n = static_cast<int>(chain.n);
  if (is_direct(n, static_cast<int>(live)) || needs_groups(n, counts[0], static_cast<int>(live))) {
    return go_on(chain, counts, live, running);
  }
  for (uint32_t i = 0; i < live; i++) chain.counts[i] = static_cast<uint16_t>(counts[i]);
  running.push_back(&chain);
  return true;
}

/** Begins a chain as Loop does. */
bool Categorical::begin_scalar(LaneChain& chain, LaneChains& running) {
  context_ = chain.context;
  replicate_ = chain.replicate;
  generation_ = 0;
  start_chain();
  return to_lane(chain, running);
}

/** Goes on with a chain that lanes can't take, or not any more, until they can. `counts` are its own, or in drawn_. */
bool Categorical::go_on(LaneChain& chain, const uint32_t* counts, uint32_t live, LaneChains& running) {
  context_ = chain.context;
  open_context();
  stream_ = chain.stream;
  generation_ = static_cast<int>(chain.generation);
  collapsed_at_ = 0;
  report_index_ = chain.report_index;
  current_ = &ring_[0];
  TrainingSet& set = *current_;
  set.live = live_ = static_cast<int>(live);
  set.total = replace_size_;
  // What is measured here does not look at tokens.
  set.tokens.assign(live, 0);
  set.counts.assign(counts, counts + live);
  return to_lane(chain, running);
}

/** Simulates a chain until lanes can take it over: then it goes to `running`. */
bool Categorical::to_lane(LaneChain& chain, LaneChains& running) {
  {
    // What it records meanwhile is the chain's, and goes out when its turn comes.
    const Exchange exchange(out_, aside_);
    while (!has_ended() && !fits_lane()) {
      if (!advance_chain()) return false;
    }
    records_->append(chain, out_.data(), out_.size());
    out_.clear();
  }
  chain.collapsed_at = collapsed_at_;
  chain.generation = static_cast<uint32_t>(generation_);
  chain.report_index = report_index_;
  if (has_ended()) return true;
  chain.stream = stream_;
  chain.live = static_cast<uint32_t>(current_->live);
  for (uint32_t i = 0; i < chain.live; i++) chain.counts[i] = static_cast<uint16_t>(current_->counts[i]);
  running.push_back(&chain);
  return true;
}

/** Whether the next generation is drawn as lanes draw. */
bool Categorical::fits_lane() const {
  return generation_ > 0 && generation_ + 1 >= replace_from_ && uses_rows() &&
         !needs_groups(static_cast<int>(replace_size_), current_->counts[0], current_->live);
}

}  // namespace collapse
