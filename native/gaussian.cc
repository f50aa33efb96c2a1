#include "gaussian.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wishart.h"

namespace collapse {

namespace {

/** 2^-44: rounding errors of a few hundred operations. */
constexpr double ROUNDING = 5.684341886080802e-14;

}  // namespace

void Moments::clear() {
  count = weight = squares = variance = log_determinant = 0.0;
  singular = false;
  std::fill(mean.begin(), mean.end(), 0.0);
  std::fill(root.begin(), root.end(), 0.0);
  std::fill(factor.begin(), factor.end(), 0.0);
}

Gaussian::Gaussian(std::shared_ptr<const GaussianJob> job, size_t out_capacity)
    : Loop(job, out_capacity),
      job_(*job),
      d_(job_.dimension),
      truth_(d_),
      set_(d_),
      batch_(d_),
      real_(d_),
      pooled_(d_) {
  for (int i = 0; i < job_.look_back; i++) ring_.emplace_back(d_);
  if (job_.keeps_models) {
    for (int i = 0; i < job_.look_back; i++) batches_.emplace_back(d_);
  }
  for (int i = 0; i < d_; i++) truth_.factor[static_cast<size_t>(i) * (d_ + 1)] = 1.0;
  shift_.resize(d_);
  normals_.resize(d_);
  matrix_.resize(static_cast<size_t>(d_) * d_);
}

void Gaussian::open_chain() {
  has_real_ = false;
  log_determinant_ = 0.0;
  pooled_.clear();
  samples_.clear();
  order_.clear();
  for (Batch& batch : batches_) batch.generation = 0;
}

/** Moves the mean of `to` towards `x` by `share`, and adds the spread of that, `spread` times the squared shift. */
void Gaussian::move_mean(Moments& to, const double* x, double share, double spread) {
  const double scale = std::sqrt(spread);
  for (int i = 0; i < d_; i++) {
    const double difference = x[i] - to.mean[i];
    to.mean[i] = to.mean[i] + share * difference;
    shift_[i] = scale * difference;
  }
  if (spread > 0.0) add_to_root(to.root.data(), d_, shift_.data(), 0);
}

/** Adds the samples of `from` to those of `to`, each with `weight` times its weight. */
void Gaussian::add_moments(Moments& to, const Moments& from, double weight) {
  const double before = to.weight;
  const double added = weight * from.weight;
  const double total = before + added;
  const double share = added / total;
  move_mean(to, from.mean.data(), share, before * share);
  const double scale = std::sqrt(weight);
  if (before == 0.0) {
    for (size_t i = 0; i < to.root.size(); i++) to.root[i] = scale * from.root[i];
  } else {
    add_root(to, from, scale);
  }
  to.singular = to.singular || from.singular;
  to.count = to.count + from.count;
  to.weight = total;
  to.squares = to.squares + weight * weight * from.squares;
}

void Gaussian::add_root(Moments& to, const Moments& from, double scale) {
  for (int j = 0; j < d_; j++) {
    for (int i = 0; i < d_; i++) shift_[i] = scale * from.root[static_cast<size_t>(j) * d_ + i];
    add_to_root(to.root.data(), d_, shift_.data(), j);
  }
}

void Gaussian::add_sample(Moments& to, const double* x, double weight) {
  const double total = to.weight + weight;
  const double share = weight / total;
  move_mean(to, x, share, to.weight * share);
  to.count = to.count + 1.0;
  to.weight = total;
  to.squares = to.squares + weight * weight;
}

/** One sample of the fit of `model`, its covariance times `heat`. */
void Gaussian::draw_sample(const Moments& model, double heat, double* x) {
  const double scale = std::sqrt(heat);
  normals().fill(stream_, normals_.data(), normals_.size());
  lower_times_vector(model.factor.data(), d_, d_, normals_.data(), x);
  for (int i = 0; i < d_; i++) x[i] = model.mean[i] + scale * x[i];
}

/** Moments of n samples of the fit of `model`, its covariance times `heat`. */
void Gaussian::draw_moments(const Moments& model, double heat, double n, Moments& to) {
  const double scale = std::sqrt(heat / n);
  to.count = to.weight = to.squares = n;
  normals().fill(stream_, normals_.data(), normals_.size());
  lower_times_vector(model.factor.data(), d_, d_, normals_.data(), to.mean.data());
  for (int i = 0; i < d_; i++) to.mean[i] = model.mean[i] + scale * to.mean[i];
  bartlett(stream_, matrix_.data(), d_, n - 1.0);
  lower_times_lower(model.factor.data(), matrix_.data(), d_, bartlett_columns(d_, n - 1.0), to.root.data());
  const double warmth = std::sqrt(heat);
  for (double& x : to.root) x = warmth * x;
  to.singular = std::isinf(model.log_determinant);
}

/** Fits a Gaussian: the Cholesky factor of its covariance, the trace of that / d, and its log determinant. */
void Gaussian::fit(Moments& moments) {
  const double total = moments.weight;
  const double divisor = job_.unbiased ? total - moments.squares / total : total;
  const double scale = divisor > 0.0 ? 1.0 / std::sqrt(divisor) : 0.0;
  double trace = 0.0;
  for (size_t i = 0; i < moments.factor.size(); i++) {
    const double x = scale * moments.root[i];
    moments.factor[i] = x;
    trace += x * x;
  }
  if (moments.singular || moments.count <= static_cast<double>(d_)) flatten(moments.factor);
  moments.variance = trace / static_cast<double>(d_);
  moments.log_determinant = collapse::log_determinant(moments.factor.data(), d_);
}

/** Samples of a flat set: what rounding has left of a diagonal element that should be 0 is taken for 0. */
void Gaussian::flatten(std::vector<double>& factor) const {
  for (int i = 0; i < d_; i++) {
    double most = 0.0;
    for (int j = 0; j < i; j++) most = std::max(most, std::fabs(factor[static_cast<size_t>(j) * d_ + i]));
    double& diagonal = factor[static_cast<size_t>(i) * (d_ + 1)];
    if (diagonal < ROUNDING * most) diagonal = 0.0;
  }
}

void Gaussian::add_truth(double n, double weight) {
  draw_moments(truth_, 1.0, n, batch_);
  add_moments(set_, batch_, weight * job_.real_weight);
}

void Gaussian::add_model(int generation, double n, double weight) {
  draw_moments(model_of(generation), heat(), n, batch_);
  add_moments(set_, batch_, weight);
}

/** n new samples, each from a source drawn uniformly from the truth and the models so far. */
void Gaussian::add_mixture(double n, double weight) {
  double left = n;
  for (int t = 0; t < generation_ && left > 0.0; t++) {
    const double count = binomial(stream_, left, 1.0, generation_ - t);
    if (count == 0.0) continue;
    if (t == 0) add_truth(count, weight);
    else add_model(t, count, weight);
    left -= count;
  }
}

/** New samples for the pool: as samples where it is subsampled, else as moments. */
void Gaussian::fill_pool(int source, double n) {
  const Moments& model = source == SOURCE_TRUTH ? truth_ : model_of(generation_ - source);
  const double warmth = source == SOURCE_TRUTH ? 1.0 : heat();
  const double weight = source == SOURCE_TRUTH ? job_.real_weight : 1.0;
  if (!job_.pools_samples) {
    draw_moments(model, warmth, n, batch_);
    add_moments(pooled_, batch_, weight);
    return;
  }
  const uint32_t count = static_cast<uint32_t>(n);
  for (uint32_t i = 0; i < count; i++) {
    if ((i & 0xfff) == 0xfff && is_cancelled(cancel)) return;
    order_.push_back(static_cast<uint32_t>(order_.size()));
    samples_.push_back(weight);
    samples_.resize(samples_.size() + d_);
    draw_sample(model, warmth, &samples_[samples_.size() - d_]);
  }
}

/** n samples of the pool; without replacement a shuffle of its order as far as n. */
void Gaussian::subsample(double n, bool replaced, double weight) {
  const uint32_t size = static_cast<uint32_t>(order_.size());
  if (size == 0) return;
  const uint32_t count = static_cast<uint32_t>(replaced ? n : std::min(n, static_cast<double>(size)));
  for (uint32_t i = 0; i < count; i++) {
    if ((i & 0xfff) == 0xfff && is_cancelled(cancel)) return;
    uint32_t chosen = 0;
    if (replaced) {
      chosen = stream_.bounded(size);
    } else {
      std::swap(order_[i], order_[i + stream_.bounded(size - i)]);
      chosen = order_[i];
    }
    const double* sample = &samples_[static_cast<size_t>(chosen) * (d_ + 1)];
    add_sample(set_, sample + 1, weight * sample[0]);
  }
}

/** The fixed real samples: drawn at their first use. */
void Gaussian::add_real_batch(double n, double weight) {
  if (!has_real_) {
    draw_moments(truth_, 1.0, n, real_);
    has_real_ = true;
  }
  add_moments(set_, real_, weight * job_.real_weight);
}

/** The batch of the model of a generation: drawn at its first use. */
void Gaussian::add_kept(int generation, double n, double weight) {
  Batch& batch = batches_[static_cast<size_t>(generation) % batches_.size()];
  if (batch.generation != generation) {
    draw_moments(model_of(generation), heat(), n, batch.moments);
    batch.generation = generation;
  }
  add_moments(set_, batch.moments, weight);
}

void Gaussian::add_fixed(int source, double n, double weight) {
  if (source == SOURCE_TRUTH) add_real_batch(n, weight);
  else if (source == SOURCE_POOL) add_moments(set_, pooled_, weight);
  else add_moments(set_, model_of(generation_ - source), weight);
}

void Gaussian::add_new(int source, double n, double weight) {
  if (source == SOURCE_TRUTH) add_truth(n, weight);
  else if (source == SOURCE_MIXTURE) add_mixture(n, weight);
  else if (source < SOURCE_TRUTH) subsample(n, source == SOURCE_POOL_REPLACED, weight);
  else add_model(generation_ - source, n, weight);
}

/** Adds a block to the training set of this generation. */
void Gaussian::add_block(const Block& block) {
  const double n = block_size(block);
  if (block.mode == INTO_POOL) {
    fill_pool(block.source, n);
    return;
  }
  const int through = block_through(block);
  for (int source = block.source; source <= through; source++) {
    if (block.mode == FIXED) add_fixed(source, n, block.weight);
    else if (block.mode == KEPT && source == SOURCE_TRUTH) add_real_batch(n, block.weight);
    else if (block.mode == KEPT) add_kept(generation_ - source, n, block.weight);
    else add_new(source, n, block.weight);
  }
}

void Gaussian::step() {
  if (generation_ > 1) log_determinant_ = current_->log_determinant;
  set_.clear();
  const int32_t* blocks = line(generation_);
  for (int i = blocks[0]; i < blocks[0] + blocks[1]; i++) {
    add_block(job_.blocks[i]);
    if (is_cancelled(cancel)) return;
  }
  current_ = &model_of(generation_);
  *current_ = set_;
  fit(*current_);
  // The first generation's real samples stay what FIXED means, unless a block has set some aside.
  if (generation_ == 1 && !has_real_) keep_first();
}

void Gaussian::keep_first() {
  real_.clear();
  add_moments(real_, *current_, 1.0 / job_.real_weight);
  has_real_ = true;
}

double Gaussian::mean_shift() const {
  double sum = 0.0;
  for (const double x : current_->mean) sum += x * x;
  return sum / static_cast<double>(d_);
}

double Gaussian::metric(int id) const {
  const double log_determinant = current_->log_determinant;
  switch (id) {
    case 0: return current_->variance;
    case 1: return log_determinant;
    case 2: return mean_shift();
    case 3:
      return 0.5 * (static_cast<double>(d_) * (current_->variance + mean_shift() - 1.0) - log_determinant);
    default: return std::isinf(log_determinant) ? log_determinant : log_determinant - log_determinant_;
  }
}

void Gaussian::record(Doubles& out) {
  for (size_t i = 0; i < job_.metrics.size(); i += 2) out.push_back(metric(job_.metrics[i]));
}

}  // namespace collapse
