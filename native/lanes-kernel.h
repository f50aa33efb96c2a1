// The sweeps, for whatever `Vector` is where this is included (no include guard: once an instruction set). Every lane
// does what multinomial.h and Categorical::settle do.

/** A dead token costs a lane nothing as long as another one has as many; stopping for it costs as much as a few sweeps. */
constexpr int MOST_DIED = 8;

template <typename Vector>
struct Sweeps {
using U = typename Vector::U;
using M = typename Vector::M;
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

/** Poisson of a packed row; where the mean is 0 the result means nothing. */
LANE_INLINE U poisson(const LaneState& state, Random& random, U row) {
  const U column = Vector::right_by(random.next(), Vector::both(row, Vector::set(31)));
  const U v = random.next();
  U thresholds, values;
  Vector::gather_cells(state.cells, Vector::add(Vector::template right<14>(row), column), thresholds, values);
  const U alias = Vector::both(values, Vector::set(0xffff));
  return Vector::choose(Vector::is_less(v, thresholds), alias, Vector::template right<16>(values));
}

/** The same where the mask is set; elsewhere 0, and the stream stays where it is. */
LANE_INLINE U poisson_some(const LaneState& state, Random& random, U row, M mask) {
  Random moved = random;
  const U x = Vector::keep(mask, poisson(state, moved, row));
  random.choose(mask, moved);
  return x;
}

/** Lanes of the mask whose pivot, of that row, accepts the rest. */
LANE_INLINE M accepts(const LaneState& state, M mask, U row, U rest, U w) {
  const U index = Vector::subtract(rest, Vector::both(Vector::template right<5>(row), Vector::set(511)));
  // A negative index is beyond the cells as an unsigned number.
  const U cells = Vector::subtract(Vector::set(32), Vector::both(row, Vector::set(31)));
  const M inside = Vector::mask_without(mask, Vector::is_positive(Vector::right_by(index, cells)));
  const U limit = Vector::gather_some(state.accept, inside, Vector::add(Vector::template right<14>(row), index));
  return Vector::mask_without(inside, Vector::is_less(limit, w));
}

/** Writes the sums of these lanes; without a branch, so other lanes' next place is written to as well. */
LANE_INLINE void record_sums(LaneState& state, M lanes, U sums) {
  alignas(64) uint32_t values[Vector::LANES];
  Vector::store(values, sums);
  const uint32_t bits = Vector::bits(lanes);
#pragma GCC unroll 32
  for (int lane = 0; lane < Vector::LANES; lane++) {
    uint32_t* at = state.out[lane];
    *at = values[lane];
    state.out[lane] = at + (bits >> lane & 1);
  }
}

/**
 * ROWS tokens a lane at most, in registers with their rows; 0: any number, in memory. In registers, rows are looked up
 * before it is known whether they are accepted.
 */
template <int ROWS, bool RECORD>
static uint32_t sweep_rows(LaneState& state, int given, int& budget) {
  const int rows = ROWS > 0 ? ROWS : given;
  constexpr int KEPT = ROWS > 0 ? ROWS : 1;
  U count[KEPT], row[KEPT], drawn[KEPT];
  for (int i = 0; i < ROWS; i++) {
    count[i] = Vector::load(state.counts[i]);
    row[i] = Vector::gather(state.packed, count[i]);
  }
  Random random = Random::load(state);
  U generation = Vector::load(state.generation);
  const U n = Vector::load(state.n);
  uint32_t died = 0, collapsed;
  int left = budget;
  do {
    U rest = n, sum = Vector::set(0), most = Vector::set(0), best = Vector::set(0);
#pragma GCC unroll 4
    for (int i = 1; i < rows; i++) {
      const U c = ROWS > 0 ? count[i] : Vector::load(state.counts[i]);
      const U r = ROWS > 0 ? row[i] : Vector::gather(state.packed, c);
      // With two tokens at most, a lane draws or is idle.
      const U x = ROWS == 2 ? poisson(state, random, r) : poisson_some(state, random, r, Vector::is_positive(c));
      if (ROWS > 0) drawn[i] = x;
      else Vector::store(state.drawn[i], x);
      rest = Vector::subtract(rest, x);
      if (RECORD) sum = Vector::add(sum, Vector::square(x));
      best = Vector::choose(Vector::is_less(most, x), best, Vector::set(static_cast<uint32_t>(i)));
      most = Vector::larger(most, x);
    }
    const U pivot = ROWS > 0 ? count[0] : Vector::load(state.counts[0]);
    const U w = random.next();
    const M ok = accepts(state, Vector::is_positive(pivot), ROWS > 0 ? row[0] : Vector::gather(state.packed, pivot), rest, w);
    // The first largest changes places with the pivot. A rest that is out of range is never accepted, nor looked up.
    best = Vector::keep(Vector::is_less(rest, most), best);
    M gone = Vector::none();
    const U largest = Vector::larger(rest, most);
    const U first = Vector::choose(ok, pivot, largest);
    if (ROWS > 0) {
      count[0] = first;
      row[0] = Vector::choose(ok, row[0], Vector::gather(state.packed, Vector::smaller(n, largest)));
    } else {
      Vector::store(state.counts[0], first);
    }
#pragma GCC unroll 4
    for (int i = 1; i < rows; i++) {
      const U c = ROWS > 0 ? count[i] : Vector::load(state.counts[i]);
      const U x = Vector::choose(Vector::is_equal(best, Vector::set(static_cast<uint32_t>(i))),
                                 ROWS > 0 ? drawn[i] : Vector::load(state.drawn[i]), rest);
      gone = Vector::mask_or(gone, Vector::mask_without(Vector::is_positive(c), Vector::is_positive(x)));
      const U next = Vector::choose(ok, c, x);
      if (ROWS > 0) {
        count[i] = next;
        row[i] = Vector::choose(ok, row[i], Vector::gather(state.packed, Vector::smaller(n, x)));
      } else {
        Vector::store(state.counts[i], next);
      }
    }
    generation = Vector::add(generation, Vector::keep(ok, Vector::set(1)));
    if (RECORD) record_sums(state, ok, Vector::add(sum, Vector::square(rest)));
    died |= Vector::bits(Vector::mask_and(gone, ok));
    collapsed = ROWS == 2 ? died : Vector::bits(Vector::mask_and(ok, Vector::is_equal(first, n)));
  } while (--left > 0 && collapsed == 0 && __builtin_popcount(died) < MOST_DIED);
  budget = left;
  for (int i = 0; i < ROWS; i++) Vector::store(state.counts[i], count[i]);
  random.store(state);
  Vector::store(state.generation, generation);
  return died;
}

template <bool RECORD>
static uint32_t sweep_any(LaneState& state, int rows, int& budget) {
  switch (rows) {
    case 2: return sweep_rows<2, RECORD>(state, rows, budget);
    case 3: return sweep_rows<3, RECORD>(state, rows, budget);
    case 4: return sweep_rows<4, RECORD>(state, rows, budget);
    default: return sweep_rows<0, RECORD>(state, rows, budget);
  }
}

static uint32_t sweep(LaneState& state, int rows, int& budget, bool record) {
  return record ? sweep_any<true>(state, rows, budget) : sweep_any<false>(state, rows, budget);
}

/** The next level of these lanes: their first `left` tokens and the mass `sum` of those are known. */
LANE_INLINE void descend(LaneState& state, M lanes) {
  const U left = Vector::load(state.left), sum = Vector::load(state.sum);
  const M grouped = Vector::mask_without(lanes, Vector::is_less(left, Vector::set(GROUP_FROM)));
  U mass = Vector::set(0), group = Vector::set(0);
  M going = grouped;
  for (int i = 0;; i++) {
    going = Vector::mask_and(going, Vector::is_less(Vector::template left<1>(mass), sum));
    if (Vector::bits(going) == 0) break;
    mass = Vector::add(mass, Vector::keep(going, Vector::load(state.counts[i])));
    group = Vector::choose(going, group, Vector::set(static_cast<uint32_t>(i + 1)));
  }
  const U from = Vector::choose(grouped, Vector::set(1), group);
  const U pivot = Vector::choose(grouped, Vector::load(state.counts[0]), mass);
  Vector::store(state.from, Vector::choose(lanes, Vector::load(state.from), from));
  Vector::store(state.pivot, Vector::choose(lanes, Vector::load(state.pivot), pivot));
}

LANE_INLINE void start(LaneState& state, M lanes) {
  const U n = Vector::load(state.n);
  Vector::store(state.need, Vector::choose(lanes, Vector::load(state.need), n));
  Vector::store(state.sum, Vector::choose(lanes, Vector::load(state.sum), n));
  Vector::store(state.left, Vector::choose(lanes, Vector::load(state.left), Vector::load(state.live)));
  descend(state, lanes);
}

static void start_groups(LaneState& state, uint32_t lanes) { start(state, Vector::of_bits(lanes)); }

/** Takes over a generation of these lanes; returns those where a token died. */
template <bool RECORD>
LANE_INLINE M settle(LaneState& state, int rows, M lanes, U rest) {
  const U live = Vector::load(state.live);
  U sum = Vector::square(rest), most = Vector::set(0), best = Vector::set(0);
  for (int i = 1; i < rows; i++) {
    const U at = Vector::set(static_cast<uint32_t>(i));
    const U x = Vector::keep(Vector::is_less(at, live), Vector::load(state.drawn[i]));
    if (RECORD) sum = Vector::add(sum, Vector::square(x));
    best = Vector::choose(Vector::is_less(most, x), best, at);
    most = Vector::larger(most, x);
  }
  best = Vector::keep(Vector::is_less(rest, most), best);
  M gone = Vector::none();
  Vector::store(state.counts[0], Vector::choose(lanes, Vector::load(state.counts[0]), Vector::larger(rest, most)));
  for (int i = 1; i < rows; i++) {
    const U at = Vector::set(static_cast<uint32_t>(i));
    const M living = Vector::mask_and(lanes, Vector::is_less(at, live));
    const U x = Vector::choose(Vector::is_equal(best, at), Vector::load(state.drawn[i]), rest);
    gone = Vector::mask_or(gone, Vector::mask_without(living, Vector::is_positive(x)));
    Vector::store(state.counts[i], Vector::choose(living, Vector::load(state.counts[i]), x));
  }
  const U generation = Vector::load(state.generation);
  Vector::store(state.generation, Vector::add(generation, Vector::keep(lanes, Vector::set(1))));
  if (RECORD) record_sums(state, lanes, sum);
  return gone;
}

template <bool RECORD>
static uint32_t sweep_levels(LaneState& state, int rows, int& budget) {
  Random random = Random::load(state);
  M gone = Vector::none();
  bool ends = true;
  do {
    const U from = Vector::load(state.from), left = Vector::load(state.left), pivot = Vector::load(state.pivot);
    const M active = Vector::is_positive(pivot);
    const M last = Vector::mask_and(active, Vector::is_equal(from, Vector::set(1)));
    const M groups = Vector::mask_without(active, last);
    // In turns: about two thirds of the lanes have come to their last level after a sweep of groups, and back after the next.
    ends = Vector::bits(groups) == 0 || (!ends && Vector::bits(last) != 0);
    const M swept = ends ? last : groups;
    int low = rows, high = 0;
    for (uint32_t lanes = Vector::bits(swept); lanes != 0; lanes &= lanes - 1) {
      const int lane = __builtin_ctz(lanes);
      const int lane_from = static_cast<int>(state.from[lane]), lane_left = static_cast<int>(state.left[lane]);
      low = lane_from < low ? lane_from : low;
      high = lane_left > high ? lane_left : high;
    }
    U rest = Vector::load(state.need);
    for (int i = low; i < high; i++) {
      const U at = Vector::set(static_cast<uint32_t>(i));
      const M mask = Vector::mask_without(Vector::mask_and(swept, Vector::is_less(at, left)), Vector::is_less(at, from));
      const U row = Vector::gather(state.packed, Vector::load(state.counts[i]));
      const U x = poisson_some(state, random, row, mask);
      Vector::store(state.drawn[i], Vector::choose(mask, Vector::load(state.drawn[i]), x));
      rest = Vector::subtract(rest, x);
    }
    Random moved = random;
    const U w = moved.next();
    random.choose(swept, moved);
    const M ok = accepts(state, swept, Vector::gather(state.packed, pivot), rest, w);
    if (ends) {
      gone = settle<RECORD>(state, rows, ok, rest);
      start(state, ok);
    } else {
      Vector::store(state.need, Vector::choose(ok, Vector::load(state.need), rest));
      Vector::store(state.left, Vector::choose(ok, left, from));
      Vector::store(state.sum, Vector::choose(ok, Vector::load(state.sum), pivot));
      descend(state, ok);
    }
  } while (--budget > 0 && Vector::bits(gone) == 0);
  random.store(state);
  return Vector::bits(gone);
}

static uint32_t sweep_groups(LaneState& state, int rows, int& budget, bool record) {
  return record ? sweep_levels<true>(state, rows, budget) : sweep_levels<false>(state, rows, budget);
}

static void pick(LanePicks& picks, int samples, const double* shares, const int32_t* aliases) {
  Random random = Random::load(picks);
  const U n = Vector::load(picks.n), start = Vector::load(picks.start), size = Vector::load(picks.size);
  for (int j = 0; j < samples; j++) {
    const M mask = Vector::is_less(Vector::set(static_cast<uint32_t>(j)), n);
    Random moved = random;
    const U high = moved.next(), low = moved.next();
    Vector::store(picks.tokens[j], Vector::pick(high, low, start, size, shares, aliases));
    random.choose(mask, moved);
  }
  random.store(picks);
}
};

using Wide = Sweeps<Pair<Vector>>;

constexpr LaneKernel kernel{Pair<Vector>::LANES, Wide::sweep,        Sweeps<Vector>::sweep, Wide::sweep_groups,
                            Wide::start_groups,  Wide::pick};
