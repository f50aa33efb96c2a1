// Jumps of fully synthetic training; the twin of assembly/ancestors.ts and jump.ts, which explain them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cancel.h"
#include "stream.h"

namespace collapse {

class Jump {
 public:
  /** How many ancestors n samples have `steps` generations back; keeps the records of the way. After a cancel: anything. */
  double ancestors(Stream& stream, double n, int steps, const Cancel& cancel);

  /** Lets `total` ancestors with the counts of `live` tokens grow over what `ancestors` recorded, into `drawn`. */
  void inherit(Stream& stream, const uint32_t* counts, int live, double total, uint32_t* drawn, const Cancel& cancel);

 private:
  double hazard_size_ = 0.0;
  std::vector<double> hazards_;
  std::vector<int32_t> records_;
  size_t end_ = 0;
  std::vector<double> samples_, parents_;

  // ancestors.cc
  double trace_back(Stream& stream, double n, int steps, const Cancel& cancel);
  void make_room(size_t words);
  void close(int kinds);
  void fill_hazards(double n);
  double meetings(Stream& stream, int k, double n, int steps);
  int meet(Stream& stream, int k, double first, double n);
  int taken_at(double hazard, int most, double n) const;
  int join(Stream& stream, int taken, int kinds);

  // jump.cc
  double grow(Stream& stream, const int32_t* record, int kinds, double total);
  void pick_parents(Stream& stream, double some, double more, double left);
  void divide_parents(Stream& stream, double some, double more, double left);
};

}  // namespace collapse
