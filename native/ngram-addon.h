// The n-gram kernel as a class of the addon.
#pragma once
#include <napi.h>

namespace collapse {

/** Adds the class NgramKernel, and giveBack, which empties an ArrayBuffer. */
void add_ngram(Napi::Env env, Napi::Object exports);

}  // namespace collapse
