#include "probes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "hypergeometric.h"
#include "job-reader.h"
#include "math.h"
#include "multinomial.h"
#include "ngram-addon.h"
#include "occupancy.h"
#include "stream.h"

namespace collapse {

namespace {

/** f(x) of every x of a Float64Array. */
Napi::Value map(const Napi::CallbackInfo& info, double (*f)(double)) {
  const Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsTypedArray() ||
      info[0].As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    throw Napi::TypeError::New(env, "values: a Float64Array is needed");
  }
  const Napi::Float64Array values = info[0].As<Napi::Float64Array>();
  Napi::Float64Array result = Napi::Float64Array::New(env, values.ElementLength());
  for (size_t i = 0; i < values.ElementLength(); i++) result[i] = f(values[i]);
  return result;
}

Napi::Value map_log(const Napi::CallbackInfo& info) { return map(info, log); }
Napi::Value map_log1p(const Napi::CallbackInfo& info) { return map(info, log1p); }
Napi::Value map_exp(const Napi::CallbackInfo& info) { return map(info, exp); }

/** threefry(counter: Uint32Array(4), key: Uint32Array(4)): Uint32Array(4). */
Napi::Value hash(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Words4 words[2];
  for (size_t w = 0; w < 2; w++) {
    const Napi::Value value = info[w];
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array ||
        value.As<Napi::Uint32Array>().ElementLength() != 4) {
      throw Napi::TypeError::New(env, "counter, key: Uint32Arrays of 4 words are needed");
    }
    for (size_t i = 0; i < 4; i++) words[w][i] = value.As<Napi::Uint32Array>()[i];
  }
  const Words4 out = threefry(words[0], words[1]);
  Napi::Uint32Array result = Napi::Uint32Array::New(env, 4);
  for (size_t i = 0; i < 4; i++) result[i] = out[i];
  return result;
}

/** binomials(seed, draws, n, part, whole): Float64Array. */
Napi::Value binomials(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Stream stream;
  stream.seed(static_cast<uint32_t>(read_integer(env, info[0], "seed", 0, 0xffffffff)), 0, 0, 0, DOMAIN_CHAIN);
  const int64_t draws = read_integer(env, info[1], "draws", 0, 1 << 28);
  const int64_t n = read_integer(env, info[2], "n", 0, int64_t{1} << 53);
  for (size_t i = 3; i < 5; i++) {
    if (!info[i].IsNumber()) throw Napi::TypeError::New(env, "part, whole: numbers are needed");
  }
  const double part = info[3].As<Napi::Number>().DoubleValue();
  const double whole = info[4].As<Napi::Number>().DoubleValue();
  if (!(part >= 0.0 && part <= whole && whole <= 1e300)) throw Napi::RangeError::New(env, "part: must lie in [0, whole]");
  Napi::Float64Array result = Napi::Float64Array::New(env, static_cast<size_t>(draws));
  for (int64_t i = 0; i < draws; i++) result[i] = binomial(stream, static_cast<double>(n), part, whole);
  return result;
}

/** hypergeometrics(seed, draws, n, good, whole): Float64Array. */
Napi::Value hypergeometrics(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Stream stream;
  stream.seed(static_cast<uint32_t>(read_integer(env, info[0], "seed", 0, 0xffffffff)), 0, 0, 0, DOMAIN_CHAIN);
  const int64_t draws = read_integer(env, info[1], "draws", 0, 1 << 28);
  const int64_t whole = read_integer(env, info[4], "whole", 0, int64_t{1} << 48);
  const int64_t n = read_integer(env, info[2], "n", 0, whole);
  const int64_t good = read_integer(env, info[3], "good", 0, whole);
  Napi::Float64Array result = Napi::Float64Array::New(env, static_cast<size_t>(draws));
  for (int64_t i = 0; i < draws; i++) {
    result[i] = hypergeometric(stream, static_cast<double>(n), static_cast<double>(good), static_cast<double>(whole));
  }
  return result;
}

/** poissons(seed, draws, mean): Float64Array. */
Napi::Value poissons(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Stream stream;
  stream.seed(static_cast<uint32_t>(read_integer(env, info[0], "seed", 0, 0xffffffff)), 0, 0, 0, DOMAIN_CHAIN);
  const int64_t draws = read_integer(env, info[1], "draws", 0, 1 << 28);
  if (!info[2].IsNumber()) throw Napi::TypeError::New(env, "mean: a number is needed");
  const double mean = info[2].As<Napi::Number>().DoubleValue();
  if (!(mean >= 0.0 && mean <= 281474976710656.0)) throw Napi::RangeError::New(env, "mean: must lie in [0, 2^48]");
  Napi::Float64Array result = Napi::Float64Array::New(env, static_cast<size_t>(draws));
  for (int64_t i = 0; i < draws; i++) result[i] = poisson(stream, mean);
  return result;
}

/** occupancies(seed, draws, k, n): Int32Array, MOST_BALLS numbers a draw: boxes with 2, 3, ... balls. */
Napi::Value occupancies(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Stream stream;
  stream.seed(static_cast<uint32_t>(read_integer(env, info[0], "seed", 0, 0xffffffff)), 0, 0, 0, DOMAIN_CHAIN);
  const int64_t draws = read_integer(env, info[1], "draws", 0, 1 << 20);
  const int64_t n = read_integer(env, info[3], "n", 1, int64_t{1} << 31);
  const int64_t k = read_integer(env, info[2], "k", 1, n);
  Napi::Int32Array result = Napi::Int32Array::New(env, static_cast<size_t>(draws) * MOST_BALLS);
  for (int64_t i = 0; i < draws; i++) {
    int32_t* numbers = result.Data() + i * MOST_BALLS;
    const int kinds = occupancy(stream, static_cast<double>(k), static_cast<double>(n), numbers);
    std::fill(numbers + kinds, numbers + MOST_BALLS, 0);
  }
  return result;
}

}  // namespace

void add_probes(Napi::Env env, Napi::Object exports) {
  Napi::Object probes = Napi::Object::New(env);
  probes.Set("log", Napi::Function::New<map_log>(env, "log"));
  probes.Set("log1p", Napi::Function::New<map_log1p>(env, "log1p"));
  probes.Set("exp", Napi::Function::New<map_exp>(env, "exp"));
  probes.Set("threefry", Napi::Function::New<hash>(env, "threefry"));
  probes.Set("binomials", Napi::Function::New<binomials>(env, "binomials"));
  probes.Set("hypergeometrics", Napi::Function::New<hypergeometrics>(env, "hypergeometrics"));
  probes.Set("poissons", Napi::Function::New<poissons>(env, "poissons"));
  probes.Set("occupancies", Napi::Function::New<occupancies>(env, "occupancies"));
  add_matrix_probes(env, probes);
  exports.Set("probes", probes);
  add_ngram(env, exports);
}

}  // namespace collapse
