// Fields of a job, read from a JavaScript object with their checks.
#pragma once
#include <napi.h>

#include <cstring>
#include <string>
#include <vector>

#include "job-reader.h"

namespace collapse {

[[noreturn]] inline void fail(const Napi::Env& env, const std::string& name, const std::string& problem) {
  throw Napi::RangeError::New(env, name + ": " + problem);
}

template <typename T>
constexpr napi_typedarray_type array_type();
template <>
inline constexpr napi_typedarray_type array_type<int32_t>() { return napi_int32_array; }
template <>
inline constexpr napi_typedarray_type array_type<uint32_t>() { return napi_uint32_array; }
template <>
inline constexpr napi_typedarray_type array_type<double>() { return napi_float64_array; }

/** A copy of a typed array; a detached one is empty. */
template <typename T>
std::vector<T> read_array(const Napi::Object& source, const char* name) {
  const Napi::Value value = source.Get(name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != array_type<T>()) {
    throw Napi::TypeError::New(source.Env(), std::string(name) + ": a typed array of the right kind is needed");
  }
  const Napi::TypedArrayOf<T> array = value.As<Napi::TypedArrayOf<T>>();
  const size_t length = array.ElementLength();
  std::vector<T> copy(length);
  if (length > 0) std::memcpy(copy.data(), array.Data(), length * sizeof(T));
  return copy;
}

inline bool read_flag(const Napi::Object& source, const char* name) {
  const Napi::Value value = source.Get(name);
  if (!value.IsBoolean()) throw Napi::TypeError::New(source.Env(), std::string(name) + ": true or false is needed");
  return value.As<Napi::Boolean>().Value();
}

inline double read_double(const Napi::Object& source, const char* name) {
  const Napi::Value value = source.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(source.Env(), std::string(name) + ": a number is needed");
  return value.As<Napi::Number>().DoubleValue();
}

/** What every family's job has: seed, generations, metrics. */
void read_chain(const Napi::Object& source, LoopJob& job);

/** The metrics asked for, and the generations reported. */
void check_output(const Napi::Env& env, const LoopJob& job, int32_t largest_metric);

}  // namespace collapse
