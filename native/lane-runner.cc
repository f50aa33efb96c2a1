#include "lane-runner.h"

#include <algorithm>

namespace collapse {

namespace {

/** Sweeps between looks at how chains are arranged. */
constexpr int LOOSE_SWEEPS = 8;

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

bool LaneRunner::run(const LaneChains& chains, LaneChains& two, LaneChains& others, const Cancel& cancel,
                     std::atomic<double>& progress) {
  const double before = progress.load(std::memory_order_relaxed);
  two_ = &two;
  others_ = &others;
  used_ = 0;
  outside_ = 0.0;
  LaneChains waiting;
  for (LaneChain* chain : chains) {
    if (chain->live == 2) {
      two.push_back(chain);
    } else {
      waiting.push_back(chain);
      outside_ -= chain->generation;  // they have been reported
    }
  }
  arrange(waiting);
  int made = 0;
  while (used_ > 0) {
    if (is_cancelled(cancel)) return false;
    progress.store(before + generations(), std::memory_order_relaxed);
    bool loose = false;
    for (int left = sweeps_to_next_event(); left > 0 && !loose; left--) {
      for (size_t i = 0; i < used_; i++) sweep(*slots_[i]);
      loose = ++made % LOOSE_SWEEPS == 0 && is_loose();
    }
    take_due();
    if (loose) rearrange();
  }
  progress.store(before + generations(), std::memory_order_relaxed);
  return true;
}

/** Puts chains into slots, those with the most tokens first. */
void LaneRunner::arrange(const LaneChains& chains) {
  size_t place[MOST_LIVE + 1] = {};
  for (const LaneChain* chain : chains) place[chain->live - 1]++;
  for (int live = MOST_LIVE - 1; live >= 0; live--) place[live] += place[live + 1];
  // Now `place` of a number of tokens is how many chains have more.
  used_ = (chains.size() + LANES - 1) / LANES;
  while (slots_.size() < used_) slots_.push_back(std::make_unique<Slot>());
  for (size_t i = 0; i < used_; i++) slots_[i]->used = slots_[i]->rows = 0;
  for (LaneChain* chain : chains) {
    const size_t at = place[chain->live]++;
    Slot& slot = *slots_[at / LANES];
    slot.chains[at % LANES] = chain;
    slot.used++;
    slot.rows = std::max(slot.rows, static_cast<int>(chain->live));
  }
  for (size_t i = 0; i < used_; i++) {
    Slot& slot = *slots_[i];
    std::fill_n(&slot.group.counts[0][0], slot.rows * LANES, 0);
    slot.group.recorded = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if (lane < slot.used) load(slot, lane, slot.chains[lane]);
      else clear(slot, lane);
    }
  }
}

/** Whether chains could be arranged so that clearly fewer rows are swept. */
bool LaneRunner::is_loose() const {
  int rows = 0, most = 0, by_live[MOST_LIVE + 1] = {};
  for (size_t i = 0; i < used_; i++) {
    const Slot& slot = *slots_[i];
    rows += slot.rows;
    most = std::max(most, slot.rows);
    for (int lane = 0; lane < slot.used; lane++) by_live[slot.group.live[lane]]++;
  }
  // What the first of every sixteen has, in order.
  int least = 0, passed = 0;
  for (int live = most; live > 0; live--) {
    const int before = (passed + LANES - 1) / LANES;
    passed += by_live[live];
    least += live * ((passed + LANES - 1) / LANES - before);
  }
  return 4 * rows > 5 * least + 8;
}

void LaneRunner::rearrange() {
  LaneChains chains;
  for (size_t i = 0; i < used_; i++) {
    Slot& slot = *slots_[i];
    if (records_.simple()) kernel_.flush(slot.group);
    for (int lane = 0; lane < slot.used; lane++) {
      save(slot, lane);
      chains.push_back(slot.chains[lane]);
    }
  }
  arrange(chains);
}

void LaneRunner::sweep(Slot& slot) {
  if (slot.used == 0) return;
  const uint32_t leaving = kernel_.sweep(slot.group, slot.rows, *table_, records_.simple());
  if (leaving == 0) return;
  if (records_.simple() && leaving != LAST_ROW_EMPTY) kernel_.flush(slot.group);
  for (int lane = slot.used - 1; lane >= 0; lane--) {
    if (leaving >> lane & 1) end(slot, lane);
  }
  if ((leaving & LAST_ROW_EMPTY) != 0 && slot.rows > 3) slot.rows--;
}

/** Takes out a chain that does not fit lanes any more, or is at its end. */
void LaneRunner::end(Slot& slot, int lane) {
  LaneChain& chain = *slot.chains[lane];
  save(slot, lane);
  if (chain.live == 1) chain.collapsed_at = chain.generation;
  if (!records_.simple() && chain.generation == slot.due[lane]) records_.record(chain);
  if (records_.is_over(chain)) records_.finish(chain);
  else (chain.live == 2 ? two_ : others_)->push_back(&chain);
  outside_ += chain.generation;
  move(slot, --slot.used, lane);
}

/** Attends to chains at a generation that matters, and leaves out slots that are empty. */
void LaneRunner::take_due() {
  size_t kept = 0;
  for (size_t i = 0; i < used_; i++) {
    Slot& slot = *slots_[i];
    if (records_.simple()) kernel_.flush(slot.group);
    for (int lane = slot.used - 1; lane >= 0; lane--) {
      LaneChain& chain = *slot.chains[lane];
      if (slot.group.generation[lane] != slot.due[lane]) continue;
      save(slot, lane);
      if (records_.is_over(chain)) {
        end(slot, lane);
        continue;
      }
      if (!records_.simple()) records_.record(chain);
      slot.due[lane] = records_.due(chain);
    }
    if (slot.used > 0) std::swap(slots_[kept++], slots_[i]);
  }
  used_ = kept;
}

/** Generations made in this run. */
double LaneRunner::generations() const {
  double sum = outside_;
  for (size_t i = 0; i < used_; i++) {
    for (int lane = 0; lane < slots_[i]->used; lane++) sum += slots_[i]->group.generation[lane];
  }
  return sum;
}

/** Sweeps after which no chain can have gone past its next event or its room; makes room. */
int LaneRunner::sweeps_to_next_event() {
  uint32_t sweeps = MOST_SWEEPS;
  for (size_t i = 0; i < used_; i++) {
    Slot& slot = *slots_[i];
    if (records_.simple()) kernel_.flush(slot.group);
    for (int lane = 0; lane < slot.used; lane++) {
      sweeps = std::min(sweeps, slot.due[lane] - slot.group.generation[lane]);
      if (!records_.simple()) continue;
      Values<uint32_t>& sums = slot.chains[lane]->sums;
      sums.set_size(static_cast<size_t>(slot.group.out[lane] - sums.data()));
      sums.reserve(MOST_SWEEPS + RECORD_MARGIN);
      slot.group.out[lane] = sums.end();
    }
  }
  return static_cast<int>(sweeps);
}

void LaneRunner::load(Slot& slot, int lane, LaneChain* chain) {
  LaneGroup& group = slot.group;
  for (uint32_t i = 0; i < chain->live; i++) group.counts[i][lane] = chain->counts[i];
  group.a[lane] = chain->stream.a;
  group.b[lane] = chain->stream.b;
  group.c[lane] = chain->stream.c;
  group.counter[lane] = chain->stream.counter;
  group.n[lane] = chain->n;
  group.live[lane] = chain->live;
  group.generation[lane] = chain->generation;
  if (records_.simple()) {
    chain->sums.reserve(MOST_SWEEPS + RECORD_MARGIN);
    group.out[lane] = chain->sums.end();
  }
  slot.chains[lane] = chain;
  slot.due[lane] = records_.due(*chain);
}

/** Without the tokens that are dead. */
void LaneRunner::save(Slot& slot, int lane) {
  const LaneGroup& group = slot.group;
  LaneChain& chain = *slot.chains[lane];
  uint32_t live = 0;
  for (int i = 0; i < slot.rows; i++) {
    const uint32_t count = group.counts[i][lane];
    chain.counts[live] = static_cast<uint16_t>(count);
    live += count != 0;
  }
  chain.live = live;
  chain.stream = {group.a[lane], group.b[lane], group.c[lane], group.counter[lane]};
  chain.generation = group.generation[lane];
  if (records_.simple()) chain.sums.set_size(static_cast<size_t>(group.out[lane] - chain.sums.data()));
}

/** Puts what is in a lane into the place of another. */
void LaneRunner::move(Slot& slot, int from, int to) {
  LaneGroup& group = slot.group;
  if (from != to) {
    for (int i = 0; i < slot.rows; i++) group.counts[i][to] = group.counts[i][from];
    for (auto* words : {group.a, group.b, group.c, group.counter, group.n, group.live, group.generation}) words[to] = words[from];
    group.out[to] = group.out[from];
    slot.chains[to] = slot.chains[from];
    slot.due[to] = slot.due[from];
  }
  clear(slot, from);
}

/** An idle lane: no pivot, so nothing is ever accepted. */
void LaneRunner::clear(Slot& slot, int lane) {
  LaneGroup& group = slot.group;
  for (int i = 0; i < slot.rows; i++) group.counts[i][lane] = 0;
  group.n[lane] = group.live[lane] = group.generation[lane] = 0;
  group.out[lane] = nowhere_;
  slot.chains[lane] = nullptr;
}

}  // namespace collapse
