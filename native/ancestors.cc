// The ancestors of the samples of a generation, counted backwards; the twin of assembly/ancestors.ts.
#include <algorithm>
#include <cmath>

#include "jump.h"
#include "math.h"
#include "occupancy.h"

namespace collapse {

namespace {

/** With k^2 <= SPARSE n meetings are drawn one by one. */
constexpr double SPARSE = 6.0;

/** Words of records after which no generation begins. */
size_t record_words(double n) {
  const double all = 2.0 * n;
  const double plenty = std::floor(16.0 * std::sqrt(all)) + 2048.0;
  return static_cast<size_t>(all < plenty ? all : plenty);
}

/** The largest k with k^2 <= SPARSE n, k <= n. */
int most_sparse(double n) {
  double k = std::floor(std::sqrt(SPARSE * n));
  while (k * k > SPARSE * n) k -= 1.0;
  return static_cast<int>(k < n ? k : n);
}

double exponential(Stream& stream) { return -log(1.0 - stream.uniform()); }

}  // namespace

double Jump::ancestors(Stream& stream, double n, int steps, const Cancel& cancel) {
  for (;;) {
    const double k = trace_back(stream, n, steps, cancel);
    if (k > 0.0 || is_cancelled(cancel)) return k;
  }
}

/** As ancestors, or 0 if there was no room for all records. */
double Jump::trace_back(Stream& stream, double n, int steps, const Cancel& cancel) {
  const size_t limit = record_words(n);
  make_room(limit + static_cast<size_t>(most_sparse(n)) + MOST_BALLS + 1);
  end_ = 0;
  int left = steps;
  double k = n;
  while (left > 0 && k * k > SPARSE * n) {
    if (end_ > limit || is_cancelled(cancel)) return 0.0;
    const int kinds = occupancy(stream, k, n, &records_[end_]);
    for (int i = 0; i < kinds; i++) k -= static_cast<double>(records_[end_ + i]) * static_cast<double>(i + 1);
    close(kinds);
    left--;
  }
  return left > 0 ? meetings(stream, static_cast<int>(k), n, left) : k;
}

void Jump::make_room(size_t words) {
  if (records_.size() < words) records_.resize(words);
}

/** Ends a generation's record. */
void Jump::close(int kinds) {
  if (kinds == 0) return;
  records_[end_ + kinds] = kinds;
  end_ += static_cast<size_t>(kinds) + 1;
}

/** -log of the probability that j lineages choose different parents. */
void Jump::fill_hazards(double n) {
  if (hazard_size_ == n) return;
  hazard_size_ = n;
  const int most = most_sparse(n);
  hazards_.assign(static_cast<size_t>(most) + 1, 0.0);
  double sum = 0.0;
  for (int j = 1; j <= most; j++) {
    hazards_[j] = sum;
    sum -= log1p(-static_cast<double>(j) / n);
  }
}

/** Goes back from k lineages over generations without a meeting at once; returns how many are left. */
double Jump::meetings(Stream& stream, int k, double n, int steps) {
  const size_t limit = record_words(n);
  fill_hazards(n);
  double left = steps;
  while (k > 1) {
    if (end_ > limit) return 0.0;
    const double whole = hazards_[k];
    const double wait = exponential(stream);
    const double quiet = std::floor(wait / whole);
    if (quiet >= left) break;
    left -= quiet + 1.0;
    k = meet(stream, k, wait - quiet * whole, n);
  }
  return k;
}

/** A generation of k lineages with a meeting; returns the number of parents. */
int Jump::meet(Stream& stream, int k, double first, double n) {
  int parents = k - 1;
  int taken = taken_at(first, parents, n);
  int kinds = 1;
  records_[end_] = 1;
  for (;;) {
    const double next = hazards_[taken] + exponential(stream);
    if (next >= hazards_[parents]) break;
    parents--;
    taken = taken_at(next, parents, n);
    kinds = join(stream, taken, kinds);
  }
  close(kinds);
  return parents;
}

/** The number of parents that are taken at a hazard, 1 ... most. */
int Jump::taken_at(double hazard, int most, double n) const {
  const double guess = 0.5 + std::sqrt(0.25 + 2.0 * n * hazard);
  int j = guess < static_cast<double>(most) ? static_cast<int>(guess) : most;
  while (j > 1 && hazards_[j] > hazard) j--;
  while (j < most && hazards_[j + 1] <= hazard) j++;
  return j;
}

/** A lineage joins one of the parents that are taken. */
int Jump::join(Stream& stream, int taken, int kinds) {
  int v = static_cast<int>(stream.bounded(static_cast<uint32_t>(taken)));
  int32_t* record = &records_[end_];
  for (int i = 0; i < kinds; i++) {
    if (v >= record[i]) {
      v -= record[i];
      continue;
    }
    record[i]--;
    if (i + 1 < kinds) {
      record[i + 1]++;
      return kinds;
    }
    record[i + 1] = 1;
    return kinds + 1;
  }
  record[0]++;
  return kinds;
}

}  // namespace collapse
