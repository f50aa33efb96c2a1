// The n-gram kernel through Node-API.
#include "ngram-addon.h"

#include <memory>

#include "job-reader.h"
#include "kernel-object.h"
#include "ngram-reader.h"
#include "ngram.h"

namespace collapse {

namespace {

class NgramKernel : public KernelObject<NgramKernel, Ngram> {
 public:
  static Napi::Function define(Napi::Env env) {
    return define_with(env, "NgramKernel",
                       {
                           InstanceMethod<&NgramKernel::open>("open"),
                           InstanceMethod<&NgramKernel::drain_text>("drainText"),
                           InstanceMethod<&NgramKernel::collapse_times>("collapseTimes"),
                       });
  }

  explicit NgramKernel(const Napi::CallbackInfo& info) : KernelObject(info) {
    const Napi::Env env = info.Env();
    if (info.Length() < 2 || !info[0].IsObject()) throw Napi::TypeError::New(env, "job: an object is needed");
    try {
      NgramJob job = read_ngram_job(info[0].As<Napi::Object>());
      const int64_t least = job.metric_count();
      const int64_t capacity = read_integer(env, info[1], "outCapacity", least, 1 << 28);
      work_ = std::make_shared<Ngram>(std::move(job), static_cast<size_t>(capacity));
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for this job");
    }
  }

 private:
  void open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    const int64_t replicate = read_integer(env, info[0], "replicate", 0, (int64_t{1} << 53) - 1);
    const int64_t chains = read_integer(env, info[1], "chains", 1, 0x7fffffff);
    work_->open(static_cast<uint64_t>(replicate), static_cast<uint32_t>(chains));
  }

  Napi::Value drain_text(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    const Napi::Int32Array words = to_array<Napi::Int32Array>(info.Env(), work_->text());
    work_->text().clear();
    return words;
  }

  Napi::Value collapse_times(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    Napi::Uint32Array times = Napi::Uint32Array::New(info.Env(), work_->ended());
    std::fill(times.Data(), times.Data() + times.ElementLength(), 0u);
    return times;
  }
};

}  // namespace

namespace {

/** Empties an ArrayBuffer: its memory is free at once, not when it is collected. */
void give_back(const Napi::CallbackInfo& info) {
  if (info.Length() < 1 || !info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "an ArrayBuffer is needed");
  Napi::ArrayBuffer buffer = info[0].As<Napi::ArrayBuffer>();
  if (!buffer.IsDetached()) buffer.Detach();
}

}  // namespace

void add_ngram(Napi::Env env, Napi::Object exports) {
  exports.Set("NgramKernel", NgramKernel::define(env));
  exports.Set("giveBack", Napi::Function::New(env, give_back, "giveBack"));
}

}  // namespace collapse
