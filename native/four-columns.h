// The inner loop of products of matrices, on every instruction set. Each output adds up its terms in their order, so all of
// them give the same bits.
#pragma once
#include <cstddef>

namespace collapse {

/**
 * y += sign A x for four columns y and x at once, of `rows` outputs each. Columns of A are `step` apart, there are
 * `count` of them, a multiple of 4; elements of x are `x_step` apart.
 */
using FourColumns = void(double* y, ptrdiff_t y_step, int rows, const double* a, ptrdiff_t step, const double* x,
                         ptrdiff_t x_step, ptrdiff_t x_column, int count, double sign);

/** For an instruction set of simd.h that the processor has. */
FourColumns* four_columns(int simd);

}  // namespace collapse
