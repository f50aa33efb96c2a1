// The n-gram kernel through Node-API: a checked job in memory of its own, run on a thread of its own, as in addon.cc.
#include "ngram-addon.h"

#include <chrono>
#include <memory>
#include <system_error>
#include <thread>

#include "job-reader.h"
#include "ngram-reader.h"
#include "ngram.h"

namespace collapse {

namespace {

class NgramKernel : public Napi::ObjectWrap<NgramKernel> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "NgramKernel",
                       {
                           InstanceMethod<&NgramKernel::open>("open"),
                           InstanceMethod<&NgramKernel::advance>("advance"),
                           InstanceMethod<&NgramKernel::drain>("drain"),
                           InstanceMethod<&NgramKernel::drain_text>("drainText"),
                           InstanceMethod<&NgramKernel::collapse_times>("collapseTimes"),
                           InstanceMethod<&NgramKernel::progress>("progress"),
                           InstanceMethod<&NgramKernel::elapsed>("elapsed"),
                           InstanceMethod<&NgramKernel::cancel>("cancel"),
                       });
  }

  explicit NgramKernel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NgramKernel>(info) {
    const Napi::Env env = info.Env();
    if (info.Length() < 2 || !info[0].IsObject()) throw Napi::TypeError::New(env, "job: an object is needed");
    try {
      NgramJob job = read_ngram_job(info[0].As<Napi::Object>());
      const int64_t least = job.metric_count();
      const int64_t capacity = read_integer(env, info[1], "outCapacity", least, 1 << 28);
      ngram_ = std::make_shared<Ngram>(std::move(job), static_cast<size_t>(capacity));
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for this job");
    }
  }

 private:
  /** What the thread needs, alive until it has ended, whatever happens to the JavaScript side. */
  struct Task {
    Task(Napi::Env env, std::shared_ptr<Ngram> ngram)
        : deferred(Napi::Promise::Deferred::New(env)), ngram(std::move(ngram)) {}
    Napi::Promise::Deferred deferred;
    std::shared_ptr<Ngram> ngram;
    Napi::ThreadSafeFunction notify;
    std::thread thread;
    NgramKernel* kernel = nullptr;
    std::atomic<bool> done{false};
    bool failed = false;
    double milliseconds = 0.0;
    Status status = DONE;

    /** On the thread. */
    void run() {
      const auto start = std::chrono::steady_clock::now();
      try {
        status = ngram->advance();
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

  std::shared_ptr<Ngram> ngram_;
  bool running_ = false;
  double elapsed_ = 0.0;

  void require_idle(Napi::Env env) const {
    if (running_) throw Napi::Error::New(env, "the kernel is running");
  }

  void open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    const int64_t replicate = read_integer(env, info[0], "replicate", 0, (int64_t{1} << 53) - 1);
    const int64_t chains = read_integer(env, info[1], "chains", 1, 0x7fffffff);
    ngram_->open(static_cast<uint64_t>(replicate), static_cast<uint32_t>(chains));
  }

  Napi::Value advance(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    auto* task = new Task(env, ngram_);
    task->kernel = this;
    task->notify = Napi::ThreadSafeFunction::New(
        env, Napi::Function(), "model-collapse", 0, 1, task, [](Napi::Env, Task*, Task* finished) {
          // Also reached when the environment is torn down in mid-run. A finished task leaves the kernel alone.
          if (!finished->done.load()) finished->ngram->cancel.store(true);
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

  Napi::Value drain(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    std::vector<double>& out = ngram_->out();
    Napi::Float64Array values = Napi::Float64Array::New(info.Env(), out.size());
    std::copy(out.begin(), out.end(), values.Data());
    out.clear();
    return values;
  }

  Napi::Value drain_text(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    std::vector<int32_t>& text = ngram_->text();
    Napi::Int32Array words = Napi::Int32Array::New(info.Env(), text.size());
    std::copy(text.begin(), text.end(), words.Data());
    text.clear();
    return words;
  }

  Napi::Value collapse_times(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    Napi::Uint32Array times = Napi::Uint32Array::New(info.Env(), ngram_->ended());
    std::fill(times.Data(), times.Data() + times.ElementLength(), 0u);
    return times;
  }

  Napi::Value progress(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), ngram_->progress.load(std::memory_order_relaxed));
  }

  Napi::Value elapsed(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), elapsed_); }

  void cancel(const Napi::CallbackInfo&) { ngram_->cancel.store(true); }
};

}  // namespace

void add_ngram(Napi::Env env, Napi::Object exports) { exports.Set("NgramKernel", NgramKernel::define(env)); }

}  // namespace collapse
