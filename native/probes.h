// Single kernel functions for differential tests against assembly/.
#pragma once
#include <napi.h>

namespace collapse {

void add_probes(Napi::Env env, Napi::Object exports);

/** Those of normals and matrices (probes-matrix.cc). */
void add_matrix_probes(Napi::Env env, Napi::Object probes);

}  // namespace collapse
