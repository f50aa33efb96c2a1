// Metrics of a generation: the twin of assembly/ngram-score.ts and ngram-metrics.ts.
#include <limits>

#include "math.h"
#include "ngram.h"

namespace collapse {

namespace {

constexpr double INFINITE = std::numeric_limits<double>::infinity();
constexpr double UNDEFINED = std::numeric_limits<double>::quiet_NaN();

double share(int32_t part, int32_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

/** The n-gram of this length that a token makes of the contexts, -1 if the training set does not have it. */
int32_t Ngram::gram_of(int length, int32_t token) {
  const int32_t before = state_[length - 1];
  return before < 0 ? -1 : trie_of(generation_).levels[length].find(length, before, token);
}

double Ngram::probability(int32_t token, int top) {
  const Trie& trie = trie_of(generation_);
  const double parameter = job_.smoothing_parameter;
  const double all = job_.vocabulary + 1;
  if (job_.smoothing <= ADD_K) {
    const int32_t context = state_[top];
    const int32_t gram = gram_of(top + 1, token);
    const double count = gram < 0 ? 0 : trie.levels[top + 1].count(gram);
    const double whole = context < 0 ? 0 : trie.levels[top].count(context);
    if (job_.smoothing == ADD_K) return (count + parameter) / (whole + parameter * all);
    return whole == 0.0 ? UNDEFINED : count / whole;
  }
  double p = 1.0 / all;
  for (int length = 0; length <= top; length++) {
    const int32_t id = state_[length];
    if (id < 0) break;
    const Level& level = trie.levels[length];
    const Level& next = trie.levels[length + 1];
    const int32_t gram = gram_of(length + 1, token);
    const double types = level.nodes[id].types;
    if (job_.smoothing == WITTEN_BELL) {
      const double count = gram < 0 ? 0 : next.count(gram);
      const double whole = level.count(id);
      p = (count + types * p) / (whole + types);
      continue;
    }
    const bool highest = length == top;
    const double count = gram < 0 ? 0 : highest ? next.count(gram) : next.links[gram].before;
    const double whole = highest ? level.count(id) : level.links[id].around;
    const double kept = count > parameter ? count - parameter : 0.0;
    p = (kept + parameter * types * p) / whole;
  }
  return p;
}

void Ngram::move_on(int32_t token, int longest) {
  for (int length = longest; length >= 1; length--) state_[length] = gram_of(length, token);
}

void Ngram::score_held_out() {
  const int longest = job_.longest();
  unseen_ = 0;
  log_sum_ = 0.0;
  for (int l = 0; l <= longest; l++) state_[l] = 0;
  for (size_t i = 0; i < job_.held_out.size(); i++) {
    if ((i & 0xffff) == 0) check_cancel();
    const int32_t token = static_cast<int32_t>(job_.held_out[i]);
    const double p = probability(token, longest);
    if (p > 0.0) log_sum_ += log(p);
    else unseen_++;
    if (token != job_.vocabulary) move_on(token, longest);
    else
      for (int l = 0; l <= longest; l++) state_[l] = 0;
  }
}

double Ngram::watched(int32_t entry) {
  const int32_t* at = &job_.watch[static_cast<size_t>(entry) * WATCH_WORDS];
  const int length = at[0];
  int begins = 0;
  state_[0] = 0;
  for (int l = 1; l <= length; l++) state_[l] = -1;
  for (int i = 0; i < length; i++) {
    if (at[i + 1] > job_.vocabulary) {
      begins++;
      for (int l = 1; l <= begins; l++) state_[l] = 0;
    } else {
      move_on(at[i + 1], length);
    }
  }
  return probability(at[length + 1], length);
}

double Ngram::divergence() {
  const size_t entries = job_.truth.size() / 2;
  double sum = 0.0, weights = 0.0, mass = 0.0, part = 0.0;
  for (size_t entry = 0; entry < entries; entry++) {
    const double q = watched(static_cast<int32_t>(entry));
    const double p = job_.truth[2 * entry];
    const double weight = job_.truth[2 * entry + 1];
    if (weight > 0.0) {
      mass = 0.0;
      part = weight;
      if (q == q) weights += weight;
    }
    mass += q;
    if (q > 0.0) sum += part * q * log(q / p);
    const bool closes = entry + 1 == entries || job_.truth[2 * entry + 3] > 0.0;
    if (closes && mass < 1.0 - 1e-9) return INFINITE;
  }
  return weights > 0.0 ? sum / weights : UNDEFINED;
}

void Ngram::sum_entropy() {
  const Trie& trie = trie_of(generation_);
  const Level& level = trie.levels[job_.order];
  const Level& contexts = trie.levels[job_.order - 1];
  entropy_ = 0.0;
  for (int32_t id = 1; id < level.size(); id++) {
    if ((id & 0xffff) == 0) check_cancel();
    const double count = level.nodes[id].count;
    if (count == 0.0) continue;
    const double whole = contexts.count(level.nodes[id].prefix);
    if (whole > count) entropy_ += count * log(whole / count);
  }
}

void Ngram::find_verbatim() {
  const std::vector<uint32_t>& tokens = set_of(generation_);
  verbatim_ = 0;
  for (size_t at = 0; at < tokens.size();) {
    size_t length;
    const uint64_t hash = hash_document(&tokens[at], length);
    at += length;
    if (tokens[at - 1] == static_cast<uint32_t>(job_.vocabulary)) continue;  // a real one
    if (hashes_[hash_slot(hash)] != 0) verbatim_++;
  }
}

double Ngram::cross_entropy() const {
  if (unseen_ > 0) return INFINITE;
  return (0.0 - log_sum_) / static_cast<double>(job_.held_out.size());
}

int32_t Ngram::word_types() {
  const Level& level = trie_of(generation_).levels[1];
  int32_t types = 0;
  for (int32_t token = 0; token < job_.vocabulary; token++) types += level.count(token + 1) > 0;
  return types;
}

/** Of the words that the corpus has `times` times, the share that the training set still has. */
double Ngram::survival(int32_t times) {
  const Level& level = trie_of(generation_).levels[1];
  int32_t all = 0, alive = 0;
  for (int32_t token = 0; token < job_.vocabulary; token++) {
    if (real_counts_[token] != times) continue;
    all++;
    alive += level.count(token + 1) > 0;
  }
  return share(alive, all);
}

double Ngram::metric(int32_t id, int32_t argument) {
  const int32_t length = static_cast<int32_t>(set_of(generation_).size());
  switch (id) {
    case PERPLEXITY: return exp(cross_entropy());
    case CROSS_ENTROPY: return cross_entropy();
    case UNSEEN: return unseen_;
    case VOCABULARY: return word_types();
    case NGRAM_TYPES:
      return job_.order == 1 ? word_types() + 1 : trie_of(generation_).levels[job_.order].size() - 1;
    case ENTROPY_RATE: return entropy_ / static_cast<double>(length);
    case DISTINCT: return share(distinct_[2 * argument - 2], distinct_[2 * argument - 1]);
    case REPETITION: return repeat_documents_ == 0 ? 0.0 : repetition_ / static_cast<double>(repeat_documents_);
    case VERBATIM: return share(verbatim_, synthetic_);
    case WATCH: return watched(argument);
    case COMPOSITION: return argument < generation_ ? share(composition_[argument], length) : 0.0;
    case DOCUMENTS: return documents_;
    case TOKENS: return length;
    case CUT: return cut_;
    case SURVIVAL: return survival(argument);
    default: return divergence();
  }
}

/** Documents to be read: replicate, generation, length (negative if it was cut), then the tokens. */
void Ngram::write_samples() {
  if (replicate_ >= static_cast<uint64_t>(job_.sample_replicates)) return;
  for (int32_t d = 0; d < job_.sample_documents; d++) {
    Stream stream = numbered_stream(job_, replicate_, generation_, static_cast<uint32_t>(d), DOMAIN_SAMPLE);
    document_.clear();
    const bool cut = writer_.write(model_of(generation_), stream, document_, job_.sample_length, 0);
    const int32_t length = static_cast<int32_t>(document_.size());
    text_.push_back(static_cast<int32_t>(replicate_));
    text_.push_back(generation_);
    text_.push_back(cut ? -length : length);
    text_.insert(text_.end(), document_.begin(), document_.end());
  }
  check_cancel();  // a cancelled document is not the model's
}

}  // namespace collapse
