// Numbers that are appended to.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>

namespace collapse {

/** As a vector, but growing does not fill: what has been reserved can be written to at once. */
template <typename T>
class Values {
 public:
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  void clear() { size_ = 0; }
  /** Numbers up to there have been written. */
  void set_size(size_t size) { size_ = size; }

  /** Begins in memory of somebody else's, as long as that is enough. */
  void borrow(T* room, size_t capacity) {
    data_ = room;
    size_ = 0;
    capacity_ = capacity;
  }
  /** Makes room for `more` numbers. */
  void reserve(size_t more) {
    if (size_ + more <= capacity_) return;
    capacity_ = std::max(size_ + more, 2 * capacity_);
    std::unique_ptr<T[]> larger(new T[capacity_]);
    std::copy_n(data_, size_, larger.get());
    owned_ = std::move(larger);
    data_ = owned_.get();
  }
  void push_back(T value) {
    reserve(1);
    data_[size_++] = value;
  }
  void append(const T* from, size_t count) {
    reserve(count);
    std::copy_n(from, count, end());
    size_ += count;
  }

 private:
  std::unique_ptr<T[]> owned_;
  T* data_ = nullptr;
  size_t size_ = 0, capacity_ = 0;
};

}  // namespace collapse
