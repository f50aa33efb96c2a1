// Training: the twin of assembly/ngram-fit.ts and ngram-groups.ts.
#include <algorithm>

#include "ngram.h"
#include "sampling.h"

namespace collapse {

namespace {

/** How far ahead memory is asked for. */
constexpr int32_t TABLE_AHEAD = 16;
constexpr int32_t NODE_AHEAD = 8;

/** Asks for what counting the bigrams of the positions ahead will touch. */
inline void prefetch_bigrams(const Level& level, const uint32_t* tokens, int32_t i, int32_t length, int32_t words) {
  if (i + TABLE_AHEAD >= length || i == 0) return;
  const auto slot = [&](int32_t at) {
    const int32_t before = static_cast<int32_t>(tokens[at - 1]), token = static_cast<int32_t>(tokens[at]);
    return level.slot(before >= words ? 0 : before + 1, std::min(token, words));
  };
  prefetch(&level.table[slot(i + TABLE_AHEAD)]);
  prefetch(&level.nodes[level.table[slot(i + NODE_AHEAD)]]);
}

}  // namespace

/** Counts the n-grams of the training set up to length depth_. */
void Ngram::count() {
  const std::vector<uint32_t>& tokens = set_of(generation_);
  Trie& trie = trie_of(generation_);
  const int32_t length = static_cast<int32_t>(tokens.size());
  const int32_t words = job_.vocabulary;
  const int context = job_.longest();
  const int lowest = job_.backs_off() ? 1 : context;
  const bool linked = job_.smoothing != NO_SMOOTHING;
  const bool marks_new = job_.smoothing == KNESER_NEY;
  const bool wants_distinct = reported_ && job_.wants_distinct;
  const int repetition = reported_ ? job_.repetition : 0;
  writer_.forget();
  trie.clear(depth_, words, tokens.size(), linked);
  std::fill(distinct_, distinct_ + 6, 0);
  repetition_ = 0.0;
  repeats_ = repeat_documents_ = 0;
  for (int l = std::max(lowest, 1); l <= context; l++) contexts_[l].resize(length);
  if (marks_new) new_.resize(length);
  if (repetition > 0) stamps_.clear();
  int32_t state[NGRAM_LEVELS + 1] = {};
  int32_t at = 0;
  for (int32_t i = 0; i < length; i++) {
    if ((i & 0xffff) == 0) check_cancel();
    if (depth_ >= 2) prefetch_bigrams(trie.levels[2], tokens.data(), i, length, words);
    const bool ends = tokens[i] >= static_cast<uint32_t>(words);
    const int32_t token = ends ? words : static_cast<int32_t>(tokens[i]);
    for (int l = std::max(lowest, 1); l <= context; l++) contexts_[l][i] = state[l];
    int shortest = depth_ + 1;
    int32_t before = 0, older = 0, lower = 0;
    for (int l = 1; l <= depth_; l++) {
      Level& level = trie.levels[l];
      const int32_t here = state[l];
      const int32_t id = l == 1 ? token + 1 : level.insert(before, token, linked);
      const bool is_new = level.nodes[id].count++ == 0;
      if (is_new) {
        shortest = std::min(shortest, l);
        trie.levels[l - 1].nodes[before].types++;
        if (linked) link_new(trie, l, id, lower, older);
      }
      if (l == repetition && !ends && at >= l - 1) {
        if (static_cast<size_t>(id) >= stamps_.size()) stamps_.resize(static_cast<size_t>(id) + 1);
        if (!is_new && stamps_[id] == repeat_documents_ + 1) repeats_++;
        stamps_[id] = repeat_documents_ + 1;
      }
      state[l] = ends ? 0 : id;
      older = before;
      before = here;
      lower = id;
    }
    if (marks_new) new_[i] = static_cast<uint8_t>(shortest);
    if (wants_distinct && !ends) {
      for (int n = 1; n <= 3 && n <= at + 1; n++) {
        if (shortest <= n) distinct_[2 * n - 2]++;
        distinct_[2 * n - 1]++;
      }
    }
    at++;
    if (!ends) continue;
    if (repetition > 0) end_document(at);
    at = 0;
  }
  trie.levels[0].nodes[0].count = length;
  for (int l = 1; l <= depth_; l++) trie.levels[l].nodes[0].count = documents_;
  Model& model = model_of(generation_);
  model.trie = &trie;
  if (!linked) return;
  model.types.clear();
  for (int32_t token = 0; token <= words; token++) {
    if (trie.levels[1].count(token + 1) > 0) model.types.push_back(token);
  }
}

/** What a new n-gram means to shorter ones. */
void Ngram::link_new(Trie& trie, int length, int32_t id, int32_t lower, int32_t older) {
  trie.levels[length].links[id].suffix = lower;
  trie.levels[length - 1].links[lower].before++;
  if (length >= 2) trie.levels[length - 2].links[older].around++;
}

/** Ends a document of `length` tokens, its end included. */
void Ngram::end_document(int32_t length) {
  const int32_t windows = length - job_.repetition;
  if (windows <= 0) return;
  repetition_ += static_cast<double>(repeats_) / static_cast<double>(windows);
  repeat_documents_++;
  repeats_ = 0;
}

/** Groups the positions by their contexts of one length. */
void Ngram::group(int length) {
  const std::vector<uint32_t>& tokens = set_of(generation_);
  const Level& level = trie_of(generation_).levels[length];
  Groups& groups = model_of(generation_).groups[length];
  const bool continued = job_.smoothing == KNESER_NEY && length < job_.longest();
  const bool marks_new = job_.smoothing == KNESER_NEY;
  const int32_t words = job_.vocabulary;
  groups.starts.resize(static_cast<size_t>(level.size()) + 2);
  groups.starts[0] = groups.starts[1] = 0;
  int32_t sum = 0;
  for (int32_t id = 0; id < level.size(); id++) {
    if (continued) sum += level.links[id].around;
    else if (level.nodes[id].token != words) sum += level.nodes[id].count;
    groups.starts[id + 2] = sum;
  }
  groups.records.resize(sum);
  const int next = std::min(length + 1, job_.longest());
  const int32_t* here = length == 0 ? nullptr : contexts_[length].data();
  const int32_t* after = next == 0 ? nullptr : contexts_[next].data();
  int32_t* places = groups.starts.data() + 1;
  const int newest = continued ? length + 2 : NGRAM_LEVELS;
  const int32_t count = static_cast<int32_t>(tokens.size());
  for (int32_t i = 0; i < count; i++) {
    if ((i & 0xffff) == 0) check_cancel();
    if (here != nullptr && i + TABLE_AHEAD < count) {
      prefetch(&places[here[i + TABLE_AHEAD]]);
      prefetch(groups.records.data() + places[here[i + NODE_AHEAD]]);
    }
    int32_t token = words, leads = 0;
    if (tokens[i] < static_cast<uint32_t>(words)) {
      token = static_cast<int32_t>(tokens[i]);
      if (after != nullptr) leads = after[i + 1];
    }
    if (marks_new) {
      if (new_[i] > newest) continue;
      if (new_[i] <= length + 1) token = static_cast<int32_t>(static_cast<uint32_t>(token) | 0x80000000u);
    }
    groups.records[places[here == nullptr ? 0 : here[i]]++] = {token, leads};
  }
}

/** The weights that the rule gives the tokens of each context, as running sums. */
void Ngram::weigh() {
  Model& model = model_of(generation_);
  const Groups& groups = model.groups[job_.longest()];
  const int32_t contexts = static_cast<int32_t>(groups.starts.size()) - 2;
  model.pair_starts.assign(1, 0);
  model.pair_tokens.clear();
  model.pair_nexts.clear();
  model.pair_shares.clear();
  for (int32_t id = 0; id < contexts; id++) {
    if ((id & 1023) == 0) check_cancel();
    const size_t first = model.pair_tokens.size();
    int32_t live = 0;
    for (int32_t r = groups.starts[id]; r < groups.starts[id + 1]; r++) {
      const Record& record = groups.records[r];
      int32_t place = marks_[record.token] - 1;
      if (place < 0) {
        place = live++;
        marks_[record.token] = live;
        model.pair_tokens.push_back(record.token);
        model.pair_nexts.push_back(record.next);
        weights_[place] = 0.0;
      }
      weights_[place] += 1.0;
    }
    const double total = groups.starts[id + 1] - groups.starts[id];
    const int32_t* tokens = model.pair_tokens.data() + first;
    if (live > 0) apply_rule(job_.rule, job_.rule_parameter, nullptr, tokens, weights_.data(), live, total, order_.data());
    double sum = 0.0;
    for (int32_t k = 0; k < live; k++) {
      marks_[tokens[k]] = 0;
      sum += weights_[k];
      model.pair_shares.push_back(sum);
    }
    model.pair_starts.push_back(static_cast<int32_t>(model.pair_tokens.size()));
  }
}

}  // namespace collapse
