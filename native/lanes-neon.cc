// Lanes on NEON: four chains a vector. Every 64-bit Arm has it, so nothing is asked of the compiler.
#include "lanes.h"

#ifdef COLLAPSE_NEON_LANES
#include <arm_neon.h>

#include <cstring>

namespace collapse {
namespace {

constexpr int BYTES = 16;
#include "lanes-vector.h"

/** Four lanes. There is no gather: every lane loads by itself, with no branch between. */
struct Vector : Integers {
  LANE_INLINE uint32_t bits(M mask) { return vaddvq_u32(reinterpret_cast<uint32x4_t>(mask & powers())); }

  LANE_INLINE bool any(M mask) { return vmaxvq_u32(reinterpret_cast<uint32x4_t>(mask)) != 0; }

  LANE_INLINE U gather(const uint32_t* table, U index) { return U{table[index[0]], table[index[1]], table[index[2]], table[index[3]]}; }
  /** 0 where the mask is not set; nothing but the first is read there. */
  LANE_INLINE U gather_halves(const uint16_t* table, M mask, U index) {
    const U at = mask & index;
    return mask & U{table[at[0]], table[at[1]], table[at[2]], table[at[3]]};
  }
  LANE_INLINE void gather_cells(const PickCell* cells, U index, U& thresholds, U& aliases) {
    const uint32x4_t low = two_cells(cells + index[0], cells + index[1]);
    const uint32x4_t high = two_cells(cells + index[2], cells + index[3]);
    thresholds = reinterpret_cast<U>(vuzp1q_u32(low, high));
    aliases = reinterpret_cast<U>(vuzp2q_u32(low, high));
  }
  LANE_INLINE uint32x4_t two_cells(const PickCell* x, const PickCell* y) {
    uint64_t words[2];
    std::memcpy(&words[0], x, sizeof(PickCell));
    std::memcpy(&words[1], y, sizeof(PickCell));
    return vcombine_u32(vcreate_u32(words[0]), vcreate_u32(words[1]));
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

constexpr LaneKernel kernel = kernel_of<Pair<Pair<Vector>>>();

}  // namespace

const LaneKernel* neon_kernel() { return &kernel; }

}  // namespace collapse
#endif
