// A Gaussian's chain between two generations, as bytes; the twin of src/backend/state-gaussian.ts.
#include <algorithm>

#include "gaussian.h"
#include "state.h"

namespace collapse {

void Moments::transfer(State& state) {
  double flag = singular ? 1.0 : 0.0;
  for (double* x : {&count, &weight, &squares, &variance, &log_determinant, &flag}) state.value(*x);
  singular = flag != 0.0;
  state.fixed(mean);
  state.fixed(root);
  state.fixed(factor);
}

void Gaussian::transfer(State& state) {
  const int oldest = std::max(1, generation_ - job_.look_back + 1);
  state.value(log_determinant_);
  for (int m = oldest; m <= generation_; m++) model_of(m).transfer(state);
  current_ = &model_of(generation_);
  has_real_ = state.flag(has_real_);
  real_.transfer(state);
  if (job_.pools_samples) {
    state.list(order_);
    for (const uint32_t place : order_) state.require(place < order_.size());
    samples_.resize(order_.size() * static_cast<size_t>(d_ + 1));
    state.fixed(samples_);
  } else if (job_.pool == POOL_BLOCKS) {
    pooled_.transfer(state);
  }
  if (!job_.keeps_models) return;
  for (int m = oldest; m <= generation_; m++) {
    Batch& batch = batches_[static_cast<size_t>(m) % batches_.size()];
    if (!state.flag(batch.generation == m)) continue;
    batch.generation = m;
    batch.moments.transfer(state);
  }
}

}  // namespace collapse
