// The Gaussian family; the twin of assembly/gaussian-moments.ts and assembly/gaussian.ts.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "binomial.h"
#include "loop.h"

namespace collapse {

/** Moments of a set of weighted samples in d dimensions, and the Gaussian fitted to them. */
struct Moments {
  double count = 0.0, weight = 0.0, squares = 0.0;
  double variance = 0.0, log_determinant = 0.0;
  bool singular = false;  // some of the samples come from a singular model
  std::vector<double> mean, root, factor;

  explicit Moments(size_t d) : mean(d), root(d * d), factor(d * d) {}
  void clear();
  void transfer(State& state);
};

class Gaussian : public Loop {
 public:
  Gaussian(std::shared_ptr<const GaussianJob> job, size_t out_capacity);

 protected:
  void open_chain() override;
  void step() override;
  bool skips() const override { return false; }
  bool has_collapsed() const override { return current_->variance < job_.collapse_variance; }
  void record(Doubles& out) override;
  void transfer(State& state) override;

 private:
  struct Batch {
    int generation = 0;  // 0: not drawn yet
    Moments moments;
    explicit Batch(size_t d) : moments(d) {}
  };

  const GaussianJob& job_;
  const int d_;
  std::vector<Moments> ring_;
  Moments* current_ = nullptr;
  Moments truth_, set_, batch_, real_, pooled_;
  bool has_real_ = false;
  double log_determinant_ = 0.0;  // of the generation before
  std::vector<Batch> batches_;
  // A pool of samples: a weight and d coordinates each.
  std::vector<double> samples_;
  std::vector<uint32_t> order_;
  std::vector<double> shift_, normals_, matrix_;

  Moments& model_of(int generation) { return ring_[static_cast<size_t>(generation) % ring_.size()]; }
  double heat() const { return job_.rule == TEMPERATURE ? job_.rule_parameter : 1.0; }
  void add_moments(Moments& to, const Moments& from, double weight);
  void add_sample(Moments& to, const double* x, double weight);
  void draw_sample(const Moments& model, double heat, double* x);
  void draw_moments(const Moments& model, double heat, double n, Moments& to);
  void move_mean(Moments& to, const double* x, double share, double spread);
  void add_root(Moments& to, const Moments& from, double scale);
  void fit(Moments& moments);
  void flatten(std::vector<double>& factor) const;
  void add_truth(double n, double weight);
  void add_model(int generation, double n, double weight);
  void add_mixture(double n, double weight);
  void fill_pool(int source, double n);
  void subsample(double n, bool replaced, double weight);
  void add_real_batch(double n, double weight);
  void add_kept(int generation, double n, double weight);
  void add_fixed(int source, double n, double weight);
  void add_new(int source, double n, double weight);
  void add_block(const Block& block);
  void keep_first();
  double mean_shift() const;
  double metric(int id) const;
};

}  // namespace collapse
