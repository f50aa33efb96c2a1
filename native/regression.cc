// The regression family; the twin of assembly/regression.ts, which explains it.
#include "regression.h"

#include <algorithm>
#include <utility>

#include "matrix.h"
#include "normal.h"

namespace collapse {

namespace {

/** Samples drawn at a time where a part is drawn sample by sample. */
constexpr int CHUNK = 64;

}  // namespace

Regression::Regression(std::shared_ptr<const RegressionJob> job, size_t out_capacity, int simd)
    : Loop(job, out_capacity),
      job_(*job),
      add_four_(four_columns(simd)),
      d_(job_.dimension),
      p_(job_.features),
      projected_(job_.width > 0.0),
      target_(d_),
      offset_(d_),
      labels_(d_),
      side_(d_) {
  const size_t unknowns = job_.penalty.size();
  const size_t columns = job_.columns();
  system_.resize(unknowns * unknowns);
  responses_.resize(columns);
  data_.resize(columns * d_);
  if (projected_) {
    features_.resize(columns * p_);
    projection_.resize(static_cast<size_t>(p_) * d_);
  }
  if (job_.keep_real) kept_.resize(job_.way == ROWS ? unknowns : unknowns * (unknowns + 1));
}

void Regression::open_chain() {
  draw_scaled(job_.signal, target_);
  draw_scaled(job_.shift, offset_);
  if (projected_) draw_projection();
}

/** As bytes; the twin of src/backend/state-regression.ts. */
void Regression::transfer(State& state) {
  state.fixed(target_);
  state.fixed(offset_);
  state.fixed(projection_);
  state.fixed(kept_);
}

/** The weights that label synthetic samples. */
void Regression::write_labels() {
  for (ptrdiff_t i = 0; i < d_; i++) labels_[i] = target_[i] + offset_[i];
}

/** Solves the system for `right`, in place. */
void Regression::solve(int rows, double* right) {
  for (ptrdiff_t i = 0; i < rows; i++) system_[i * (rows + 1)] = system_[i * (rows + 1)] + job_.penalty[i];
  cholesky(system_.data(), rows, rows, &cancel, add_four_);
  if (cancelled()) return;
  forward_substitute(system_.data(), rows, right);
  back_substitute(system_.data(), rows, right);
}

/** The fit's weights minus the true ones, from the solution in side_. */
void Regression::finish_weights() {
  for (ptrdiff_t i = 0; i < d_; i++) {
    double sum = 0.0;
    if (projected_) {
      const double* column = &projection_[i * p_];
      for (ptrdiff_t f = 0; f < p_; f++) sum += column[f] * side_[f];
    } else {
      sum = side_[i];
    }
    offset_[i] = sum - target_[i];
  }
}

/** Adds the first `count` columns of data_, and their responses, to the system. */
void Regression::add_data(int count, bool lower) {
  if (projected_) project(count, lower);
  const double* data = projected_ ? features_.data() : data_.data();
  add_times_transpose(data, p_, count, lower && !projected_, system_.data(), &cancel, add_four_);
  add_columns(side_.data(), static_cast<int>(p_), data, p_, responses_.data(), 1, count, 1.0);
}

/** features_ = S data_; the zeros of a lower triangular data_ are left out, four columns at a time. */
void Regression::project(int count, bool lower) {
  const int p = static_cast<int>(p_);
  std::fill_n(features_.begin(), p_ * count, 0.0);
  for (ptrdiff_t j = 0; j < count; j += 4) {
    if (cancelled()) return;
    const ptrdiff_t from = lower ? j : 0;
    const int columns = static_cast<int>(std::min<ptrdiff_t>(4, count - j));
    add_product(&features_[j * p_], p_, p, columns, &projection_[from * p_], p_, &data_[j * d_ + from], 1, d_,
                static_cast<int>(d_ - from), 1.0, add_four_);
  }
}

/** Draws the samples of a part and adds them to the system. */
void Regression::add_part(int index) {
  const RegressionPart& from = part(index);
  double left = from.count;
  if (left == 0.0) return;
  const double noise = from.root * noise_of(from);
  const double* by = nullptr;
  if (index == 0) by = projected_ ? target_.data() : nullptr;
  else by = projected_ ? labels_.data() : offset_.data();
  if (from.factor) {
    const int d = static_cast<int>(d_);
    draw_factor(left, from.root);
    draw_responses(d, true, by, noise);
    add_data(d, true);
    return;
  }
  while (left > 0.0 && !cancelled()) {
    const int count = static_cast<int>(std::min(left, static_cast<double>(CHUNK)));
    draw_samples(count, from.root);
    draw_responses(count, false, by, noise);
    add_data(count, false);
    left -= CHUNK;
  }
}

/** Both parts, one after the other; the real one may be that of generation 1. */
void Regression::add_parts() {
  const size_t entries = system_.size();
  if (!job_.keep_real || generation_ == 1) add_part(0);
  if (job_.keep_real) {
    if (generation_ == 1) {
      std::copy_n(system_.begin(), entries, kept_.begin());
      std::copy_n(side_.begin(), p_, kept_.begin() + entries);
    } else {
      std::copy_n(kept_.begin(), entries, system_.begin());
      std::copy_n(kept_.begin() + entries, p_, side_.begin());
    }
  }
  add_part(1);
}

/** Adds what the true weights make of column j of a factor to its response. */
void Regression::add_target(ptrdiff_t j) {
  double sum = responses_[j];
  for (ptrdiff_t i = j; i < d_; i++) sum += data_[j * d_ + i] * target_[i];
  responses_[j] = sum;
}

/** A fit by a system of one row for each unknown. */
void Regression::fit_unknowns() {
  write_labels();
  std::fill(system_.begin(), system_.end(), 0.0);
  std::fill_n(side_.begin(), p_, 0.0);
  if (job_.way == JOINT) {
    draw_factor(part(0).count + part(1).count, 1.0);
    draw_joint_responses();
    if (!projected_ && !job_.penalised) {
      std::copy_n(responses_.begin(), d_, offset_.begin());
      back_substitute(data_.data(), d_, offset_.data());
      return;
    }
    for (ptrdiff_t j = 0; projected_ && j < d_; j++) add_target(j);
    add_data(static_cast<int>(d_), true);
  } else {
    add_parts();
  }
  if (cancelled()) return;
  if (projected_) {
    solve(static_cast<int>(p_), side_.data());
    finish_weights();
    return;
  }
  for (ptrdiff_t i = 0; i < d_; i++) side_[i] = side_[i] - job_.penalty[i] * target_[i];
  solve(static_cast<int>(d_), side_.data());
  std::copy_n(side_.begin(), d_, offset_.begin());
}

/** Draws the samples of a part as rows `first` ... of data_, which has `rows` in all, and their responses. */
void Regression::draw_rows(int index, ptrdiff_t first, ptrdiff_t rows) {
  const RegressionPart& from = part(index);
  const int count = static_cast<int>(from.count);
  double* data = data_.data() + first;
  for (ptrdiff_t i = 0; i < d_; i++) {
    if (cancelled()) return;
    double* column = data + i * rows;
    normals().fill(stream_, column, static_cast<size_t>(count));
    for (int r = 0; r < count; r++) column[r] = job_.scale[i] * column[r];
  }
  double* responses = responses_.data() + first;
  const double noise = noise_of(from);
  normals().fill(stream_, responses, static_cast<size_t>(count));
  for (int r = 0; r < count; r++) responses[r] = noise * responses[r];
  add_columns(responses, count, data, rows, index == 0 ? target_.data() : labels_.data(), 1, static_cast<int>(d_), 1.0);
}

/** A fit by a system of one row for each sample: weights are combinations of the samples. */
void Regression::fit_samples() {
  const ptrdiff_t real = static_cast<ptrdiff_t>(part(0).count);
  const ptrdiff_t rows = real + static_cast<ptrdiff_t>(part(1).count);
  const int size = static_cast<int>(rows);
  write_labels();
  if (!job_.keep_real || generation_ == 1) draw_rows(0, 0, rows);
  if (job_.keep_real && generation_ == 1) std::copy_n(responses_.begin(), real, kept_.begin());
  else if (job_.keep_real) std::copy_n(kept_.begin(), real, responses_.begin());
  draw_rows(1, real, rows);
  const double* data = data_.data();
  if (projected_) {
    std::fill(features_.begin(), features_.end(), 0.0);
    for (ptrdiff_t j = 0; j < p_; j += 4) {
      if (cancelled()) return;
      const int columns = static_cast<int>(std::min<ptrdiff_t>(4, p_ - j));
      add_product(&features_[j * rows], rows, size, columns, data_.data(), rows, &projection_[j], p_, 1,
                  static_cast<int>(d_), 1.0, add_four_);
    }
    data = features_.data();
  }
  std::fill(system_.begin(), system_.end(), 0.0);
  add_times_transpose(data, rows, static_cast<int>(p_), false, system_.data(), &cancel, add_four_);
  if (cancelled()) return;
  solve(size, responses_.data());
  for (ptrdiff_t f = 0; f < p_; f++) {
    double sum = 0.0;
    for (ptrdiff_t r = 0; r < rows; r++) sum += data[f * rows + r] * responses_[r];
    side_[f] = sum;
  }
  finish_weights();
}

void Regression::step() {
  if (job_.way == ROWS) fit_samples();
  else fit_unknowns();
}

/** The test error, as often as there are metrics. */
void Regression::record(Doubles& out) {
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < d_; i++) {
    const double x = job_.scale[i] * offset_[i];
    sum += x * x;
  }
  for (size_t i = 0; i < job_.metrics.size(); i += 2) out.push_back(sum);
}

}  // namespace collapse
