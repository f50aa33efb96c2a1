// How chains come into lanes: generation 1 is picked in lanes where it can be; scalar code does what lanes don't draw.
#include <algorithm>
#include <utility>

#include "categorical.h"

namespace collapse {

namespace {

/** Two lists change places for as long as this is there. */
struct Exchange {
  Exchange(Doubles& x, Doubles& y) : x_(x), y_(y) { std::swap(x_, y_); }
  Exchange(const Exchange&) = delete;
  ~Exchange() { std::swap(x_, y_); }

 private:
  Doubles &x_, &y_;
};

}  // namespace

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
