// Reads an n-gram job from a JavaScript object and checks every number in it, so that the kernel needs no checks.
#pragma once
#include <napi.h>

#include "ngram-job.h"

namespace collapse {

/** Throws Napi::TypeError or Napi::RangeError naming the field. */
NgramJob read_ngram_job(const Napi::Object& source);

}  // namespace collapse
