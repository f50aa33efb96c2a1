// Random streams: sfc32 seeded by Threefry4x32-20; the twin of assembly/stream.ts.
#pragma once
#include <cstdint>

#include "threefry.h"

namespace collapse {

constexpr uint32_t DOMAIN_CHAIN = 0;
/** Words of a new stream that nobody gets. */
constexpr int STREAM_WARM_UP = 12;

struct Stream {
  uint32_t a = 0, b = 0, c = 0, counter = 1;

  void seed(uint32_t seed_low, uint32_t seed_high, uint32_t context, uint64_t replicate, uint32_t domain) {
    const Words4 hash = threefry({static_cast<uint32_t>(replicate), static_cast<uint32_t>(replicate >> 32), 0, 0},
                                 {seed_low, seed_high, context, domain});
    a = hash[0];
    b = hash[1];
    c = hash[2];
    counter = 1;
    for (int i = 0; i < STREAM_WARM_UP; i++) next();
  }

  /** 32 random bits. */
  uint32_t next() {
    const uint32_t out = a + b + counter;
    counter++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = rotate(c, 21) + out;
    return out;
  }

  /** Uniform on [0, 1) with 53 bits. */
  double uniform() {
    const uint32_t high = next();
    const uint32_t low = next();
    return (static_cast<double>(high >> 5) * 67108864.0 + static_cast<double>(low >> 6)) * 1.1102230246251565404e-16;
  }

  /** Uniform on {0, ..., n - 1}, exact (Lemire 2019). */
  uint32_t bounded(uint32_t n) {
    uint64_t product = static_cast<uint64_t>(next()) * n;
    if (static_cast<uint32_t>(product) < n) {
      const uint32_t threshold = (0u - n) % n;
      while (static_cast<uint32_t>(product) < threshold) product = static_cast<uint64_t>(next()) * n;
    }
    return static_cast<uint32_t>(product >> 32);
  }
};

}  // namespace collapse
