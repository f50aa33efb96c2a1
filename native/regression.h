// The regression family; the twin of assembly/regression-draw.ts and assembly/regression.ts, which explain it.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "four-columns.h"
#include "loop.h"
#include "simd.h"

namespace collapse {

class Regression : public Loop {
 public:
  /** @param simd a set of instructions that the processor has. */
  Regression(std::shared_ptr<const RegressionJob> job, size_t out_capacity, int simd = SIMD_SCALAR);

 protected:
  void open_chain() override;
  void step() override;
  bool skips() const override { return false; }
  bool has_collapsed() const override { return false; }
  void record(Doubles& out) override;
  void transfer(State& state) override;

 private:
  const RegressionJob& job_;
  FourColumns* const add_four_;
  const ptrdiff_t d_, p_;
  const bool projected_;
  std::vector<double> target_, offset_, labels_, side_;
  std::vector<double> system_, responses_, data_, features_, projection_, kept_;

  const RegressionPart& part(int index) const { return job_.parts[index]; }
  double noise_of(const RegressionPart& part) const { return generation_ == 1 ? part.first_noise : part.later_noise; }
  bool cancelled() const { return is_cancelled(cancel); }

  // regression-draw.cc
  void draw_scaled(const std::vector<double>& from, std::vector<double>& to);
  void draw_projection();
  void draw_samples(int count, double root);
  void draw_factor(double n, double root);
  void scale_column(double* at, ptrdiff_t from, double root);
  void draw_responses(int count, bool lower, const double* by, double noise);
  double squared_length(const double* at) const;
  double square(double freedom);
  void draw_joint_responses();
  void mix_responses(double length, const double* direction, double* to);

  // regression.cc
  void write_labels();
  void solve(int rows, double* right);
  void finish_weights();
  void add_data(int count, bool lower);
  void project(int count, bool lower);
  void add_part(int index);
  void add_target(ptrdiff_t j);
  void add_parts();
  void fit_unknowns();
  void draw_rows(int index, ptrdiff_t first, ptrdiff_t rows);
  void fit_samples();
};

}  // namespace collapse
