// The instruction sets that the lanes can run on. Every one gives the same bits; scalar code runs everywhere.
#pragma once

// COLLAPSE_SCALAR_ONLY builds what other processors and compilers get.
#if (defined(__GNUC__) || defined(__clang__)) && !defined(COLLAPSE_SCALAR_ONLY)
#if defined(__x86_64__)
#define COLLAPSE_X86_LANES 1
#elif defined(__AARCH64EL__)
#define COLLAPSE_NEON_LANES 1
#endif
#endif

namespace collapse {

/** In the order of their speed, where there is more than one. */
enum Simd : int { SIMD_SCALAR, SIMD_NEON, SIMD_AVX2, SIMD_AVX512, SIMD_SETS };

inline const char* simd_name(int simd) {
  constexpr const char* names[] = {"scalar", "neon", "avx2", "avx512"};
  return names[simd];
}

/** Asked of the processor and the operating system when it runs, not when it is compiled. */
inline bool has_simd(int simd) {
#if defined(COLLAPSE_X86_LANES)
  if (!__builtin_cpu_supports("popcnt")) return simd == SIMD_SCALAR;
  if (simd == SIMD_AVX512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  if (simd == SIMD_AVX2) return __builtin_cpu_supports("avx2");
#elif defined(COLLAPSE_NEON_LANES)
  if (simd == SIMD_NEON) return true;  // every 64-bit Arm has it
#endif
  return simd == SIMD_SCALAR;
}

#if defined(COLLAPSE_X86_LANES)
/** Whether loads of single words are faster than a gather: on AMD's processors they are (docs/PERFORMANCE.md#lanes). Tests decide it by COLLAPSE_LOADS. */
inline bool prefers_loads() {
#if defined(COLLAPSE_LOADS)
  return COLLAPSE_LOADS;
#else
  return __builtin_cpu_is("amd");
#endif
}
#endif

}  // namespace collapse
