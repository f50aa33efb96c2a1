// Reads a job from a JavaScript object and checks every number in it, so that the kernel needs no checks.
#pragma once
#include <napi.h>

#include "job.h"

namespace collapse {

/** Throws Napi::TypeError or Napi::RangeError naming the field. */
Job read_job(const Napi::Object& source);

/** An integer property within limits. Throws like read_job. */
int64_t read_integer(const Napi::Env& env, const Napi::Value& value, const char* name, int64_t least, int64_t most);

}  // namespace collapse
