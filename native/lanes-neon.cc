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

  LANE_INLINE U gather(const uint32_t* table, U index) { return U{table[index[0]], table[index[1]], table[index[2]], table[index[3]]}; }
  /** 0 where the mask is not set; nothing but the first is read there. */
  LANE_INLINE U gather_some(const uint32_t* table, M mask, U index) { return mask & gather(table, mask & index); }
  LANE_INLINE void gather_cells(const Cell* cells, U index, U& thresholds, U& values) {
    const uint32x4_t low = two_cells(cells + index[0], cells + index[1]);
    const uint32x4_t high = two_cells(cells + index[2], cells + index[3]);
    thresholds = reinterpret_cast<U>(vuzp1q_u32(low, high));
    values = reinterpret_cast<U>(vuzp2q_u32(low, high));
  }
  LANE_INLINE uint32x4_t two_cells(const Cell* x, const Cell* y) {
    uint64_t words[2];
    std::memcpy(&words[0], x, sizeof(Cell));
    std::memcpy(&words[1], y, sizeof(Cell));
    return vcombine_u32(vcreate_u32(words[0]), vcreate_u32(words[1]));
  }

  LANE_INLINE int32x2_t half(U x, int i) {
    const int32x4_t all = reinterpret_cast<int32x4_t>(x);
    return i ? vget_high_s32(all) : vget_low_s32(all);
  }
  LANE_INLINE U joined(int32x2_t x, int32x2_t y) { return reinterpret_cast<U>(vcombine_s32(x, y)); }
  LANE_INLINE float64x2_t doubles(int32x2_t x) { return vcvtq_f64_s64(vmovl_s32(x)); }
  LANE_INLINE int32x2_t truncated(float64x2_t x) { return vmovn_s64(vcvtq_s64_f64(x)); }
  LANE_INLINE float64x2_t gather_doubles(const double* table, int32x2_t start, int32x2_t index) {
    const int32x2_t at = vadd_s32(start, index);
    return float64x2_t{table[vget_lane_s32(at, 0)], table[vget_lane_s32(at, 1)]};
  }
  LANE_INLINE M are_less(const float64x2_t* x, const float64x2_t* y) {
    const uint32x4_t low = vreinterpretq_u32_u64(vcltq_f64(x[0], y[0]));
    return reinterpret_cast<M>(vuzp1q_u32(low, vreinterpretq_u32_u64(vcltq_f64(x[1], y[1]))));
  }
};

#include "lanes-pair.h"
#include "lanes-kernel.h"

}  // namespace

const LaneKernel* neon_kernel() { return &kernel; }

}  // namespace collapse
#endif
