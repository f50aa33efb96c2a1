// No include guard: once an instruction set, where its `Vector` is known.

/** Two vectors as one. */
template <typename V>
struct Pair {
  struct U {
    typename V::U x, y;
  };
  struct M {
    typename V::M x, y;
  };
  static constexpr int HALF = V::LANES;
  static constexpr int LANES = 2 * HALF;

  LANE_INLINE U set(uint32_t x) { return {V::set(x), V::set(x)}; }
  LANE_INLINE U load(const uint32_t* at) { return {V::load(at), V::load(at + HALF)}; }
  LANE_INLINE void store(uint32_t* at, U a) {
    V::store(at, a.x);
    V::store(at + HALF, a.y);
  }
  LANE_INLINE U add(U a, U b) { return {V::add(a.x, b.x), V::add(a.y, b.y)}; }
  LANE_INLINE U subtract(U a, U b) { return {V::subtract(a.x, b.x), V::subtract(a.y, b.y)}; }
  LANE_INLINE U exclusive_or(U a, U b) { return {V::exclusive_or(a.x, b.x), V::exclusive_or(a.y, b.y)}; }
  LANE_INLINE U both(U a, U b) { return {V::both(a.x, b.x), V::both(a.y, b.y)}; }
  template <int BY>
  LANE_INLINE U left(U a) { return {V::template left<BY>(a.x), V::template left<BY>(a.y)}; }
  template <int BY>
  LANE_INLINE U right(U a) { return {V::template right<BY>(a.x), V::template right<BY>(a.y)}; }
  template <int BY>
  LANE_INLINE U rotated(U a) { return {V::template rotated<BY>(a.x), V::template rotated<BY>(a.y)}; }
  LANE_INLINE U left_by(U a, U by) { return {V::left_by(a.x, by.x), V::left_by(a.y, by.y)}; }
  LANE_INLINE U right_by(U a, U by) { return {V::right_by(a.x, by.x), V::right_by(a.y, by.y)}; }
  LANE_INLINE U larger(U a, U b) { return {V::larger(a.x, b.x), V::larger(a.y, b.y)}; }
  LANE_INLINE U smaller(U a, U b) { return {V::smaller(a.x, b.x), V::smaller(a.y, b.y)}; }
  LANE_INLINE U square(U a) { return {V::square(a.x), V::square(a.y)}; }

  LANE_INLINE M none() { return {V::none(), V::none()}; }
  LANE_INLINE M is_less(U a, U b) { return {V::is_less(a.x, b.x), V::is_less(a.y, b.y)}; }
  LANE_INLINE M is_below(U a, U b) { return {V::is_below(a.x, b.x), V::is_below(a.y, b.y)}; }
  LANE_INLINE M is_zero(U a) { return {V::is_zero(a.x), V::is_zero(a.y)}; }
  LANE_INLINE M is_small(U a) { return {V::is_small(a.x), V::is_small(a.y)}; }
  LANE_INLINE M is_equal(U a, U b) { return {V::is_equal(a.x, b.x), V::is_equal(a.y, b.y)}; }
  LANE_INLINE M is_positive(U a) { return {V::is_positive(a.x), V::is_positive(a.y)}; }
  LANE_INLINE U count_zeros(U count, M mask, U a) {
    return {V::count_zeros(count.x, mask.x, a.x), V::count_zeros(count.y, mask.y, a.y)};
  }
  LANE_INLINE M mask_and(M a, M b) { return {V::mask_and(a.x, b.x), V::mask_and(a.y, b.y)}; }
  LANE_INLINE M mask_or(M a, M b) { return {V::mask_or(a.x, b.x), V::mask_or(a.y, b.y)}; }
  LANE_INLINE M mask_not(M a) { return {V::mask_not(a.x), V::mask_not(a.y)}; }
  LANE_INLINE M mask_without(M a, M b) { return {V::mask_without(a.x, b.x), V::mask_without(a.y, b.y)}; }
  LANE_INLINE uint64_t bits(M a) { return static_cast<uint64_t>(V::bits(a.x)) | static_cast<uint64_t>(V::bits(a.y)) << HALF; }
  LANE_INLINE bool any(M a) { return V::any(V::mask_or(a.x, a.y)); }
  LANE_INLINE M of_bits(uint64_t bits) { return {V::of_bits(bits), V::of_bits(bits >> HALF)}; }
  LANE_INLINE U choose(M mask, U a, U b) { return {V::choose(mask.x, a.x, b.x), V::choose(mask.y, a.y, b.y)}; }
  LANE_INLINE U keep(M mask, U a) { return {V::keep(mask.x, a.x), V::keep(mask.y, a.y)}; }

  LANE_INLINE void flush(const uint32_t (*sums)[16], const uint16_t* made, int sweeps, uint32_t** out) { V::flush(sums, made, sweeps, out); }

  LANE_INLINE U gather(const uint32_t* table, U index) { return {V::gather(table, index.x), V::gather(table, index.y)}; }
  LANE_INLINE U gather_halves(const uint16_t* table, M mask, U index) {
    return {V::gather_halves(table, mask.x, index.x), V::gather_halves(table, mask.y, index.y)};
  }
  LANE_INLINE void gather_cells(const PickCell* cells, U index, U& thresholds, U& aliases) {
    V::gather_cells(cells, index.x, thresholds.x, aliases.x);
    V::gather_cells(cells, index.y, thresholds.y, aliases.y);
  }
};
