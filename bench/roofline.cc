// What the processor can do at most: the generator alone, look-ups alone, reading memory. Nothing here is the library's code
// but the generator. Writes a line of JSON: nanoseconds.
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "../native/stream.h"

namespace {

// Sixteen chains side by side, in whatever the compiler makes of it.
typedef uint32_t Lanes __attribute__((vector_size(64)));

uint64_t sink;

/** Processor time: others may want this core too. */
double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

template <typename Work>
double best_of(int times, Work work) {
  double best = 1e300;
  for (int i = 0; i < times; i++) {
    const double start = now();
    work();
    best = std::min(best, now() - start);
  }
  return best;
}

double scalar_generator() {
  constexpr int PAIRS = 1 << 18;
  collapse::Stream stream;
  stream.seed(1, 0, 0, 0, 0);
  return best_of(40, [&] {
    uint32_t sum = 0;
    for (int i = 0; i < 2 * PAIRS; i++) sum += stream.next();
    sink += sum;
  }) / PAIRS;
}

struct LaneStream {
  Lanes a, b, c, counter;
  Lanes next() {
    const Lanes out = a + b + counter;
    counter += 1;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + out;
    return out;
  }
};

LaneStream lane_stream(uint32_t first) {
  LaneStream lanes;
  for (int i = 0; i < 16; i++) {
    collapse::Stream stream;
    stream.seed(first + i, 0, 0, 0, 0);
    lanes.a[i] = stream.a;
    lanes.b[i] = stream.b;
    lanes.c[i] = stream.c;
    lanes.counter[i] = stream.counter;
  }
  return lanes;
}

double lane_generator() {
  constexpr int STEPS = 1 << 14;
  LaneStream one = lane_stream(0), two = lane_stream(16);
  return best_of(100, [&] {
    Lanes sum = {};
    for (int i = 0; i < STEPS; i++) {
      sum += one.next();
      sum += two.next();
    }
    sink += sum[3];
  }) / STEPS / 16;
}

/** Random places in a table of so many bytes, ready before the clock starts. */
std::vector<uint32_t> places(size_t count, uint32_t entries) {
  collapse::Stream stream;
  stream.seed(2, 0, 0, 0, 0);
  std::vector<uint32_t> list(count);
  for (uint32_t& place : list) place = stream.bounded(entries);
  return list;
}

constexpr size_t LOOKUPS = 1 << 12;
/** Between two looks at the clock. */
constexpr int PASSES = 32;

/** One 32-bit word from a random place. */
double scalar_reads(size_t bytes) {
  std::vector<uint32_t> table(bytes / 4, 1);
  const std::vector<uint32_t> at = places(LOOKUPS, static_cast<uint32_t>(table.size()));
  return best_of(100, [&] {
    uint32_t sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      for (size_t i = 0; i < LOOKUPS; i++) sum += table[at[i]];
    }
    sink += sum;
  }) / LOOKUPS / PASSES;
}

#ifdef __AVX512F__
/** Sixteen 32-bit words. */
double gathers(size_t bytes) {
  std::vector<uint32_t> table(bytes / 4, 1);
  const std::vector<uint32_t> at = places(LOOKUPS, static_cast<uint32_t>(table.size()));
  return best_of(100, [&] {
    __m512i sum = _mm512_setzero_si512();
    for (int pass = 0; pass < PASSES; pass++) {
      for (size_t i = 0; i < LOOKUPS; i += 16) {
        sum = _mm512_add_epi32(sum, _mm512_i32gather_epi32(_mm512_loadu_si512(&at[i]), table.data(), 4));
      }
    }
    sink += static_cast<uint64_t>(_mm512_reduce_add_epi32(sum));
  }) / (LOOKUPS / 16) / PASSES;
}
#endif

/** Bytes read from memory in a nanosecond. */
double bandwidth() {
  std::vector<Lanes> memory(size_t{1} << 22);
  for (size_t i = 0; i < memory.size(); i++) memory[i] = Lanes{} + static_cast<uint32_t>(i);
  const double nanoseconds = best_of(5, [&] {
    Lanes sums[4] = {};
    for (size_t i = 0; i < memory.size(); i += 4) {
      for (size_t k = 0; k < 4; k++) sums[k] += memory[i + k];
    }
    sink += (sums[0] + sums[1] + sums[2] + sums[3])[5];
  });
  return static_cast<double>(memory.size() * sizeof(Lanes)) / nanoseconds;
}

}  // namespace

int main() {
  constexpr size_t FIRST_CACHE = size_t{1} << 14, ROWS = size_t{1} << 18;
  std::printf("{\"generatorScalar\":%.4g,\"generatorLanes\":%.4g,\"read16KB\":%.4g,\"read256KB\":%.4g", scalar_generator(), lane_generator(),
              scalar_reads(FIRST_CACHE), scalar_reads(ROWS));
#ifdef __AVX512F__
  std::printf(",\"gather16KB\":%.4g,\"gather256KB\":%.4g", gathers(FIRST_CACHE), gathers(ROWS));
#endif
  std::printf(",\"readGBs\":%.4g,\"sink\":%llu}\n", bandwidth(), static_cast<unsigned long long>(sink & 1));
  return 0;
}
