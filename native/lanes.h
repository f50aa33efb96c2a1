// Chains of fully synthetic training side by side, one a SIMD lane: what run_rows does (replace-run.h), for many chains at once.
// A lane carries its chain's stream and draws what scalar code would draw, so packing, refill and the instruction set
// change no bit of any chain.
#pragma once
#include <cstddef>
#include <cstdint>

#include "alias-pick.h"
#include "binomial-rows.h"
#include "multinomial.h"
#include "poisson-rows.h"
#include "simd.h"

namespace collapse {

/** Lanes that go in step, on every instruction set: one vector or more. */
constexpr int LANES = 16;
/** Live tokens of a chain that is not drawn directly: n >= 4 (L - 1), n <= 512. */
constexpr int MOST_LIVE = 132;

/** Sweeps whose records are kept until they are sorted by lane. */
constexpr int RECORDED_SWEEPS = 16;
/** Numbers that may be written behind a lane's sums. */
constexpr int RECORD_MARGIN = 16;

/** Chains of three tokens or more under way: column l of every array is lane l's. Counts beyond the live ones are 0. */
struct alignas(64) LaneGroup {
  uint32_t a[LANES], b[LANES], c[LANES], counter[LANES];
  uint32_t n[LANES], live[LANES], generation[LANES];
  /** Of the last sweeps, if they record: sums of squared counts, which lanes made a generation, and how many sweeps they are. */
  uint32_t sums[RECORDED_SWEEPS][LANES];
  alignas(64) uint16_t made[RECORDED_SWEEPS];
  int recorded;
  /** Where a lane's sums go. */
  alignas(64) uint32_t* out[LANES];
  uint32_t counts[MOST_LIVE][LANES];
  uint32_t drawn[MOST_LIVE][LANES];
};

/** Lanes of chains of two tokens: more of them, since there is little to do in one before it waits for memory. */
constexpr int TWO_LANES = 64;
/** Generations that they make at a time. */
constexpr int TWO_SWEEPS = 32;

/** Chains of two tokens under way, all with as many samples. */
struct alignas(64) TwoGroup {
  uint32_t a[TWO_LANES], b[TWO_LANES], c[TWO_LANES], counter[TWO_LANES];
  /** The smaller count; 0 where there is no chain, or one at its end. */
  uint32_t least[TWO_LANES];
  /** By generation: the sum of squared counts. */
  uint32_t sums[TWO_SWEEPS][TWO_LANES];
};

/** Generation 1 of chains side by side: real samples. */
struct alignas(64) LanePicks {
  uint32_t context[LANES], replicate_low[LANES], replicate_high[LANES];
  uint32_t a[LANES], b[LANES], c[LANES], counter[LANES];
  /** Samples, and the alias table: its first cell and log2 of its columns. */
  uint32_t n[LANES], start[LANES], bits[LANES];
  /** Lanes with fewer samples than others get `none` instead. */
  uint32_t none;
  alignas(64) uint32_t tokens[LARGEST_ROW][LANES];
};

/** Set in what a sweep returns if there is nothing in its last row. */
constexpr uint32_t LAST_ROW_EMPTY = 1u << LANES;

/** The code of one instruction set. */
struct LaneKernel {
  /**
   * An attempt at a generation in every lane, where chains have `rows` tokens at most, counting gaps: a token that has died stays
   * in its place, with a count of 0, until a later sweep closes the gap. `record`: sums of squares are recorded. Returns the lanes
   * whose next generation is not one of these: because of two tokens or one, or because it needs groups; and LAST_ROW_EMPTY.
   */
  uint32_t (*sweep)(LaneGroup& group, int rows, const PoissonRows& table, bool record);
  /** Writes what is recorded to `out`. */
  void (*flush)(LaneGroup& group);
  /** So many generations of chains of two tokens, in the first 16, 32 or all lanes; a chain at its end stays there. */
  void (*sweep_two[3])(TwoGroup& group, int sweeps, const BinomialRows& table);
  /** Starts the stream of every lane's chain. */
  void (*seed)(LanePicks& picks, uint32_t seed_low, uint32_t seed_high);
  /** alias_pick, n times in every lane; the streams go on. `samples`: the largest n. */
  void (*pick)(LanePicks& picks, int samples, const PickCell* cells);
  /** Simpson indices: sums divided by `squares`. */
  void (*divide)(const uint32_t* sums, size_t count, double squares, double* simpson);
};

/** nullptr where there is none: scalar code runs. */
const LaneKernel* lane_kernel(int simd);
const LaneKernel* neon_kernel();
const LaneKernel* avx2_kernel();
const LaneKernel* avx512_kernel();

}  // namespace collapse
