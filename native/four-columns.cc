#include "four-columns.h"

#include <cstring>

#include "simd.h"

namespace collapse {

namespace {

#if defined(__GNUC__) || defined(__clang__)
#define FOUR_INLINE inline __attribute__((always_inline))
/** What every processor of its kind has. */
typedef double Plain __attribute__((vector_size(16)));
#else
#define FOUR_INLINE inline
using Plain = double;
#endif

/** By reference: a vector that is returned would need its instruction set in the caller, too. */
template <typename V>
FOUR_INLINE void load(V& to, const double* from) {
  std::memcpy(&to, from, sizeof(V));
}

/** y += A w, four columns of A. */
template <typename V>
FOUR_INLINE void add_row(double* y, const V& a0, const V& a1, const V& a2, const V& a3, const double* w) {
  V sum;
  load(sum, y);
  sum = sum + w[0] * a0 + w[1] * a1 + w[2] * a2 + w[3] * a3;
  std::memcpy(y, &sum, sizeof(V));
}

/** Rows from ... to - 1, as many at a time as a V holds; returns the first that is left. */
template <typename V>
FOUR_INLINE int add_rows(double* y, ptrdiff_t y_step, int from, int to, const double* a, ptrdiff_t step, const double (*w)[4]) {
  constexpr int LANES = sizeof(V) / sizeof(double);
  int i = from;
  for (; i + LANES <= to; i += LANES) {
    V a0, a1, a2, a3;
    load(a0, a + i);
    load(a1, a + i + step);
    load(a2, a + i + 2 * step);
    load(a3, a + i + 3 * step);
    for (int j = 0; j < 4; j++) add_row(y + i + j * y_step, a0, a1, a2, a3, w[j]);
  }
  return i;
}

template <typename V>
FOUR_INLINE void add_columns(double* y, ptrdiff_t y_step, int rows, const double* a, ptrdiff_t step, const double* x,
                             ptrdiff_t x_step, ptrdiff_t x_column, int count, double sign) {
  for (int k = 0; k < count; k += 4, a += 4 * step, x += 4 * x_step) {
    double w[4][4];
    for (int j = 0; j < 4; j++) {
      for (int l = 0; l < 4; l++) w[j][l] = sign * x[j * x_column + l * x_step];
    }
    const int done = add_rows<V>(y, y_step, 0, rows, a, step, w);
    add_rows<double>(y, y_step, done, rows, a, step, w);
  }
}

#define FOUR_COLUMNS(NAME, V)                                                                                        \
  void NAME(double* y, ptrdiff_t y_step, int rows, const double* a, ptrdiff_t step, const double* x, ptrdiff_t x_step, \
            ptrdiff_t x_column, int count, double sign) {                                                            \
    add_columns<V>(y, y_step, rows, a, step, x, x_step, x_column, count, sign);                                      \
  }

FOUR_COLUMNS(plain, Plain)
#ifdef COLLAPSE_X86_LANES
typedef double Four __attribute__((vector_size(32)));
typedef double Eight __attribute__((vector_size(64)));
__attribute__((target("avx2"))) FOUR_COLUMNS(with_avx2, Four)
__attribute__((target("avx512f"))) FOUR_COLUMNS(with_avx512, Eight)
#endif

}  // namespace

FourColumns* four_columns([[maybe_unused]] int simd) {
#ifdef COLLAPSE_X86_LANES
  if (simd == SIMD_AVX512) return with_avx512;
  if (simd == SIMD_AVX2) return with_avx2;
#endif
  return plain;
}

}  // namespace collapse
