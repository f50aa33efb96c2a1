#include "lane-runner.h"

namespace collapse {

namespace {

int lowest(uint32_t bits) {
#if defined(__GNUC__) || defined(__clang__)
  return __builtin_ctz(bits);
#else
  int place = 0;
  while ((bits >> place & 1) == 0) place++;
  return place;
#endif
}

}  // namespace

const LaneKernel* lane_kernel(int simd) {
#if defined(COLLAPSE_X86_LANES)
  if (simd == SIMD_AVX512) return avx512_kernel();
  if (simd == SIMD_AVX2) return avx2_kernel();
#elif defined(COLLAPSE_NEON_LANES)
  if (simd == SIMD_NEON) return neon_kernel();
#endif
  return nullptr;
}

LaneRunner::LaneRunner(const LaneKernel& kernel, const LoopJob& job, std::shared_ptr<const PoissonRows> rows)
    : kernel_(kernel),
      job_(job),
      rows_(std::move(rows)),
      simple_(job.report.empty() && job.metrics.size() == 2 && job.metrics[0] == 0),
      state_(new LaneState()) {
  state_->packed = rows_->packed();
  state_->cells = rows_->cells();
  state_->accept = rows_->accept();
}

bool LaneRunner::run(const std::vector<LaneChain*>& chains, const Cancel& cancel, std::atomic<double>& progress) {
  const double before = progress.load(std::memory_order_relaxed);
  begin(chains);
  LaneState& state = *state_;
  while (running_ > 0) {
    if (safe_ == 0) {
      if (is_cancelled(cancel)) return false;
      progress.store(before + generations(), std::memory_order_relaxed);
      safe_ = sweeps_to_next_event();
    }
    const bool grouped = most_live_ >= GROUP_FROM;
    if (grouped && !grouped_) kernel_.start_groups(state, ~0u);
    grouped_ = grouped;
    const auto sweep = grouped ? kernel_.sweep_groups : used_ <= kernel_.lanes / 2 ? kernel_.sweep_half : kernel_.sweep;
    const uint32_t died = sweep(state, most_live_, safe_, simple_);
    for (uint32_t left = died; left != 0; left &= left - 1) compact(lowest(left));
    restarted_ = 0;
    for (uint32_t left = died | (safe_ == 0 ? due_lanes() : 0); left != 0; left &= left - 1) attend(lowest(left));
    if (grouped && restarted_ != 0) kernel_.start_groups(state, restarted_);
    if (died == 0) continue;
    if (!grouped_) pack();
    most_live_ = 0;
    for (int lane = 0; lane < used_; lane++) most_live_ = std::max(most_live_, static_cast<int>(state.live[lane]));
  }
  progress.store(before + generations(), std::memory_order_relaxed);
  return true;
}

/** Fills the lanes. */
void LaneRunner::begin(const std::vector<LaneChain*>& chains) {
  outside_ = 0.0;
  running_ = used_ = safe_ = most_live_ = most_waiting_ = 0;
  grouped_ = false;
  for (std::vector<LaneChain*>& list : waiting_) list.clear();
  for (LaneChain* chain : chains) {
    wait(chain);
    outside_ -= chain->generation;  // they have been reported
  }
  for (int lane = 0; lane < MOST_LANES; lane++) {
    clear(lane);
    LaneChain* chain = lane < kernel_.lanes ? next_waiting() : nullptr;
    if (chain == nullptr) continue;
    load(lane, chain);
    used_ = ++running_;
  }
}

/** What is to be done with a lane where a token has died, or at a generation that matters. */
void LaneRunner::attend(int lane) {
  if (state_->generation[lane] == due_[lane]) {
    if (!simple_) record(lane);
    set_due(lane);
  }
  if (is_over(lane)) {
    finish(lane);
  } else if (gives_way(lane)) {
    save(lane);
    wait(chains_[lane]);
  } else {
    restarted_ |= 1u << lane;
    return;
  }
  LaneChain* next = next_waiting();
  if (next != nullptr) {
    load(lane, next);
  } else {
    clear(lane);
    running_--;
  }
}

/** Generations simulated in this run. */
double LaneRunner::generations() const {
  double sum = outside_;
  for (const uint32_t generation : state_->generation) sum += generation;
  return sum;
}

/** Lanes at a generation that matters. */
uint32_t LaneRunner::due_lanes() const {
  uint32_t lanes = 0;
  for (int lane = 0; lane < used_; lane++) {
    if (chains_[lane] != nullptr && state_->generation[lane] == due_[lane]) lanes |= 1u << lane;
  }
  return lanes;
}

/** Moves chains so that the first lanes are those in use. Not between a generation's levels: those stay behind. */
void LaneRunner::pack() {
  int lane = 0;
  while (used_ > running_) {
    const int from = used_ - 1;
    LaneChain* chain = chains_[from];
    if (chain != nullptr) {
      while (chains_[lane] != nullptr) lane++;  // there is an idle one: fewer run than are in use
      save(from);
      outside_ += chain->generation;
      clear(from);
      load(lane, chain);
    }
    used_ = from;
  }
}

void LaneRunner::wait(LaneChain* chain) {
  const int live = static_cast<int>(chain->live);
  waiting_[live].push_back(chain);
  outside_ += chain->generation;
  most_waiting_ = std::max(most_waiting_, live);
}

/** The one with the most tokens. */
LaneChain* LaneRunner::next_waiting() {
  if (most_waiting_ == 0) return nullptr;
  LaneChain* chain = waiting_[most_waiting_].back();
  waiting_[most_waiting_].pop_back();
  while (most_waiting_ > 0 && waiting_[most_waiting_].empty()) most_waiting_--;
  return chain;
}

/**
 * Whether a waiting chain should take the lane: only if it has clearly more tokens, since changing places costs as much
 * as some draws, or is the last kind that needs groups.
 */
bool LaneRunner::gives_way(int lane) const {
  const int live = static_cast<int>(state_->live[lane]);
  return most_waiting_ > live + live / 4 || (most_waiting_ >= GROUP_FROM && live < GROUP_FROM);
}

void LaneRunner::load(int lane, LaneChain* chain) {
  LaneState& state = *state_;
  const uint32_t live = chain->live;
  for (uint32_t i = 0; i < live; i++) state.counts[i][lane] = chain->counts[i];
  for (uint32_t i = live; i < state.live[lane]; i++) state.counts[i][lane] = 0;
  state.a[lane] = chain->stream.a;
  state.b[lane] = chain->stream.b;
  state.c[lane] = chain->stream.c;
  state.counter[lane] = chain->stream.counter;
  state.n[lane] = chain->n;
  state.live[lane] = live;
  state.generation[lane] = chain->generation;
  state.out[lane] = simple_ ? chain->sums.data.get() + chain->sums.size : &nowhere_;
  chains_[lane] = chain;
  outside_ -= chain->generation;
  set_due(lane);
  safe_ = std::min(safe_, sweeps_of(lane));
  most_live_ = std::max(most_live_, static_cast<int>(live));
  restarted_ |= 1u << lane;
}

void LaneRunner::save(int lane) {
  const LaneState& state = *state_;
  LaneChain& chain = *chains_[lane];
  chain.live = state.live[lane];
  for (uint32_t i = 0; i < chain.live; i++) chain.counts[i] = static_cast<uint16_t>(state.counts[i][lane]);
  chain.stream = {state.a[lane], state.b[lane], state.c[lane], state.counter[lane]};
  chain.generation = state.generation[lane];
  if (simple_) chain.sums.size = static_cast<size_t>(state.out[lane] - chain.sums.data.get());
}

/** An idle lane: no pivot, so nothing is ever accepted. */
void LaneRunner::clear(int lane) {
  LaneState& state = *state_;
  for (auto& row : state.counts) row[lane] = 0;
  state.n[lane] = state.live[lane] = state.generation[lane] = 0;
  state.out[lane] = &nowhere_;
  state.from[lane] = 1;
  state.need[lane] = state.sum[lane] = state.left[lane] = state.pivot[lane] = 0;
  chains_[lane] = nullptr;
}

/** Sweeps after which no chain can have gone past its next event or its room; makes room. */
int LaneRunner::sweeps_to_next_event() {
  int sweeps = MOST_SWEEPS;
  for (int lane = 0; lane < used_; lane++) {
    if (chains_[lane] != nullptr) sweeps = std::min(sweeps, sweeps_of(lane));
  }
  return sweeps;
}

int LaneRunner::sweeps_of(int lane) {
  LaneState& state = *state_;
  const int sweeps = static_cast<int>(std::min<uint32_t>(MOST_SWEEPS, due_[lane] - state.generation[lane]));
  if (!simple_) return sweeps;
  Values<uint32_t>& sums = chains_[lane]->sums;
  const size_t size = static_cast<size_t>(state.out[lane] - sums.data.get());
  if (size + MOST_SWEEPS >= sums.capacity) {
    sums.size = size;
    sums.reserve(MOST_SWEEPS + 1);
    state.out[lane] = sums.data.get() + size;
  }
  return sweeps;
}

/** Takes the dead tokens out. */
void LaneRunner::compact(int lane) {
  LaneState& state = *state_;
  const uint32_t live = state.live[lane];
  uint32_t kept = 1;
  for (uint32_t i = 1; i < live; i++) {
    const uint32_t count = state.counts[i][lane];
    state.counts[kept][lane] = count;
    kept += count != 0;
  }
  for (uint32_t i = kept; i < live; i++) state.counts[i][lane] = 0;
  state.live[lane] = kept;
  if (kept == 1) chains_[lane]->collapsed_at = state.generation[lane];
}

}  // namespace collapse
