// Logarithm and exponential with + - * / only; the twin of assembly/math.ts.
#pragma once
#include <cstdint>
#include <cstring>
#include <limits>

namespace collapse {

constexpr double LN2_HIGH = 6.9314718036912381649e-1;
constexpr double LN2_LOW = 1.90821492927058770002e-10;

inline uint64_t bits(double x) {
  uint64_t u;
  std::memcpy(&u, &x, sizeof u);
  return u;
}

inline double from_words(int32_t high, uint32_t low) {
  const uint64_t u = (static_cast<uint64_t>(static_cast<uint32_t>(high)) << 32) | low;
  double x;
  std::memcpy(&x, &u, sizeof x);
  return x;
}

inline double log(double x) {
  int32_t high = static_cast<int32_t>(bits(x) >> 32);
  int32_t k = 0;
  if (high < 0x00100000) {
    if (x == 0.0) return -std::numeric_limits<double>::infinity();
    if (!(x > 0.0)) return std::numeric_limits<double>::quiet_NaN();
    k = -54;
    x = x * 18014398509481984.0;
    high = static_cast<int32_t>(bits(x) >> 32);
  }
  if (high >= 0x7ff00000) return x;
  high = high + (0x3ff00000 - 0x3fe6a09e);
  k = k + (high >> 20) - 0x3ff;
  high = (high & 0x000fffff) + 0x3fe6a09e;
  const double f = from_words(high, static_cast<uint32_t>(bits(x))) - 1.0;
  const double half = 0.5 * f * f;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
  const double odd =
      z * (0.666666666666673513 + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
  const double r = odd + even;
  const double scale = k;
  return s * (half + r) + scale * LN2_LOW - half + f + scale * LN2_HIGH;
}

inline double log1p(double x) {
  const double u = 1.0 + x;
  if (u == 1.0) return x;
  return log(u) * (x / (u - 1.0));
}

inline double power_of_two(int32_t k) { return from_words(static_cast<int32_t>(static_cast<uint32_t>(k + 1023) << 20), 0); }

inline double exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893383973096) return std::numeric_limits<double>::infinity();
  if (x < -745.13321910194110842) return 0.0;
  const int32_t k = static_cast<int32_t>(x * 1.44269504088896338700 + (x < 0.0 ? -0.5 : 0.5));
  const double scale = k;
  const double high = x - scale * LN2_HIGH;
  const double low = scale * LN2_LOW;
  const double r = high - low;
  const double t = r * r;
  const double c =
      r - t * (1.66666666666666019037e-1 +
               t * (-2.77777777770155933842e-3 +
                    t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const double y = 1.0 + ((r * c) / (2.0 - c) - low + high);
  if (k > 1023) return y * 2.0 * power_of_two(1023);
  if (k < -1021) return y * power_of_two(k + 1000) * power_of_two(-1000);
  return y * power_of_two(k);
}

}  // namespace collapse
