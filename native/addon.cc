// The Node-API side: a Kernel holds a checked job in memory of its own and runs slices on a thread of its own.
// Nothing that JavaScript does to its arrays afterwards can reach it.
#include <napi.h>

#include <chrono>
#include <memory>
#include <system_error>
#include <thread>

#include "categorical.h"
#include "gaussian.h"
#include "job-reader.h"
#include "probes.h"
#include "regression.h"

namespace {

using collapse::Loop;
using collapse::Status;

class Kernel : public Napi::ObjectWrap<Kernel> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "Kernel",
                       {
                           InstanceMethod<&Kernel::open>("open"),
                           InstanceMethod<&Kernel::advance>("advance"),
                           InstanceMethod<&Kernel::drain>("drain"),
                           InstanceMethod<&Kernel::collapse_times>("collapseTimes"),
                           InstanceMethod<&Kernel::progress>("progress"),
                           InstanceMethod<&Kernel::elapsed>("elapsed"),
                           InstanceMethod<&Kernel::cancel>("cancel"),
                       });
  }

  explicit Kernel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Kernel>(info) {
    const Napi::Env env = info.Env();
    if (info.Length() < 2 || !info[0].IsObject()) throw Napi::TypeError::New(env, "job: an object is needed");
    try {
      const Napi::Object source = info[0].As<Napi::Object>();
      switch (collapse::read_family(source)) {
        case collapse::GAUSSIAN: open_loop<collapse::Gaussian>(env, collapse::read_gaussian(source), info[1]); break;
        case collapse::REGRESSION: open_loop<collapse::Regression>(env, collapse::read_regression(source), info[1]); break;
        default: open_loop<collapse::Categorical>(env, collapse::read_categorical(source), info[1], read_simd(env, info[2]));
      }
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for this job");
    }
  }

 private:
  /** What the thread needs, alive until it has ended, whatever happens to the JavaScript side. */
  struct Task {
    Task(Napi::Env env, std::shared_ptr<Loop> loop)
        : deferred(Napi::Promise::Deferred::New(env)), loop(std::move(loop)) {}
    Napi::Promise::Deferred deferred;
    std::shared_ptr<Loop> loop;
    Napi::ThreadSafeFunction notify;
    std::thread thread;
    Kernel* kernel = nullptr;
    std::atomic<bool> done{false};
    bool failed = false;
    double milliseconds = 0.0;
    Status status = collapse::DONE;

    /** On the thread. */
    void run() {
      const auto start = std::chrono::steady_clock::now();
      try {
        status = loop->advance();
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

  std::shared_ptr<Loop> loop_;
  bool running_ = false;
  double elapsed_ = 0.0;

  template <typename Family, typename Job, typename... More>
  void open_loop(Napi::Env env, std::shared_ptr<const Job> job, const Napi::Value& out_capacity, More... more) {
    const int64_t capacity = collapse::read_integer(env, out_capacity, "outCapacity", job->metric_count(), 1 << 28);
    loop_ = std::make_shared<Family>(std::move(job), static_cast<size_t>(capacity), more...);
  }

  /** A set of instructions by name; none is the scalar one. */
  static int read_simd(Napi::Env env, const Napi::Value& value) {
    if (value.IsUndefined()) return collapse::SIMD_SCALAR;
    for (int simd = collapse::SIMD_SCALAR; simd <= collapse::SIMD_AVX512; simd++) {
      if (value.IsString() && value.As<Napi::String>().Utf8Value() == collapse::simd_name(simd) && collapse::has_simd(simd)) {
        return simd;
      }
    }
    throw Napi::RangeError::New(env, "simd: must be one of instructionSets");
  }

  void require_idle(Napi::Env env) const {
    if (running_) throw Napi::Error::New(env, "the kernel is running");
  }

  void open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    const int64_t replicate = collapse::read_integer(env, info[0], "replicate", 0, (int64_t{1} << 53) - 1);
    const int64_t context = collapse::read_integer(env, info[1], "context", 0, loop_->loop_job().contexts - 1);
    const int64_t chains = collapse::read_integer(env, info[2], "chains", 1, 0x7fffffff);
    loop_->open(static_cast<uint64_t>(replicate), static_cast<int>(context), static_cast<uint32_t>(chains));
  }

  Napi::Value advance(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    auto* task = new Task(env, loop_);
    task->kernel = this;
    task->notify = Napi::ThreadSafeFunction::New(
        env, Napi::Function(), "model-collapse", 0, 1, task, [](Napi::Env, Task*, Task* finished) {
          // Also reached when the environment is torn down in mid-run. A finished task leaves the loop alone:
          // the next one may be running it.
          if (!finished->done.load()) finished->loop->cancel.store(true);
          if (finished->thread.joinable()) finished->thread.join();
          delete finished;
        },
        task);
    running_ = true;
    Ref();
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

  static void settle(Napi::Env env, Task* task) {
    task->kernel->running_ = false;
    task->kernel->elapsed_ = task->milliseconds;
    if (task->failed) task->deferred.Reject(Napi::Error::New(env, "not enough memory or threads").Value());
    else task->deferred.Resolve(Napi::Number::New(env, task->status));
    task->kernel->Unref();
  }

  /** The values written since the last call. */
  Napi::Value drain(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    std::vector<double>& out = loop_->out();
    Napi::Float64Array values = Napi::Float64Array::New(info.Env(), out.size());
    std::copy(out.begin(), out.end(), values.Data());
    out.clear();
    return values;
  }

  Napi::Value collapse_times(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    const std::vector<uint32_t>& times = loop_->collapse_times();
    Napi::Uint32Array result = Napi::Uint32Array::New(info.Env(), times.size());
    std::copy(times.begin(), times.end(), result.Data());
    return result;
  }

  Napi::Value progress(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), loop_->progress.load(std::memory_order_relaxed));
  }

  /** Milliseconds of the last `advance`. */
  Napi::Value elapsed(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), elapsed_); }

  void cancel(const Napi::CallbackInfo&) { loop_->cancel.store(true); }
};

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("Kernel", Kernel::define(env));
  // The fastest first.
  Napi::Array sets = Napi::Array::New(env);
  for (int simd = collapse::SIMD_AVX512; simd >= collapse::SIMD_SCALAR; simd--) {
    if (collapse::has_simd(simd)) sets.Set(sets.Length(), collapse::simd_name(simd));
  }
  exports.Set("instructionSets", sets);
  collapse::add_probes(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(model_collapse, initialise)
