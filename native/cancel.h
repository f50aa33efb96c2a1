// A flag that another thread sets; long loops look at it now and then, and what they leave half done is thrown away.
#pragma once
#include <atomic>

namespace collapse {

using Cancel = std::atomic<bool>;

inline bool is_cancelled(const Cancel& cancel) { return cancel.load(std::memory_order_relaxed); }

}  // namespace collapse
