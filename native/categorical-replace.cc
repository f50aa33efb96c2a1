// Generations that are drawn in place: from the one before alone, or by a jump from an earlier one.
#include <algorithm>
#include <utility>

#include "categorical.h"

namespace collapse {

/** Whether the next generation is drawn in place from rows of integer means. */
bool Categorical::uses_rows() const {
  const TrainingSet& set = *current_;
  return set.total == replace_size_ && set.live > 1 && replace_size_ <= static_cast<double>(LARGEST_ROW) &&
         !is_direct(replace_size_, set.live);
}

int Categorical::run_on(int most, double* simpson) {
  return generation_ >= replace_from_ && job_.pool != POOL_ALL && !skips() && uses_rows() ? replace(most, simpson) : 0;
}

const BinomialRows& Categorical::binomial_rows(int n) {
  std::shared_ptr<const BinomialRows>& rows = binomial_rows_[n];
  if (!rows) rows = shared_binomial_rows(n);
  return *rows;
}

/** Generations drawn in place from rows. */
int Categorical::replace(int most, double* simpson) {
  TrainingSet& set = *current_;
  const int n = static_cast<int>(replace_size_);
  Living living{set.live, set.tokens.data(), set.counts.data(), drawn_.data()};
  const int made = run_rows(stream_, n, *rows_, [&]() -> const BinomialRows& { return binomial_rows(n); }, living, most, simpson);
  set.live = live_ = living.live;
  return made;
}

/** A generation drawn from the one before alone, in place. */
void Categorical::replace_step() {
  TrainingSet& set = *current_;
  const double n = replace_size_;
  if (set.live == 1) return;
  if (uses_rows()) {
    replace(1, nullptr);
    return;
  }
  if (is_direct(n, set.live)) {
    direct_from_slots(stream_, static_cast<uint32_t>(n), set.counts.data(), set.live, slots_.data(), drawn_.data());
  } else if (RateRows* rows = rows_at(n, set.total)) {
    poissonised(stream_, n, set.counts.data(), set.live, set.total, *rows, drawn_.data(), starts_.data());
  } else {
    std::copy_n(set.counts.begin(), set.live, weights_.begin());
    conditional_binomials(stream_, n, weights_.data(), set.live, set.total, drawn_.data(), cancel);
  }
  settle();
}

/** This generation from an earlier one: its ancestors in the generation after that are drawn from it, and grow. */
void Categorical::jump_step() {
  const double k = jump_.ancestors(stream_, replace_size_, generation_ - before_ - 1, cancel);
  if (is_cancelled(cancel)) return;
  draw_model(k, before_);
  if (is_cancelled(cancel)) return;
  collect();
  TrainingSet& set = *current_;
  jump_.inherit(stream_, set.counts.data(), set.live, k, drawn_.data(), cancel);
  set.total = replace_size_;
  if (!is_cancelled(cancel)) settle();
}

/** Takes over what was drawn: the first largest to the front, then without the dead tokens. */
void Categorical::settle() {
  TrainingSet& set = *current_;
  int32_t* tokens = set.tokens.data();
  uint32_t* counts = set.counts.data();
  uint32_t* drawn = drawn_.data();
  int best = 0;
  for (int i = 1; i < set.live; i++) {
    if (drawn[i] > drawn[best]) best = i;
  }
  std::swap(drawn[0], drawn[best]);
  std::swap(tokens[0], tokens[best]);
  counts[0] = drawn[0];
  int kept = 1;
  for (int i = 1; i < set.live; i++) {
    counts[kept] = drawn[i];
    tokens[kept] = tokens[i];
    kept += drawn[i] != 0;
  }
  set.live = kept;
  live_ = kept;
}

}  // namespace collapse
