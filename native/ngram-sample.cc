// The twin of assembly/ngram-sample.ts.
#include <algorithm>

#include "ngram-model.h"
#include "sampling.h"

namespace collapse {

Writer::Writer(const NgramJob& job, const std::atomic<bool>& cancel) : job_(job), cancel_(cancel) {
  if (job.rule == PLAIN) return;
  const size_t tokens = static_cast<size_t>(job.vocabulary) + 1;
  weights_.resize(tokens);
  order_.resize(tokens);
  if (job.smoothing == NO_SMOOTHING) return;
  dense_.resize(tokens);
  base_.resize(tokens);
}

namespace {

/** Tokens of the contexts that are kept under a rule, 12 bytes each, after which they are forgotten. */
constexpr size_t MOST_RULED = size_t{1} << 23;

/** The entry of the running sums start ... end - 1 that a uniform number falls on. */
int32_t pick_share(const std::vector<double>& shares, Stream& stream, int32_t start, int32_t end) {
  const double u = stream.uniform() * shares[end - 1];
  int32_t low = start, high = end - 1;
  while (low < high) {
    const int32_t middle = (low + high) >> 1;
    if (shares[middle] > u) high = middle;
    else low = middle + 1;
  }
  while (low > start && shares[low] == shares[low - 1]) low--;
  return low;
}

}  // namespace

bool Writer::write(const Model& model, Stream& stream, std::vector<uint32_t>& to, int32_t most, int32_t writer) {
  const int32_t words = job_.vocabulary;
  const Groups& groups = model.groups[job_.longest()];
  const bool smoothed = job_.smoothing != NO_SMOOTHING;
  int32_t context = 0;
  state_level_ = job_.longest();
  state_id_ = 0;
  for (int32_t n = 1;; n++) {
    int32_t token;
    if (smoothed) {
      if (job_.rule != PLAIN) token = draw_ruled(model, stream);
      else if (job_.smoothing == ADD_K) token = draw_added(model, stream);
      else token = draw_backed_off(model, stream);
    } else if (job_.rule != PLAIN) {
      const int32_t start = model.pair_starts[context], end = model.pair_starts[context + 1];
      const int32_t pair = end - start == 1 ? start : pick_share(model.pair_shares, stream, start, end);
      token = model.pair_tokens[pair];
      context = model.pair_nexts[pair];
    } else {
      const int32_t start = groups.starts[context], size = groups.starts[context + 1] - start;
      const Record& record = groups.records[size == 1 ? start : start + stream.bounded(static_cast<uint32_t>(size))];
      token = record.token;
      context = record.next;
    }
    if (token == words || n == most || ((n & 63) == 0 && cancel_.load(std::memory_order_relaxed))) {
      to.push_back(static_cast<uint32_t>(words + writer));
      return token != words;
    }
    to.push_back(static_cast<uint32_t>(token));
    if (smoothed) follow(model, token);
  }
}

int32_t Writer::take(const Model& model, int length, int32_t place) {
  const Record& record = model.groups[length].records[place];
  drawn_at_ = length;
  leads_ = record.next;
  return record.token & 0x7fffffff;
}

int32_t Writer::draw_added(const Model& model, Stream& stream) {
  const double types = static_cast<double>(model.types.size());
  drawn_at_ = -1;
  if (state_level_ == job_.longest()) {
    const std::vector<int32_t>& starts = model.groups[job_.longest()].starts;
    const int32_t start = starts[state_id_];
    const double size = starts[state_id_ + 1] - start;
    const double u = stream.uniform() * (size + job_.smoothing_parameter * types);
    if (u < size) return take(model, job_.longest(), start + static_cast<int32_t>(u));
  }
  return model.types[stream.bounded(static_cast<uint32_t>(model.types.size()))];
}

int32_t Writer::draw_backed_off(const Model& model, Stream& stream) {
  for (;;) {
    int32_t id = state_id_;
    for (int length = state_level_; length >= 0; length--) {
      const Level& level = model.trie->levels[length];
      const Groups& groups = model.groups[length];
      const int32_t start = groups.starts[id];
      const uint32_t size = static_cast<uint32_t>(groups.starts[id + 1] - start);
      if (job_.smoothing == KNESER_NEY) {
        const int32_t place = start + static_cast<int32_t>(stream.bounded(size));
        if (groups.records[place].token >= 0 || stream.uniform() >= job_.smoothing_parameter) {
          return take(model, length, place);
        }
      } else {
        const uint32_t place = stream.bounded(size + static_cast<uint32_t>(level.nodes[id].types));
        if (place < size) return take(model, length, start + static_cast<int32_t>(place));
      }
      id = level.links[id].suffix;
    }
    const int32_t token = static_cast<int32_t>(stream.bounded(static_cast<uint32_t>(job_.vocabulary) + 1));
    drawn_at_ = -1;
    if (model.trie->levels[1].count(token + 1) > 0) return token;
  }
}

/** Any smoothing under a rule. Text comes back to its contexts, so what was worked out for them is kept. */
int32_t Writer::draw_ruled(const Model& model, Stream& stream) {
  if (ruled_of_ != &model || ruled_tokens_.size() > MOST_RULED) {
    ruled_.clear();
    ruled_tokens_.clear();
    ruled_shares_.clear();
    ruled_of_ = &model;
  }
  const bool whole = job_.smoothing != ADD_K || state_level_ == job_.longest();
  const uint64_t context = whole ? (static_cast<uint64_t>(state_level_) << 32) | static_cast<uint32_t>(state_id_) : ~uint64_t{0};
  const auto [entry, is_new] = ruled_.try_emplace(context);
  if (is_new) entry->second = rule_probabilities(model);
  const Ruled& ruled = entry->second;
  const double u = stream.uniform() * ruled.sum;
  const auto shares = ruled_shares_.begin();
  const auto found = std::upper_bound(shares + ruled.start, shares + ruled.end, u);
  drawn_at_ = -1;
  return ruled_tokens_[std::min(static_cast<size_t>(found - shares), ruled.end - 1)];
}

/** The probabilities of all types of the training set after the context, weighed by the rule. */
Writer::Ruled Writer::rule_probabilities(const Model& model) {
  const int types = static_cast<int>(model.types.size());
  if (job_.smoothing == ADD_K) added_probabilities(model);
  else backed_off_probabilities(model);
  double total = 0.0;
  for (int k = 0; k < types; k++) {
    weights_[k] = dense_[model.types[k]];
    total += weights_[k];
  }
  const size_t start = ruled_tokens_.size();
  const double sum =
      apply_rule(job_.rule, job_.rule_parameter, nullptr, model.types.data(), weights_.data(), types, total, order_.data());
  double part = 0.0;
  for (int k = 0; k < types; k++) {
    if (weights_[k] == 0.0) continue;
    part += weights_[k];
    ruled_tokens_.push_back(model.types[k]);
    ruled_shares_.push_back(part);
  }
  return {start, ruled_tokens_.size(), sum};
}

void Writer::added_probabilities(const Model& model) {
  if (job_.longest() == 0) return copy_base(model);
  for (const int32_t token : model.types) dense_[token] = job_.smoothing_parameter;
  if (state_level_ == job_.longest()) add_records(model, state_level_, state_id_, 1.0, 0.0, dense_);
}

/** The probabilities without a context, which are the same for every token of a model. */
void Writer::copy_base(const Model& model) {
  if (base_of_ != &model) {
    const double all = job_.vocabulary + 1;
    const bool adds = job_.smoothing == ADD_K;
    const double start = adds ? job_.smoothing_parameter : 1.0 / all;
    for (const int32_t token : model.types) base_[token] = start;
    if (adds) add_records(model, 0, 0, 1.0, 0.0, base_);
    else interpolate(model, 0, 0, base_);
    base_of_ = &model;
  }
  for (const int32_t token : model.types) dense_[token] = base_[token];
}

void Writer::add_records(const Model& model, int length, int32_t id, double share, double discount,
                         std::vector<double>& dense) {
  const Groups& groups = model.groups[length];
  for (int32_t r = groups.starts[id]; r < groups.starts[id + 1]; r++) {
    const int32_t token = groups.records[r].token;
    dense[token & 0x7fffffff] += token < 0 ? (1.0 - discount) * share : share;
  }
}

void Writer::backed_off_probabilities(const Model& model) {
  copy_base(model);
  for (int length = 1; length <= state_level_; length++) {
    int32_t id = state_id_;
    for (int l = state_level_; l > length; l--) id = model.trie->levels[l].links[id].suffix;
    interpolate(model, length, id, dense_);
  }
}

/** From the probabilities after the context without its first word to those after the context. */
void Writer::interpolate(const Model& model, int length, int32_t id, std::vector<double>& dense) {
  const bool discounts = job_.smoothing == KNESER_NEY;
  const double discount = job_.smoothing_parameter;
  const std::vector<int32_t>& starts = model.groups[length].starts;
  const double size = starts[id + 1] - starts[id];
  const double followers = model.trie->levels[length].nodes[id].types;
  const double whole = discounts ? size : size + followers;
  const double rest = (discounts ? discount * followers : followers) / whole;
  for (const int32_t token : model.types) dense[token] *= rest;
  add_records(model, length, id, 1.0 / whole, discounts ? discount : 0.0, dense);
}

void Writer::follow(const Model& model, int32_t token) {
  const int longest = job_.longest();
  const int known = drawn_at_ < 0 ? 0 : drawn_at_ < longest ? drawn_at_ + 1 : longest;
  int32_t id = state_id_;
  for (int length = state_level_; length >= known; length--) {
    if (length < longest) {
      const int32_t next = model.trie->levels[length + 1].find(length + 1, id, token);
      if (next >= 0) {
        state_level_ = length + 1;
        state_id_ = next;
        return;
      }
    }
    id = model.trie->levels[length].links[id].suffix;
  }
  state_level_ = known;
  state_id_ = known == 0 ? 0 : leads_;
}

}  // namespace collapse
