// Puts a training set together, document by document; the twin of assembly/ngram-sources.ts.
#include <algorithm>
#include <stdexcept>

#include "job.h"
#include "ngram.h"
#include "sampling.h"

namespace collapse {

namespace {

constexpr size_t MOST_TOKENS = 0x7fffffff;
/** Documents written at the same time, and those begun before the oldest is finished. */
constexpr size_t LANES = 24;
constexpr size_t BEGUN = 96;

void add_tokens(std::vector<uint32_t>& to, const uint32_t* tokens, size_t length) {
  if (to.size() + length > MOST_TOKENS) throw std::length_error("more than 2^31 tokens");
  to.insert(to.end(), tokens, tokens + length);
}

}  // namespace

size_t Ngram::document_length(const uint32_t* from) const {
  size_t n = 0;
  while (from[n++] < static_cast<uint32_t>(job_.vocabulary)) {
  }
  return n;
}

void Ngram::start_chain() {
  corpus_starts_.clear();
  uint32_t start = 0;
  for (size_t i = 0; i < job_.corpus.size(); i++) {
    if (job_.corpus[i] < static_cast<uint32_t>(job_.vocabulary)) continue;
    corpus_starts_.push_back(start);
    start = static_cast<uint32_t>(i + 1);
  }
  pool_.clear();
  pool_starts_.clear();
  first_.clear();
  kept_real_.clear();
  for (Batch& batch : kept_) batch.generation = 0;
  report_index_ = 0;
}

/** Draws all blocks of the generation's line. */
void Ngram::draw_training_set() {
  std::fill(composition_.begin(), composition_.begin() + generation_, 0);
  set_of(generation_).clear();
  documents_ = synthetic_ = cut_ = 0;
  serial_ = 0;
  choices_ = numbered_stream(job_, replicate_, generation_, 0, DOMAIN_CHOICE);
  const int32_t* line = job_.line(generation_);
  for (int32_t b = line[0]; b < line[0] + line[1]; b++) {
    const NgramBlock& block = job_.blocks[b];
    if (block.source <= 0) draw_block(block, 0);
    else
      for (int32_t k = block.source; k <= std::min(block.through, generation_ - 1); k++) draw_block(block, k);
  }
}

void Ngram::append(const uint32_t* tokens, size_t length) {
  const int32_t writer = static_cast<int32_t>(tokens[length - 1]) - job_.vocabulary;
  composition_[writer] += static_cast<int32_t>(length);
  documents_++;
  if (writer > 0) synthetic_++;
  add_tokens(set_of(generation_), tokens, length);
}

/** Draws a block, of the model of `back` generations ago where it is one of models. */
void Ngram::draw_block(const NgramBlock& block, int32_t back) {
  const uint32_t size = job_.sizes[block.size];
  // So that large vectors are not copied, nor twice as long as they need to be.
  std::vector<uint32_t>& set = set_of(generation_);
  const size_t there = block.source == SOURCE_TRUTH ? job_.corpus.size() : block.source == SOURCE_POOL ? pool_.size() : size;
  if (block.mode == REDRAWN) set.reserve(set.size() + std::min<size_t>(size, there) + 1024);
  Sink sink = [this](const uint32_t* tokens, size_t length) { append(tokens, length); };
  if (block.mode == INTO_POOL) {
    sink = [this](const uint32_t* tokens, size_t length) {
      pool_starts_.push_back(static_cast<uint32_t>(pool_.size()));
      add_tokens(pool_, tokens, length);
    };
  }
  if (block.source == SOURCE_TRUTH) return draw_real(block, size, sink);
  if (block.source == SOURCE_MIXTURE) return draw_mixture(size, sink);
  if (block.source < 0) return draw_pool(block, size, sink);
  const int32_t model = generation_ - back;
  if (block.mode == FIXED) return walk(set_of(model), sink);
  if (block.mode != KEPT_MODE) return write_documents(model, size, sink);
  Batch& batch = kept_[model % job_.kept];
  if (batch.generation != model) {
    batch.tokens.clear();
    write_documents(model, size, [&batch](const uint32_t* tokens, size_t length) {
      add_tokens(batch.tokens, tokens, length);
    });
    batch.generation = model;
  }
  walk(batch.tokens, sink);
}

/** All documents, in order. */
void Ngram::walk(const std::vector<uint32_t>& tokens, const Sink& sink) {
  for (size_t at = 0; at < tokens.size();) {
    const size_t length = document_length(&tokens[at]);
    sink(&tokens[at], length);
    at += length;
  }
}

/** A place of a list that has not been taken yet, at random: it changes places with the one at `at`. */
template <typename Starts>
uint32_t Ngram::choose(Starts& starts, size_t at) {
  const size_t other = at + choices_.bounded(static_cast<uint32_t>(starts.size() - at));
  std::swap(starts[at], starts[other]);
  return starts[at];
}

void Ngram::draw_real(const NgramBlock& block, uint32_t size, const Sink& sink) {
  const uint32_t* corpus = job_.corpus.data();
  const bool keeps = block.mode == KEPT_MODE;
  if (block.mode == FIXED || (keeps && !kept_real_.empty())) {
    for (const uint32_t start : keeps ? kept_real_ : first_) sink(corpus + start, document_length(corpus + start));
    return;
  }
  const bool first = block.mode == REDRAWN && generation_ == 1;
  const bool whole = size >= job_.corpus.size();
  const size_t total = whole ? job_.corpus.size() : size;
  uint32_t next = 0;
  for (size_t taken = 0, at = 0; taken < total && at < corpus_starts_.size(); at++) {
    const uint32_t start = whole ? next : choose(corpus_starts_, at);
    const size_t length = document_length(corpus + start);
    next += static_cast<uint32_t>(length);
    taken += length;
    if (first) first_.push_back(start);
    if (keeps) kept_real_.push_back(start);
    sink(corpus + start, length);
  }
}

void Ngram::draw_pool(const NgramBlock& block, uint32_t size, const Sink& sink) {
  const bool replaced = block.source == SOURCE_POOL_REPLACED;
  if (!replaced && (block.mode == FIXED || size >= pool_.size())) return walk(pool_, sink);
  size_t taken = 0;
  for (size_t at = 0; taken < size && (replaced || at < pool_starts_.size()); at++) {
    const uint32_t start = replaced ? pool_starts_[choices_.bounded(static_cast<uint32_t>(pool_starts_.size()))]
                                    : choose(pool_starts_, at);
    const size_t length = document_length(&pool_[start]);
    taken += length;
    sink(&pool_[start], length);
    if ((at & 1023) == 0) check_cancel();
  }
}

void Ngram::draw_mixture(uint32_t size, const Sink& sink) {
  for (size_t taken = 0; taken < size;) {
    check_cancel();
    Stream stream = numbered_stream(job_, replicate_, generation_, serial_++, DOMAIN_DOCUMENT);
    const int32_t source = static_cast<int32_t>(stream.bounded(static_cast<uint32_t>(generation_)));
    document_.clear();
    if (source > 0) {
      if (writer_.write(model_of(source), stream, document_, job_.max_document, source)) cut_++;
    } else {
      const uint32_t start = corpus_starts_[stream.bounded(static_cast<uint32_t>(corpus_starts_.size()))];
      document_.assign(&job_.corpus[start], &job_.corpus[start] + document_length(&job_.corpus[start]));
    }
    taken += document_.size();
    sink(document_.data(), document_.size());
  }
}

/** New documents of a model until `size` tokens are reached. */
void Ngram::write_documents(int32_t generation, uint32_t size, const Sink& sink) {
  if (job_.smoothing == NO_SMOOTHING && job_.rule == PLAIN) return write_plain(generation, size, sink);
  for (size_t taken = 0; taken < size;) {
    check_cancel();
    Stream stream = numbered_stream(job_, replicate_, generation_, serial_++, DOMAIN_DOCUMENT);
    document_.clear();
    if (writer_.write(model_of(generation), stream, document_, job_.max_document, generation)) cut_++;
    taken += document_.size();
    sink(document_.data(), document_.size());
  }
}

/** The same, several documents at a time; they are taken in the order of their numbers. */
void Ngram::write_plain(int32_t generation, uint32_t size, const Sink& sink) {
  const Groups& groups = model_of(generation).groups[job_.longest()];
  const int32_t* starts = groups.starts.data();
  const Record* records = groups.records.data();
  const int32_t words = job_.vocabulary;
  const size_t most = static_cast<size_t>(job_.max_document);
  // No more are begun than it will take, as long as they are as those that the model has seen.
  const size_t mean = groups.records.size() / static_cast<size_t>(starts[1]) + 1;
  std::vector<Lane>& begun = lanes_;
  begun.resize(BEGUN);
  Lane* active[LANES];
  size_t lanes = 0, taken = 0, waiting = 0;  // waiting: tokens of documents not yet taken
  uint32_t oldest = serial_, next = serial_;
  for (uint32_t steps = 0;; steps++) {
    if ((steps & 1023) == 0) check_cancel();
    while (lanes < LANES && next - oldest < BEGUN && taken + std::max(waiting, (next - oldest) * mean) < size) {
      Lane& lane = begun[next % BEGUN];
      lane.stream = numbered_stream(job_, replicate_, generation_, next++, DOMAIN_DOCUMENT);
      lane.tokens.clear();
      lane.context = 0;
      lane.done = false;
      active[lanes++] = &lane;
    }
    for (size_t i = 0; i < lanes; i++) {
      Lane& lane = *active[i];
      const int32_t start = starts[lane.context];
      const uint32_t count = static_cast<uint32_t>(starts[lane.context + 1] - start);
      lane.record = records + (count == 1 ? static_cast<uint32_t>(start) : start + lane.stream.bounded(count));
      prefetch(lane.record);
    }
    waiting += lanes;
    bool finished = false;
    for (size_t i = 0; i < lanes;) {
      Lane& lane = *active[i];
      const Record record = *lane.record;
      if (record.token == words || lane.tokens.size() + 1 == most) {
        lane.tokens.push_back(static_cast<uint32_t>(words + generation));
        lane.cut = record.token != words;
        lane.done = finished = true;
        active[i] = active[--lanes];
        continue;
      }
      lane.tokens.push_back(static_cast<uint32_t>(record.token));
      lane.context = record.next;
      prefetch(starts + record.next);
      i++;
    }
    if (!finished) continue;
    while (oldest != next && begun[oldest % BEGUN].done) {
      Lane& lane = begun[oldest++ % BEGUN];
      if (lane.cut) cut_++;
      taken += lane.tokens.size();
      waiting -= lane.tokens.size();
      sink(lane.tokens.data(), lane.tokens.size());
      if (taken < size) continue;
      serial_ = oldest;
      return;
    }
  }
}

uint64_t Ngram::hash_document(const uint32_t* tokens, size_t& length) const {
  uint32_t a = 2166136261u, b = 0x2545f491u;
  uint32_t n = 0;
  for (;;) {
    const uint32_t token = tokens[n++];
    if (token >= static_cast<uint32_t>(job_.vocabulary)) break;
    a = (a ^ token) * 0x01000193u;
    a = (a << 13) | (a >> 19);
    b = (b + token) * 2246822519u;
    b ^= b >> 15;
  }
  length = n;
  a = (a ^ (a >> 16) ^ n) * 2246822507u;
  b = ((b ^ (b >> 13)) * 3266489917u) | 1u;
  return (static_cast<uint64_t>(b) << 32) | a;
}

/** The slot of a hash, or the empty one where it would be. */
size_t Ngram::hash_slot(uint64_t hash) const {
  const size_t mask = hashes_.size() - 1;
  size_t slot = static_cast<uint32_t>(hash) & mask;
  while (hashes_[slot] != 0 && hashes_[slot] != hash) slot = (slot + 1) & mask;
  return slot;
}

/** What is known of the corpus: hashes of its documents, how often it has each word. */
void Ngram::prepare_corpus() {
  real_counts_.assign(job_.vocabulary, 0);
  size_t documents = 0;
  for (const uint32_t token : job_.corpus) {
    if (token < static_cast<uint32_t>(job_.vocabulary)) real_counts_[token]++;
    else documents++;
  }
  if (!job_.wants_verbatim) return;
  size_t slots = 8;
  while (slots < 2 * documents) slots *= 2;
  hashes_.assign(slots, 0);
  for (size_t at = 0; at < job_.corpus.size();) {
    size_t length;
    const uint64_t hash = hash_document(&job_.corpus[at], length);
    hashes_[hash_slot(hash)] = hash;
    at += length;
  }
}

}  // namespace collapse
