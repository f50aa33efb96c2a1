// Training sets whose samples have weights; the twin of assembly/weighted.ts.
#include <utility>

#include "categorical.h"
#include "hypergeometric.h"

namespace collapse {

void Categorical::add_mass(int token, double mass) {
  if (masses_[token] == 0.0) mass_list_.push_back(token);
  masses_[token] += mass;
}

/** Adds what was drawn, each sample with this weight. */
void Categorical::add_drawn(double weight) {
  for (const int32_t token : touched_) add_mass(token, weight * take_added(token));
  touched_.clear();
}

/** As add_drawn, for samples of the pool: of each token's, some are real. */
void Categorical::add_pooled(double weight, bool replaced) {
  const double real = real_weight();
  if (real == 1.0) {
    add_drawn(weight);
    return;
  }
  for (const int32_t token : touched_) {
    const double x = take_added(token);
    const double among = pool_real_[token];
    const double r = replaced ? binomial(stream_, x, among, pool_[token]) : hypergeometric(stream_, x, among, pool_[token]);
    add_mass(token, weight * (real * r + (x - r)));
  }
  touched_.clear();
}

/** The whole pool, as it is. */
void Categorical::add_whole_pool(double weight) {
  const double real = real_weight() - 1.0;
  for (const int32_t token : pool_list_) add_mass(token, weight * (pool_[token] + real * pool_real_[token]));
}

/** An earlier training set once more; its real samples have their weight already. */
void Categorical::add_weighted_set(const TrainingSet& set, double weight) {
  for (int i = 0; i < set.live; i++) add_mass(set.tokens[i], weight * set.weights[i]);
}

void Categorical::add_real_batch(double weight) {
  for (const int32_t token : real_list_) add_mass(token, weight * real_batch_[token]);
}

/** The fixed real samples: drawn at their first use. */
void Categorical::kept_truth(double n, double weight) {
  if (real_list_.empty()) {
    draw_truth(n);
    for (const int32_t token : touched_) {
      real_list_.push_back(token);
      real_batch_[token] = real_weight() * take_added(token);
    }
    touched_.clear();
  }
  add_real_batch(weight);
}

/** The batch of the model of a generation: drawn at its first use. */
void Categorical::kept_model(int generation, double n, double weight) {
  Batch& batch = batches_[static_cast<size_t>(generation) % batches_.size()];
  if (batch.generation != generation) {
    batch.tokens.clear();
    batch.counts.clear();
    draw_model(n, generation);
    for (const int32_t token : touched_) {
      batch.tokens.push_back(token);
      batch.counts.push_back(added_[token]);
      added_[token] = 0;
    }
    touched_.clear();
    batch.generation = generation;
  }
  for (size_t i = 0; i < batch.tokens.size(); i++) add_mass(batch.tokens[i], weight * batch.counts[i]);
}

void Categorical::add_fixed(int source, double weight) {
  if (source == SOURCE_TRUTH) add_real_batch(weight);
  else if (source == SOURCE_POOL) add_whole_pool(weight);
  else add_weighted_set(set_of(generation_ - source), weight);
}

void Categorical::add_new(int source, double n, double weight) {
  if (source == SOURCE_TRUTH) {
    draw_truth(n);
    add_drawn(weight * real_weight());
  } else if (source == SOURCE_MIXTURE) {
    const double real = binomial(stream_, n, 1.0, generation_);
    if (real > 0.0) draw_truth(real);
    add_drawn(weight * real_weight());
    if (real < n) draw_pool(n - real);
    add_drawn(weight);
  } else if (source == SOURCE_POOL) {
    subsample_pool(n);
    add_pooled(weight, false);
  } else if (source == SOURCE_POOL_REPLACED) {
    draw_pool(n);
    add_pooled(weight, true);
  } else {
    draw_model(n, generation_ - source);
    add_drawn(weight);
  }
}

/** Adds a block to the training set of this generation. */
void Categorical::add_block(const Block& block) {
  const double n = block_size(block);
  if (block.mode == INTO_POOL) {
    if (block.source == SOURCE_TRUTH) draw_truth(n);
    else draw_model(n, generation_ - block.source);
    move_to_pool(block.source == SOURCE_TRUTH);
  } else if (block.mode == KEPT && block.source == SOURCE_TRUTH) {
    kept_truth(n, block.weight);
  } else {
    const int through = block_through(block);
    for (int source = block.source; source <= through && !is_cancelled(cancel); source++) {
      if (block.mode == FIXED) add_fixed(source, block.weight);
      else if (block.mode == KEPT) kept_model(generation_ - source, n, block.weight);
      else add_new(source, n, block.weight);
    }
  }
}

/** Makes what was added the training set of this generation; a largest weight comes first. */
void Categorical::collect_masses() {
  current_ = &set_of(generation_);
  TrainingSet& set = *current_;
  set.live = static_cast<int>(mass_list_.size());
  set.total = 0.0;
  // Only a job that the library does not make gets here with nothing.
  if (mass_list_.empty()) return;
  set.tokens.assign(mass_list_.begin(), mass_list_.end());
  set.weights.resize(set.tokens.size());
  int best = 0;
  for (int i = 0; i < set.live; i++) {
    double& mass = masses_[set.tokens[i]];
    set.weights[i] = mass;
    set.total += mass;
    mass = 0.0;
    if (set.weights[i] > set.weights[best]) best = i;
  }
  mass_list_.clear();
  std::swap(set.tokens[0], set.tokens[best]);
  std::swap(set.weights[0], set.weights[best]);
}

}  // namespace collapse
