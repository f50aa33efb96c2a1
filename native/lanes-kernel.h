// The sweeps, for 16 lanes of the vectors of wherever this is included (no include guard: once an instruction set). Every lane does
// what multinomial.h and replace-run.h do.

template <typename Vector>
struct Sweeps {
using U = typename Vector::U;
using M = typename Vector::M;

/** Streams side by side. */
struct Random {
  U a, b, c, counter;

  template <typename State>
  LANE_INLINE Random load(const State& state) {
    return {Vector::load(state.a), Vector::load(state.b), Vector::load(state.c), Vector::load(state.counter)};
  }
  template <typename State>
  inline __attribute__((always_inline)) void store(State& state) const {
    Vector::store(state.a, a);
    Vector::store(state.b, b);
    Vector::store(state.c, c);
    Vector::store(state.counter, counter);
  }
  /** Stream::next. */
  inline __attribute__((always_inline)) U next() {
    const U out = Vector::add(Vector::add(a, b), counter);
    counter = Vector::add(counter, Vector::set(1));
    a = Vector::exclusive_or(b, Vector::template right<9>(b));
    b = Vector::add(c, Vector::template left<3>(c));
    c = Vector::add(Vector::template rotated<21>(c), out);
    return out;
  }
  /** Goes on to `other` where the mask is set. */
  inline __attribute__((always_inline)) void choose(M mask, const Random& other) {
    a = Vector::choose(mask, a, other.a);
    b = Vector::choose(mask, b, other.b);
    c = Vector::choose(mask, c, other.c);
    counter = Vector::choose(mask, counter, other.counter);
  }
};

/** The draws x of these lanes' counts c, which their first words left open. Hardly ever called. */
template <typename Rows>
static __attribute__((noinline)) U closed(const Rows& rows, Random& random, U x, U c, U column, uint64_t lanes) {
  struct alignas(64) {
    uint32_t a[Vector::LANES], b[Vector::LANES], c[Vector::LANES], counter[Vector::LANES];
    uint32_t x[Vector::LANES], count[Vector::LANES], column[Vector::LANES];
  } words;
  random.store(words);
  Vector::store(words.x, x);
  Vector::store(words.count, c);
  Vector::store(words.column, column);
  for (; lanes != 0; lanes &= lanes - 1) {
    const int lane = __builtin_ctzll(lanes);
    Stream stream{words.a[lane], words.b[lane], words.c[lane], words.counter[lane]};
    words.x[lane] = rows.close(stream, words.count[lane], words.column[lane]);
    words.a[lane] = stream.a;
    words.b[lane] = stream.b;
    words.c[lane] = stream.c;
    words.counter[lane] = stream.counter;
  }
  random = Random::load(words);
  return Vector::load(words.x);
}

/** look_up in every lane. Where a lane is not active its result and what becomes of its stream mean nothing. */
template <typename Rows>
LANE_INLINE U look_up(const Rows& rows, Random& random, U c, M active) {
  constexpr int BITS = Rows::BITS;
  const U u = random.next();
  const U column = Vector::template right<32 - BITS>(u), v = Vector::template left<BITS>(u);
  const U cell = Vector::gather(rows.cells(), Vector::add(Vector::template left<BITS>(c), column));
  // row_low(c) + column
  const U half = Vector::set((1u << (BITS - 1)) - 1);
  const U own = Vector::add(Vector::larger(c, half), Vector::subtract(column, half));
  const U x = Vector::choose(Vector::is_less(v, cell), Vector::both(cell, Vector::set(0xffff)), own);
  const M open = Vector::mask_and(active, Vector::is_small(Vector::exclusive_or(v, cell)));
  if (__builtin_expect(!Vector::any(open), 1)) return x;
  Random copy = random;  // so that the stream itself stays in registers
  const U all = closed(rows, copy, x, c, column, Vector::bits(open));
  random = copy;
  return all;
}

/** The same where the mask is set; elsewhere 0, and the stream stays where it is. */
LANE_INLINE U look_up_some(const PoissonRows& rows, Random& random, U c, M mask) {
  Random moved = random;
  const U x = Vector::keep(mask, look_up(rows, moved, c, mask));
  random.choose(mask, moved);
  return x;
}

/** Lanes of these where accepts_exactly says so. Hardly ever called. */
static __attribute__((noinline)) uint32_t accepted(U pivot, U rest, U w, uint64_t lanes) {
  alignas(64) uint32_t pivots[Vector::LANES], rests[Vector::LANES], words[Vector::LANES];
  Vector::store(pivots, pivot);
  Vector::store(rests, rest);
  Vector::store(words, w);
  uint32_t result = 0;
  for (; lanes != 0; lanes &= lanes - 1) {
    const int lane = __builtin_ctzll(lanes);
    const bool accepts = accepts_exactly(words[lane], static_cast<int>(rests[lane]), static_cast<int>(pivots[lane]));
    result |= static_cast<uint32_t>(accepts) << lane;
  }
  return result;
}

/** Lanes of the mask whose pivot, of that mass, accepts the rest. */
LANE_INLINE M accepts(const PoissonRows& rows, M mask, U pivot, U rest, U w) {
  const U half = Vector::set((1u << (ROW_BITS - 1)) - 1);
  const U index = Vector::subtract(rest, Vector::subtract(Vector::larger(pivot, half), half));
  // A negative index is beyond the columns as an unsigned number.
  const M inside = Vector::mask_and(mask, Vector::is_less(index, Vector::set(1u << ROW_BITS)));
  const U limit = Vector::gather_halves(rows.accept(), inside, Vector::add(Vector::template left<ROW_BITS>(pivot), index));
  const U high = Vector::template right<16>(w);
  const M ok = Vector::mask_and(mask, Vector::is_less(high, limit));
  const M open = Vector::mask_and(mask, Vector::is_equal(high, limit));
  if (__builtin_expect(!Vector::any(open), 1)) return ok;
  return Vector::mask_or(ok, Vector::of_bits(accepted(pivot, rest, w, Vector::bits(open))));
}

static void flush(LaneGroup& group) {
  Vector::flush(group.sums, group.made, group.recorded, group.out);
  group.recorded = 0;
}

/** Keeps the sums of these lanes. */
LANE_INLINE void record_sums(LaneGroup& group, M lanes, U sums) {
  const int at = group.recorded++;
  Vector::store(group.sums[at], sums);
  group.made[at] = static_cast<uint16_t>(Vector::bits(lanes));
  if (group.recorded == RECORDED_SWEEPS) flush(group);
}

/** ROWS: the number of rows, if it is known that a lane has as many tokens or none. */
template <int ROWS, bool RECORD>
static uint32_t sweep_rows(LaneGroup& group, int given, const PoissonRows& table) {
  const int rows = ROWS > 0 ? ROWS : given;
  Random random = Random::load(group);
  U rest = Vector::load(group.n), sum = Vector::set(0), most = Vector::set(0), best = Vector::set(0), dead = Vector::set(0);
  const U pivot = Vector::load(group.counts[0]);
  const M active = Vector::is_positive(pivot);
#pragma GCC unroll 2
  for (int i = 1; i < rows; i++) {
    const U c = Vector::load(group.counts[i]);
    const M living = ROWS > 0 ? active : Vector::is_positive(c);
    const U x = ROWS > 0 ? look_up(table, random, c, living) : look_up_some(table, random, c, living);
    Vector::store(group.drawn[i], x);
    rest = Vector::subtract(rest, x);
    if (RECORD) sum = Vector::add(sum, Vector::square(x));
    best = Vector::choose(Vector::is_below(most, x), best, Vector::set(static_cast<uint32_t>(i)));
    most = Vector::larger(most, x);
    dead = Vector::count_zeros(dead, living, x);
  }
  const U w = random.next();
  random.store(group);
  const M ok = accepts(table, active, pivot, rest, w);
  if (RECORD) record_sums(group, ok, Vector::add(sum, Vector::square(rest)));
  // The first largest changes places with the pivot. A rest that is out of range is never accepted.
  best = Vector::keep(Vector::is_below(rest, most), best);
  const U first = Vector::choose(ok, pivot, Vector::larger(rest, most));
  Vector::store(group.counts[0], first);
  const auto next = [&](int i) {
    const U x = Vector::choose(Vector::is_equal(best, Vector::set(static_cast<uint32_t>(i))), Vector::load(group.drawn[i]), rest);
    return Vector::choose(ok, Vector::load(group.counts[i]), x);
  };
  // Every lane closes its first gap; there is hardly ever a second one, which can wait: a dead token draws nothing.
  M behind = Vector::none();
  U here = next(1);
#pragma GCC unroll 2
  for (int i = 1; i < rows - 1; i++) {
    const U after = next(i + 1);
    behind = Vector::mask_or(behind, Vector::is_zero(here));
    Vector::store(group.counts[i], Vector::choose(behind, here, after));
    here = after;
  }
  here = Vector::keep(Vector::mask_not(behind), here);
  Vector::store(group.counts[rows - 1], here);
  const U live = Vector::subtract(Vector::load(group.live), Vector::keep(ok, Vector::count_zeros(dead, active, rest)));
  Vector::store(group.live, live);
  Vector::store(group.generation, Vector::add(Vector::load(group.generation), Vector::keep(ok, Vector::set(1))));
  const M few = Vector::is_below(live, Vector::set(3));
  const M diffuse = Vector::mask_without(Vector::is_below(Vector::template left<4>(first), Vector::load(group.n)),
                                         Vector::is_below(live, Vector::set(GROUP_FROM)));
  const uint32_t leaving = static_cast<uint32_t>(Vector::bits(Vector::mask_and(ok, Vector::mask_or(few, diffuse))));
  return Vector::any(Vector::is_positive(here)) ? leaving : leaving | LAST_ROW_EMPTY;
}

template <bool RECORD>
static uint32_t sweep_any(LaneGroup& group, int rows, const PoissonRows& table) {
  return rows == 3 ? sweep_rows<3, RECORD>(group, rows, table) : sweep_rows<0, RECORD>(group, rows, table);
}

static uint32_t sweep(LaneGroup& group, int rows, const PoissonRows& table, bool record) {
  return record ? sweep_any<true>(group, rows, table) : sweep_any<false>(group, rows, table);
}

static void sweep_two(TwoGroup& group, int sweeps, const BinomialRows& table) {
  Random random = Random::load(group);
  U c = Vector::load(group.least);
  const U n = Vector::set(static_cast<uint32_t>(table.n()));
  for (int k = 0; k < sweeps; k++) {
    const U x = look_up(table, random, c, Vector::is_positive(c));
    const U rest = Vector::subtract(n, x);
    Vector::store(group.sums[k], Vector::add(Vector::square(x), Vector::square(rest)));
    c = Vector::smaller(x, rest);
  }
  random.store(group);
  Vector::store(group.least, c);
}

/** A round of Threefry4x32; even ones mix (0, 1) and (2, 3), odd ones (0, 3) and (2, 1). */
template <int ROUND>
LANE_INLINE void mix(U* x, const U* key) {
  constexpr int b = ROUND % 2 == 0 ? 1 : 3, d = ROUND % 2 == 0 ? 3 : 1;
  x[0] = Vector::add(x[0], x[b]);
  x[b] = Vector::exclusive_or(Vector::template rotated<THREEFRY_ROTATIONS[ROUND % 8][0]>(x[b]), x[0]);
  x[2] = Vector::add(x[2], x[d]);
  x[d] = Vector::exclusive_or(Vector::template rotated<THREEFRY_ROTATIONS[ROUND % 8][1]>(x[d]), x[2]);
  if constexpr (ROUND % 4 == 3) {
    constexpr int injection = ROUND / 4 + 1;
    for (int i = 0; i < 4; i++) x[i] = Vector::add(x[i], key[(injection + i) % 5]);
    x[3] = Vector::add(x[3], Vector::set(injection));
  }
  if constexpr (ROUND + 1 < THREEFRY_ROUNDS) mix<ROUND + 1>(x, key);
}

/** Stream::seed. */
static void seed(LanePicks& picks, uint32_t seed_low, uint32_t seed_high) {
  const U context = Vector::load(picks.context);
  const U parity = Vector::exclusive_or(Vector::set(THREEFRY_PARITY ^ seed_low ^ seed_high ^ DOMAIN_CHAIN), context);
  const U key[5] = {Vector::set(seed_low), Vector::set(seed_high), context, Vector::set(DOMAIN_CHAIN), parity};
  U x[4] = {Vector::add(Vector::load(picks.replicate_low), key[0]), Vector::add(Vector::load(picks.replicate_high), key[1]), key[2], key[3]};
  mix<0>(x, key);
  Random random{x[0], x[1], x[2], Vector::set(1)};
  for (int i = 0; i < STREAM_WARM_UP; i++) random.next();
  random.store(picks);
}

static void divide(const uint32_t* sums, size_t count, double squares, double* simpson) {
  for (size_t i = 0; i < count; i++) simpson[i] = static_cast<double>(static_cast<int32_t>(sums[i])) / squares;
}

static void pick(LanePicks& picks, int samples, const PickCell* cells) {
  Random random = Random::load(picks);
  const U n = Vector::load(picks.n), start = Vector::load(picks.start), bits = Vector::load(picks.bits);
  const U others = Vector::subtract(Vector::set(32), bits), none = Vector::set(picks.none);
  for (int j = 0; j < samples; j++) {
    const M mask = Vector::is_below(Vector::set(static_cast<uint32_t>(j)), n);
    Random moved = random;
    const U u = moved.next();
    const U column = Vector::right_by(u, others);
    U v = Vector::left_by(u, bits);
    U threshold, alias;
    Vector::gather_cells(cells, Vector::add(start, column), threshold, alias);
    const M open = Vector::mask_and(mask, Vector::is_zero(Vector::right_by(Vector::exclusive_or(v, threshold), bits)));
    if (__builtin_expect(Vector::any(open), 0)) {
      Random further = moved;
      v = Vector::add(v, Vector::keep(open, Vector::right_by(further.next(), others)));
      moved.choose(open, further);
    }
    Vector::store(picks.tokens[j], Vector::choose(mask, none, Vector::choose(Vector::is_less(v, threshold), alias, column)));
    random.choose(mask, moved);
  }
  random.store(picks);
}
};

template <typename Lanes>
constexpr LaneKernel kernel_of() {
  using Narrow = Sweeps<Lanes>;
  static_assert(Lanes::LANES == LANES, "as many lanes on every instruction set");
  return {Narrow::sweep,
          Narrow::flush,
          {Narrow::sweep_two, Sweeps<Pair<Lanes>>::sweep_two, Sweeps<Pair<Pair<Lanes>>>::sweep_two},
          Narrow::seed,
          Narrow::pick,
          Narrow::divide};
}
