// Matrices of doubles, column by column; the twin of assembly/matrix.ts, which says what each function does. Here four
// columns go together, which changes the order of no sum; where that is most of the work, the caller says which
// instructions they are added with.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "cancel.h"
#include "four-columns.h"
#include "math.h"
#include "simd.h"

namespace collapse {

/** y += sign A x; elements of x are `x_step` apart. */
inline void add_columns(double* __restrict y, int rows, const double* a, ptrdiff_t step, const double* x, ptrdiff_t x_step,
                        int count, double sign) {
  int k = 0;
  for (; k + 4 <= count; k += 4, a += 4 * step, x += 4 * x_step) {
    const double x0 = sign * x[0], x1 = sign * x[x_step], x2 = sign * x[2 * x_step], x3 = sign * x[3 * x_step];
    const double* __restrict a0 = a;
    const double* __restrict a1 = a + step;
    const double* __restrict a2 = a + 2 * step;
    const double* __restrict a3 = a + 3 * step;
    for (int i = 0; i < rows; i++) y[i] = y[i] + x0 * a0[i] + x1 * a1[i] + x2 * a2[i] + x3 * a3[i];
  }
  for (; k < count; k++, a += step, x += x_step) {
    const double xk = sign * x[0];
    const double* __restrict ak = a;
    for (int i = 0; i < rows; i++) y[i] = y[i] + xk * ak[i];
  }
}

/** C += sign A B: C is rows x columns, A rows x count, B count x columns with steps of its own (so B may be a transpose). */
inline void add_product(double* c, ptrdiff_t c_step, int rows, int columns, const double* a, ptrdiff_t a_step,
                        const double* b, ptrdiff_t b_row, ptrdiff_t b_column, int count, double sign,
                        FourColumns* add_four = four_columns(SIMD_SCALAR)) {
  const int fours = count & ~3;
  int j = 0;
  for (; j + 4 <= columns; j += 4) {
    add_four(c + j * c_step, c_step, rows, a, a_step, b + j * b_column, b_row, b_column, fours, sign);
    for (int l = j; l < j + 4; l++) {
      add_columns(c + l * c_step, rows, a + fours * a_step, a_step, b + l * b_column + fours * b_row, b_row, count - fours,
                  sign);
    }
  }
  for (; j < columns; j++) add_columns(c + j * c_step, rows, a, a_step, b + j * b_column, b_row, count, sign);
}

/** y = A x of a rows x columns matrix. */
inline void times_vector(const double* a, int rows, int columns, const double* x, double* y) {
  std::fill_n(y, rows, 0.0);
  add_columns(y, rows, a, rows, x, 1, columns, 1.0);
}

/** y = L x of a lower triangular d x d matrix, of which the first `columns` columns count; x and y do not overlap. */
inline void lower_times_vector(const double* l, ptrdiff_t d, int columns, const double* x, double* y) {
  std::fill_n(y, d, 0.0);
  for (int k = 0; k < columns; k++) add_columns(y + k, static_cast<int>(d) - k, l + k + k * d, d, x + k, 1, 1, 1.0);
}

/** y = L' x. */
inline void lower_transposed_times_vector(const double* l, ptrdiff_t d, const double* x, double* y) {
  for (ptrdiff_t j = 0; j < d; j++) {
    double sum = 0.0;
    for (ptrdiff_t i = j; i < d; i++) sum += l[i + j * d] * x[i];
    y[j] = sum;
  }
}

/** C = L A of lower triangular d x d matrices, the first `columns` columns of A; the rest of C is 0. */
inline void lower_times_lower(const double* l, const double* a, ptrdiff_t d, int columns, double* c) {
  FourColumns* const add_four = four_columns(SIMD_SCALAR);
  const int size = static_cast<int>(d);
  std::fill_n(c, d * d, 0.0);
  const auto add_one = [=](int j, int k, int end) {
    add_columns(c + k + j * d, end - k, l + k + k * d, d, a + k + j * d, 1, 1, 1.0);
  };
  int j = 0;
  for (; j + 4 <= columns; j += 4) {
    for (int m = j; m < j + 4; m++) {
      for (int k = m; k < j + 4; k++) add_one(m, k, size);
    }
    int k = j + 4;
    for (; k + 4 <= size; k += 4) {
      // Rows k ... k + 3 are a triangle; all four columns of L reach the rows below.
      for (int m = j; m < j + 4; m++) {
        for (int i = k; i < k + 4; i++) add_one(m, i, k + 4);
      }
      add_four(c + (k + 4) + j * d, d, size - k - 4, l + (k + 4) + k * d, d, a + k + j * d, 1, d, 4, 1.0);
    }
    for (; k < size; k++) {
      for (int m = j; m < j + 4; m++) add_one(m, k, size);
    }
  }
  for (; j < columns; j++) {
    for (int k = j; k < size; k++) add_one(j, k, size);
  }
}

/** Copies the lower triangle to the upper one. */
inline void mirror(double* s, ptrdiff_t d) {
  for (ptrdiff_t j = 1; j < d; j++) {
    for (ptrdiff_t i = 0; i < j; i++) s[i + j * d] = s[j + i * d];
  }
}

/** The lower triangle of S += A A', A a d x columns matrix, with `lower` a lower triangular one. Cancelled, it stops half done. */
inline void add_times_transpose(const double* a, ptrdiff_t d, int columns, bool lower, double* s, const Cancel* cancel = nullptr,
                                FourColumns* add_four = four_columns(SIMD_SCALAR)) {
  const int size = static_cast<int>(d);
  for (int j = 0; j < size; j += 4) {
    if (cancel != nullptr && is_cancelled(*cancel)) return;
    const int end = std::min(j + 4, size);
    const int before = lower ? std::min(j, columns) : columns;
    add_product(s + j + j * d, d, size - j, end - j, a + j, d, a + j, d, 1, before, 1.0, add_four);
    for (int m = j; lower && m < end; m++) {
      const double* from = a + m + before * d;
      add_columns(s + m + m * d, size - m, from, d, from, d, std::min(m + 1, columns) - before, 1.0);
    }
  }
}

/** S = L L' of a lower triangular d x d matrix, of which the first `columns` columns count; the whole of S is written. */
inline void lower_times_transpose(const double* l, ptrdiff_t d, int columns, double* s) {
  std::fill_n(s, d * d, 0.0);
  add_times_transpose(l, d, columns, true, s);
  mirror(s, d);
}

/**
 * Cholesky factor in place of a matrix of rank `most` or less, zeros above the diagonal; returns the rank. Cancelled, it
 * stops half done.
 */
inline int cholesky(double* s, ptrdiff_t d, int most, const Cancel* cancel = nullptr,
                    FourColumns* add_four = four_columns(SIMD_SCALAR)) {
  const int size = static_cast<int>(d);
  int rank = 0;
  for (int j = 0; j < size; j += 4) {
    if (cancel != nullptr && is_cancelled(*cancel)) return rank;
    const int end = std::min(j + 4, size);
    double least[4];
    for (int m = j; m < end; m++) least[m - j] = static_cast<double>(size) * 8.881784197001252e-16 * s[m + m * d];
    add_product(s + j + j * d, d, size - j, end - j, s + j, d, s + j, d, 1, j, -1.0, add_four);
    for (int m = j; m < end; m++) {
      double* at = s + m + m * d;
      const int rows = size - m;
      add_columns(at, rows, s + m + j * d, d, s + m + j * d, d, m - j, -1.0);
      std::fill_n(s + m * d, m, 0.0);
      const double pivot = at[0];
      if (rank < most && pivot > least[m - j] && pivot > 0.0) {
        const double root = std::sqrt(pivot);
        at[0] = root;
        for (int i = 1; i < rows; i++) at[i] = at[i] / root;
        rank++;
      } else {
        std::fill_n(at, rows, 0.0);
      }
    }
  }
  return rank;
}

/** Solves L y = x in place; a zero on the diagonal gives a zero there. */
inline void forward_substitute(const double* l, ptrdiff_t d, double* x) {
  const int size = static_cast<int>(d);
  for (int j = 0; j < size; j++) {
    const double* at = l + j + j * d;
    x[j] = at[0] == 0.0 ? 0.0 : x[j] / at[0];
    add_columns(x + j + 1, size - j - 1, at + 1, d, x + j, 1, 1, -1.0);
  }
}

/** Solves L' y = x in place; a zero on the diagonal gives a zero there. */
inline void back_substitute(const double* l, ptrdiff_t d, double* x) {
  for (ptrdiff_t j = d - 1; j >= 0; j--) {
    double rest = x[j];
    for (ptrdiff_t i = j + 1; i < d; i++) rest -= l[i + j * d] * x[i];
    const double pivot = l[j + j * d];
    x[j] = pivot == 0.0 ? 0.0 : rest / pivot;
  }
}

/** ln det (L L'), -Infinity if a diagonal element is 0. */
inline double log_determinant(const double* l, ptrdiff_t d) {
  double sum = 0.0;
  for (ptrdiff_t j = 0; j < d; j++) sum += log(l[j + j * d]);
  return 2.0 * sum;
}

/** sqrt(a^2 + b^2), without squares that over- or underflow. */
inline double length(double a, double b) {
  const double x = std::fabs(a), y = std::fabs(b);
  const double most = x > y ? x : y;
  if (most == 0.0) return 0.0;
  const double ratio = (x > y ? y : x) / most;
  return most * std::sqrt(1.0 + ratio * ratio);
}

/** L L' becomes L L' + x x' by Givens rotations; x has zeros before `from` and is overwritten. */
inline void add_to_root(double* l, ptrdiff_t d, double* x, ptrdiff_t from) {
  for (ptrdiff_t k = from; k < d; k++) {
    if (x[k] == 0.0) continue;
    double* column = l + k * d;
    const double r = length(column[k], x[k]);
    const double c = column[k] / r, s = x[k] / r;
    column[k] = r;
    for (ptrdiff_t i = k + 1; i < d; i++) {
      const double t = column[i], y = x[i];
      column[i] = c * t + s * y;
      x[i] = c * y - s * t;
    }
  }
}

}  // namespace collapse
