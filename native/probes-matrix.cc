// Probes of normals, chi-square variates, matrices and Wishart matrices: they work in place in Float64Arrays.
#include <string>

#include "job-reader.h"
#include "matrix.h"
#include "probes.h"
#include "wishart.h"

namespace collapse {

namespace {

/** The arguments of a probe, checked one by one. */
struct Arguments {
  const Napi::CallbackInfo& info;
  Napi::Env env = info.Env();

  int64_t whole(size_t i, int64_t least, int64_t most) const {
    return read_integer(env, info[i], ("argument " + std::to_string(i)).c_str(), least, most);
  }
  int size(size_t i) const { return static_cast<int>(whole(i, 0, 4096)); }
  double number(size_t i) const {
    if (!info[i].IsNumber()) throw Napi::TypeError::New(env, "argument " + std::to_string(i) + ": a number is needed");
    return info[i].As<Napi::Number>().DoubleValue();
  }
  /** Degrees of freedom. */
  double freedom(size_t i) const {
    const double nu = number(i);
    if (!(nu >= 0.0 && nu <= 1e15)) throw Napi::RangeError::New(env, "degrees of freedom: must lie in [0, 1e15]");
    return nu;
  }
  double* array(size_t i, int64_t least) const {
    const Napi::Value value = info[i];
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array ||
        static_cast<int64_t>(value.As<Napi::Float64Array>().ElementLength()) < least) {
      throw Napi::TypeError::New(env, "argument " + std::to_string(i) + ": a Float64Array of " + std::to_string(least) +
                                          " elements is needed");
    }
    return value.As<Napi::Float64Array>().Data();
  }
  size_t length(size_t i) const { return info[i].As<Napi::Float64Array>().ElementLength(); }
  double* square(size_t i, int d) const { return array(i, static_cast<int64_t>(d) * d); }
  Stream stream(size_t i) const {
    Stream stream;
    stream.seed(static_cast<uint32_t>(whole(i, 0, 0xffffffff)), 0, 0, 0, DOMAIN_CHAIN);
    return stream;
  }
};

/** fillNormals(seed, into): all of `into` at once. */
void fill_normals(const Arguments& on) {
  Stream stream = on.stream(0);
  normals().fill(stream, on.array(1, 0), on.length(1));
}

/** normals(seed, into): the same one by one. */
void single_normals(const Arguments& on) {
  Stream stream = on.stream(0);
  double* into = on.array(1, 0);
  const size_t count = on.length(1);
  for (size_t i = 0; i < count; i++) into[i] = normals().draw(stream);
}

/** chiSquareds(seed, into, nu). */
void chi_squareds(const Arguments& on) {
  Stream stream = on.stream(0);
  double* into = on.array(1, 0);
  const double nu = on.freedom(2);
  const size_t count = on.length(1);
  for (size_t i = 0; i < count; i++) into[i] = chi_squared(stream, nu);
}

/** bartlett(seed, a, d, nu). */
void draw_bartlett(const Arguments& on) {
  Stream stream = on.stream(0);
  bartlett(stream, on.square(1, on.size(2)), on.size(2), on.freedom(3));
}

/** wishart(seed, l, d, nu, s, factor). */
void draw_wishart(const Arguments& on) {
  Stream stream = on.stream(0);
  const int d = on.size(2);
  wishart(stream, on.square(1, d), d, on.freedom(3), on.square(4, d), on.square(5, d));
}

/** addProduct(c, a, b, rows, columns, count, transposed, sign): C += sign A B, or A B' where `transposed` is 1. */
void product(const Arguments& on) {
  const int rows = on.size(3), columns = on.size(4), count = on.size(5);
  const bool transposed = on.whole(6, 0, 1) == 1;
  add_product(on.array(0, rows * columns), rows, rows, columns, on.array(1, rows * count), rows,
              on.array(2, count * columns), transposed ? columns : 1, transposed ? 1 : count, count, on.number(7));
}

/** timesVector(a, rows, columns, x, y). */
void matrix_vector(const Arguments& on) {
  const int rows = on.size(1), columns = on.size(2);
  times_vector(on.array(0, rows * columns), rows, columns, on.array(3, columns), on.array(4, rows));
}

/** lowerTimesVector(l, d, columns, x, y). */
void lower_vector(const Arguments& on) {
  const int d = on.size(1);
  const int columns = static_cast<int>(on.whole(2, 0, d));
  lower_times_vector(on.square(0, d), d, columns, on.array(3, columns), on.array(4, d));
}

/** lowerTransposedTimesVector(l, d, x, y). */
void transposed_vector(const Arguments& on) {
  const int d = on.size(1);
  lower_transposed_times_vector(on.square(0, d), d, on.array(2, d), on.array(3, d));
}

/** lowerTimesLower(l, a, d, columns, c). */
void lower_lower(const Arguments& on) {
  const int d = on.size(2);
  lower_times_lower(on.square(0, d), on.square(1, d), d, static_cast<int>(on.whole(3, 0, d)), on.square(4, d));
}

/** lowerTimesTranspose(l, d, columns, s). */
void lower_transpose(const Arguments& on) {
  const int d = on.size(1);
  lower_times_transpose(on.square(0, d), d, static_cast<int>(on.whole(2, 0, d)), on.square(3, d));
}

/** forwardSubstitute(l, d, x), backSubstitute(l, d, x). */
void forward(const Arguments& on) { forward_substitute(on.square(0, on.size(1)), on.size(1), on.array(2, on.size(1))); }
void back(const Arguments& on) { back_substitute(on.square(0, on.size(1)), on.size(1), on.array(2, on.size(1))); }

template <void (*probe)(const Arguments&)>
void call(const Napi::CallbackInfo& info) {
  probe(Arguments{info});
}

/** cholesky(s, d, most): the rank. */
Napi::Value factorise(const Napi::CallbackInfo& info) {
  const Arguments on{info};
  return Napi::Number::New(info.Env(), cholesky(on.square(0, on.size(1)), on.size(1), on.size(2)));
}

/** logDeterminant(l, d). */
Napi::Value determinant(const Napi::CallbackInfo& info) {
  const Arguments on{info};
  return Napi::Number::New(info.Env(), log_determinant(on.square(0, on.size(1)), on.size(1)));
}

template <void (*probe)(const Arguments&)>
void add(Napi::Env env, Napi::Object probes, const char* name) {
  probes.Set(name, Napi::Function::New<call<probe>>(env, name));
}

}  // namespace

void add_matrix_probes(Napi::Env env, Napi::Object probes) {
  add<fill_normals>(env, probes, "fillNormals");
  add<single_normals>(env, probes, "normals");
  add<chi_squareds>(env, probes, "chiSquareds");
  add<draw_bartlett>(env, probes, "bartlett");
  add<draw_wishart>(env, probes, "wishart");
  add<product>(env, probes, "addProduct");
  add<matrix_vector>(env, probes, "timesVector");
  add<lower_vector>(env, probes, "lowerTimesVector");
  add<transposed_vector>(env, probes, "lowerTransposedTimesVector");
  add<lower_lower>(env, probes, "lowerTimesLower");
  add<lower_transpose>(env, probes, "lowerTimesTranspose");
  add<forward>(env, probes, "forwardSubstitute");
  add<back>(env, probes, "backSubstitute");
  probes.Set("cholesky", Napi::Function::New<factorise>(env, "cholesky"));
  probes.Set("logDeterminant", Napi::Function::New<determinant>(env, "logDeterminant"));
}

}  // namespace collapse
