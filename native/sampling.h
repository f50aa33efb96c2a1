// Sampling rules; the twin of assembly/sampling.ts.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "math.h"

namespace collapse {

enum Rule : int { PLAIN = 0, TEMPERATURE = 1, TOP_K = 2, TOP_P = 3, VERIFIER = 4 };

/** Weights whose powers are remembered where there are many. */
constexpr int MANY = 256;

inline double heat(double temperature, double* weights, int live) {
  double most = 0.0;
  for (int i = 0; i < live; i++) {
    if (weights[i] > most) most = weights[i];
  }
  double sum = 0.0;
  if (live < MANY) {
    for (int i = 0; i < live; i++) {
      weights[i] = exp(log(weights[i] / most) / temperature);
      sum += weights[i];
    }
    return sum;
  }
  // Rare words are as frequent as many others.
  double known[MANY] = {}, powers[MANY];
  for (int i = 0; i < live; i++) {
    const double weight = weights[i];
    uint64_t bits;
    std::memcpy(&bits, &weight, sizeof bits);
    const uint64_t slot = (bits * 0x9e3779b97f4a7c15u) >> 56;
    if (known[slot] != weight || weight == 0.0) {
      known[slot] = weight;
      powers[slot] = exp(log(weight / most) / temperature);
    }
    weights[i] = powers[slot];
    sum += powers[slot];
  }
  return sum;
}

/** Keeps the largest weights while `enough` says so, given their sum and number; of equal ones the lower token comes first. */
template <typename Enough>
inline double keep_largest(const int32_t* tokens, double* weights, int live, uint32_t* order, Enough enough) {
  const auto after = [&](uint32_t a, uint32_t b) {
    return weights[a] != weights[b] ? weights[a] < weights[b] : tokens[a] > tokens[b];
  };
  // A heap: most of the entries need no order.
  std::iota(order, order + live, 0u);
  std::make_heap(order, order + live, after);
  double sum = 0.0;
  int left = live;
  while (left > 0 && !enough(sum, live - left)) {
    sum += weights[order[0]];
    std::pop_heap(order, order + left--, after);
  }
  for (int i = 0; i < left; i++) weights[order[i]] = 0.0;
  return sum;
}

inline double keep_first(double k, const int32_t* tokens, double* weights, int live, double total, uint32_t* order) {
  if (k >= static_cast<double>(live)) return total;
  return keep_largest(tokens, weights, live, order, [k](double, int rank) { return static_cast<double>(rank) >= k; });
}

inline double keep_mass(double p, const int32_t* tokens, double* weights, int live, double total, uint32_t* order) {
  return keep_largest(tokens, weights, live, order, [enough = p * total](double sum, int) { return sum >= enough; });
}

inline double verify(double odds, const double* truth, const int32_t* tokens, double* weights, int live, double total) {
  double sum = 0.0;
  for (int i = 0; i < live; i++) sum += truth[tokens[i]] > 0.0 ? weights[i] : odds * weights[i];
  if (sum == 0.0) return total;
  for (int i = 0; i < live; i++) {
    if (truth[tokens[i]] == 0.0) weights[i] = odds * weights[i];
  }
  return sum;
}

/** Changes the weights of a model's live tokens in place; returns their new sum. `truth` is p^(0) by token, `order` scratch. */
inline double apply_rule(int rule, double parameter, const double* truth, const int32_t* tokens, double* weights,
                         int live, double total, uint32_t* order) {
  switch (rule) {
    case TEMPERATURE: return heat(parameter, weights, live);
    case TOP_K: return keep_first(parameter, tokens, weights, live, total, order);
    case TOP_P: return keep_mass(parameter, tokens, weights, live, total, order);
    case VERIFIER: return verify(parameter, truth, tokens, weights, live, total);
    default: return total;
  }
}

}  // namespace collapse
