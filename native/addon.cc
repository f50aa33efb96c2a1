// The Node-API side: a Kernel holds a checked job of the loop's families and runs slices of it.
#include <napi.h>

#include <memory>

#include "categorical.h"
#include "gaussian.h"
#include "job-reader.h"
#include "kernel-object.h"
#include "probes.h"
#include "regression.h"

namespace {

class Kernel : public collapse::KernelObject<Kernel, collapse::Loop> {
 public:
  static Napi::Function define(Napi::Env env) {
    return define_with(env, "Kernel",
                       {
                           InstanceMethod<&Kernel::load>("load"),
                           InstanceMethod<&Kernel::open>("open"),
                           InstanceMethod<&Kernel::collapse_times>("collapseTimes"),
                           InstanceMethod<&Kernel::advance_here>("advanceHere"),
                           InstanceMethod<&Kernel::status>("status"),
                       });
  }

  explicit Kernel(const Napi::CallbackInfo& info) : KernelObject(info) { read(info); }

 private:
  collapse::Status status_ = collapse::DONE;

  /** load(job, outCapacity, simd): another job in the place of the one before. */
  void load(const Napi::CallbackInfo& info) {
    require_not_running(info.Env());
    work_.reset();
    read(info);
  }

  void read(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    if (info.Length() < 2 || !info[0].IsObject()) throw Napi::TypeError::New(env, "job: an object is needed");
    try {
      const Napi::Object source = info[0].As<Napi::Object>();
      switch (collapse::read_family(source)) {
        case collapse::GAUSSIAN: open_loop<collapse::Gaussian>(env, collapse::read_gaussian(source), info[1]); break;
        case collapse::REGRESSION:
          open_loop<collapse::Regression>(env, collapse::read_regression(source), info[1], read_simd(env, info[2]));
          break;
        default: open_loop<collapse::Categorical>(env, collapse::read_categorical(source), info[1], read_simd(env, info[2]));
      }
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory for this job");
    }
  }

  template <typename Family, typename Job, typename... More>
  void open_loop(Napi::Env env, std::shared_ptr<const Job> job, const Napi::Value& out_capacity, More... more) {
    const int64_t capacity = collapse::read_integer(env, out_capacity, "outCapacity", job->metric_count(), 1 << 28);
    work_ = std::make_shared<Family>(std::move(job), static_cast<size_t>(capacity), more...);
  }

  /** A set of instructions by name; none is the scalar one. */
  static int read_simd(Napi::Env env, const Napi::Value& value) {
    if (value.IsUndefined()) return collapse::SIMD_SCALAR;
    for (int simd = collapse::SIMD_SCALAR; simd < collapse::SIMD_SETS; simd++) {
      if (value.IsString() && value.As<Napi::String>().Utf8Value() == collapse::simd_name(simd) && collapse::has_simd(simd)) {
        return simd;
      }
    }
    throw Napi::RangeError::New(env, "simd: must be one of instructionSets");
  }

  void open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    const int64_t replicate = collapse::read_integer(env, info[0], "replicate", 0, (int64_t{1} << 53) - 1);
    const int64_t context = collapse::read_integer(env, info[1], "context", 0, work_->loop_job().contexts - 1);
    const int64_t chains = collapse::read_integer(env, info[2], "chains", 1, 0x7fffffff);
    work_->open(static_cast<uint64_t>(replicate), static_cast<int>(context), static_cast<uint32_t>(chains));
  }

  /**
   * advanceHere(room): advance on the calling thread, which writes values to `room` and nowhere else; returns how many. `status` is then
   * what `advance` would have given. Nothing of `room` is remembered afterwards.
   */
  Napi::Value advance_here(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    require_idle(env);
    Napi::Float64Array room = collapse::doubles(info[0]);
    if (work_->out().size() > 0) throw Napi::Error::New(env, "there are values to be drained first");
    if (room.ElementLength() < work_->out_capacity()) throw Napi::RangeError::New(env, "room: must have room for outCapacity values");
    try {
      status_ = work_->advance_into(room.Data(), room.ElementLength());
    } catch (const std::bad_alloc&) {
      throw Napi::Error::New(env, "not enough memory");
    }
    return Napi::Number::New(env, static_cast<double>(work_->written()));
  }

  Napi::Value status(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), status_); }

  Napi::Value collapse_times(const Napi::CallbackInfo& info) {
    require_idle(info.Env());
    return collapse::to_array<Napi::Uint32Array>(info.Env(), work_->collapse_times());
  }
};

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("Kernel", Kernel::define(env));
  // The fastest first.
  Napi::Array sets = Napi::Array::New(env);
  for (int simd = collapse::SIMD_SETS - 1; simd >= collapse::SIMD_SCALAR; simd--) {
    if (collapse::has_simd(simd)) sets.Set(sets.Length(), collapse::simd_name(simd));
  }
  exports.Set("instructionSets", sets);
  collapse::add_probes(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(model_collapse, initialise)
