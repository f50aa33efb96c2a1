// The n-gram kernel: all generations of the replicates of a slice; the twin of assembly/ngram.ts.
// Documents have random streams of their own, so this one writes several at a time: their cache misses overlap.
#pragma once
#include <atomic>
#include <functional>
#include <memory>

#include "loop.h"
#include "ngram-model.h"

namespace collapse {

class Ngram {
 public:
  Ngram(NgramJob job, size_t out_capacity);

  void open(uint64_t replicate, uint32_t chains);
  /** Goes on until the slice is DONE, the output is OUT_FULL, it is CANCELLED or, after `pause`, at the next generation. */
  Status advance();

  /** Where the chain stands, as bytes: none between two chains. False in the middle of a generation. */
  bool save(std::vector<uint8_t>& to);
  /** Puts the slice's first chain where `save` left it; its models are trained when it goes on. Throws BadState. */
  void restore(const uint8_t* from, size_t size);

  std::vector<double>& out() { return out_; }
  std::vector<int32_t>& text() { return text_; }
  uint32_t ended() const { return ended_; }

  std::atomic<bool> cancel{false};
  /** Asks for PAUSED before the next generation, once. */
  std::atomic<bool> pause{false};
  std::atomic<double> progress{0.0};

 private:
  /** Thrown out of the passes. */
  struct Cancelled {};
  struct Batch {
    std::vector<uint32_t> tokens;
    int32_t generation = 0;
  };
  /** A document that is being written. */
  struct Lane {
    Stream stream;
    const Record* record = nullptr;
    int32_t context = 0;
    bool done = false, cut = false;
    std::vector<uint32_t> tokens;
  };
  using Sink = std::function<void(const uint32_t* tokens, size_t length)>;

  const NgramJob job_;
  const size_t out_capacity_;
  Writer writer_;

  // Of the corpus.
  std::vector<uint32_t> corpus_starts_;  // in an order that choices change
  std::vector<int32_t> real_counts_;
  std::vector<uint64_t> hashes_;
  int hash_bits_ = 0;

  // Of the chain.
  uint64_t replicate_ = 0;
  uint32_t chains_left_ = 0, ended_ = 0;
  int32_t generation_ = 0;
  bool pending_ = false;  // a generation is trained but not recorded
  bool restored_ = false;  // models are to be trained again
  /** Training sets of restored models that are older than the sets of the ring. */
  std::vector<std::vector<uint32_t>> untrained_;
  size_t report_index_ = 0;
  std::vector<Model> models_;
  std::vector<Trie> tries_;
  std::vector<std::vector<uint32_t>> sets_;
  std::vector<Batch> kept_;
  std::vector<uint32_t> first_, kept_real_;
  std::vector<uint32_t> pool_, pool_starts_;

  // Of the generation.
  Stream choices_;
  uint32_t serial_ = 0;
  bool reported_ = false;
  int depth_ = 0;
  std::vector<int32_t> composition_;
  int32_t documents_ = 0, synthetic_ = 0, cut_ = 0, verbatim_ = 0, unseen_ = 0;
  int32_t distinct_[6] = {};
  int32_t repeats_ = 0, repeat_documents_ = 0;
  double repetition_ = 0.0, log_sum_ = 0.0, entropy_ = 0.0;

  // Scratch.
  std::vector<int32_t> contexts_[NGRAM_LEVELS];
  std::vector<uint8_t> new_;
  std::vector<int32_t> stamps_, marks_;
  std::vector<double> weights_;
  std::vector<uint32_t> order_, document_;
  int32_t state_[NGRAM_LEVELS] = {};
  std::vector<Lane> lanes_;

  std::vector<double> out_;
  std::vector<int32_t> text_;

  void check_cancel() const {
    if (cancel.load(std::memory_order_relaxed)) throw Cancelled();
  }
  std::vector<uint32_t>& set_of(int32_t generation) { return sets_[generation % job_.sets]; }
  Model& model_of(int32_t generation) { return models_[generation % job_.models]; }
  Trie& trie_of(int32_t generation) { return tries_[generation % tries_.size()]; }

  Status run();
  void start_chain();
  void train();
  void fit();
  void record();
  bool is_frugal() const;

  // ngram-state.cc
  void transfer(State& state);
  void transfer_tokens(State& state, std::vector<uint32_t>& tokens);
  bool has_drawn(int32_t last, int32_t source, int32_t mode) const;
  std::vector<uint32_t> trained_on(const Model& model) const;
  void train_again();

  // ngram-sources.cc
  void prepare_corpus();
  void draw_training_set();
  void draw_block(const NgramBlock& block, int32_t back);
  void draw_real(const NgramBlock& block, uint32_t size, const Sink& sink);
  void draw_pool(const NgramBlock& block, uint32_t size, const Sink& sink);
  void draw_mixture(uint32_t size, const Sink& sink);
  void write_documents(int32_t generation, uint32_t size, const Sink& sink);
  void write_plain(int32_t generation, uint32_t size, const Sink& sink);
  void append(const uint32_t* tokens, size_t length);
  size_t document_length(const uint32_t* from) const;
  void walk(const std::vector<uint32_t>& tokens, const Sink& sink);
  template <typename Starts>
  uint32_t choose(Starts& starts, size_t at);
  uint64_t hash_document(const uint32_t* tokens, size_t& length) const;
  size_t hash_slot(uint64_t hash) const;

  // ngram-fit.cc
  void count();
  void link_new(Trie& trie, int length, int32_t id, int32_t lower, int32_t older);
  void end_document(int32_t length);
  void group(int length);
  void weigh();

  // ngram-metrics.cc
  int32_t gram_of(int length, int32_t token);
  double probability(int32_t token, int top);
  void move_on(int32_t token, int longest);
  void score_held_out();
  double watched(int32_t entry);
  double divergence();
  void sum_entropy();
  void find_verbatim();
  double cross_entropy() const;
  int32_t word_types();
  double survival(int32_t times);
  double metric(int32_t id, int32_t argument);
  void write_samples();
};

}  // namespace collapse
