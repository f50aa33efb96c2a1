// Standard normals by the ziggurat with 256 layers; the twin of assembly/normal.ts, which explains it.
#pragma once
#include <cmath>
#include <cstddef>

#include "math.h"
#include "stream.h"

namespace collapse {

struct Normals {
  static constexpr int LAYERS = 256;
  static constexpr double TAIL = 3.654152885361009;
  static constexpr double AREA = 0.004928673233974655;

  /** Width / 2^52, and the edge below which no test is needed. */
  struct Layer {
    double width, edge;
  };
  Layer layers[LAYERS];
  double heights[LAYERS + 1];

  Normals() {
    constexpr double two_m52 = 2.220446049250313e-16;
    double x = TAIL;
    double height = exp(-0.5 * TAIL * TAIL);
    layers[0] = {(AREA / height) * two_m52, TAIL};
    heights[0] = 0.0;
    for (int layer = 1; layer < LAYERS; layer++) {
      layers[layer].width = x * two_m52;
      heights[layer] = height;
      height = height + AREA / x;
      x = layer < 255 ? std::sqrt(-2.0 * log(height)) : 0.0;
      layers[layer].edge = x;
    }
    heights[LAYERS] = 1.0;
  }

  /** The point in the layer that 64 random bits name. */
  double point(uint32_t high, uint32_t low) const {
    const double first = static_cast<double>(static_cast<int32_t>(high));
    const double last = static_cast<double>(static_cast<int32_t>(low >> 11));
    return (first * 2097152.0 + last + 0.5) * layers[low & 255].width;
  }

  /** One standard normal. */
  double draw(Stream& stream) const {
    const uint32_t high = stream.next();
    const uint32_t low = stream.next();
    const double x = point(high, low);
    return std::fabs(x) < layers[low & 255].edge ? x : outside(stream, low & 255, x);
  }

  /** `count` normals. */
  void fill(Stream& shared, double* to, size_t count) const {
    Stream stream = shared;
    for (size_t i = 0; i < count; i++) {
      const uint32_t high = stream.next();
      const uint32_t low = stream.next();
      const double x = point(high, low);
      if (std::fabs(x) < layers[low & 255].edge) {
        to[i] = x;
      } else {
        shared = stream;  // a local stream whose address is never taken stays in registers
        to[i] = outside(shared, low & 255, x);
        stream = shared;
      }
    }
    shared = stream;
  }

 private:
  double outside(Stream& stream, uint32_t layer, double x) const {
    if (layer == 0) {
      const double z = tail(stream);
      return x < 0.0 ? -z : z;
    }
    const double bottom = heights[layer];
    if (bottom + stream.uniform() * (heights[layer + 1] - bottom) < exp(-0.5 * x * x)) return x;
    return draw(stream);
  }

  static double tail(Stream& stream) {
    for (;;) {
      const double x = -log(stream.uniform()) / TAIL;
      const double y = -log(stream.uniform());
      if (y + y > x * x) return TAIL + x;
    }
  }
};

/** The table, built once a process. */
inline const Normals& normals() {
  static const Normals table;
  return table;
}

}  // namespace collapse
