// Stands in for Node-API where there is no Node: just what the readers of jobs (native/*-reader.cc) use of it, over a job that was
// read from a file. So the program of driver.cc checks its jobs with the addon's own code.
#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

enum napi_typedarray_type { napi_int32_array, napi_uint32_array, napi_float64_array };

/** What a job holds under a name. */
struct Field {
  enum Kind : uint32_t { NONE, NUMBER, FLAG, INT32, UINT32, FLOAT64 } kind = NONE;
  double number = 0.0;
  std::vector<int32_t> int32;
  std::vector<uint32_t> uint32;
  std::vector<double> float64;
};
using Fields = std::map<std::string, Field>;

namespace Napi {

struct Env {};

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
  static Error New(const Env&, const std::string& message) { return Error(message); }
};
using TypeError = Error;
using RangeError = Error;

struct Value {
  const Field* field;

  bool IsNumber() const { return field->kind == Field::NUMBER; }
  bool IsBoolean() const { return field->kind == Field::FLAG; }
  bool IsTypedArray() const { return field->kind >= Field::INT32; }
  template <typename T>
  T As() const {
    return T{*this};
  }
};

struct Number : Value {
  double DoubleValue() const { return field->number; }
};

struct Boolean : Value {
  bool Value() const { return field->number != 0.0; }
};

struct TypedArray : Value {
  napi_typedarray_type TypedArrayType() const {
    return field->kind == Field::INT32 ? napi_int32_array : field->kind == Field::UINT32 ? napi_uint32_array : napi_float64_array;
  }
};

template <typename T>
const std::vector<T>& numbers_of(const Field& field);
template <>
inline const std::vector<int32_t>& numbers_of(const Field& field) { return field.int32; }
template <>
inline const std::vector<uint32_t>& numbers_of(const Field& field) { return field.uint32; }
template <>
inline const std::vector<double>& numbers_of(const Field& field) { return field.float64; }

template <typename T>
struct TypedArrayOf : Value {
  size_t ElementLength() const { return numbers_of<T>(*field).size(); }
  const T* Data() const { return numbers_of<T>(*field).data(); }
};

struct Object {
  const Fields* fields;

  Napi::Env Env() const { return {}; }
  Value Get(const std::string& name) const {
    static const Field none;
    const auto found = fields->find(name);
    return {found == fields->end() ? &none : &found->second};
  }
};

}  // namespace Napi
