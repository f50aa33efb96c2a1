// Lanes on AVX2: eight chains a vector. Only this file's own functions are compiled for it (lanes.h, simd.h).
#include "lanes.h"

#ifdef COLLAPSE_X86_LANES
#include <immintrin.h>

// GCC 12 warns of its own "undefined" vectors (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,popcnt")
#endif

namespace collapse {
namespace {

constexpr int BYTES = 32;
#include "lanes-vector.h"

/** Eight lanes. */
struct Vector : Integers {
  LANE_INLINE __m256i raw(U x) { return reinterpret_cast<__m256i>(x); }
  LANE_INLINE U cooked(__m256i x) { return reinterpret_cast<U>(x); }

  LANE_INLINE uint32_t bits(M mask) { return static_cast<uint32_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(mask))); }
  LANE_INLINE bool any(M mask) { return !_mm256_testz_si256(raw(mask), raw(mask)); }

  LANE_INLINE U gather(const uint32_t* table, U index) {
    return cooked(_mm256_i32gather_epi32(reinterpret_cast<const int*>(table), raw(index), 4));
  }
  /** 0 where the mask is not set; nothing is read there. Else two bytes beyond may be read. */
  LANE_INLINE U gather_halves(const uint16_t* table, M mask, U index) {
    const int* words = reinterpret_cast<const int*>(table);
    return cooked(_mm256_mask_i32gather_epi32(_mm256_setzero_si256(), words, raw(index), raw(mask), 2)) & 0xffff;
  }
  LANE_INLINE void gather_cells(const PickCell* cells, U index, U& thresholds, U& aliases) {
    const int* words = reinterpret_cast<const int*>(cells);
    thresholds = cooked(_mm256_i32gather_epi32(words, raw(index), 8));
    aliases = cooked(_mm256_i32gather_epi32(words + 1, raw(index), 8));
  }
};

#include "lanes-loads.h"

/** Where loads are faster than gathers. */
struct LoadingVector : Vector {
  LANE_INLINE U gather(const uint32_t* table, U index) {
    const __m256i i = raw(index);
    const __m256i low = _mm256_castsi128_si256(four_loads(table, _mm256_castsi256_si128(i)));
    return cooked(_mm256_inserti128_si256(low, four_loads(table, _mm256_extracti128_si256(i, 1)), 1));
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

constexpr LaneKernel gathering = kernel_of<Pair<Vector>>(), loading = kernel_of<Pair<LoadingVector>>();

}  // namespace

const LaneKernel* avx2_kernel() { return prefers_loads() ? &loading : &gathering; }

}  // namespace collapse

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
