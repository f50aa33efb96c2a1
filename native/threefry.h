// Threefry4x32-20 (Salmon et al., SC 2011); the twin of assembly/threefry.ts.
#pragma once
#include <array>
#include <cstdint>

namespace collapse {

using Words4 = std::array<uint32_t, 4>;

inline uint32_t rotate(uint32_t x, int by) { return (x << by) | (x >> (32 - by)); }

constexpr int THREEFRY_ROUNDS = 20;
constexpr uint32_t THREEFRY_PARITY = 0x1bd11bda;
constexpr int THREEFRY_ROTATIONS[8][2] = {{10, 26}, {11, 21}, {13, 27}, {23, 5}, {6, 20}, {17, 11}, {25, 10}, {18, 20}};

/** Hashes a counter under a key; 20 rounds, a key injection after every four. */
inline Words4 threefry(const Words4& counter, const Words4& key) {
  const uint32_t k[5] = {key[0], key[1], key[2], key[3], THREEFRY_PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  Words4 x;
  for (int i = 0; i < 4; i++) x[i] = counter[i] + k[i];
  for (int round = 0; round < THREEFRY_ROUNDS; round++) {
    const int* by = THREEFRY_ROTATIONS[round % 8];
    // Even rounds mix (0, 1) and (2, 3), odd ones (0, 3) and (2, 1).
    const int b = round % 2 == 0 ? 1 : 3;
    const int d = round % 2 == 0 ? 3 : 1;
    x[0] += x[b];
    x[b] = rotate(x[b], by[0]) ^ x[0];
    x[2] += x[d];
    x[d] = rotate(x[d], by[1]) ^ x[2];
    if (round % 4 == 3) {
      const uint32_t injection = round / 4 + 1;
      for (int i = 0; i < 4; i++) x[i] += k[(injection + i) % 5];
      x[3] += injection;
    }
  }
  return x;
}

}  // namespace collapse
