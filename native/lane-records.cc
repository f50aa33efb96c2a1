// What chains in lanes record, and where they end.
#include "lane-runner.h"

namespace collapse {

namespace {

/** Numbers that room is made for beforehand. */
constexpr size_t MOST_EXPECTED = 1 << 16;

}  // namespace

bool LaneRunner::can_measure(const std::vector<int32_t>& metrics) {
  for (size_t i = 0; i < metrics.size(); i += 2) {
    if (metrics[i] > 3) return false;
  }
  return true;
}

void LaneRunner::expect(LaneChain& chain, uint32_t n) const {
  // A collapse takes about 2 n generations.
  const size_t open = 2 * static_cast<size_t>(n);
  const size_t rows = !job_.report.empty() ? job_.report.size() : job_.until_collapse ? open : job_.last_generation;
  const size_t most = std::min(rows, MOST_EXPECTED);
  if (simple_) chain.sums.reserve(most + MOST_SWEEPS + 1);
  else chain.values.reserve(most * job_.metrics.size() / 2);
}

/** Appends the metrics of this generation. */
void LaneRunner::record(int lane) {
  const LaneState& state = *state_;
  LaneChain& chain = *chains_[lane];
  if (!job_.report.empty()) {
    if (chain.report_index >= job_.report.size()) return;
    if (static_cast<uint32_t>(job_.report[chain.report_index]) != state.generation[lane]) return;
    chain.report_index++;
  }
  uint32_t counts[MOST_LIVE];
  for (uint32_t i = 0; i < state.live[lane]; i++) counts[i] = state.counts[i][lane];
  const Measured<uint32_t> measured{nullptr, counts, static_cast<int>(state.live[lane]), static_cast<double>(state.n[lane]),
                                    nullptr, 0.0,    0.0,                                {}};
  measure(chain, measured);
}

void LaneRunner::measure(LaneChain& chain, const Measured<uint32_t>& measured) const {
  for (size_t i = 0; i < job_.metrics.size(); i += 2) {
    chain.values.push(metric(job_.metrics[i], job_.metrics[i + 1], measured));
  }
}

void LaneRunner::set_due(int lane) {
  const LaneChain& chain = *chains_[lane];
  uint32_t due = static_cast<uint32_t>(job_.last_generation);
  if (!simple_) {
    if (job_.report.empty()) due = state_->generation[lane] + 1;
    else if (chain.report_index < job_.report.size()) due = static_cast<uint32_t>(job_.report[chain.report_index]);
  }
  due_[lane] = due;
}

bool LaneRunner::is_over(int lane) const {
  return state_->live[lane] == 1 || state_->generation[lane] == static_cast<uint32_t>(job_.last_generation);
}

/** A chain at its end; what is recorded after its collapse, if anything, is the same every time. */
void LaneRunner::finish(int lane) {
  save(lane);
  LaneChain& chain = *chains_[lane];
  const uint32_t last = static_cast<uint32_t>(job_.last_generation);
  if (!job_.until_collapse && chain.generation < last) {
    const size_t rows = job_.report.empty() ? last - chain.generation : job_.report.size() - chain.report_index;
    const uint32_t n = chain.n;
    const Measured<uint32_t> measured{nullptr, &n, 1, static_cast<double>(n), nullptr, 0.0, 0.0, {}};
    for (size_t row = 0; row < rows; row++) {
      if (simple_) chain.sums.push(n * n);
      else measure(chain, measured);
    }
    chain.generation = last;
  }
  outside_ += chain.generation;
}

}  // namespace collapse
