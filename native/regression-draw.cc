// What regression draws; the twin of assembly/regression-draw.ts, which explains it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "regression.h"
#include "wishart.h"

namespace collapse {

/** Normals with the standard deviations that `from` holds. */
void Regression::draw_scaled(const std::vector<double>& from, std::vector<double>& to) {
  normals().fill(stream_, to.data(), to.size());
  for (size_t i = 0; i < to.size(); i++) to[i] = from[i] * to[i];
}

/** The projections S; where it has d rows or more, the transpose of a Bartlett factor. */
void Regression::draw_projection() {
  const double size = static_cast<double>(d_);
  const double root = std::sqrt(size);
  double* at = projection_.data();
  if (job_.width < size) {
    normals().fill(stream_, at, projection_.size());
  } else {
    bartlett(stream_, at, static_cast<int>(d_), job_.width);
    for (ptrdiff_t j = 1; j < d_; j++) {
      for (ptrdiff_t i = 0; i < j; i++) std::swap(at[i + j * d_], at[j + i * d_]);
    }
  }
  for (double& entry : projection_) entry = entry / root;
}

/** `count` samples, one a column of data_, each times the root of its weight. */
void Regression::draw_samples(int count, double root) {
  normals().fill(stream_, data_.data(), static_cast<size_t>(d_) * count);
  for (ptrdiff_t j = 0; j < count; j++) scale_column(&data_[j * d_], 0, root);
}

/** The factor of X'X of n >= d samples. */
void Regression::draw_factor(double n, double root) {
  bartlett(stream_, data_.data(), static_cast<int>(d_), n);
  for (ptrdiff_t j = 0; j < d_; j++) scale_column(&data_[j * d_], j, root);
}

void Regression::scale_column(double* at, ptrdiff_t from, double root) {
  const double* scale = job_.scale.data();
  for (ptrdiff_t i = from; i < d_; i++) at[i] = at[i] * (root * scale[i]);
}

/** Responses of the columns of data_: noise, and what the weights at `by` make of them (null: nothing). */
void Regression::draw_responses(int count, bool lower, const double* by, double noise) {
  normals().fill(stream_, responses_.data(), static_cast<size_t>(count));
  for (ptrdiff_t j = 0; j < count; j++) {
    const double* at = &data_[j * d_];
    double sum = noise * responses_[j];
    if (by != nullptr) {
      for (ptrdiff_t i = lower ? j : 0; i < d_; i++) sum += at[i] * by[i];
    }
    responses_[j] = sum;
  }
}

double Regression::squared_length(const double* at) const {
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < d_; i++) sum += at[i] * at[i];
  return sum;
}

/** Chi-square with `freedom` >= 0 degrees of freedom. */
double Regression::square(double freedom) { return freedom > 0.0 ? chi_squared(stream_, freedom) : 0.0; }

/** Responses, less those of the true weights, of the factor of both parts together. */
void Regression::draw_joint_responses() {
  double* to = responses_.data();
  double* pull = labels_.data();
  const bool no_real = part(0).count == 0.0;
  lower_transposed_times_vector(data_.data(), d_, offset_.data(), pull);
  normals().fill(stream_, to, static_cast<size_t>(d_));
  if (no_real || part(1).count == 0.0) {
    const double noise = noise_of(part(no_real ? 1 : 0));
    for (ptrdiff_t i = 0; i < d_; i++) to[i] = noise * to[i] + (no_real ? pull[i] : 0.0);
    return;
  }
  const double length = std::sqrt(squared_length(pull));
  if (length == 0.0) {
    std::fill_n(pull, d_, 0.0);
    pull[0] = 1.0;
  } else {
    for (ptrdiff_t i = 0; i < d_; i++) pull[i] = pull[i] / length;
  }
  mix_responses(length, pull, to);
}

/** The rest of the above for two parts: `direction` has length 1, and there are d normals at `to`. */
void Regression::mix_responses(double length, const double* direction, double* to) {
  const double real = part(0).count, synthetic = part(1).count;
  const double first = chi_squared(stream_, real);
  const double second = chi_squared(stream_, synthetic);
  const double real_root = std::sqrt(first / (first + second));
  const double synthetic_root = std::sqrt(second / (first + second));
  const double real_noise = noise_of(part(0)), synthetic_noise = noise_of(part(1));
  const double real_part = real_noise * normals().draw(stream_);
  const double synthetic_part = length * synthetic_root + synthetic_noise * normals().draw(stream_);
  const double along = real_root * real_part + synthetic_root * synthetic_part;
  const double across = synthetic_root * real_part - real_root * synthetic_part;
  // One after the other: each of them draws.
  const double real_rest = real_noise * real_noise * square(real - 1.0);
  const double synthetic_rest = synthetic_noise * synthetic_noise * square(synthetic - 1.0);
  const double left = across * across + real_rest + synthetic_rest;
  const double outside = square(real + synthetic - static_cast<double>(d_));
  double dot = 0.0;
  for (ptrdiff_t i = 0; i < d_; i++) dot += to[i] * direction[i];
  for (ptrdiff_t i = 0; i < d_; i++) to[i] = to[i] - dot * direction[i];
  const double inside = squared_length(to) + outside;
  const double share = inside > 0.0 ? std::sqrt(left / inside) : 0.0;
  for (ptrdiff_t i = 0; i < d_; i++) to[i] = along * direction[i] + share * to[i];
}

}  // namespace collapse
