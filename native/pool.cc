// The pool: samples or models that later generations draw from; the twin of assembly/pool.ts.
#include "categorical.h"
#include "hypergeometric.h"

namespace collapse {

/** n samples of the pool, with replacement. Where it holds shares of models, its weights are real. */
void Categorical::draw_pool(double n) {
  for (size_t i = 0; i < pool_list_.size(); i++) weights_[i] = pool_[pool_list_[i]];
  draw_weights(n, pool_list_.data(), static_cast<int>(pool_list_.size()), pool_total_,
               (job_.rule != PLAIN || job_.weighted) && job_.pool == POOL_ALL);
}

/** n samples of the pool, without replacement: a conditional hypergeometric a token. */
void Categorical::subsample_pool(double n) {
  double mass = pool_total_;
  double left = n < mass ? n : mass;
  for (size_t i = 0; i < pool_list_.size() && left > 0.0; i++) {
    if ((i & 0x3fff) == 0x3fff && is_cancelled(cancel)) return;
    const int32_t token = pool_list_[i];
    const double count = pool_[token];
    const double x = hypergeometric(stream_, left, count, mass);
    if (x > 0.0) add(token, x);
    left -= x;
    mass -= count;
  }
}

/** Adds a model: its training set, all being of one size, or the shares that error, weights and rule give its tokens. */
void Categorical::copy_to_pool(const TrainingSet& set, int generation) {
  if (job_.rule != PLAIN || job_.weighted) {
    const double sum = model_weights(set, generation);
    for (int i = 0; i < model_size_; i++) add_to_pool(model_tokens_[i], weights_[i] / sum);
    return;
  }
  for (int i = 0; i < set.live; i++) add_to_pool(set.tokens[i], set.counts[i]);
}

void Categorical::add_to_pool(int token, double count) {
  if (count == 0.0) return;  // a rule has dropped it
  if (pool_[token] == 0.0) pool_list_.push_back(token);
  pool_[token] += count;
  pool_total_ += count;
}

/** Moves what was added so far into the pool. */
void Categorical::move_to_pool(bool real) {
  for (const int32_t token : touched_) {
    const double count = take_added(token);
    add_to_pool(token, count);
    if (real && job_.weighted) pool_real_[token] += count;
  }
  touched_.clear();
}

}  // namespace collapse
