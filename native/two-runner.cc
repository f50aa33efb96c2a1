#include "two-runner.h"

#include <algorithm>

namespace collapse {

bool TwoRunner::run(const std::vector<LaneChain*>& chains, const BinomialRows& rows, const Cancel& cancel,
                    std::atomic<double>& progress) {
  TwoGroup& group = *group_;
  std::fill_n(group.least, TWO_LANES, 0);
  size_t next = 0;
  used_ = 0;
  for (;;) {
    while (used_ < TWO_LANES && next < chains.size()) load(used_++, chains[next++]);
    if (used_ == 0) return true;
    if (is_cancelled(cancel)) return false;
    const int made = sweeps();
    kernel_.sweep_two[used_ > 2 * LANES ? 2 : used_ > LANES ? 1 : 0](group, made, rows);
    double generations = 0.0;
    for (int lane = used_ - 1; lane >= 0; lane--) {
      LaneChain& chain = *chains_[lane];
      const uint32_t before = chain.generation;
      take(lane, made);
      const bool over = records_.is_over(chain);
      if (over) {
        records_.finish(chain);
        move(--used_, lane);
      }
      generations += chain.generation - before;
    }
    progress.store(progress.load(std::memory_order_relaxed) + generations, std::memory_order_relaxed);
  }
}

void TwoRunner::load(int lane, LaneChain* chain) {
  TwoGroup& group = *group_;
  group.a[lane] = chain->stream.a;
  group.b[lane] = chain->stream.b;
  group.c[lane] = chain->stream.c;
  group.counter[lane] = chain->stream.counter;
  group.least[lane] = chain->counts[1];
  chains_[lane] = chain;
  due_[lane] = records_.due(*chain);
}

/** Puts a chain in the place of one that has ended. */
void TwoRunner::move(int from, int to) {
  TwoGroup& group = *group_;
  group.a[to] = group.a[from];
  group.b[to] = group.b[from];
  group.c[to] = group.c[from];
  group.counter[to] = group.counter[from];
  group.least[to] = group.least[from];
  chains_[to] = chains_[from];
  due_[to] = due_[from];
  group.least[from] = 0;
}

/** Generations after which no chain has gone past its next event: few where chains are short, since some of them are for nothing. */
int TwoRunner::sweeps() const {
  uint32_t sweeps = std::min<uint32_t>(TWO_SWEEPS, std::max(4u, chains_[0]->n / 8));
  for (int lane = 0; lane < used_; lane++) sweeps = std::min(sweeps, due_[lane] - chains_[lane]->generation);
  return static_cast<int>(sweeps);
}

/** What the lane's chain has made, and recorded, up to its collapse. */
void TwoRunner::take(int lane, int sweeps) {
  const TwoGroup& group = *group_;
  LaneChain& chain = *chains_[lane];
  const uint32_t squares = chain.n * chain.n;
  int made = sweeps;
  chain.counts[1] = static_cast<uint16_t>(group.least[lane]);
  if (chain.counts[1] == 0) {
    made = 1;
    while (group.sums[made - 1][lane] != squares) made++;
    chain.live = 1;
    chain.collapsed_at = chain.generation + static_cast<uint32_t>(made);
  }
  chain.counts[0] = static_cast<uint16_t>(chain.n - chain.counts[1]);
  chain.generation += static_cast<uint32_t>(made);
  if (records_.simple()) {
    chain.sums.reserve(static_cast<size_t>(made));
    uint32_t* out = chain.sums.end();
    for (int k = 0; k < made; k++) out[k] = group.sums[k][lane];
    chain.sums.set_size(chain.sums.size() + static_cast<size_t>(made));
  } else if (chain.generation == due_[lane]) {
    records_.record(chain);
  }
  due_[lane] = records_.due(chain);
}

}  // namespace collapse
