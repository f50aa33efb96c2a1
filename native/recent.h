// Tables that were asked for last, kept for the next job and shared by all threads.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace collapse {

template <typename Table, size_t KEPT>
class Recent {
 public:
  /** The table that `is_it` tells, or the one that is then made of `arguments`. */
  template <typename IsIt, typename... Arguments>
  std::shared_ptr<Table> get(IsIt is_it, Arguments... arguments) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const auto& table) { return is_it(*table); });
    if (found != known_.end()) {
      std::rotate(known_.begin(), found, found + 1);
    } else {
      if (known_.size() == KEPT) known_.pop_back();
      known_.insert(known_.begin(), std::make_shared<Table>(arguments...));
    }
    return known_.front();
  }

 private:
  std::mutex mutex_;
  /** The last one asked for first. */
  std::vector<std::shared_ptr<Table>> known_;
};

}  // namespace collapse
