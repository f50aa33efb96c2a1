// No include guard: once an instruction set. What is the same in all of them, in the vector types of GCC and Clang.

#define LANE_INLINE static inline __attribute__((always_inline))

/** BYTES / 4 integers. Masks are integers of all ones or zeros; an instruction set that has others says so itself. */
struct Integers {
  static constexpr int LANES = BYTES / 4;
  typedef uint32_t U __attribute__((vector_size(BYTES)));
  typedef int32_t Signed __attribute__((vector_size(BYTES)));
  typedef uint32_t Stored __attribute__((vector_size(BYTES), may_alias));
  using M = U;

  LANE_INLINE U set(uint32_t x) { return x - U{}; }
  LANE_INLINE U load(const uint32_t* at) { return *reinterpret_cast<const Stored*>(at); }
  LANE_INLINE void store(uint32_t* at, U x) { *reinterpret_cast<Stored*>(at) = x; }
  LANE_INLINE U add(U x, U y) { return x + y; }
  LANE_INLINE U subtract(U x, U y) { return x - y; }
  LANE_INLINE U exclusive_or(U x, U y) { return x ^ y; }
  LANE_INLINE U both(U x, U y) { return x & y; }
  template <int BY>
  LANE_INLINE U left(U x) { return x << BY; }
  template <int BY>
  LANE_INLINE U right(U x) { return x >> BY; }
  template <int BY>
  LANE_INLINE U rotated(U x) { return x << BY | x >> (32 - BY); }
  LANE_INLINE U left_by(U x, U by) { return x << by; }
  LANE_INLINE U right_by(U x, U by) { return x >> by; }
  LANE_INLINE U larger(U x, U y) { return x > y ? x : y; }
  LANE_INLINE U smaller(U x, U y) { return x < y ? x : y; }
  /** Of numbers below 2^15. */
  LANE_INLINE U square(U x) { return x * x; }

  LANE_INLINE M none() { return M{}; }
  LANE_INLINE M is_less(U x, U y) { return reinterpret_cast<M>(x < y); }
  LANE_INLINE M is_equal(U x, U y) { return reinterpret_cast<M>(x == y); }
  /** Of numbers below 2^31. */
  LANE_INLINE M is_below(U x, U y) { return reinterpret_cast<M>(reinterpret_cast<Signed>(x) < reinterpret_cast<Signed>(y)); }
  LANE_INLINE M is_zero(U x) { return reinterpret_cast<M>(x == U{}); }
  /** Below 2^16. */
  LANE_INLINE M is_small(U x) { return is_zero(x >> 16); }
  /** Of numbers below 2^31. */
  LANE_INLINE M is_positive(U x) { return reinterpret_cast<M>(reinterpret_cast<Signed>(x) > 0); }
  /** `count`, and one more where x is 0 and the mask is set. */
  LANE_INLINE U count_zeros(U count, M mask, U x) { return count - (mask & (x == U{})); }
  LANE_INLINE M mask_and(M x, M y) { return x & y; }
  LANE_INLINE M mask_or(M x, M y) { return x | y; }
  LANE_INLINE M mask_not(M x) { return ~x; }
  /** x and not y. */
  LANE_INLINE M mask_without(M x, M y) { return x & ~y; }
  /** y where the mask is set, else x. */
  LANE_INLINE U choose(M mask, U x, U y) { return (mask & y) | (~mask & x); }
  LANE_INLINE U keep(M mask, U x) { return mask & x; }
  /** A bit a lane. */
  LANE_INLINE U powers() {
    U result = set(1);
    for (int lane = 1; lane < LANES; lane++) result[lane] <<= lane;
    return result;
  }
  LANE_INLINE M of_bits(uint32_t bits) { return is_positive(powers() & bits); }

  /** By lane, the sums of the sweeps in which it made a generation. */
  LANE_INLINE void flush(const uint32_t (*sums)[16], const uint16_t* made, int sweeps, uint32_t** out) {
    for (int lane = 0; lane < 16; lane++) {
      uint32_t* at = out[lane];
      for (int k = 0; k < sweeps; k++) {
        *at = sums[k][lane];  // without a branch: if it made none, the next sum takes the place
        at += made[k] >> lane & 1;
      }
      out[lane] = at;
    }
  }
};
