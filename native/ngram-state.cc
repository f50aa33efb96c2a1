// A chain of n-gram models between two generations, as bytes; the twin of src/backend/state-ngram.ts. Of a model it holds the
// tokens that it was trained on: training it again gives the same model.
#include <algorithm>
#include <utility>

#include "job.h"
#include "ngram.h"
#include "state.h"

namespace collapse {

namespace {

/** Stands for every source of a block. */
constexpr int32_t ANY = -100;

/** Places of documents: each stands in a stream of `tokens` tokens. */
void transfer_places(State& state, std::vector<uint32_t>& places, size_t tokens) {
  state.list(places);
  for (const uint32_t place : places) state.require(place < tokens);
}

}  // namespace

bool Ngram::save(std::vector<uint8_t>& to) {
  to.clear();
  if (generation_ == 0 || chains_left_ == 0) return true;  // between two chains, or cancelled
  if (pending_ || restored_) return false;
  State state;
  transfer(state);
  to = state.take();
  return true;
}

void Ngram::restore(const uint8_t* from, size_t size) {
  State state(from, size);
  try {
    start_chain();
    transfer(state);
    state.end();
    restored_ = true;
  } catch (...) {
    chains_left_ = 0;
    generation_ = 0;
    untrained_.clear();
    throw;
  }
}

void Ngram::transfer(State& state) {
  state.value(generation_);
  state.require(generation_ >= 1 && generation_ < job_.last_generation);
  report_index_ = static_cast<size_t>(std::upper_bound(job_.report.begin(), job_.report.end(), generation_) - job_.report.begin());
  const size_t documents = corpus_starts_.size();
  transfer_places(state, corpus_starts_, job_.corpus.size());
  state.require(corpus_starts_.size() == documents);
  transfer_places(state, first_, job_.corpus.size());
  transfer_places(state, kept_real_, job_.corpus.size());
  transfer_tokens(state, pool_);
  transfer_places(state, pool_starts_, pool_.size());
  // What an earlier generation has drawn is not empty.
  state.require((!first_.empty() || !has_drawn(1, SOURCE_TRUTH, REDRAWN)) && (!pool_starts_.empty() || !has_drawn(generation_, ANY, INTO_POOL)));
  for (int32_t m = std::max(1, generation_ - job_.kept + 1); m <= generation_ && job_.kept > 0; m++) {
    Batch& batch = kept_[m % job_.kept];
    if (!state.flag(batch.generation == m)) continue;
    batch.generation = m;
    transfer_tokens(state, batch.tokens);
    state.require(!batch.tokens.empty());
  }
  // Newer sets are there as they are; those of older models are read off the models.
  const int32_t oldest = std::max(1, generation_ - job_.sets + 1);
  for (int32_t m = std::max(1, generation_ - job_.models + 1); m <= generation_; m++) {
    if (m >= oldest) break;
    std::vector<uint32_t> tokens;
    if (!state.reads()) tokens = trained_on(model_of(m));
    transfer_tokens(state, tokens);
    state.require(!tokens.empty());
    if (state.reads()) untrained_.push_back(std::move(tokens));
  }
  for (int32_t m = oldest; m <= generation_; m++) {
    transfer_tokens(state, set_of(m));
    state.require(!set_of(m).empty());
  }
}

/** Whether the generations so far, as far as `last`, have such a block. */
bool Ngram::has_drawn(int32_t last, int32_t source, int32_t mode) const {
  for (int32_t m = 1; m <= std::min<int32_t>(last, static_cast<int32_t>(job_.lines.size() / 2)); m++) {
    const int32_t* line = job_.line(m);
    for (int32_t b = line[0]; b < line[0] + line[1]; b++) {
      const NgramBlock& block = job_.blocks[b];
      if (block.mode == mode && (source == ANY || block.source == source) && block.source < m) return true;
    }
  }
  return false;
}

/** Whole documents. */
void Ngram::transfer_tokens(State& state, std::vector<uint32_t>& tokens) {
  state.list(tokens);
  const uint32_t words = static_cast<uint32_t>(job_.vocabulary);
  state.require(tokens.empty() || tokens.back() >= words);
  if (!state.reads()) return;
  for (const uint32_t token : tokens) state.require(token < words + static_cast<uint32_t>(generation_) + 1);
}

/** A model's training set, without who wrote its documents: the positions of every context are in their order. */
std::vector<uint32_t> Ngram::trained_on(const Model& model) const {
  const Groups& groups = model.groups[job_.longest()];
  std::vector<int32_t> next(groups.starts.begin(), groups.starts.end());
  std::vector<uint32_t> tokens;
  tokens.reserve(groups.records.size());
  int32_t context = 0;
  while (context != 0 || next[0] < groups.starts[1]) {
    const Record& record = groups.records[next[context]++];
    const int32_t token = record.token & 0x7fffffff;
    tokens.push_back(static_cast<uint32_t>(token));
    context = token == job_.vocabulary ? 0 : record.next;
  }
  return tokens;
}

/** Trains the models of a restored chain: those of untrained_, and those whose sets are there. */
void Ngram::train_again() {
  const int32_t last = generation_;
  const int32_t first = std::max(1, last - job_.models + 1);
  reported_ = false;
  depth_ = job_.train_depth;
  for (int32_t m = first; m <= last; m++) {
    generation_ = m;
    const size_t place = static_cast<size_t>(m - first);
    std::vector<uint32_t>& set = set_of(m);
    const bool is_old = place < untrained_.size();
    if (is_old) std::swap(set, untrained_[place]);
    documents_ = static_cast<int32_t>(std::count_if(set.begin(), set.end(), [this](uint32_t token) {
      return token >= static_cast<uint32_t>(job_.vocabulary);
    }));
    fit();
    if (is_old) std::swap(set, untrained_[place]);
  }
  untrained_.clear();
  restored_ = false;
}

}  // namespace collapse
