// Reads a job from a JavaScript object and checks every number in it, so that the kernel needs no checks.
#pragma once
#include <napi.h>

#include <memory>

#include "job.h"

namespace collapse {

/** Throws Napi::TypeError or Napi::RangeError naming the field. */
std::shared_ptr<const CategoricalJob> read_categorical(const Napi::Object& source);

std::shared_ptr<const GaussianJob> read_gaussian(const Napi::Object& source);
std::shared_ptr<const RegressionJob> read_regression(const Napi::Object& source);

/** Which of them the job is: a Family. */
int read_family(const Napi::Object& source);

/** An integer property within limits. Throws like read_categorical. */
int64_t read_integer(const Napi::Env& env, const Napi::Value& value, const char* name, int64_t least, int64_t most);

}  // namespace collapse
