// A categorical chain between two generations, as bytes; the twin of src/backend/state-categorical.ts.
#include <algorithm>
#include <numeric>
#include <utility>

#include "categorical.h"
#include "state.h"

namespace collapse {

namespace {

/** Whether counts make up a set of `total` samples. */
template <typename List>
bool adds_up(const List& counts, double total) {
  return total <= LARGEST_TOTAL && std::all_of(counts.begin(), counts.end(), [](uint32_t count) { return count > 0; }) &&
         std::accumulate(counts.begin(), counts.end(), 0.0) == total;
}

bool are_weights(const std::vector<double>& weights) {
  return std::all_of(weights.begin(), weights.end(), [](double weight) { return std::isfinite(weight) && weight >= 0.0; });
}

}  // namespace

void Categorical::transfer(State& state) {
  state.value(live_);
  state.require(live_ >= 1 && live_ <= size_);
  for (int m = std::max(1, generation_ - job_.look_back + 1); m <= generation_; m++) transfer_set(state, set_of(m));
  current_ = &set_of(generation_);
  state.require(!job_.error_sizes.empty() || live_ == current_->live);
  transfer_first(state);
  if (job_.pool != POOL_NONE) transfer_pool(state);
  if (!job_.weighted) return;
  transfer_list(state, real_list_);
  for (const int32_t token : real_list_) state.finite(real_batch_[token]);
  for (int m = std::max(1, generation_ - job_.look_back + 1); m <= generation_; m++) transfer_batch(state, m);
}

/** Different tokens of the context. */
void Categorical::transfer_list(State& state, std::vector<int32_t>& tokens) {
  if (!state.reads()) return state.list(tokens);
  // Checked before it is taken over: the next chain, too, looks at lists, to forget what this one did.
  std::vector<int32_t> list;
  state.list(list);
  std::vector<bool> seen(size_);
  for (const int32_t token : list) {
    state.require(token >= 0 && token < size_ && !seen[token]);
    seen[token] = true;
  }
  tokens = std::move(list);
}

void Categorical::transfer_set(State& state, TrainingSet& set) {
  if (!state.reads()) {
    set.tokens.resize(set.live);
    if (job_.weighted) set.weights.resize(set.live);
    else set.counts.resize(set.live);
  }
  state.value(set.total);
  transfer_list(state, set.tokens);
  set.live = static_cast<int>(set.tokens.size());
  state.require(set.live >= 1 && std::isfinite(set.total) && set.total > 0.0);
  if (job_.weighted) {
    set.weights.resize(set.live);
    state.fixed(set.weights);
    state.require(are_weights(set.weights));
    return;
  }
  set.counts.resize(set.live);
  state.fixed(set.counts);
  state.require(adds_up(set.counts, set.total) && *std::max_element(set.counts.begin(), set.counts.end()) == set.counts[0]);
}

/** What is remembered of generation 1. */
void Categorical::transfer_first(State& state) {
  state.finite(first_total_);
  state.finite(first_squares_);
  transfer_list(state, first_list_);
  if (job_.weighted) {
    for (const int32_t token : first_list_) state.finite(first_weights_[token]);
    return;
  }
  std::vector<uint32_t> counts;
  for (const int32_t token : first_list_) {
    state.value(first_[token]);
    counts.push_back(first_[token]);
  }
  state.require(adds_up(counts, first_total_));
}

/** Samples, whose numbers add up, or shares of models. */
void Categorical::transfer_pool(State& state) {
  state.finite(pool_total_);
  transfer_list(state, pool_list_);
  double sum = 0.0;
  bool whole = true;
  for (const int32_t token : pool_list_) {
    double& amount = pool_[token];
    state.finite(amount);
    state.require(amount > 0.0);
    whole = whole && std::floor(amount) == amount;
    sum += amount;
  }
  const bool shares = job_.pool == POOL_ALL && (job_.rule != PLAIN || job_.weighted);
  state.require(shares ? std::fabs(sum - pool_total_) <= 1e-6 * sum : whole && sum == pool_total_);
  if (!job_.weighted) return;
  for (const int32_t token : pool_list_) {
    double& real = pool_real_[token];
    state.finite(real);
    state.require(real >= 0.0 && real <= pool_[token] && std::floor(real) == real);
  }
}

/** The batch of a model, where it has been drawn. */
void Categorical::transfer_batch(State& state, int generation) {
  Batch& batch = batches_[static_cast<size_t>(generation) % batches_.size()];
  if (!state.flag(batch.generation == generation)) return;
  batch.generation = generation;
  transfer_list(state, batch.tokens);
  batch.counts.resize(batch.tokens.size());
  state.fixed(batch.counts);
}

}  // namespace collapse
