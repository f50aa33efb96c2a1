// Single kernel functions for differential tests against assembly/.
#pragma once
#include <napi.h>

namespace collapse {

void add_probes(Napi::Env env, Napi::Object exports);

}  // namespace collapse
