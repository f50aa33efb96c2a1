// Multinomial draws of any size from rows at a rate; the twin of assembly/poissonised.ts, which explains them.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "binomial.h"
#include "rate-rows.h"
#include "stream.h"

namespace collapse {

constexpr int FEW = 4;
constexpr int BLOCK_BITS = 4;

/** Pois(y; mean) / Pois(mode; mean), as a test of a uniform number. */
class PivotTest {
 public:
  explicit PivotTest(double mean)
      : mode_(std::floor(mean)), slope_(1.0 + log(mean / (mode_ + 1.0))), at_mode_(stirling_error(mode_)) {}

  bool accepts(Stream& stream, double y) const {
    if (y < 0.0) return false;
    const double u = stream.uniform();
    return u < exp((y - mode_) * slope_ - (y + 0.5) * log((y + 1.0) / (mode_ + 1.0)) + at_mode_ - stirling_error(y));
  }

 private:
  double mode_, slope_, at_mode_;
};

/** Whether to draw all at once and then put the sum right; else by halves. */
inline bool is_diffuse(double few, double mean) { return 27.0 * few * few * few >= mean * mean; }

/** Adds samples of `counts`, or takes drawn ones away, until there are n; `starts` has room for a sixteenth of them. */
inline void put_right(Stream& shared, double n, double sum, const uint32_t* counts, int live, uint32_t* drawn,
                      uint32_t* starts) {
  Stream stream = shared;
  const bool adds = sum < n;
  const uint32_t* from = adds ? counts : drawn;
  const uint32_t step = adds ? 1u : ~0u;
  uint32_t missing = static_cast<uint32_t>(std::fabs(n - sum));
  uint32_t total = 0;
  for (int start = 0; start < live; start += 1 << BLOCK_BITS) {
    starts[start >> BLOCK_BITS] = total;
    const int end = std::min(live, start + (1 << BLOCK_BITS));
    for (int i = start; i < end; i++) total += counts[i] < NO_ROWS ? from[i] : 0;
  }
  while (missing > 0) {
    uint32_t place = stream.bounded(total);
    // The last block that starts at the place or before it.
    int block = 0;
    for (int size = (live + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS; size > 1;) {
      const int half = size >> 1;
      block += starts[block + half] <= place ? half : 0;
      size -= half;
    }
    place -= starts[block];
    int i = block << BLOCK_BITS;
    const int end = std::min(live, i + (1 << BLOCK_BITS));
    for (; i < end; i++) {
      if (counts[i] >= NO_ROWS) continue;
      if (place < from[i]) break;
      place -= from[i];
    }
    if (i == end) continue;  // a sample that was taken away
    drawn[i] += step;
    missing--;
  }
  shared = stream;
}

/** n samples of `counts`, whose sum is n / rows.rate(), into `drawn`; `starts` has room for a sixteenth of them. */
inline void poissonised(Stream& stream, double n, const uint32_t* counts, int live, double total, RateRows& rows,
                        uint32_t* drawn, uint32_t* starts) {
  double rest = n, mass = total;
  int few = 0;
  for (int i = 0; i < live; i++) {
    if (counts[i] < NO_ROWS) {
      few++;
      continue;
    }
    const double x = binomial(stream, rest, counts[i], mass);
    drawn[i] = static_cast<uint32_t>(x);
    rest -= x;
    mass -= counts[i];
  }
  int left = live;
  while (few > FEW && rest > 0.0) {
    const double mean = mass * rows.rate();
    const double missing = std::fabs(rest - mean);
    const bool off = missing * missing > 2.0 * mean;
    if (off && missing > few) break;
    if (off || is_diffuse(few, mean)) {
      put_right(stream, rest, rows.draw(stream, counts, 0, left, drawn), counts, left, drawn, starts);
      return;
    }
    double prefix = 0.0;
    int group = 0, inside = 0;
    while (2.0 * prefix < mass) {
      const uint32_t c = counts[group++];
      if (c >= NO_ROWS) continue;
      prefix += c;
      inside++;
    }
    if (inside == few) {
      // The last token has more than half.
      group--;
      const double x = binomial(stream, rest, counts[group], mass);
      drawn[group] = static_cast<uint32_t>(x);
      rest -= x;
      prefix -= counts[group];
      inside--;
    } else {
      const PivotTest pivot(prefix * rows.rate());
      double y;
      do {
        y = rest - rows.draw(stream, counts, group, left, drawn);
      } while (!pivot.accepts(stream, y));
      rest = y;
    }
    left = group;
    mass = prefix;
    few = inside;
  }
  for (int i = 0; i < left; i++) {
    if (counts[i] >= NO_ROWS) continue;
    const double x = binomial(stream, rest, counts[i], mass);
    drawn[i] = static_cast<uint32_t>(x);
    rest -= x;
    mass -= counts[i];
  }
}

}  // namespace collapse
