// Sampling rules; the twin of assembly/sampling.ts.
#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>

#include "math.h"

namespace collapse {

enum Rule : int { PLAIN = 0, TEMPERATURE = 1, TOP_K = 2, TOP_P = 3, VERIFIER = 4 };

inline double heat(double temperature, double* weights, int live) {
  double most = 0.0;
  for (int i = 0; i < live; i++) {
    if (weights[i] > most) most = weights[i];
  }
  double sum = 0.0;
  for (int i = 0; i < live; i++) {
    weights[i] = exp(log(weights[i] / most) / temperature);
    sum += weights[i];
  }
  return sum;
}

/** The entries from the largest weight to the smallest, of equal ones the lower token first. */
inline void sort_down(const int32_t* tokens, const double* weights, int live, uint32_t* order) {
  std::iota(order, order + live, 0u);
  std::sort(order, order + live, [&](uint32_t a, uint32_t b) {
    return weights[a] != weights[b] ? weights[a] > weights[b] : tokens[a] < tokens[b];
  });
}

inline double keep_first(double k, const int32_t* tokens, double* weights, int live, double total, uint32_t* order) {
  if (k >= static_cast<double>(live)) return total;
  sort_down(tokens, weights, live, order);
  double sum = 0.0, rank = 0.0;
  for (int i = 0; i < live; i++) {
    double& weight = weights[order[i]];
    if (rank < k) sum += weight;
    else weight = 0.0;
    rank += 1.0;
  }
  return sum;
}

inline double keep_mass(double p, const int32_t* tokens, double* weights, int live, double total, uint32_t* order) {
  sort_down(tokens, weights, live, order);
  const double enough = p * total;
  double sum = 0.0;
  for (int i = 0; i < live; i++) {
    double& weight = weights[order[i]];
    if (sum < enough) sum += weight;
    else weight = 0.0;
  }
  return sum;
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
