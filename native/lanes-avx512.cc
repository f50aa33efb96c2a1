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
  LANE_INLINE M is_below(U x, U y) { return is_less(x, y); }
  LANE_INLINE M is_zero(U x) { return _mm512_testn_epi32_mask(raw(x), raw(x)); }
  LANE_INLINE M is_small(U x) { return _mm512_testn_epi32_mask(raw(x), _mm512_set1_epi32(-65536)); }
  /** Of numbers below 2^15: a multiplication of halves is one step, of wholes several. */
  LANE_INLINE U square(U x) { return cooked(_mm512_madd_epi16(raw(x), raw(x))); }
  LANE_INLINE M is_positive(U x) { return _mm512_test_epi32_mask(raw(x), raw(x)); }
  LANE_INLINE U count_zeros(U count, M mask, U x) {
    return cooked(_mm512_mask_add_epi32(raw(count), _mm512_mask_testn_epi32_mask(mask, raw(x), raw(x)), raw(count), _mm512_set1_epi32(1)));
  }
  LANE_INLINE M mask_and(M x, M y) { return x & y; }
  LANE_INLINE M mask_or(M x, M y) { return x | y; }
  LANE_INLINE M mask_not(M x) { return static_cast<M>(~x); }
  LANE_INLINE M mask_without(M x, M y) { return x & static_cast<M>(~y); }
  LANE_INLINE U choose(M mask, U x, U y) { return cooked(_mm512_mask_mov_epi32(raw(x), mask, raw(y))); }
  LANE_INLINE U keep(M mask, U x) { return cooked(_mm512_maskz_mov_epi32(mask, raw(x))); }
  LANE_INLINE M of_bits(uint32_t bits) { return static_cast<M>(bits); }
  LANE_INLINE uint32_t bits(M mask) { return mask; }

  /** Sixteen lanes by sixteen sweeps: turned in registers, then each lane's without those in which it made none. */
  LANE_INLINE void flush(const uint32_t (*sums)[16], const uint16_t* made, int sweeps, uint32_t** out) {
    __m512i x[16], y[16];
    for (int k = 0; k < 16; k++) x[k] = _mm512_load_si512(sums[k]);
    for (int k = 0; k < 16; k += 2) {
      y[k] = _mm512_unpacklo_epi32(x[k], x[k + 1]);
      y[k + 1] = _mm512_unpackhi_epi32(x[k], x[k + 1]);
    }
    for (int k = 0; k < 16; k += 4) {
      x[k] = _mm512_unpacklo_epi64(y[k], y[k + 2]);
      x[k + 1] = _mm512_unpackhi_epi64(y[k], y[k + 2]);
      x[k + 2] = _mm512_unpacklo_epi64(y[k + 1], y[k + 3]);
      x[k + 3] = _mm512_unpackhi_epi64(y[k + 1], y[k + 3]);
    }
    for (int k = 0; k < 4; k++) {
      y[k] = _mm512_shuffle_i32x4(x[k], x[k + 4], 0x88);
      y[k + 4] = _mm512_shuffle_i32x4(x[k], x[k + 4], 0xdd);
      y[k + 8] = _mm512_shuffle_i32x4(x[k + 8], x[k + 12], 0x88);
      y[k + 12] = _mm512_shuffle_i32x4(x[k + 8], x[k + 12], 0xdd);
    }
    for (int k = 0; k < 8; k++) {
      x[k] = _mm512_shuffle_i32x4(y[k], y[k + 8], 0x88);
      x[k + 8] = _mm512_shuffle_i32x4(y[k], y[k + 8], 0xdd);
    }
    const __m512i lanes = _mm512_castsi256_si512(_mm256_load_si256(reinterpret_cast<const __m256i*>(made)));
    const uint32_t all = (1u << sweeps) - 1;
    for (int lane = 0; lane < 16; lane++) {
      const uint32_t of_lane = static_cast<uint32_t>(_mm512_test_epi16_mask(lanes, _mm512_set1_epi16(static_cast<short>(1 << lane)))) & all;
      _mm512_storeu_si512(out[lane], _mm512_maskz_compress_epi32(static_cast<__mmask16>(of_lane), x[lane]));
      out[lane] += __builtin_popcount(of_lane);
    }
  }
  LANE_INLINE bool any(M mask) { return mask != 0; }

  LANE_INLINE U gather(const uint32_t* table, U index) { return cooked(_mm512_i32gather_epi32(raw(index), table, 4)); }
  /** 0 where the mask is not set; nothing is read there. Else two bytes beyond may be read. */
  LANE_INLINE U gather_halves(const uint16_t* table, M mask, U index) {
    return cooked(_mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, raw(index), table, 2)) & 0xffff;
  }
  /** A gather of eight 64-bit cells costs half of one of sixteen 32-bit words. */
  LANE_INLINE void gather_cells(const PickCell* cells, U index, U& thresholds, U& aliases) {
    const __m512i low = _mm512_i32gather_epi64(_mm512_castsi512_si256(raw(index)), cells, 8);
    const __m512i high = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(raw(index), 1), cells, 8);
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    thresholds = cooked(_mm512_permutex2var_epi32(low, even, high));
    aliases = cooked(_mm512_permutex2var_epi32(low, _mm512_add_epi32(even, _mm512_set1_epi32(1)), high));
  }
};

#include "lanes-loads.h"

/** Where loads are faster than gathers. */
struct LoadingVector : Vector {
  LANE_INLINE U gather(const uint32_t* table, U index) {
    const __m512i i = raw(index);
    __m512i x = _mm512_castsi128_si512(four_loads(table, _mm512_castsi512_si128(i)));
    x = _mm512_inserti32x4(x, four_loads(table, _mm512_extracti32x4_epi32(i, 1)), 1);
    x = _mm512_inserti32x4(x, four_loads(table, _mm512_extracti32x4_epi32(i, 2)), 2);
    return cooked(_mm512_inserti32x4(x, four_loads(table, _mm512_extracti32x4_epi32(i, 3)), 3));
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

constexpr LaneKernel gathering = kernel_of<Vector>(), loading = kernel_of<LoadingVector>();

}  // namespace

const LaneKernel* avx512_kernel() { return prefers_loads() ? &loading : &gathering; }

}  // namespace collapse

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
