// What is measured of a training set; the twin of assembly/metrics.ts.
#pragma once
#include <cmath>
#include <cstdint>

#include "math.h"

namespace collapse {

/** What a training set is compared with: all arrays are those of its context. */
struct Truth {
  const double* p;
  const double* log_p;
  double p_squares;
  const int32_t* ids;
};

/** A training set or model, in counts or weights. */
template <typename Count>
struct Measured {
  const int32_t* tokens;
  const Count* counts;
  int live;
  double total;
  const Count* first;  // generation 1's, by token
  double first_total;
  double first_squares;
  Truth truth;
};

template <typename Count>
inline double simpson(const Measured<Count>& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double count = m.counts[i];
    sum += count * count;
  }
  return sum / (m.total * m.total);
}

template <typename Count>
inline double largest(const Measured<Count>& m) {
  double most = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double count = m.counts[i];
    if (count > most) most = count;
  }
  return most / m.total;
}

template <typename Count>
inline double entropy(const Measured<Count>& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double p = m.counts[i] / m.total;
    sum += p * log(p);
  }
  return 0.0 - sum;
}

template <typename Count>
inline double l1_first(const Measured<Count>& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double before = m.first[m.tokens[i]];
    covered += before;
    sum += std::fabs(m.counts[i] / m.total - before / m.first_total);
  }
  return sum + (m.first_total - covered) / m.first_total;
}

template <typename Count>
inline double l2_first(const Measured<Count>& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double before = m.first[m.tokens[i]];
    covered += before * before;
    const double difference = m.counts[i] / m.total - before / m.first_total;
    sum += difference * difference;
  }
  const double dead = m.first_squares - covered;
  return dead > 0.0 ? sum + dead / (m.first_total * m.first_total) : sum;
}

template <typename Count>
inline double l1_truth(const Measured<Count>& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double truth = m.truth.p[m.tokens[i]];
    covered += truth;
    sum += std::fabs(m.counts[i] / m.total - truth);
  }
  return covered < 1.0 ? sum + (1.0 - covered) : sum;
}

template <typename Count>
inline double l2_truth(const Measured<Count>& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double truth = m.truth.p[m.tokens[i]];
    covered += truth * truth;
    const double difference = m.counts[i] / m.total - truth;
    sum += difference * difference;
  }
  return covered < m.truth.p_squares ? sum + (m.truth.p_squares - covered) : sum;
}

template <typename Count>
inline double kl_truth(const Measured<Count>& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double p = m.counts[i] / m.total;
    sum += p * (log(p) - m.truth.log_p[m.tokens[i]]);
  }
  return sum > 0.0 ? sum : 0.0;
}

template <typename Count>
inline double share(const Measured<Count>& m, int token) {
  for (int i = 0; i < m.live; i++) {
    if (m.truth.ids[m.tokens[i]] == token) return m.counts[i] / m.total;
  }
  return 0.0;
}

/** Probability outside the truth's support, where a model has errors. */
template <typename Count>
inline double outside(const Measured<Count>& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    if (m.truth.p[m.tokens[i]] == 0.0) sum += m.counts[i];
  }
  return sum / m.total;
}

template <typename Count>
inline double metric(int id, int argument, const Measured<Count>& m) {
  switch (id) {
    case 0: return simpson(m);
    case 1: return largest(m);
    case 2: return m.live;
    case 3: return entropy(m);
    case 4: return l1_first(m);
    case 5: return l2_first(m);
    case 6: return l1_truth(m);
    case 7: return l2_truth(m);
    case 8: return kl_truth(m);
    case 10: return outside(m);
    default: return share(m, argument);
  }
}

}  // namespace collapse
