// Lanes on AVX-512: sixteen chains a vector. Only this file's own functions are compiled for it (lanes.h, simd.h).
#include "lanes.h"

#ifdef COLLAPSE_X86_LANES
#include <immintrin.h>

// GCC 12 warns of its own "undefined" vectors (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,popcnt")
#endif

namespace collapse {
namespace {

constexpr int BYTES = 64;
#include "lanes-vector.h"

/** Sixteen lanes, and masks of a bit a lane. */
struct Vector : Integers {
  using M = __mmask16;
  LANE_INLINE __m512i raw(U x) { return reinterpret_cast<__m512i>(x); }
  LANE_INLINE U cooked(__m512i x) { return reinterpret_cast<U>(x); }

  LANE_INLINE M none() { return 0; }
  LANE_INLINE M is_less(U x, U y) { return _mm512_cmplt_epu32_mask(raw(x), raw(y)); }
  LANE_INLINE M is_equal(U x, U y) { return _mm512_cmpeq_epi32_mask(raw(x), raw(y)); }
  LANE_INLINE M is_positive(U x) { return _mm512_test_epi32_mask(raw(x), raw(x)); }
  LANE_INLINE M mask_and(M x, M y) { return x & y; }
  LANE_INLINE M mask_or(M x, M y) { return x | y; }
  LANE_INLINE M mask_without(M x, M y) { return x & static_cast<M>(~y); }
  LANE_INLINE U choose(M mask, U x, U y) { return cooked(_mm512_mask_mov_epi32(raw(x), mask, raw(y))); }
  LANE_INLINE U keep(M mask, U x) { return cooked(_mm512_maskz_mov_epi32(mask, raw(x))); }
  LANE_INLINE M of_bits(uint32_t bits) { return static_cast<M>(bits); }
  LANE_INLINE uint32_t bits(M mask) { return mask; }

  LANE_INLINE U gather(const uint32_t* table, U index) { return cooked(_mm512_i32gather_epi32(raw(index), table, 4)); }
  /** 0 where the mask is not set; nothing is read there. */
  LANE_INLINE U gather_some(const uint32_t* table, M mask, U index) {
    return cooked(_mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, raw(index), table, 4));
  }
  /** A gather of eight 64-bit cells costs half of one of sixteen 32-bit words. */
  LANE_INLINE void gather_cells(const Cell* cells, U index, U& thresholds, U& values) {
    const __m512i low = _mm512_i32gather_epi64(half(index, 0), cells, 8);
    const __m512i high = _mm512_i32gather_epi64(half(index, 1), cells, 8);
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    thresholds = cooked(_mm512_permutex2var_epi32(low, even, high));
    values = cooked(_mm512_permutex2var_epi32(low, _mm512_add_epi32(even, _mm512_set1_epi32(1)), high));
  }

  LANE_INLINE __m256i half(U x, int i) { return i ? _mm512_extracti64x4_epi64(raw(x), 1) : _mm512_castsi512_si256(raw(x)); }
  LANE_INLINE U joined(__m256i x, __m256i y) { return cooked(_mm512_inserti64x4(_mm512_castsi256_si512(x), y, 1)); }
  LANE_INLINE __m512d doubles(__m256i x) { return _mm512_cvtepi32_pd(x); }
  LANE_INLINE __m256i truncated(__m512d x) { return _mm512_cvttpd_epi32(x); }
  LANE_INLINE __m512d gather_doubles(const double* table, __m256i start, __m256i index) {
    return _mm512_i32gather_pd(_mm256_add_epi32(start, index), table, 8);
  }
  LANE_INLINE M are_less(const __m512d* x, const __m512d* y) {
    return static_cast<M>(_mm512_cmp_pd_mask(x[0], y[0], _CMP_LT_OQ) | _mm512_cmp_pd_mask(x[1], y[1], _CMP_LT_OQ) << 8);
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

}  // namespace

const LaneKernel* avx512_kernel() { return &kernel; }

}  // namespace collapse

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
