#include "lane-records.h"

#include <algorithm>

namespace collapse {

namespace {

/** Numbers that room is made for beforehand. */
constexpr size_t MOST_EXPECTED = 1 << 16;

}  // namespace

LaneRecords::LaneRecords(const LoopJob& job)
    : job_(job), simple_(job.report.empty() && job.metrics.size() == 2 && job.metrics[0] == 0) {}

bool LaneRecords::can_measure(const std::vector<int32_t>& metrics) {
  for (size_t i = 0; i < metrics.size(); i += 2) {
    if (metrics[i] > 3) return false;
  }
  return true;
}

size_t LaneRecords::expected(uint32_t n) const {
  // A collapse takes about 2 n generations.
  const size_t open = 3 * static_cast<size_t>(n);
  const size_t rows = !job_.report.empty() ? job_.report.size() : job_.until_collapse ? open : job_.last_generation;
  return std::min(rows * job_.metrics.size() / 2, MOST_EXPECTED);
}

void LaneRecords::append(LaneChain& chain, const double* values, size_t count) const {
  if (!simple_ || chain.sums.size() == 0) {
    chain.values.append(values, count);
    return;
  }
  const double squares = static_cast<double>(chain.n) * static_cast<double>(chain.n);
  for (size_t i = 0; i < count; i++) chain.sums.push_back(static_cast<uint32_t>(values[i] * squares + 0.5));
}

uint32_t LaneRecords::due(const LaneChain& chain) const {
  if (simple_) return static_cast<uint32_t>(job_.last_generation);
  if (job_.report.empty()) return chain.generation + 1;
  const bool some = chain.report_index < job_.report.size();
  return static_cast<uint32_t>(some ? job_.report[chain.report_index] : job_.last_generation);
}

void LaneRecords::record(LaneChain& chain, const uint32_t* counts, int live) const {
  if (simple_) {
    uint32_t sum = 0;
    for (int i = 0; i < live; i++) sum += counts[i] * counts[i];
    chain.sums.push_back(sum);
    return;
  }
  if (!job_.report.empty()) {
    if (chain.report_index >= job_.report.size()) return;
    if (static_cast<uint32_t>(job_.report[chain.report_index]) != chain.generation) return;
    chain.report_index++;
  }
  measure(chain, counts, live);
}

void LaneRecords::record(LaneChain& chain) const {
  uint32_t counts[MOST_LIVE];
  std::copy_n(chain.counts, chain.live, counts);
  record(chain, counts, static_cast<int>(chain.live));
}

void LaneRecords::measure(LaneChain& chain, const uint32_t* counts, int live) const {
  const Measured<uint32_t> measured{nullptr, counts, live, static_cast<double>(chain.n), nullptr, 0.0, 0.0, {}};
  for (size_t i = 0; i < job_.metrics.size(); i += 2) {
    chain.values.push_back(metric(job_.metrics[i], job_.metrics[i + 1], measured));
  }
}

void LaneRecords::finish(LaneChain& chain) const {
  const uint32_t last = static_cast<uint32_t>(job_.last_generation);
  if (job_.until_collapse || chain.generation >= last) return;
  const size_t rows = job_.report.empty() ? last - chain.generation : job_.report.size() - chain.report_index;
  if (simple_) chain.sums.reserve(rows);
  for (size_t row = 0; row < rows; row++) {
    if (simple_) chain.sums.push_back(chain.n * chain.n);
    else measure(chain, &chain.n, 1);
  }
  chain.generation = last;
}

}  // namespace collapse
