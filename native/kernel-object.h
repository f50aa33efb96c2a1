// What every kernel class of the addon has in common: work in memory of its own, run on a thread of its own, one call at
// a time. Nothing that JavaScript does to its arrays afterwards can reach it.
#pragma once
#include <napi.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "loop.h"
#include "state.h"

namespace collapse {

/** A typed array of the caller's. */
inline Napi::Float64Array doubles(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    throw Napi::TypeError::New(value.Env(), "room: a Float64Array is needed");
  }
  return value.As<Napi::Float64Array>();
}

/** The values of a list as a typed array. */
template <typename Array, typename List>
Array to_array(Napi::Env env, const List& values) {
  Array array = Array::New(env, values.size());
  std::copy_n(values.data(), values.size(), array.Data());
  return array;
}

/**
 * The base of a class `Self` that JavaScript sees. `Work` has advance(), which another thread may stop with `cancel`, `progress`
 * and out(); `Self` makes it in its constructor.
 */
template <typename Self, typename Work>
class KernelObject : public Napi::ObjectWrap<Self> {
 public:
  explicit KernelObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Self>(info) {}

 protected:
  std::shared_ptr<Work> work_;

  /** The methods that are the same in every class, and those of this one. */
  static Napi::Function define_with(Napi::Env env, const char* name,
                                    std::vector<typename Napi::ObjectWrap<Self>::PropertyDescriptor> own) {
    const std::vector<typename Napi::ObjectWrap<Self>::PropertyDescriptor> common = {
        Self::InstanceMethod("advance", static_cast<Returns>(&Self::advance)),
        Self::InstanceMethod("pending", static_cast<Returns>(&Self::pending)),
        Self::InstanceMethod("drain", static_cast<Returns>(&Self::drain)),
        Self::InstanceMethod("progress", static_cast<Returns>(&Self::progress)),
        Self::InstanceMethod("elapsed", static_cast<Returns>(&Self::elapsed)),
        Self::InstanceMethod("cancel", static_cast<Void>(&Self::cancel)),
        Self::InstanceMethod("pause", static_cast<Void>(&Self::pause)),
        Self::InstanceMethod("save", static_cast<Returns>(&Self::save)),
        Self::InstanceMethod("free", static_cast<Void>(&Self::free)),
        Self::InstanceMethod("restore", static_cast<Void>(&Self::restore)),
    };
    own.insert(own.end(), common.begin(), common.end());
    return Self::DefineClass(env, name, own);
  }

  void require_not_running(Napi::Env env) const {
    if (running_) throw Napi::Error::New(env, "the kernel is running");
  }
  void require_idle(Napi::Env env) const {
    require_not_running(env);
    if (!work_) throw Napi::Error::New(env, "the kernel has been freed");
  }

 public:
  Napi::Value advance(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    auto* task = new Task(env, work_);
    task->kernel = this;
    task->notify = Napi::ThreadSafeFunction::New(
        env, Napi::Function(), "model-collapse", 0, 1, task, [](Napi::Env, Task*, Task* finished) {
          // Also reached when the environment is torn down in mid-run. A finished task leaves the work alone:
          // the next one may be running it.
          if (!finished->done.load()) finished->work->cancel.store(true);
          if (finished->thread.joinable()) finished->thread.join();
          delete finished;
        },
        task);
    running_ = true;
    this->Ref();
    const Napi::Promise promise = task->deferred.Promise();
    try {
      task->thread = std::thread([task] { task->run(); });
    } catch (const std::system_error&) {
      task->failed = true;
      settle(env, task);
      task->done.store(true);
      task->notify.Release();
    }
    return promise;
  }

  /** How many values have been written since the last `drain`. */
  Napi::Value pending(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    return Napi::Number::New(info.Env(), static_cast<double>(work_->out().size()));
  }

  /** These values, in an array of as many numbers if one is given. */
  Napi::Value drain(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    auto& out = work_->out();
    Napi::Float64Array values = info[0].IsUndefined() ? Napi::Float64Array::New(env, out.size()) : doubles(info[0]);
    if (values.ElementLength() != out.size()) throw Napi::RangeError::New(env, "room: must be as long as there are values");
    std::copy_n(out.data(), out.size(), values.Data());
    out.clear();
    return values;
  }

  Napi::Value progress(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), work_ ? work_->progress.load(std::memory_order_relaxed) : 0.0);
  }

  /** Milliseconds of the last `advance`. */
  Napi::Value elapsed(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), elapsed_); }

  void cancel(const Napi::CallbackInfo&) {
    if (work_) work_->cancel.store(true);
  }
  void pause(const Napi::CallbackInfo&) {
    if (work_) work_->pause.store(true);
  }

  /** Gives the memory back at once, not when the object is collected. Nothing can be done with the kernel until it has another job. */
  void free(const Napi::CallbackInfo& info) {
    require_not_running(info.Env());
    work_.reset();
  }

  /** Where the chain stands, as bytes; null where that can't be told. */
  Napi::Value save(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    std::vector<uint8_t> bytes;
    try {
      if (!work_->save(bytes)) return env.Null();
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for the state");
    }
    return to_array<Napi::Uint8Array>(env, bytes);
  }

  void restore(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      throw Napi::TypeError::New(env, "state: bytes are needed");
    }
    const Napi::Uint8Array array = info[0].As<Napi::Uint8Array>();
    // Not the array's own: an empty one has no address.
    std::vector<uint8_t> bytes(array.ElementLength() + 1);
    std::copy_n(array.Data(), array.ElementLength(), bytes.begin());
    try {
      work_->restore(bytes.data(), array.ElementLength());
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for the state");
    } catch (const std::runtime_error& error) {
      throw Napi::RangeError::New(env, error.what());
    }
  }

 private:
  using Returns = Napi::Value (Self::*)(const Napi::CallbackInfo&);
  using Void = void (Self::*)(const Napi::CallbackInfo&);

  /** What the thread needs, alive until it has ended, whatever happens to the JavaScript side. */
  struct Task {
    Task(Napi::Env env, std::shared_ptr<Work> work) : deferred(Napi::Promise::Deferred::New(env)), work(std::move(work)) {}
    Napi::Promise::Deferred deferred;
    std::shared_ptr<Work> work;
    Napi::ThreadSafeFunction notify;
    std::thread thread;
    KernelObject* kernel = nullptr;
    std::atomic<bool> done{false};
    bool failed = false;
    double milliseconds = 0.0;
    Status status = DONE;

    /** On the thread. */
    void run() {
      const auto start = std::chrono::steady_clock::now();
      try {
        status = work->advance();
      } catch (...) {
        failed = true;
      }
      milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
      done.store(true);
      notify.BlockingCall([this](Napi::Env env, Napi::Function) {
        if (env != nullptr) settle(env, this);
      });
      notify.Release();
    }
  };

  bool running_ = false;
  double elapsed_ = 0.0;

  static void settle(Napi::Env env, Task* task) {
    task->kernel->running_ = false;
    task->kernel->elapsed_ = task->milliseconds;
    if (task->failed) task->deferred.Reject(Napi::Error::New(env, "not enough memory or threads").Value());
    else task->deferred.Resolve(Napi::Number::New(env, task->status));
    task->kernel->Unref();
  }
};

}  // namespace collapse
