#include "job-fields.h"

#include <cmath>

namespace collapse {

int64_t read_integer(const Napi::Env& env, const Napi::Value& value, const char* name, int64_t least, int64_t most) {
  if (!value.IsNumber()) throw Napi::TypeError::New(env, std::string(name) + ": a number is needed");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) || number != std::floor(number)) {
    fail(env, name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int64_t>(number);
}

int read_family(const Napi::Object& source) {
  return static_cast<int>(read_integer(source.Env(), source.Get("familyId"), "familyId", CATEGORICAL, REGRESSION));
}

void read_chain(const Napi::Object& source, LoopJob& job) {
  const Napi::Env env = source.Env();
  const int64_t seed = read_integer(env, source.Get("seed"), "seed", 0, (int64_t{1} << 53) - 1);
  job.seed_low = static_cast<uint32_t>(seed);
  job.seed_high = static_cast<uint32_t>(seed >> 32);
  job.last_generation = static_cast<int32_t>(read_integer(env, source.Get("lastGeneration"), "lastGeneration", 1, 2000000000));
  job.until_collapse = read_flag(source, "untilCollapse");
  job.metrics = read_array<int32_t>(source, "metrics");
  job.report = read_array<int32_t>(source, "report");
}

void check_output(const Napi::Env& env, const LoopJob& job, int32_t largest_metric) {
  if (job.metrics.empty() || job.metrics.size() % 2 != 0) fail(env, "metrics", "must be pairs");
  for (size_t i = 0; i < job.metrics.size(); i += 2) {
    if (job.metrics[i] < 0 || job.metrics[i] > largest_metric) fail(env, "metrics", "must be known ids");
  }
  for (size_t i = 0; i < job.report.size(); i++) {
    const int32_t before = i == 0 ? 0 : job.report[i - 1];
    if (job.report[i] <= before || job.report[i] > job.last_generation) fail(env, "report", "must increase from 1");
  }
}

}  // namespace collapse
