// Chains of fully synthetic training side by side, one a SIMD lane: the in-place step of Categorical on Poisson rows.
// A lane carries its chain's stream and draws what scalar code would draw, so packing, refill and the instruction set
// change no bit of any chain.
#pragma once
#include <cstdint>

#include "multinomial.h"
#include "poisson-rows.h"
#include "simd.h"

namespace collapse {

/** Lanes of the widest set, two vectors of sixteen; narrower ones use the first columns. */
constexpr int MOST_LANES = 32;
/** Live tokens of a chain that is not drawn directly: n >= 4 (L - 1), n <= 512. */
constexpr int MOST_LIVE = 132;

/** Chains under way in lanes: column l of every array is lane l's. Counts beyond the live ones are 0. */
struct alignas(64) LaneState {
  uint32_t counts[MOST_LIVE][MOST_LANES];
  uint32_t drawn[MOST_LIVE][MOST_LANES];
  uint32_t a[MOST_LANES], b[MOST_LANES], c[MOST_LANES], counter[MOST_LANES];
  uint32_t n[MOST_LANES], live[MOST_LANES], generation[MOST_LANES];
  // Chains in groups: what is left to divide (samples `need`, mass `sum`) among tokens from ... left - 1, and their
  // pivot's mass; `from` is 1 at the last level.
  uint32_t need[MOST_LANES], sum[MOST_LANES], from[MOST_LANES], left[MOST_LANES], pivot[MOST_LANES];
  /** Where the next generation's sum of squared counts goes, if it is recorded in the sweeps. */
  uint32_t* out[MOST_LANES];
  const uint32_t* packed;
  const Cell* cells;
  const uint32_t* accept;
};

/** Real samples of chains side by side: column l of every array is lane l's. */
struct alignas(64) LanePicks {
  uint32_t a[MOST_LANES], b[MOST_LANES], c[MOST_LANES], counter[MOST_LANES];
  /** Samples, first token and number of tokens. */
  uint32_t n[MOST_LANES], start[MOST_LANES], size[MOST_LANES];
  uint32_t tokens[LARGEST_ROW][MOST_LANES];
};

/** The code of one instruction set. A sweep is one attempt at a generation, or at one level of it, in all lanes. */
struct LaneKernel {
  /** Of two vectors, side by side so that one computes while the other waits for memory. */
  int lanes;
  /**
   * At most `budget` sweeps, which is left with what is left of them; stops as soon as a chain collapses or tokens have
   * died in several. Returns the lanes where some did; they are to be taken out. `rows`: the most tokens of a lane;
   * `record`: sums of squares to `out`, where a number more than there are sweeps may be written.
   */
  uint32_t (*sweep)(LaneState& state, int rows, int& budget, bool record);
  /** The same where all but the first half of the lanes are idle. */
  uint32_t (*sweep_half)(LaneState& state, int rows, int& budget, bool record);
  /** The same where some chain has so many tokens that its pivot is a group. */
  uint32_t (*sweep_groups)(LaneState& state, int rows, int& budget, bool record);
  /** Sets up the first level of these lanes' next generation; only sweep_groups needs it. */
  void (*start_groups)(LaneState& state, uint32_t lanes);
  /** alias_pick, n times in every lane; the streams go on. `samples`: the largest n. */
  void (*pick)(LanePicks& picks, int samples, const double* shares, const int32_t* aliases);
};

/** nullptr where there is none: scalar code runs. */
const LaneKernel* lane_kernel(int simd);
const LaneKernel* neon_kernel();
const LaneKernel* avx2_kernel();
const LaneKernel* avx512_kernel();

}  // namespace collapse
