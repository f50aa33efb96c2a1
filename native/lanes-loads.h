// No include guard: once an instruction set. On AMD's processors (Zen 5) a gather takes longer than its loads, which other work can go on
// beside.

/** Four words of a table, one by one. */
LANE_INLINE __m128i four_loads(const uint32_t* table, __m128i index) {
  const uint64_t low = static_cast<uint64_t>(_mm_cvtsi128_si64(index)), high = static_cast<uint64_t>(_mm_extract_epi64(index, 1));
  __m128i x = _mm_cvtsi32_si128(static_cast<int>(table[static_cast<uint32_t>(low)]));
  x = _mm_insert_epi32(x, static_cast<int>(table[low >> 32]), 1);
  x = _mm_insert_epi32(x, static_cast<int>(table[static_cast<uint32_t>(high)]), 2);
  return _mm_insert_epi32(x, static_cast<int>(table[high >> 32]), 3);
}
