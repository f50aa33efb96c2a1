#include "chain.h"

#include <algorithm>
#include <utility>

#include "metrics.h"

namespace collapse {

namespace {

/** An alias pick costs about a sixteenth of a conditional binomial. */
constexpr double ALIAS_BELOW = 16.0;

/** The largest Poisson row that a replace step of these sizes can use. */
int largest_row(const Job& job) {
  uint32_t largest = 1;
  for (const uint32_t n : job.sizes) {
    if (n <= static_cast<uint32_t>(LARGEST_ROW)) largest = std::max(largest, n);
  }
  return static_cast<int>(largest);
}

}  // namespace

Chain::Chain(Job job, size_t out_capacity)
    : job_(std::move(job)), out_capacity_(out_capacity), rows_(shared_rows(largest_row(job_))), ring_(job_.look_back) {
  const size_t capacity = static_cast<size_t>(job_.largest_context());
  added_.resize(capacity);
  first_.resize(capacity);
  drawn_.resize(capacity);
  weights_.resize(capacity);
  prefix_.resize(capacity);
  slots_.resize(DIRECT_BELOW * capacity);
  if (job_.pool != POOL_NONE) pool_.resize(capacity);
  touched_.reserve(capacity);
  out_.reserve(out_capacity_);
  for (int j = 0; j < job_.contexts(); j++) {
    double sum = 0.0;
    for (int i = job_.starts[j]; i < job_.starts[j + 1]; i++) sum += job_.p[i] * job_.p[i];
    p_squares_.push_back(sum);
  }
}

void Chain::open(uint64_t replicate, int context, uint32_t chains) {
  replicate_ = replicate;
  context_ = context;
  chains_left_ = chains;
  generation_ = 0;
  out_.clear();
  collapse_times_.clear();
  progress.store(0.0, std::memory_order_relaxed);
  cancel.store(false, std::memory_order_relaxed);
}

Status Chain::advance() {
  try {
    return run();
  } catch (...) {
    chains_left_ = 0;  // what a failed step leaves behind is not gone on with
    throw;
  }
}

Status Chain::run() {
  const size_t metrics = static_cast<size_t>(job_.metric_count());
  double simulated = progress.load(std::memory_order_relaxed);
  while (chains_left_ > 0) {
    if (generation_ == 0) start_chain();
    while (generation_ != job_.last_generation && !(job_.until_collapse && collapsed_at_ != 0)) {
      if (out_.size() + metrics > out_capacity_) return OUT_FULL;
      const int before = generation_;
      step();
      // After a cancelled draw the training set is incomplete: nothing may look at it.
      if (is_cancelled(cancel)) {
        chains_left_ = 0;
        return CANCELLED;
      }
      record();
      simulated += generation_ - before;
      progress.store(simulated, std::memory_order_relaxed);
    }
    end_chain();
  }
  return DONE;
}

void Chain::start_chain() {
  stream_.seed(job_.seed_low, job_.seed_high, static_cast<uint32_t>(context_), replicate_, DOMAIN_CHAIN);
  open_context();
  for (const int32_t token : first_list_) first_[token] = 0;
  first_list_.clear();
  for (const int32_t token : pool_list_) pool_[token] = 0.0;
  pool_list_.clear();
  pool_total_ = 0.0;
  // A cancelled run may have left samples behind.
  for (const int32_t token : touched_) added_[token] = 0;
  touched_.clear();
  collapsed_at_ = 0;
  report_index_ = 0;
}

void Chain::end_chain() {
  collapse_times_.push_back(collapsed_at_);
  chains_left_--;
  generation_ = 0;
  if (++context_ < job_.contexts()) return;
  context_ = 0;
  replicate_++;
}

/** Looks up the context of the chain: its tokens, and from when on it is drawn in place. */
void Chain::open_context() {
  start_ = job_.starts[context_];
  size_ = job_.starts[context_ + 1] - start_;
  const int length = static_cast<int>(job_.lines.size() / 2);
  const int32_t* line = &job_.lines[2 * (length - 1)];
  const Block& block = job_.blocks[line[0]];
  const bool replaces = line[1] == 1 && block.source == 1 && block.mode == REDRAWN && ring_.size() == 1 &&
                        job_.rule == PLAIN;
  replace_from_ = replaces ? length : 0x7fffffff;
  replace_size_ = sizes()[block.size];
}

/** The next generation. */
void Chain::step() {
  generation_++;
  // A single token that is drawn from itself stays: nothing is drawn, so generations can be left out.
  if (!job_.report.empty() && generation_ > replace_from_ && current_->live == 1) {
    const int next = report_index_ < job_.report.size() ? job_.report[report_index_] : job_.last_generation;
    generation_ = std::max(generation_, next);
  }
  if (generation_ >= replace_from_ && current_->total == replace_size_) replace_step();
  else general_step();
  if (is_cancelled(cancel)) return;
  if (job_.pool == POOL_ALL) copy_to_pool(*current_);
  if (current_->live == 1 && collapsed_at_ == 0) collapsed_at_ = static_cast<uint32_t>(generation_);
}

/** Whether this generation is one of those asked for. */
bool Chain::is_reported() {
  if (report_index_ >= job_.report.size() || job_.report[report_index_] != generation_) return false;
  report_index_++;
  return true;
}

/** Writes the metrics of this generation, if it is reported. */
void Chain::record() {
  if (!job_.report.empty() && !is_reported()) return;
  const TrainingSet& set = *current_;
  for (size_t i = 0; i < job_.metrics.size(); i += 2) {
    const int id = job_.metrics[i];
    if (id == 0) {
      out_.push_back(simpson(set.counts.data(), set.live, set.total));
      continue;
    }
    const Measured measured{set.tokens.data(), set.counts.data(),    set.live,
                            set.total,         first_.data(),        first_total_,
                            first_squares_,    &job_.p[start_],      &job_.log_p[start_],
                            p_squares_[context_], &job_.tokens[start_]};
    out_.push_back(metric(id, job_.metrics[i + 1], measured));
  }
}

/** A generation drawn from the one before alone, in place. */
void Chain::replace_step() {
  TrainingSet& set = *current_;
  const double n = replace_size_;
  if (set.live == 1) return;
  if (is_direct(n, set.live)) {
    direct_from_slots(stream_, static_cast<uint32_t>(n), set.counts.data(), set.live, slots_.data(), drawn_.data());
  } else if (uses_rows(n, set.total)) {
    poisson_product(stream_, static_cast<int>(n), set.counts.data(), set.live, rows_->rows(), drawn_.data());
  } else {
    std::copy_n(set.counts.begin(), set.live, weights_.begin());
    conditional_binomials(stream_, n, weights_.data(), set.live, set.total, drawn_.data(), cancel);
  }
  settle();
}

/** Takes over what was drawn: the first largest to the front, then without the dead tokens. */
void Chain::settle() {
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
}

/** A generation from the blocks of its schedule. */
void Chain::general_step() {
  const int length = static_cast<int>(job_.lines.size() / 2);
  const int32_t* line = &job_.lines[2 * (std::min(generation_, length) - 1)];
  for (int i = line[0]; i < line[0] + line[1]; i++) {
    const Block& block = job_.blocks[i];
    draw_block(block, sizes()[block.size]);
  }
  if (is_cancelled(cancel)) return;
  collect();
  if (generation_ == 1) remember_first();
}

/** Adds samples of a token to the training set being put together. */
void Chain::add(int token, double count) {
  if (added_[token] == 0) touched_.push_back(token);
  added_[token] += static_cast<uint32_t>(count);
}

/** n new samples of the truth. */
void Chain::draw_truth(double n) {
  if (n < ALIAS_BELOW * static_cast<double>(size_)) {
    const uint32_t samples = static_cast<uint32_t>(n);
    for (uint32_t j = 0; j < samples; j++) {
      if ((j & 0xffff) == 0xffff && is_cancelled(cancel)) return;
      add(alias_pick(stream_, size_, &job_.shares[start_], &job_.aliases[start_]), 1.0);
    }
    return;
  }
  double left = n;
  for (int i = 0; i < size_ && left > 0.0; i++) {
    if ((i & 0x3fff) == 0x3fff && is_cancelled(cancel)) return;
    const bool last = i == size_ - 1;
    const double x = last ? left : binomial(stream_, left, job_.p[start_ + i], job_.suffix[start_ + i]);
    if (x > 0.0) add(i, x);
    left -= x;
  }
}

/** n new samples of weights_, whose tokens are listed at `list`; `real`: they are no integers. */
void Chain::draw_weights(double n, const int32_t* list, int size, double sum, bool real) {
  if (is_direct(n, size)) {
    direct_from_weights(stream_, n, weights_.data(), size, sum, prefix_.data(), drawn_.data(), real, cancel);
  } else if (real) {
    binomials_of_reals(stream_, n, weights_.data(), size, prefix_.data(), drawn_.data(), cancel);
  } else {
    conditional_binomials(stream_, n, weights_.data(), size, sum, drawn_.data(), cancel);
  }
  if (is_cancelled(cancel)) return;
  for (int i = 0; i < size; i++) {
    if (drawn_[i] > 0) add(list[i], drawn_[i]);
  }
}

/** n new samples of the model of `lag` generations ago. */
void Chain::draw_model(double n, int lag) {
  const TrainingSet& set = ring_[static_cast<size_t>(generation_ - lag) % ring_.size()];
  const double sum = model_weights(set);
  draw_weights(n, set.tokens.data(), set.live, sum, job_.rule == TEMPERATURE);
}

/** The weights that the sampling rule gives the tokens of a training set, to weights_; returns their sum. */
double Chain::model_weights(const TrainingSet& set) {
  std::copy_n(set.counts.begin(), set.live, weights_.begin());
  return apply_rule(job_.rule, job_.rule_parameter, set.tokens.data(), weights_.data(), set.live, set.total,
                    drawn_.data());
}

/** n new samples, each from a source drawn uniformly from the truth and the models so far. */
void Chain::draw_mixture(double n) {
  const double real = binomial(stream_, n, 1.0, generation_);
  if (real > 0.0) draw_truth(real);
  if (real < n) draw_pool(n - real);
}

/** n samples of the pool, with replacement. Where it holds models, a sampling rule makes its weights real. */
void Chain::draw_pool(double n) {
  for (size_t i = 0; i < pool_list_.size(); i++) weights_[i] = pool_[pool_list_[i]];
  draw_weights(n, pool_list_.data(), static_cast<int>(pool_list_.size()), pool_total_,
               job_.rule != PLAIN && job_.pool == POOL_ALL);
}

/** n samples of the pool, without replacement: a conditional hypergeometric a token. */
void Chain::subsample_pool(double n) {
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

/** Adds a training set to the pool; under a sampling rule, the shares that the rule gives its tokens. */
void Chain::copy_to_pool(const TrainingSet& set) {
  const double sum = job_.rule == PLAIN ? 0.0 : model_weights(set);
  for (int i = 0; i < set.live; i++) {
    add_to_pool(set.tokens[i], job_.rule == PLAIN ? set.counts[i] : weights_[i] / sum);
  }
}

void Chain::add_to_pool(int token, double count) {
  if (count == 0.0) return;  // a rule has dropped it
  if (pool_[token] == 0.0) pool_list_.push_back(token);
  pool_[token] += count;
  pool_total_ += count;
}

/** Moves what was added so far into the pool. */
void Chain::move_to_pool() {
  for (const int32_t token : touched_) {
    add_to_pool(token, added_[token]);
    added_[token] = 0;
  }
  touched_.clear();
}

/** A whole earlier training set once more. */
void Chain::add_training_set(const TrainingSet& set) {
  for (int i = 0; i < set.live; i++) add(set.tokens[i], set.counts[i]);
}

/** Puts a block's samples where they belong. */
void Chain::draw_block(const Block& block, double n) {
  if (block.mode == FIXED) {
    if (block.source == SOURCE_TRUTH) add_first();
    else add_training_set(ring_[static_cast<size_t>(generation_ - block.source) % ring_.size()]);
    return;
  }
  if (block.source == SOURCE_TRUTH) draw_truth(n);
  else if (block.source == SOURCE_MIXTURE) draw_mixture(n);
  else if (block.source == SOURCE_POOL) subsample_pool(n);
  else if (block.source == SOURCE_POOL_REPLACED) draw_pool(n);
  else draw_model(n, block.source);
  if (block.mode == INTO_POOL) move_to_pool();
}

/** The real samples of generation 1 once more. */
void Chain::add_first() {
  for (const int32_t token : first_list_) add(token, first_[token]);
}

/** Makes what was added the training set of this generation; a largest count comes first. */
void Chain::collect() {
  current_ = &ring_[static_cast<size_t>(generation_) % ring_.size()];
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
    added_[token] = 0;
    set.total += set.counts[i];
    if (set.counts[i] > set.counts[best]) best = i;
  }
  touched_.clear();
  std::swap(set.tokens[0], set.tokens[best]);
  std::swap(set.counts[0], set.counts[best]);
}

/** What later generations and metrics need of generation 1. */
void Chain::remember_first() {
  const TrainingSet& set = *current_;
  double squares = 0.0;
  for (int i = 0; i < set.live; i++) {
    const double count = set.counts[i];
    first_list_.push_back(set.tokens[i]);
    first_[set.tokens[i]] = set.counts[i];
    squares += count * count;
  }
  first_total_ = set.total;
  first_squares_ = squares;
}

}  // namespace collapse
