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

  LANE_INLINE U gather(const uint32_t* table, U index) {
    return cooked(_mm256_i32gather_epi32(reinterpret_cast<const int*>(table), raw(index), 4));
  }
  /** 0 where the mask is not set; nothing is read there. */
  LANE_INLINE U gather_some(const uint32_t* table, M mask, U index) {
    const int* words = reinterpret_cast<const int*>(table);
    return cooked(_mm256_mask_i32gather_epi32(_mm256_setzero_si256(), words, raw(index), raw(mask), 4));
  }
  LANE_INLINE void gather_cells(const Cell* cells, U index, U& thresholds, U& values) {
    const int* words = reinterpret_cast<const int*>(cells);
    thresholds = cooked(_mm256_i32gather_epi32(words, raw(index), 8));
    values = cooked(_mm256_i32gather_epi32(words + 1, raw(index), 8));
  }

  LANE_INLINE __m128i half(U x, int i) { return i ? _mm256_extracti128_si256(raw(x), 1) : _mm256_castsi256_si128(raw(x)); }
  LANE_INLINE U joined(__m128i x, __m128i y) { return cooked(_mm256_inserti128_si256(_mm256_castsi128_si256(x), y, 1)); }
  LANE_INLINE __m256d doubles(__m128i x) { return _mm256_cvtepi32_pd(x); }
  LANE_INLINE __m128i truncated(__m256d x) { return _mm256_cvttpd_epi32(x); }
  LANE_INLINE __m256d gather_doubles(const double* table, __m128i start, __m128i index) {
    return _mm256_i32gather_pd(table, _mm_add_epi32(start, index), 8);
  }
  LANE_INLINE M are_less(const __m256d* x, const __m256d* y) {
    const __m256 low = _mm256_castpd_ps(_mm256_cmp_pd(x[0], y[0], _CMP_LT_OQ));
    const __m256 high = _mm256_castpd_ps(_mm256_cmp_pd(x[1], y[1], _CMP_LT_OQ));
    // The low words of two masks of four doubles.
    return cooked(_mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88)), 0xd8));
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

}  // namespace

const LaneKernel* avx2_kernel() { return &kernel; }

}  // namespace collapse

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
