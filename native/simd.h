// The instruction sets that the lanes can run on. Every one gives the same bits; scalar code runs everywhere.
#pragma once

// COLLAPSE_SCALAR_ONLY builds what other processors and compilers get.
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(COLLAPSE_SCALAR_ONLY)
#define COLLAPSE_X86_LANES 1
#endif

namespace collapse {

enum Simd : int { SIMD_SCALAR = 0, SIMD_AVX2 = 1, SIMD_AVX512 = 2 };

inline const char* simd_name(int simd) {
  return simd == SIMD_AVX512 ? "avx512" : simd == SIMD_AVX2 ? "avx2" : "scalar";
}

/** Asked of the processor and the operating system when it runs, not when it is compiled. */
inline bool has_simd(int simd) {
#ifdef COLLAPSE_X86_LANES
  if (!__builtin_cpu_supports("popcnt")) return simd == SIMD_SCALAR;
  if (simd == SIMD_AVX512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  if (simd == SIMD_AVX2) return __builtin_cpu_supports("avx2");
#endif
  return simd == SIMD_SCALAR;
}

}  // namespace collapse
