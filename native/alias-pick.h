// Tokens of a distribution of real numbers; the twin of assembly/alias-pick.ts. Its tables are made by src/backend/alias.ts.
#pragma once
#include <cstdint>

#include "stream.h"

namespace collapse {

/** A column of the alias table of real numbers: it is given below the threshold, else its alias. */
struct PickCell {
  uint32_t threshold;
  uint32_t alias;
};

/** One token of a distribution of real numbers by its alias table of 2^bits columns. */
inline uint32_t alias_pick(Stream& stream, const PickCell* cells, int bits) {
  const uint32_t u = stream.next();
  const uint32_t column = u >> (32 - bits);
  const PickCell cell = cells[column];
  uint32_t v = u << bits;
  if ((v ^ cell.threshold) >> bits == 0) v |= stream.next() >> (32 - bits);
  const uint32_t keeps = -static_cast<uint32_t>(v < cell.threshold);
  return cell.alias ^ ((cell.alias ^ column) & keeps);
}

}  // namespace collapse
