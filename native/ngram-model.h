// A model of the ring: positions of its training set grouped by their context (docs/NGRAM.md), and writing with it.
// The twin of assembly/ngram-groups.ts and ngram-sample.ts.
#pragma once
#include <atomic>
#include <unordered_map>
#include <vector>

#include "ngram-trie.h"
#include "stream.h"

namespace collapse {

/** A position: its token (sign bit: the first of its kind in its group) and the context that follows. */
struct Record {
  int32_t token, next;
};

struct Groups {
  std::vector<int32_t> starts;
  std::vector<Record> records;
};

struct Model {
  Groups groups[NGRAM_LEVELS - 1];
  std::vector<int32_t> types;  // tokens of the training set, where the model is smoothed
  Trie* trie = nullptr;
  std::vector<int32_t> pair_starts;
  std::vector<int32_t> pair_tokens, pair_nexts;
  std::vector<double> pair_shares;
};

/** The stream of (seed, replicate, generation, number, domain): 96 hashed bits as they are. */
inline Stream numbered_stream(const NgramJob& job, uint64_t replicate, int32_t generation, uint32_t number,
                              uint32_t domain) {
  const Words4 hash = threefry({static_cast<uint32_t>(replicate), static_cast<uint32_t>(replicate >> 32), number,
                                static_cast<uint32_t>(generation)},
                               {job.seed_low, job.seed_high, 0, domain});
  Stream stream;
  stream.a = hash[0];
  stream.b = hash[1];
  stream.c = hash[2];
  stream.counter = 1;
  return stream;
}

/** Writes single documents. */
class Writer {
 public:
  /** `cancel`: ends a document early; what it gives then is not to be used. */
  Writer(const NgramJob& job, const std::atomic<bool>& cancel);

  /** A model has been trained anew: what is known of models no longer holds. */
  void forget() { base_of_ = ruled_of_ = nullptr; }

  /**
   * Appends a document of at most `most` tokens to `to`, its end being vocabulary + writer; returns whether it was cut.
   */
  bool write(const Model& model, Stream& stream, std::vector<uint32_t>& to, int32_t most, int32_t writer);

 private:
  const NgramJob& job_;
  const std::atomic<bool>& cancel_;
  std::vector<double> weights_, dense_, base_;
  const Model* base_of_ = nullptr;
  std::vector<uint32_t> order_;
  // What a rule makes of the probabilities after contexts of one model: tokens with a weight, and running sums.
  struct Ruled {
    size_t start, end;
    double sum;
  };
  std::unordered_map<uint64_t, Ruled> ruled_;
  std::vector<int32_t> ruled_tokens_;
  std::vector<double> ruled_shares_;
  const Model* ruled_of_ = nullptr;
  // The context of a smoothed model's next token, and where the last draw came from.
  int state_level_ = 0, drawn_at_ = 0;
  int32_t state_id_ = 0, leads_ = 0;

  int32_t take(const Model& model, int length, int32_t place);
  int32_t draw_added(const Model& model, Stream& stream);
  int32_t draw_backed_off(const Model& model, Stream& stream);
  int32_t draw_ruled(const Model& model, Stream& stream);
  Ruled rule_probabilities(const Model& model);
  void added_probabilities(const Model& model);
  void backed_off_probabilities(const Model& model);
  void copy_base(const Model& model);
  void interpolate(const Model& model, int length, int32_t id, std::vector<double>& dense);
  void add_records(const Model& model, int length, int32_t id, double share, double discount, std::vector<double>& dense);
  void follow(const Model& model, int32_t token);
};

}  // namespace collapse
