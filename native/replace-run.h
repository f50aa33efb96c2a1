// Generations of at most 512 samples, each drawn from the one before, several in a row; the twin of assembly/replace-run.ts.
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>

#include "binomial-rows.h"
#include "multinomial.h"
#include "poisson-rows.h"
#include "stream.h"

namespace collapse {

/** The living tokens and their counts, a largest one first; `drawn` has room for as many counts. */
struct Living {
  int live;
  int32_t* tokens;
  uint32_t* counts;
  uint32_t* drawn;
};

/** The Simpson index of n samples whose squared counts add up to `sum`. */
inline double simpson_of(uint32_t sum, int n) {
  return static_cast<double>(static_cast<int32_t>(sum)) / (static_cast<double>(n) * static_cast<double>(n));
}

/** Takes over what was drawn: the first largest to the front, then without the dead tokens. Returns the sum of squares. */
inline uint32_t settle(Living& set) {
  uint32_t* drawn = set.drawn;
  uint32_t most = drawn[0], sum = most * most, none = 0;
  int best = 0;
  for (int i = 1; i < set.live; i++) {
    const uint32_t x = drawn[i];
    sum += x * x;
    none |= x - 1;  // its sign, if there is nothing
    best = x > most ? i : best;
    most = x > most ? x : most;
  }
  none |= drawn[0] - 1;
  if (best != 0) {
    std::swap(drawn[0], drawn[best]);
    std::swap(set.tokens[0], set.tokens[best]);
  }
  std::swap(set.counts, set.drawn);
  if (none >> 31 == 0) return sum;
  int kept = 1;
  for (int i = 1; i < set.live; i++) {
    set.counts[kept] = set.counts[i];
    set.tokens[kept] = set.tokens[i];
    kept += set.counts[i] != 0;
  }
  set.live = kept;
  return sum;
}

/** Up to `most` generations of two tokens. */
inline int run_two(Stream& shared, const BinomialRows& rows, Living& set, int most, double* simpson) {
  Stream stream = shared;
  const int n = rows.n();
  uint32_t c = set.counts[1];
  bool swapped = false;
  int made = 0;
  do {
    const uint32_t x = look_up(stream, rows, c);
    const uint32_t rest = static_cast<uint32_t>(n) - x;
    if (simpson != nullptr) simpson[made] = simpson_of(x * x + rest * rest, n);
    swapped ^= x > rest;
    c = std::min(x, rest);
    made++;
  } while (made < most && c != 0);
  if (swapped) std::swap(set.tokens[0], set.tokens[1]);
  set.counts[0] = static_cast<uint32_t>(n) - c;
  set.counts[1] = c;
  set.live = c != 0 ? 2 : 1;
  shared = stream;
  return made;
}

/**
 * Up to `most` generations of n samples, until one token is left; returns how many. The Simpson index of each goes to
 * `simpson`, unless that is null. `two` gives the rows of n. Not where generations are drawn directly.
 */
template <typename Two>
int run_rows(Stream& stream, int n, const PoissonRows& rows, Two two, Living& set, int most, double* simpson) {
  uint32_t* counts = set.counts;
  int made = 0;
  while (made < most && set.live > 2) {
    poisson_product(stream, n, set.counts, set.live, rows, set.drawn);
    const uint32_t sum = settle(set);
    if (simpson != nullptr) simpson[made] = simpson_of(sum, n);
    made++;
  }
  if (made < most && set.live == 2) made += run_two(stream, two(), set, most - made, simpson == nullptr ? nullptr : simpson + made);
  if (set.counts != counts) {
    std::copy_n(set.counts, set.live, counts);
    std::swap(set.counts, set.drawn);
  }
  return made;
}

}  // namespace collapse
