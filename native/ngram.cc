#include "ngram.h"

#include <algorithm>

#include "sampling.h"

namespace collapse {

namespace {

/** Corpora of more tokens give memory back as soon as it is not needed; smaller ones use it again. */
constexpr size_t FRUGAL_FROM = size_t{1} << 24;

}  // namespace

Ngram::Ngram(NgramJob job, size_t out_capacity)
    : job_(std::move(job)),
      out_capacity_(out_capacity),
      writer_(job_, cancel),
      models_(job_.models),
      tries_(job_.smoothing == NO_SMOOTHING ? 1 : job_.models),
      sets_(job_.sets),
      kept_(job_.kept),
      composition_(static_cast<size_t>(job_.last_generation) + 1) {
  if (job_.has_pairs()) {
    marks_.resize(static_cast<size_t>(job_.vocabulary) + 1);
    weights_.resize(marks_.size());
    order_.resize(marks_.size());
  }
  prepare_corpus();
}

void Ngram::open(uint64_t replicate, uint32_t chains) {
  replicate_ = replicate;
  chains_left_ = chains;
  ended_ = 0;
  generation_ = 0;
  pending_ = false;
  out_.clear();
  text_.clear();
  progress.store(0.0, std::memory_order_relaxed);
  cancel.store(false, std::memory_order_relaxed);
  pause.store(false, std::memory_order_relaxed);
  restored_ = false;
  untrained_.clear();
}

Status Ngram::advance() {
  try {
    return run();
  } catch (const Cancelled&) {
    chains_left_ = 0;
    return CANCELLED;
  } catch (...) {
    chains_left_ = 0;  // what a failed step leaves behind is not gone on with
    throw;
  }
}

Status Ngram::run() {
  double simulated = progress.load(std::memory_order_relaxed);
  if (restored_) train_again();
  while (chains_left_ > 0) {
    if (!pending_) {
      if (pause.exchange(false, std::memory_order_relaxed)) return PAUSED;
      if (generation_ == 0) start_chain();
      train();
      pending_ = true;
    }
    if (reported_ && out_.size() + job_.metric_count() > out_capacity_) return OUT_FULL;
    record();
    pending_ = false;
    progress.store(++simulated, std::memory_order_relaxed);
    if (generation_ == job_.last_generation) {
      generation_ = 0;
      ended_++;
      chains_left_--;
      replicate_++;
    }
    // What was written to be read can be kept before the next generation begins.
    if (!text_.empty() && chains_left_ > 0) return OUT_FULL;
  }
  return DONE;
}

/** Draws the next training set and fits a model to it. */
void Ngram::train() {
  generation_++;
  reported_ = job_.report.empty() ||
              (report_index_ < job_.report.size() && job_.report[report_index_] == generation_);
  depth_ = reported_ ? job_.report_depth : job_.train_depth;
  if (is_frugal()) {
    tries_[0].release();
    for (std::vector<int32_t>& contexts : contexts_) release(contexts);
  }
  draw_training_set();
  fit();
  if (!reported_) return;
  if (job_.wants_held_out) score_held_out();
  if (job_.wants_entropy) sum_entropy();
  if (job_.wants_verbatim) find_verbatim();
}

/** Whether memory is given back between the steps of a generation: models that write without their counts, of long texts. */
bool Ngram::is_frugal() const { return job_.smoothing == NO_SMOOTHING && job_.corpus.size() >= FRUGAL_FROM; }

/** Fits a model to the training set. */
void Ngram::fit() {
  const bool frugal = is_frugal();
  if (frugal) model_of(generation_).groups[job_.longest()] = Groups();
  count();
  if (frugal && !(reported_ && job_.looks_up)) tries_[0].release_tables();
  for (int length = job_.lowest_groups(); length <= job_.longest(); length++) group(length);
  if (job_.has_pairs()) weigh();
}

/** Writes what is asked of this generation. */
void Ngram::record() {
  if (!reported_) return;
  for (size_t i = 0; i < job_.metrics.size(); i += 2) out_.push_back(metric(job_.metrics[i], job_.metrics[i + 1]));
  write_samples();
  report_index_++;
}

}  // namespace collapse
