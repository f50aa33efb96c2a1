// Reads the job of a regression.
#include <algorithm>
#include <cmath>

#include "job-fields.h"

namespace collapse {

namespace {

constexpr int64_t LARGEST_DIMENSION = 100000;
constexpr double LARGEST_COUNT = 1e12;
constexpr double LARGEST_NUMBER = 1e250;
/** Numbers that a job may hold: 2 GB. */
constexpr double LARGEST_MEMORY = 268435456.0;

/** `length` numbers, none of them negative, whose squares stay finite. Written so that NaN fails. */
std::vector<double> read_numbers(const Napi::Object& source, const char* name, size_t length, double largest) {
  std::vector<double> numbers = read_array<double>(source, name);
  if (numbers.size() != length) fail(source.Env(), name, "must be " + std::to_string(length) + " numbers");
  for (const double number : numbers) {
    if (!(number >= 0.0 && number <= largest)) fail(source.Env(), name, "must not be negative");
  }
  return numbers;
}

bool is_count(double count, double least) { return count >= least && count <= LARGEST_COUNT && count == std::floor(count); }

RegressionPart read_part(const Napi::Env& env, const double* numbers) {
  const RegressionPart part = {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] != 0.0};
  if (!is_count(part.count, 0.0)) fail(env, "parts", "must have whole numbers of samples");
  if (!(part.root > 0.0)) fail(env, "parts", "must have positive weights");
  return part;
}

/** That each way of drawing has the samples it needs. */
void check_way(const Napi::Env& env, const RegressionJob& job) {
  const double d = job.dimension;
  const double samples = job.parts[0].count + job.parts[1].count;
  if (samples < 1.0) fail(env, "parts", "must have samples");
  for (const RegressionPart& part : job.parts) {
    if (part.factor && (job.way != PARTS || part.count < d)) fail(env, "parts", "can't draw that part as a factor");
    if (job.way != PARTS && part.root != 1.0) fail(env, "parts", "must have weights of 1");
  }
  if (job.way == JOINT && (samples < d || job.keep_real)) fail(env, "way", "can't draw these parts together");
  const double unknowns = job.way == ROWS ? samples : job.features;
  if (job.way == ROWS && samples > static_cast<double>(LARGEST_DIMENSION)) fail(env, "parts", "must have fewer samples");
  const bool factors = job.way == JOINT || job.parts[0].factor || job.parts[1].factor;
  const double columns = job.way == ROWS ? samples : std::max(64.0, factors ? d : 0.0);
  const double matrices = unknowns * unknowns * (job.keep_real && job.way != ROWS ? 2.0 : 1.0) + columns * d;
  const double numbers = matrices + (job.width > 0.0 ? job.features * (columns + d) : 0.0);
  if (numbers > LARGEST_MEMORY) fail(env, "dimension", "makes matrices that are too large");
}

}  // namespace

std::shared_ptr<const RegressionJob> read_regression(const Napi::Object& source) {
  const Napi::Env env = source.Env();
  auto result = std::make_shared<RegressionJob>();
  RegressionJob& job = *result;
  read_chain(source, job);
  if (job.until_collapse) fail(env, "untilCollapse", "must be false: nothing collapses");
  job.dimension = static_cast<int32_t>(read_integer(env, source.Get("dimension"), "dimension", 1, LARGEST_DIMENSION));
  job.features = static_cast<int32_t>(read_integer(env, source.Get("features"), "features", 1, job.dimension));
  job.width = read_double(source, "width");
  if (!is_count(job.width, 0.0)) fail(env, "width", "must be a whole number");
  const double features = job.width == 0.0 ? job.dimension : std::min<double>(job.dimension, job.width);
  if (job.features != features) fail(env, "features", "must be the smaller one of dimension and width");
  job.way = static_cast<int32_t>(read_integer(env, source.Get("wayId"), "wayId", ROWS, JOINT));
  job.keep_real = read_flag(source, "keepReal");
  const std::vector<double> parts = read_numbers(source, "parts", 10, LARGEST_NUMBER);
  for (size_t k = 0; k < 2; k++) job.parts.push_back(read_part(env, &parts[5 * k]));
  check_way(env, job);
  const size_t d = static_cast<size_t>(job.dimension);
  job.scale = read_numbers(source, "scale", d, LARGEST_NUMBER);
  job.signal = read_numbers(source, "signal", d, LARGEST_NUMBER);
  job.shift = read_numbers(source, "shift", d, LARGEST_NUMBER);
  const double unknowns = job.way == ROWS ? job.parts[0].count + job.parts[1].count : job.features;
  job.penalty = read_numbers(source, "penalty", static_cast<size_t>(unknowns), LARGEST_NUMBER);
  job.penalised = std::any_of(job.penalty.begin(), job.penalty.end(), [](double penalty) { return penalty != 0.0; });
  check_output(env, job, 0);
  return result;
}

}  // namespace collapse
