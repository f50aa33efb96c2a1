// Wishart matrices without the data; the twin of assembly/wishart.ts, which explains them.
#pragma once
#include <algorithm>

#include "chi-squared.h"
#include "matrix.h"

namespace collapse {

/** Columns of a Bartlett factor that are not 0: min(nu, d). */
inline int bartlett_columns(int d, double nu) { return nu < static_cast<double>(d) ? static_cast<int>(nu) : d; }

/** A lower triangular d x d matrix A with A A' ~ W_d(nu, I). */
inline void bartlett(Stream& stream, double* a, int d, double nu) {
  const int columns = bartlett_columns(d, nu);
  const ptrdiff_t size = d;
  std::fill_n(a, size * size, 0.0);
  for (int j = 0; j < columns; j++) {
    double* at = a + j * (size + 1);
    at[0] = chi(stream, nu - static_cast<double>(j));
    normals().fill(stream, at + 1, static_cast<size_t>(d - j - 1));
  }
}

/** S ~ W_d(nu, L L'), all of it written; `factor` has room for a d x d matrix T: S = T T'. */
inline void wishart(Stream& stream, const double* l, int d, double nu, double* s, double* factor) {
  const int columns = bartlett_columns(d, nu);
  bartlett(stream, s, d, nu);
  lower_times_lower(l, s, d, columns, factor);
  lower_times_transpose(factor, d, columns, s);
}

}  // namespace collapse
