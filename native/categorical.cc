#include "categorical.h"

#include <algorithm>
#include <utility>

namespace collapse {

namespace {

/** The largest Poisson row that a replace step of these sizes can use. */
int largest_row(const LoopJob& job) {
  uint32_t largest = 1;
  for (const uint32_t n : job.sizes) {
    if (n <= static_cast<uint32_t>(LARGEST_ROW)) largest = std::max(largest, n);
  }
  return static_cast<int>(largest);
}

}  // namespace

Categorical::Categorical(std::shared_ptr<const CategoricalJob> job, size_t out_capacity, int simd)
    : Loop(job, out_capacity),
      job_(*job),
      rows_(shared_rows(largest_row(job_))),
      binomial_rows_(rows_->largest() + 1),
      ring_(job_.look_back) {
  const size_t capacity = static_cast<size_t>(job_.largest_context());
  added_.resize(capacity);
  drawn_.resize(capacity);
  weights_.resize(capacity);
  prefix_.resize(capacity);
  slots_.resize(DIRECT_BELOW * capacity);
  starts_.resize((capacity >> BLOCK_BITS) + 1);
  for (const double rate : job_.rates) rate_rows_.push_back(shared_rate_rows(rate));
  if (job_.pool != POOL_NONE) pool_.resize(capacity);
  touched_.reserve(capacity + 1);
  if (job_.weighted) {
    first_weights_.resize(capacity);
    masses_.resize(capacity);
    real_batch_.resize(capacity);
    model_list_.resize(capacity);
    batches_.resize(ring_.size());
    if (job_.pool != POOL_NONE) pool_real_.resize(capacity);
  } else {
    first_.resize(capacity);
  }
  for (int j = 0; j < job_.contexts; j++) {
    double sum = 0.0;
    for (int i = job_.starts[j]; i < job_.starts[j + 1]; i++) sum += job_.p[i] * job_.p[i];
    p_squares_.push_back(sum);
  }
  if (suits_lanes(job_)) kernel_ = lane_kernel(simd);
}

/** Forgets the chain before: only what it touched. */
void Categorical::open_chain() {
  open_context();
  for (const int32_t token : first_list_) {
    if (job_.weighted) first_weights_[token] = 0.0;
    else first_[token] = 0;
  }
  first_list_.clear();
  for (const int32_t token : pool_list_) {
    pool_[token] = 0.0;
    if (job_.weighted) pool_real_[token] = 0.0;
  }
  pool_list_.clear();
  pool_total_ = 0.0;
  real_list_.clear();
  for (Batch& batch : batches_) batch.generation = 0;
  // A cancelled run may have left samples behind.
  for (const int32_t token : touched_) added_[token] = 0;
  touched_.clear();
  for (const int32_t token : mass_list_) masses_[token] = 0.0;
  mass_list_.clear();
}

/** Looks up the context of the chain: its tokens, and from when on it is drawn in place. */
void Categorical::open_context() {
  start_ = job_.starts[context_];
  size_ = job_.starts[context_ + 1] - start_;
  const int length = static_cast<int>(program_length());
  const int32_t* last = line(length);
  replace_from_ = job_.replaces_all(last) ? length : 0x7fffffff;
  replace_size_ = block_size(job_.blocks[last[0]]);
}

/** A single token is drawn from itself, or a jump leads to the next generation that is reported. */
bool Categorical::skips() const {
  if (generation_ >= replace_from_ && live_ == 1) return true;
  return report_index_ < job_.jumps.size() && job_.jumps[report_index_] != 0;
}

void Categorical::step() {
  if (generation_ > before_ + 1 && live_ > 1) jump_step();
  else if (generation_ >= replace_from_ && current_->total == replace_size_) replace_step();
  else if (job_.weighted) weighted_step();
  else general_step();
  if (is_cancelled(cancel)) return;
  if (job_.pool == POOL_ALL) copy_to_pool(*current_, generation_);
}

/** Appends the metrics of this generation. */
void Categorical::record(Doubles& out) {
  const TrainingSet& set = *current_;
  const Truth truth{&job_.p[start_], &job_.log_p[start_], p_squares_[context_], &job_.tokens[start_]};
  if (!job_.weighted) {
    measure(out, Measured<uint32_t>{set.tokens.data(), set.counts.data(), set.live, set.total, first_.data(),
                                    first_total_, first_squares_, truth});
    return;
  }
  const double total = model_shares(set, generation_);
  measure(out, Measured<double>{model_tokens_, weights_.data(), model_size_, total, first_weights_.data(), first_total_,
                                first_squares_, truth});
}

template <typename Count>
void Categorical::measure(Doubles& out, const Measured<Count>& measured) const {
  for (size_t i = 0; i < job_.metrics.size(); i += 2) {
    const int id = job_.metrics[i];
    out.push_back(id == 0 ? simpson(measured) : metric(id, job_.metrics[i + 1], measured));
  }
}

bool Categorical::records_simpson() const { return job_.metrics.size() == 2 && job_.metrics[0] == 0; }

/** A generation from the blocks of its schedule. */
void Categorical::general_step() {
  const int32_t* blocks = line(generation_);
  for (int i = blocks[0]; i < blocks[0] + blocks[1]; i++) {
    const Block& block = job_.blocks[i];
    const int through = block_through(block);
    for (int source = block.source; source <= through; source++) draw_block(block, source, block_size(block));
  }
  if (is_cancelled(cancel)) return;
  if (generation_ == 1) sort_added();
  collect();
  const TrainingSet& set = *current_;
  live_ = set.live;
  if (generation_ == 1) remember_first(set.tokens.data(), set.counts.data(), set.live, set.total, first_.data());
}

/** As general_step, where samples have weights or models have errors. */
void Categorical::weighted_step() {
  const int32_t* blocks = line(generation_);
  for (int i = blocks[0]; i < blocks[0] + blocks[1]; i++) {
    add_block(job_.blocks[i]);
    if (is_cancelled(cancel)) return;
  }
  collect_masses();
  const TrainingSet& set = *current_;
  if (generation_ == 1 && real_list_.empty()) {
    for (int i = 0; i < set.live; i++) {
      real_list_.push_back(set.tokens[i]);
      real_batch_[set.tokens[i]] = set.weights[i];
    }
  }
  if (job_.error_sizes.empty()) {
    live_ = set.live;
    if (generation_ == 1) remember_first(set.tokens.data(), set.weights.data(), set.live, set.total, first_weights_.data());
    return;
  }
  const double total = model_shares(set, generation_);
  live_ = model_size_;
  if (generation_ == 1) remember_first(model_tokens_, weights_.data(), model_size_, total, first_weights_.data());
}

/** Puts new samples of a source, or the same ones again, where they belong. */
void Categorical::draw_block(const Block& block, int source, double n) {
  if (block.mode == FIXED) {
    if (source == SOURCE_TRUTH) add_first();
    else add_training_set(set_of(generation_ - source));
    return;
  }
  if (source == SOURCE_TRUTH) draw_truth(n);
  else if (source == SOURCE_MIXTURE) draw_mixture(n);
  else if (source == SOURCE_POOL) subsample_pool(n);
  else if (source == SOURCE_POOL_REPLACED) draw_pool(n);
  else draw_model(n, generation_ - source);
  if (block.mode == INTO_POOL) move_to_pool(source == SOURCE_TRUTH);
}

/** n new samples, each from a source drawn uniformly from the truth and the models so far. */
void Categorical::draw_mixture(double n) {
  const double real = binomial(stream_, n, 1.0, generation_);
  if (real > 0.0) draw_truth(real);
  if (real < n) draw_pool(n - real);
}

/** A whole earlier training set once more. */
void Categorical::add_training_set(const TrainingSet& set) {
  for (int i = 0; i < set.live; i++) add(set.tokens[i], set.counts[i]);
}

/** The real samples of generation 1 once more. */
void Categorical::add_first() {
  for (const int32_t token : first_list_) add(token, first_[token]);
}

/** Lists the tokens that were added in the order of the context, where lanes do. */
void Categorical::sort_added() {
  double samples = 0.0;
  for (const int32_t token : touched_) samples += added_[token];
  if (!in_token_order(samples)) return;
  touched_.clear();
  for (int32_t token = 0; token < size_; token++) {
    if (added_[token] != 0) touched_.push_back(token);
  }
}

/** Makes what was added the training set of this generation; a largest count comes first. */
void Categorical::collect() {
  current_ = &set_of(generation_);
  TrainingSet& set = *current_;
  set.live = static_cast<int>(touched_.size());
  set.total = 0.0;
  // Only a job that the library does not make gets here with nothing.
  if (touched_.empty()) return;
  if (set.tokens.size() < touched_.size()) {
    set.tokens.resize(touched_.size());
    set.counts.resize(touched_.size());
  }
  int best = 0;
  for (int i = 0; i < set.live; i++) {
    const int32_t token = touched_[i];
    set.tokens[i] = token;
    set.counts[i] = added_[token];
    set.total += added_[token];
    added_[token] = 0;
    if (set.counts[i] > set.counts[best]) best = i;
  }
  touched_.clear();
  std::swap(set.tokens[0], set.tokens[best]);
  std::swap(set.counts[0], set.counts[best]);
}

/** What later generations and metrics need of generation 1. */
template <typename Count>
void Categorical::remember_first(const int32_t* tokens, const Count* counts, int live, double total, Count* first) {
  double squares = 0.0;
  for (int i = 0; i < live; i++) {
    const double count = counts[i];
    first_list_.push_back(tokens[i]);
    first[tokens[i]] = counts[i];
    squares += count * count;
  }
  first_total_ = total;
  first_squares_ = squares;
}

}  // namespace collapse
