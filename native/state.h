// The state of a chain as bytes, little-endian and the same on every backend; the twin of src/backend/state.ts. One
// description serves both ways: it writes what a chain holds, or reads it back and checks it.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

namespace collapse {

/** Bytes that are no state of the job. */
struct BadState : std::runtime_error {
  BadState() : std::runtime_error("state: must be one that this job's kernel has saved") {}
};

class State {
 public:
  /** Writes. */
  State() : from_(nullptr), left_(0) {}
  /** Reads. */
  State(const uint8_t* from, size_t size) : from_(from), left_(size) {}

  bool reads() const { return from_ != nullptr; }
  std::vector<uint8_t> take() { return std::move(bytes_); }

  /** Throws unless `holds`; what is written is not looked at. */
  void require(bool holds) const {
    if (reads() && !holds) throw BadState();
  }

  template <typename T>
  void value(T& x) {
    block(&x, 1);
  }
  void finite(double& x) {
    value(x);
    require(std::isfinite(x));
  }
  /** A fact that is written down but held elsewhere. */
  bool flag(bool holds) {
    uint32_t word = holds ? 1 : 0;
    value(word);
    return word != 0;
  }
  /** A number of entries, of `bytes` each. */
  size_t count(size_t size, size_t bytes) {
    uint32_t word = static_cast<uint32_t>(size);
    value(word);
    require(word <= left_ / bytes);
    return word;
  }
  template <typename T>
  void block(T* x, size_t size) {
    const size_t bytes = size * sizeof(T);
    if (bytes == 0) return;
    if (!reads()) {
      const uint8_t* data = reinterpret_cast<const uint8_t*>(x);
      bytes_.insert(bytes_.end(), data, data + bytes);
      return;
    }
    if (bytes > left_) throw BadState();
    std::memcpy(x, from_, bytes);
    from_ += bytes;
    left_ -= bytes;
  }
  template <typename T>
  void fixed(std::vector<T>& values) {
    block(values.data(), values.size());
  }
  template <typename T>
  void list(std::vector<T>& values) {
    values.resize(count(values.size(), sizeof(T)));
    fixed(values);
  }
  void end() const { require(left_ == 0); }

 private:
  const uint8_t* from_;
  size_t left_;
  std::vector<uint8_t> bytes_;
};

}  // namespace collapse
