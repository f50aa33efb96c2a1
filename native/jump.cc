// The tokens of the ancestors grow to n samples; the twin of assembly/jump.ts.
#include "jump.h"

#include "hypergeometric.h"

namespace collapse {

namespace {

/** Fewer parents than this, and than a few for each token, are chosen one by one. */
constexpr double PICKS_BELOW = 64.0;
constexpr double PICKS_A_TOKEN = 6.0;

/** The token of one of `total` samples. */
int pick(Stream& stream, const std::vector<double>& samples, double total) {
  double v = stream.bounded(static_cast<uint32_t>(total));
  int i = 0;
  while (v >= samples[i]) v -= samples[i++];
  return i;
}

}  // namespace

void Jump::inherit(Stream& stream, const uint32_t* counts, int live, double total, uint32_t* drawn, const Cancel& cancel) {
  samples_.assign(counts, counts + live);
  double sum = total;
  size_t at = end_;
  while (at > 0) {
    if (is_cancelled(cancel)) return;
    const int kinds = records_[--at];
    at -= static_cast<size_t>(kinds);
    sum = grow(stream, &records_[at], kinds, sum);
  }
  for (int i = 0; i < live; i++) drawn[i] = static_cast<uint32_t>(samples_[i]);
}

/** One generation, from `total` samples; returns how many there are then. */
double Jump::grow(Stream& stream, const int32_t* record, int kinds, double total) {
  if (kinds == 1 && record[0] == 1) {
    samples_[pick(stream, samples_, total)] += 1.0;
    return total + 1.0;
  }
  parents_ = samples_;
  const double others = static_cast<double>(samples_.size() - 1);
  double left = total;
  double sum = total;
  for (int i = 0; i < kinds; i++) {
    const double some = record[i];
    const double more = i + 1;
    if (some < PICKS_BELOW && some < PICKS_A_TOKEN * others) pick_parents(stream, some, more, left);
    else divide_parents(stream, some, more, left);
    left -= some;
    sum += some * more;
  }
  return sum;
}

/** `some` of the `left` parents, one by one, get `more` descendants beside their first. */
void Jump::pick_parents(Stream& stream, double some, double more, double left) {
  for (double j = 0.0; j < some; j += 1.0) {
    const int token = pick(stream, parents_, left - j);
    parents_[token] -= 1.0;
    samples_[token] += more;
  }
}

/** The same, token by token. */
void Jump::divide_parents(Stream& stream, double some, double more, double left) {
  double wanted = some;
  double rest = left;
  for (size_t i = 0; i < samples_.size() && wanted > 0.0; i++) {
    const double count = parents_[i];
    const double x = hypergeometric(stream, wanted, count, rest);
    rest -= count;
    wanted -= x;
    parents_[i] = count - x;
    samples_[i] += x * more;
  }
}

}  // namespace collapse
