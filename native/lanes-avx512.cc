// Lanes on AVX-512: sixteen chains. Only this file's own functions are compiled for it (lanes.h, simd.h).
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

#define LANE_INLINE static inline __attribute__((always_inline))

/** Sixteen 32-bit integers, and masks of sixteen bits. */
struct Vector {
  using U = __m512i;
  using M = __mmask16;
  static constexpr int LANES = 16;

  LANE_INLINE U set(uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
  LANE_INLINE U load(const uint32_t* at) { return _mm512_load_si512(at); }
  LANE_INLINE void store(uint32_t* at, U x) { _mm512_store_si512(at, x); }
  LANE_INLINE U add(U x, U y) { return _mm512_add_epi32(x, y); }
  LANE_INLINE U subtract(U x, U y) { return _mm512_sub_epi32(x, y); }
  LANE_INLINE U exclusive_or(U x, U y) { return _mm512_xor_si512(x, y); }
  LANE_INLINE U both(U x, U y) { return _mm512_and_si512(x, y); }
  template <int BY>
  LANE_INLINE U left(U x) { return _mm512_slli_epi32(x, BY); }
  template <int BY>
  LANE_INLINE U right(U x) { return _mm512_srli_epi32(x, BY); }
  template <int BY>
  LANE_INLINE U rotated(U x) { return _mm512_rol_epi32(x, BY); }
  LANE_INLINE U right_by(U x, U by) { return _mm512_srlv_epi32(x, by); }
  LANE_INLINE U larger(U x, U y) { return _mm512_max_epu32(x, y); }
  LANE_INLINE U smaller(U x, U y) { return _mm512_min_epu32(x, y); }
  /** Squares of numbers below 2^15. */
  LANE_INLINE U square(U x) { return _mm512_madd_epi16(x, x); }

  LANE_INLINE M none() { return 0; }
  LANE_INLINE M is_less(U x, U y) { return _mm512_cmplt_epu32_mask(x, y); }
  LANE_INLINE M is_equal(U x, U y) { return _mm512_cmpeq_epi32_mask(x, y); }
  LANE_INLINE M is_positive(U x) { return _mm512_test_epi32_mask(x, x); }
  LANE_INLINE M mask_and(M x, M y) { return x & y; }
  LANE_INLINE M mask_or(M x, M y) { return x | y; }
  /** x and not y. */
  LANE_INLINE M mask_without(M x, M y) { return x & static_cast<M>(~y); }
  LANE_INLINE uint32_t bits(M mask) { return mask; }
  LANE_INLINE M of_bits(uint32_t bits) { return static_cast<M>(bits); }
  /** y where the mask is set, else x. */
  LANE_INLINE U choose(M mask, U x, U y) { return _mm512_mask_mov_epi32(x, mask, y); }
  LANE_INLINE U keep(M mask, U x) { return _mm512_maskz_mov_epi32(mask, x); }

  LANE_INLINE U gather(const uint32_t* table, U index) { return _mm512_i32gather_epi32(index, table, 4); }
  /** 0 where the mask is not set; nothing is read there. */
  LANE_INLINE U gather_some(const uint32_t* table, M mask, U index) {
    return _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, index, table, 4);
  }
  /** Thresholds and values of cells: a gather of eight 64-bit cells costs half of one of sixteen 32-bit words. */
  LANE_INLINE void gather_cells(const Cell* cells, U index, U& thresholds, U& values) {
    const U low = _mm512_i32gather_epi64(_mm512_castsi512_si256(index), cells, 8);
    const U high = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(index, 1), cells, 8);
    const U even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    thresholds = _mm512_permutex2var_epi32(low, even, high);
    values = _mm512_permutex2var_epi32(low, _mm512_add_epi32(even, _mm512_set1_epi32(1)), high);
  }
  /** alias_pick's column and alias of sixteen; `high` and `low` are two numbers of the stream. */
  LANE_INLINE U pick(U high, U low, U start, U size, const double* shares, const int32_t* aliases) {
    const __m512d scale = _mm512_set1_pd(1.1102230246251565404e-16), shift = _mm512_set1_pd(67108864.0);
    const U h = right<5>(high), l = right<6>(low);
    __m256i columns[2];
    __mmask8 kept[2];
    for (int half = 0; half < 2; half++) {
      const __m512d uniform = _mm512_mul_pd(
          _mm512_add_pd(_mm512_mul_pd(_mm512_cvtepi32_pd(part(h, half)), shift), _mm512_cvtepi32_pd(part(l, half))), scale);
      const __m512d x = _mm512_mul_pd(uniform, _mm512_cvtepi32_pd(part(size, half)));
      columns[half] = _mm512_cvttpd_epi32(x);
      const __m512d fraction = _mm512_sub_pd(x, _mm512_cvtepi32_pd(columns[half]));
      const __m512d share = _mm512_i32gather_pd(_mm256_add_epi32(columns[half], part(start, half)), shares, 8);
      kept[half] = _mm512_cmp_pd_mask(fraction, share, _CMP_LT_OQ);
    }
    const U column = _mm512_inserti64x4(_mm512_castsi256_si512(columns[0]), columns[1], 1);
    const M keeps = static_cast<M>(kept[0] | kept[1] << 8);
    return choose(keeps, _mm512_i32gather_epi32(add(column, start), aliases, 4), column);
  }
  LANE_INLINE __m256i part(U x, int half) { return half ? _mm512_extracti64x4_epi64(x, 1) : _mm512_castsi512_si256(x); }
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
