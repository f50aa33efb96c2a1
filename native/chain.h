// The whole-chain kernel; the twin of assembly/chain.ts. No Node-API here: it can be built and tested without Node.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "hypergeometric.h"
#include "job.h"
#include "multinomial.h"
#include "stream.h"

namespace collapse {

enum Status : int { DONE = 0, PAUSED = 1, OUT_FULL = 2, CANCELLED = 3 };

/** A training set: live tokens and their counts. */
struct TrainingSet {
  int live = 0;
  double total = 0.0;
  std::vector<int32_t> tokens;
  std::vector<uint32_t> counts;
};

class Chain {
 public:
  /** @param job checked; @param out_capacity doubles, at least the number of metrics. */
  Chain(Job job, size_t out_capacity);

  /** Points at `chains` consecutive chains (replicate-major). */
  void open(uint64_t replicate, int context, uint32_t chains);

  /** Goes on until the slice is DONE, the output is OUT_FULL or the run is CANCELLED. */
  Status advance();

  const Job& job() const { return job_; }
  std::vector<double>& out() { return out_; }
  const std::vector<uint32_t>& collapse_times() const { return collapse_times_; }

  Cancel cancel{false};
  /** Generations simulated in this slice; read by other threads. */
  std::atomic<double> progress{0.0};

 private:
  const Job job_;
  const size_t out_capacity_;
  std::shared_ptr<const PoissonRows> rows_;
  Stream stream_;

  uint64_t replicate_ = 0;
  uint32_t chains_left_ = 0;
  int context_ = 0;
  int generation_ = 0;
  uint32_t collapsed_at_ = 0;
  /** From this generation on, everything is drawn from the one before: replace_size_ samples, in place. */
  int replace_from_ = 0x7fffffff;
  double replace_size_ = 0.0;
  size_t report_index_ = 0;
  int start_ = 0, size_ = 0;  // the context's tokens

  std::vector<TrainingSet> ring_;
  TrainingSet* current_ = nullptr;
  std::vector<uint32_t> added_, first_, drawn_;
  std::vector<int32_t> touched_, first_list_, pool_list_, slots_;
  double first_total_ = 0.0, first_squares_ = 0.0;
  std::vector<double> weights_, prefix_, pool_, p_squares_;
  double pool_total_ = 0.0;
  std::vector<double> out_;
  std::vector<uint32_t> collapse_times_;

  Status run();
  void start_chain();
  void end_chain();
  void step();
  void record();
  void replace_step();
  bool is_reported();
  void open_context();
  void settle();
  void general_step();
  const uint32_t* sizes() const { return &job_.sizes[static_cast<size_t>(context_) * job_.size_slots]; }
  void add(int token, double count);
  void draw_truth(double n);
  void draw_weights(double n, const int32_t* list, int size, double sum, bool real);
  double model_weights(const TrainingSet& set);
  void copy_to_pool(const TrainingSet& set);
  void draw_model(double n, int lag);
  void draw_mixture(double n);
  void add_first();
  void collect();
  void remember_first();
  void draw_block(const Block& block, double n);
  void add_training_set(const TrainingSet& set);
  void draw_pool(double n);
  void subsample_pool(double n);
  void add_to_pool(int token, double count);
  void move_to_pool();
};

}  // namespace collapse
