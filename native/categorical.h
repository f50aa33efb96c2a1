// The categorical family; the twin of assembly/categorical.ts, added.ts, model.ts, sources.ts, pool.ts and weighted.ts.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "jump.h"
#include "lane-runner.h"
#include "two-runner.h"
#include "loop.h"
#include "metrics.h"
#include "multinomial.h"
#include "poissonised.h"
#include "replace-run.h"

namespace collapse {

/** A training set: live tokens and their counts or, in a weighted job, their weights. */
struct TrainingSet {
  int live = 0;
  double total = 0.0;
  std::vector<int32_t> tokens;
  std::vector<uint32_t> counts;
  std::vector<double> weights;
};

/** The batch of one model, kept. */
struct Batch {
  int generation = 0;  // 0: not drawn yet
  std::vector<int32_t> tokens;
  std::vector<uint32_t> counts;
};

class Categorical : public Loop {
 public:
  /** @param simd a set of instructions that the processor has. */
  Categorical(std::shared_ptr<const CategoricalJob> job, size_t out_capacity, int simd);

 protected:
  Status run() override;
  void reset() override;
  void open_chain() override;
  void step() override;
  int run_on(int most, double* simpson) override;
  bool records_simpson() const override;
  bool skips() const override;
  bool has_collapsed() const override { return live_ == 1; }
  void record(Doubles& out) override;
  void transfer(State& state) override;
  bool is_handed_over() const override { return handed_ == group_.size(); }

 private:
  const CategoricalJob& job_;
  std::shared_ptr<const PoissonRows> rows_;
  /** By n, once they have been needed. */
  std::vector<std::shared_ptr<const BinomialRows>> binomial_rows_;
  std::vector<std::shared_ptr<RateRows>> rate_rows_;
  /** From this generation on, everything is drawn from the one before: replace_size_ samples, in place. */
  int replace_from_ = 0x7fffffff;
  double replace_size_ = 0.0;
  int start_ = 0, size_ = 0;  // the context's tokens

  std::vector<TrainingSet> ring_;
  TrainingSet* current_ = nullptr;
  /** Tokens of the current model, with its error. */
  int live_ = 0;
  std::vector<uint32_t> added_, drawn_, starts_;
  std::vector<int32_t> touched_, slots_;
  // The model last asked for (model_shares): its tokens; their weights are weights_.
  const int32_t* model_tokens_ = nullptr;
  int model_size_ = 0;
  std::vector<int32_t> model_list_;
  std::vector<double> weights_, prefix_, p_squares_;
  // Generation 1: counts or weights by token.
  std::vector<int32_t> first_list_;
  std::vector<uint32_t> first_;
  std::vector<double> first_weights_;
  double first_total_ = 0.0, first_squares_ = 0.0;
  std::vector<int32_t> pool_list_;
  std::vector<double> pool_, pool_real_;
  double pool_total_ = 0.0;
  // Weighted jobs.
  std::vector<double> masses_, real_batch_;
  std::vector<int32_t> mass_list_, real_list_;
  std::vector<Batch> batches_;
  Jump jump_;

  TrainingSet& set_of(int generation) { return ring_[static_cast<size_t>(generation) % ring_.size()]; }
  double real_weight() const { return job_.real_weights[context_]; }

  // Chains side by side, where that suits the job.
  const LaneKernel* kernel_ = nullptr;
  std::unique_ptr<LaneRecords> records_;
  std::unique_ptr<LaneRunner> runner_;
  std::unique_ptr<TwoRunner> two_runner_;
  std::vector<LaneChain> group_;
  size_t handed_ = 0, handed_values_ = 0;
  std::unique_ptr<LanePicks> picks_;
  /** How often each token has been picked, by token and lane. */
  std::vector<uint32_t> picked_;
  /** Takes what scalar code records of a chain on its way to lanes. */
  Doubles aside_;
  /** Room for what chains record. */
  std::unique_ptr<uint32_t[]> lent_;
  size_t lent_size_ = 0;

  // categorical-lanes.cc
  static bool suits_lanes(const CategoricalJob& job);
  static size_t most_chains(const CategoricalJob& job);
  void make_lanes();
  bool hand_over();
  bool simulate_group();
  bool run_two(LaneChains& chains);
  void lend(std::vector<LaneChain>& group);
  bool begin(LaneChain* chains, int count, LaneChains& running);
  void pick(int most, int rows);
  bool take_picks(LaneChain& chain, int lane, LaneChains& running);
  bool begin_scalar(LaneChain& chain, LaneChains& running);
  bool go_on(LaneChain& chain, const uint32_t* counts, uint32_t live, LaneChains& running);
  bool to_lane(LaneChain& chain, LaneChains& running);
  bool draws_truth_first() const;
  bool fits_lane() const;

  // categorical.cc
  template <typename Count>
  void measure(Doubles& out, const Measured<Count>& measured) const;
  void open_context();
  bool uses_rows() const;
  int replace(int most, double* simpson);
  const BinomialRows& binomial_rows(int n);
  void replace_step();
  void jump_step();
  void settle();
  void general_step();
  void weighted_step();
  void draw_block(const Block& block, int source, double n);
  void draw_mixture(double n);
  void add_training_set(const TrainingSet& set);
  void add_first();
  void sort_added();
  void collect();
  template <typename Count>
  void remember_first(const int32_t* tokens, const Count* counts, int live, double total, Count* first);

  // categorical-state.cc
  void transfer_list(State& state, std::vector<int32_t>& tokens);
  void transfer_set(State& state, TrainingSet& set);
  void transfer_first(State& state);
  void transfer_pool(State& state);
  void transfer_batch(State& state, int generation);

  // sources.cc
  void add(int token, double count);
  double take_added(int token);
  bool picks_truth(double n) const;
  bool in_token_order(double total) const;
  void draw_truth(double n);
  void draw_weights(double n, const int32_t* list, int size, double sum, bool real);
  RateRows* rows_at(double n, double total) const;
  void add_drawn(const int32_t* list, int size);
  void draw_model(double n, int generation);
  double model_shares(const TrainingSet& set, int generation);
  double add_error(double mass);
  double model_weights(const TrainingSet& set, int generation);

  // pool.cc
  void draw_pool(double n);
  void subsample_pool(double n);
  void add_to_pool(int token, double count);
  void move_to_pool(bool real);
  void copy_to_pool(const TrainingSet& set, int generation);

  // weighted.cc
  void add_mass(int token, double mass);
  void add_drawn(double weight);
  void add_pooled(double weight, bool replaced);
  void add_whole_pool(double weight);
  void add_weighted_set(const TrainingSet& set, double weight);
  void add_real_batch(double weight);
  void kept_truth(double n, double weight);
  void kept_model(int generation, double n, double weight);
  void add_fixed(int source, double weight);
  void add_new(int source, double n, double weight);
  void add_block(const Block& block);
  void collect_masses();
};

}  // namespace collapse
