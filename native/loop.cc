#include "loop.h"

#include <algorithm>
#include <utility>

namespace collapse {

namespace {

/** Generations that are made before the loop looks up. */
constexpr int MOST_AHEAD = 1024;

}  // namespace

Loop::Loop(std::shared_ptr<const LoopJob> job, size_t out_capacity) : loop_(std::move(job)), out_capacity_(out_capacity) {}

void Loop::open(uint64_t replicate, int context, uint32_t chains) {
  replicate_ = replicate;
  context_ = context;
  chains_left_ = chains;
  generation_ = 0;
  out_.clear();
  collapse_times_.clear();
  reset();
  progress.store(0.0, std::memory_order_relaxed);
  cancel.store(false, std::memory_order_relaxed);
  pause.store(false, std::memory_order_relaxed);
}

Status Loop::advance() {
  try {
    out_.reserve(out_capacity_ - out_.size());
    return run();
  } catch (...) {
    chains_left_ = 0;  // what a failed step leaves behind is not gone on with
    throw;
  }
}

Status Loop::advance_into(double* room, size_t capacity) {
  written_ = 0;
  out_.borrow(room, capacity);
  const auto give_back = [this](Doubles* out) {
    written_ = out->size();
    *out = Doubles();
  };
  const std::unique_ptr<Doubles, decltype(give_back)> borrowed(&out_, give_back);
  return advance();
}

Status Loop::run() {
  const size_t metrics = static_cast<size_t>(loop_->metric_count());
  while (chains_left_ > 0) {
    if (generation_ == 0) start_chain();
    while (!has_ended()) {
      if (takes_pause()) return PAUSED;
      if (out_.size() + metrics > out_capacity_) return OUT_FULL;
      if (!advance_chain()) return CANCELLED;
    }
    collapse_times_.push_back(collapsed_at_);
    chains_left_--;
    next_chain();
  }
  return DONE;
}

bool Loop::save(std::vector<uint8_t>& to) {
  if (!is_handed_over()) return false;
  to.clear();
  if (generation_ == 0 || chains_left_ == 0) return true;  // between two chains, or cancelled
  State state;
  transfer_chain(state);
  to = state.take();
  return true;
}

void Loop::restore(const uint8_t* from, size_t size) {
  State state(from, size);
  try {
    start_chain();
    transfer_chain(state);
    state.end();
  } catch (...) {
    chains_left_ = 0;
    generation_ = 0;
    throw;
  }
}

void Loop::transfer_chain(State& state) {
  const int32_t last = loop_->last_generation;
  state.value(generation_);
  state.value(collapsed_at_);
  state.require(generation_ >= 1 && generation_ < last && collapsed_at_ <= static_cast<uint32_t>(generation_) &&
                (collapsed_at_ == 0 || !loop_->until_collapse));
  state.value(stream_);
  const std::vector<int32_t>& report = loop_->report;
  report_index_ = static_cast<size_t>(std::upper_bound(report.begin(), report.end(), generation_) - report.begin());
  transfer(state);
}

bool Loop::advance_chain() {
  const int before = generation_;
  const bool recorded = run_ahead();
  if (generation_ == before) next_generation();
  // After a cancelled draw the training set is incomplete: nothing may look at it.
  if (is_cancelled(cancel)) {
    chains_left_ = 0;
    return false;
  }
  if (collapsed_at_ == 0 && has_collapsed()) collapsed_at_ = static_cast<uint32_t>(generation_);
  if (!recorded && (loop_->report.empty() || is_reported())) record(out_);
  progress.store(progress.load(std::memory_order_relaxed) + (generation_ - before), std::memory_order_relaxed);
  return true;
}

/** The stream of this chain, from its beginning. */
void Loop::seed_stream() {
  stream_.seed(loop_->seed_low, loop_->seed_high, static_cast<uint32_t>(context_), replicate_, DOMAIN_CHAIN);
}

void Loop::start_chain() {
  seed_stream();
  open_chain();
  collapsed_at_ = 0;
  report_index_ = 0;
}

void Loop::next_chain() {
  generation_ = 0;
  if (++context_ < loop_->contexts) return;
  context_ = 0;
  replicate_++;
}

/** Makes several generations where the family can; whether they are recorded. */
bool Loop::run_ahead() {
  const bool all = loop_->report.empty();
  if (generation_ == 0 || (all && (!records_simpson() || out_.size() >= out_capacity_))) return false;
  int most = std::min(MOST_AHEAD, (all ? loop_->last_generation : next_reported()) - generation_);
  if (all) most = static_cast<int>(std::min<size_t>(most, std::min(out_capacity_, out_.capacity()) - out_.size()));
  const int made = run_on(most, all ? out_.end() : nullptr);
  generation_ += made;
  if (all) out_.set_size(out_.size() + static_cast<size_t>(made));
  return all && made > 0;
}

int Loop::next_reported() const {
  return report_index_ < loop_->report.size() ? loop_->report[report_index_] : loop_->last_generation;
}

void Loop::next_generation() {
  // Where nothing is drawn any more, or a jump is shorter, generations can be left out.
  const bool skip = !loop_->report.empty() && generation_ != 0 && skips();
  before_ = generation_;
  generation_++;
  if (skip) generation_ = std::max(generation_, next_reported());
  step();
}

/** Whether this generation is one of those asked for. */
bool Loop::is_reported() {
  if (report_index_ >= loop_->report.size() || loop_->report[report_index_] != generation_) return false;
  report_index_++;
  return true;
}

/** First block and number of blocks of a generation; the last line repeats. */
const int32_t* Loop::line(int generation) const {
  const int length = static_cast<int>(program_length());
  return &loop_->lines[2 * (std::min(generation, length) - 1)];
}

}  // namespace collapse
