// What is measured of a training set; the twin of assembly/metrics.ts.
#pragma once
#include <cmath>
#include <cstdint>

#include "math.h"

namespace collapse {

/** A training set and what metrics compare it with: all arrays are those of its context. */
struct Measured {
  const int32_t* tokens;
  const uint32_t* counts;
  int live;
  double total;
  const uint32_t* first;  // generation 1's counts by token
  double first_total;
  double first_squares;
  const double* p;
  const double* log_p;
  double p_squares;
  const int32_t* ids;
};

inline double simpson(const uint32_t* counts, int live, double total) {
  double sum = 0.0;
  for (int i = 0; i < live; i++) {
    const double count = counts[i];
    sum += count * count;
  }
  return sum / (total * total);
}

inline double largest(const Measured& m) {
  double most = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double count = m.counts[i];
    if (count > most) most = count;
  }
  return most / m.total;
}

inline double entropy(const Measured& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double p = m.counts[i] / m.total;
    sum += p * log(p);
  }
  return 0.0 - sum;
}

inline double l1_first(const Measured& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double before = m.first[m.tokens[i]];
    covered += before;
    sum += std::fabs(m.counts[i] / m.total - before / m.first_total);
  }
  return sum + (m.first_total - covered) / m.first_total;
}

inline double l2_first(const Measured& m) {
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

inline double l1_truth(const Measured& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double truth = m.p[m.tokens[i]];
    covered += truth;
    sum += std::fabs(m.counts[i] / m.total - truth);
  }
  return covered < 1.0 ? sum + (1.0 - covered) : sum;
}

inline double l2_truth(const Measured& m) {
  double sum = 0.0, covered = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double truth = m.p[m.tokens[i]];
    covered += truth * truth;
    const double difference = m.counts[i] / m.total - truth;
    sum += difference * difference;
  }
  return covered < m.p_squares ? sum + (m.p_squares - covered) : sum;
}

inline double kl_truth(const Measured& m) {
  double sum = 0.0;
  for (int i = 0; i < m.live; i++) {
    const double p = m.counts[i] / m.total;
    sum += p * (log(p) - m.log_p[m.tokens[i]]);
  }
  return sum > 0.0 ? sum : 0.0;
}

inline double share(const Measured& m, int token) {
  for (int i = 0; i < m.live; i++) {
    if (m.ids[m.tokens[i]] == token) return m.counts[i] / m.total;
  }
  return 0.0;
}

inline double metric(int id, int argument, const Measured& m) {
  switch (id) {
    case 0: return simpson(m.counts, m.live, m.total);
    case 1: return largest(m);
    case 2: return m.live;
    case 3: return entropy(m);
    case 4: return l1_first(m);
    case 5: return l2_first(m);
    case 6: return l1_truth(m);
    case 7: return l2_truth(m);
    case 8: return kl_truth(m);
    default: return share(m, argument);
  }
}

}  // namespace collapse
