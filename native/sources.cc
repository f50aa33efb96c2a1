// New samples from the sources of a training set; the twin of assembly/added.ts, model.ts and sources.ts.
#include <algorithm>

#include "categorical.h"

namespace collapse {

namespace {

/** An alias pick costs about a sixteenth of a conditional binomial. */
constexpr double ALIAS_BELOW = 16.0;
/** A search in running sums costs about as much as this many draws from Poisson rows. */
constexpr double FAR_FEWER = 16.0;

}  // namespace

/** Adds samples of a token. */
void Categorical::add(int token, double count) {
  if (added_[token] == 0) touched_.push_back(token);
  added_[token] += static_cast<uint32_t>(count);
}

/** Samples of a token; it has none afterwards. */
double Categorical::take_added(int token) {
  const double count = added_[token];
  added_[token] = 0;
  return count;
}

bool Categorical::picks_truth(double n) const { return n < ALIAS_BELOW * static_cast<double>(size_); }

/** Whether the tokens of generation 1 are listed in the order of the context, not as they came. */
bool Categorical::in_token_order(double total) const { return static_cast<double>(size_) <= 4.0 * total; }

/** n new samples of the truth. */
void Categorical::draw_truth(double n) {
  if (picks_truth(n)) {
    const uint32_t samples = static_cast<uint32_t>(n);
    const PickCell* cells = &job_.cells[job_.cell_starts[context_]];
    const int bits = job_.cell_bits(context_);
    Stream stream = stream_;
    size_t live = touched_.size();
    touched_.resize(live + std::min<size_t>(samples, size_) + 1);
    for (uint32_t j = 0; j < samples; j++) {
      if ((j & 0xffff) == 0xffff && is_cancelled(cancel)) break;
      const uint32_t token = alias_pick(stream, cells, bits);
      // Without a branch: whether a token is new can't be foretold.
      touched_[live] = static_cast<int32_t>(token);
      live += added_[token]++ == 0;
    }
    touched_.resize(live);
    stream_ = stream;
    return;
  }
  double left = n;
  for (int i = 0; i < size_ && left > 0.0; i++) {
    if ((i & 0x3fff) == 0x3fff && is_cancelled(cancel)) return;
    const bool last = i == size_ - 1;
    const double x = last ? left : binomial(stream_, left, job_.p[start_ + i], job_.suffix[start_ + i]);
    if (x > 0.0) add(i, x);
    left -= x;
  }
}

/** n new samples of weights_, whose tokens are listed at `list`; `real`: they are no integers. */
void Categorical::draw_weights(double n, const int32_t* list, int size, double sum, bool real) {
  if (is_direct(n, size)) {
    direct_from_weights(stream_, n, weights_.data(), size, sum, prefix_.data(), drawn_.data(), real, cancel);
  } else if (real) {
    binomials_of_reals(stream_, n, weights_.data(), size, prefix_.data(), drawn_.data(), cancel);
  } else {
    conditional_binomials(stream_, n, weights_.data(), size, sum, drawn_.data(), cancel);
  }
  if (!is_cancelled(cancel)) add_drawn(list, size);
}

/** Adds what a multinomial draw gave the tokens of `list`. */
void Categorical::add_drawn(const int32_t* list, int size) {
  for (int i = 0; i < size; i++) {
    if (drawn_[i] > 0) add(list[i], drawn_[i]);
  }
}

/** The rows at the rate n / total, if the job has them. */
RateRows* Categorical::rows_at(double n, double total) const {
  const double rate = n / total;
  for (const auto& rows : rate_rows_) {
    if (rows->rate() == rate) return rows.get();
  }
  return nullptr;
}

/** n new samples of the model of a generation. */
void Categorical::draw_model(double n, int generation) {
  const TrainingSet& set = set_of(generation);
  RateRows* rows = n * FAR_FEWER >= static_cast<double>(set.live) ? rows_at(n, set.total) : nullptr;
  if (rows != nullptr) {
    poissonised(stream_, n, set.counts.data(), set.live, set.total, *rows, drawn_.data(), starts_.data());
    add_drawn(set.tokens.data(), set.live);
    return;
  }
  const double sum = model_weights(set, generation);
  draw_weights(n, model_tokens_, model_size_, sum, job_.weighted || job_.rule == TEMPERATURE);
}

/** Weights of a model, its error included, to weights_; returns their sum. */
double Categorical::model_shares(const TrainingSet& set, int generation) {
  model_tokens_ = set.tokens.data();
  model_size_ = set.live;
  if (!job_.weighted) {
    std::copy_n(set.counts.begin(), set.live, weights_.begin());
    return set.total;
  }
  std::copy_n(set.weights.begin(), set.live, weights_.begin());
  if (job_.error_sizes.empty()) return set.total;
  const size_t index = std::min(static_cast<size_t>(generation), job_.error_sizes.size()) - 1;
  const double error = job_.error_sizes[index];
  return error == 0.0 ? set.total : add_error(error * set.total);
}

/** Adds an error of weight `mass`: to the tokens there are, and then to the others in their order. */
double Categorical::add_error(double mass) {
  const double* shares = &job_.error_shares[start_];
  double sum = 0.0;
  for (int i = 0; i < model_size_; i++) {
    const int32_t token = model_tokens_[i];
    model_list_[i] = token;
    added_[token] = 1;  // a mark: nothing is being drawn
    weights_[i] += mass * shares[token];
    sum += weights_[i];
  }
  for (int token = 0; token < size_; token++) {
    if (added_[token] != 0) {
      added_[token] = 0;
      continue;
    }
    const double weight = mass * shares[token];
    if (weight == 0.0) continue;
    model_list_[model_size_] = token;
    weights_[model_size_] = weight;
    model_size_++;
    sum += weight;
  }
  model_tokens_ = model_list_.data();
  return sum;
}

/** As model_shares, and then the sampling rule. */
double Categorical::model_weights(const TrainingSet& set, int generation) {
  const double sum = model_shares(set, generation);
  return apply_rule(job_.rule, job_.rule_parameter, &job_.p[start_], model_tokens_, weights_.data(), model_size_, sum,
                    drawn_.data());
}

}  // namespace collapse
