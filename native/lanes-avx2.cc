// Lanes on AVX2: eight chains. Only this file's own functions are compiled for it (lanes.h, simd.h).
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

#define LANE_INLINE static inline __attribute__((always_inline))

/** Eight 32-bit integers; masks are integers of all ones or zeros. */
struct Vector {
  using U = __m256i;
  using M = __m256i;
  static constexpr int LANES = 8;

  LANE_INLINE U set(uint32_t x) { return _mm256_set1_epi32(static_cast<int>(x)); }
  LANE_INLINE U load(const uint32_t* at) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(at)); }
  LANE_INLINE void store(uint32_t* at, U x) { _mm256_store_si256(reinterpret_cast<__m256i*>(at), x); }
  LANE_INLINE U add(U x, U y) { return _mm256_add_epi32(x, y); }
  LANE_INLINE U subtract(U x, U y) { return _mm256_sub_epi32(x, y); }
  LANE_INLINE U exclusive_or(U x, U y) { return _mm256_xor_si256(x, y); }
  LANE_INLINE U both(U x, U y) { return _mm256_and_si256(x, y); }
  template <int BY>
  LANE_INLINE U left(U x) { return _mm256_slli_epi32(x, BY); }
  template <int BY>
  LANE_INLINE U right(U x) { return _mm256_srli_epi32(x, BY); }
  template <int BY>
  LANE_INLINE U rotated(U x) { return _mm256_or_si256(_mm256_slli_epi32(x, BY), _mm256_srli_epi32(x, 32 - BY)); }
  LANE_INLINE U right_by(U x, U by) { return _mm256_srlv_epi32(x, by); }
  LANE_INLINE U larger(U x, U y) { return _mm256_max_epu32(x, y); }
  LANE_INLINE U smaller(U x, U y) { return _mm256_min_epu32(x, y); }
  /** Squares of numbers below 2^15. */
  LANE_INLINE U square(U x) { return _mm256_madd_epi16(x, x); }

  LANE_INLINE M none() { return _mm256_setzero_si256(); }
  LANE_INLINE M inverse(M mask) { return _mm256_xor_si256(mask, _mm256_set1_epi32(-1)); }
  LANE_INLINE M is_less(U x, U y) { return inverse(_mm256_cmpeq_epi32(_mm256_max_epu32(x, y), x)); }
  LANE_INLINE M is_equal(U x, U y) { return _mm256_cmpeq_epi32(x, y); }
  LANE_INLINE M is_positive(U x) { return inverse(_mm256_cmpeq_epi32(x, _mm256_setzero_si256())); }
  LANE_INLINE M mask_and(M x, M y) { return _mm256_and_si256(x, y); }
  LANE_INLINE M mask_or(M x, M y) { return _mm256_or_si256(x, y); }
  /** x and not y. */
  LANE_INLINE M mask_without(M x, M y) { return _mm256_andnot_si256(y, x); }
  LANE_INLINE uint32_t bits(M mask) { return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(mask))); }
  LANE_INLINE M of_bits(uint32_t bits) {
    const U powers = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_cmpeq_epi32(_mm256_and_si256(set(bits), powers), powers);
  }
  /** y where the mask is set, else x. */
  LANE_INLINE U choose(M mask, U x, U y) { return _mm256_blendv_epi8(x, y, mask); }
  LANE_INLINE U keep(M mask, U x) { return _mm256_and_si256(mask, x); }

  LANE_INLINE U gather(const uint32_t* table, U index) {
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), index, 4);
  }
  /** 0 where the mask is not set; nothing is read there. */
  LANE_INLINE U gather_some(const uint32_t* table, M mask, U index) {
    return _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), reinterpret_cast<const int*>(table), index, mask, 4);
  }
  LANE_INLINE void gather_cells(const Cell* cells, U index, U& thresholds, U& values) {
    const int* words = reinterpret_cast<const int*>(cells);
    thresholds = _mm256_i32gather_epi32(words, index, 8);
    values = _mm256_i32gather_epi32(words + 1, index, 8);
  }
  /** alias_pick's column or alias of eight; `high` and `low` are two numbers of the stream. */
  LANE_INLINE U pick(U high, U low, U start, U size, const double* shares, const int32_t* aliases) {
    const __m256d scale = _mm256_set1_pd(1.1102230246251565404e-16), shift = _mm256_set1_pd(67108864.0);
    const U h = right<5>(high), l = right<6>(low);
    __m128i columns[2];
    __m256d kept[2];
    for (int half = 0; half < 2; half++) {
      const __m256d uniform = _mm256_mul_pd(
          _mm256_add_pd(_mm256_mul_pd(_mm256_cvtepi32_pd(part(h, half)), shift), _mm256_cvtepi32_pd(part(l, half))), scale);
      const __m256d x = _mm256_mul_pd(uniform, _mm256_cvtepi32_pd(part(size, half)));
      columns[half] = _mm256_cvttpd_epi32(x);
      const __m256d fraction = _mm256_sub_pd(x, _mm256_cvtepi32_pd(columns[half]));
      const __m256d share = _mm256_i32gather_pd(shares, _mm_add_epi32(columns[half], part(start, half)), 8);
      kept[half] = _mm256_cmp_pd(fraction, share, _CMP_LT_OQ);
    }
    const U column = _mm256_inserti128_si256(_mm256_castsi128_si256(columns[0]), columns[1], 1);
    // The low words of two masks of four doubles.
    const __m256 mixed = _mm256_shuffle_ps(_mm256_castpd_ps(kept[0]), _mm256_castpd_ps(kept[1]), 0x88);
    const M keeps = _mm256_permute4x64_epi64(_mm256_castps_si256(mixed), 0xd8);
    return choose(keeps, _mm256_i32gather_epi32(aliases, add(column, start), 4), column);
  }
  LANE_INLINE __m128i part(U x, int half) { return half ? _mm256_extracti128_si256(x, 1) : _mm256_castsi256_si128(x); }
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
