#include "job-reader.h"

#include <algorithm>

#include "job-fields.h"

namespace collapse {

namespace {

/** Sums of 2^31 samples of this weight stay far from infinite, and those of its inverse from 0. */
constexpr double LARGEST_WEIGHT = 1e12;
constexpr int32_t LARGEST_METRIC = 10;
constexpr int32_t LARGEST_GAUSSIAN_METRIC = 4;
constexpr int64_t LARGEST_DIMENSION = 64;
constexpr size_t MOST_RATES = 8;
/** Numbers in a pool of samples of a Gaussian. */
constexpr double LARGEST_POOL = 1e9;
/** Numbers in the models that a run looks back at: 2 GB. */
constexpr double LARGEST_RING = 268435456.0;

/** Written so that NaN fails. */
bool is_weight(double weight) { return weight >= 1.0 / LARGEST_WEIGHT && weight <= LARGEST_WEIGHT; }

/** The sampling rule's number: finite, and positive unless the rule is a verifier. */
double read_parameter(const Napi::Object& source) {
  const double parameter = read_double(source, "ruleParameter");
  if (!(parameter >= 0.0 && parameter <= 1e300)) fail(source.Env(), "ruleParameter", "must not be negative");
  return parameter;
}

void check_contexts(const Napi::Env& env, const CategoricalJob& job) {
  const size_t tokens = job.p.size();
  if (job.starts.size() < 2 || job.starts.front() != 0 || job.starts.back() < 0 ||
      static_cast<size_t>(job.starts.back()) != tokens) {
    fail(env, "starts", "must run from 0 to the number of tokens");
  }
  for (size_t j = 1; j < job.starts.size(); j++) {
    if (job.starts[j] <= job.starts[j - 1]) fail(env, "starts", "must increase");
  }
  if (job.tokens.size() != tokens || job.log_p.size() != tokens || job.suffix.size() != tokens) {
    fail(env, "tokens, logP, suffix", "must be as long as p");
  }
  for (size_t j = 1; j < job.starts.size(); j++) {
    const int start = job.starts[j - 1];
    const int size = job.starts[j] - start;
    for (int i = start; i < start + size; i++) {
      // Written so that NaN fails.
      if (!(job.p[i] >= 0.0 && job.p[i] <= 1.0)) fail(env, "p", "must lie in [0, 1]");
      if (!(job.suffix[i] >= job.p[i] && job.suffix[i] <= 2.0)) fail(env, "suffix", "must be sums of p");
    }
  }
}

/** Whatever a table gives must be a token of its context. */
void check_cells(const Napi::Env& env, const CategoricalJob& job) {
  if (job.cell_starts.size() != job.starts.size() || job.cell_starts.front() != 0 ||
      job.cell_starts.back() < 0 || static_cast<size_t>(job.cell_starts.back()) != job.cells.size()) {
    fail(env, "cellStarts", "must run from 0 to the number of columns");
  }
  for (int j = 0; j < job.contexts; j++) {
    const int64_t columns = int64_t{job.cell_starts[j + 1]} - job.cell_starts[j];
    const uint32_t size = static_cast<uint32_t>(job.starts[j + 1] - job.starts[j]);
    if (columns < 2 || (columns & (columns - 1)) != 0 || job.cell_starts[j + 1] > job.cell_starts.back()) {
      fail(env, "cells", "must be powers of two a context");
    }
    for (int64_t column = 0; column < columns; column++) {
      const PickCell& cell = job.cells[job.cell_starts[j] + column];
      if (cell.alias >= size || (column >= size && cell.threshold != 0)) fail(env, "cells", "must give tokens of their context");
    }
  }
}

/** Weights and errors: as many as they should be, and numbers that sums stay finite with. */
void check_weights(const Napi::Env& env, const CategoricalJob& job) {
  if (job.real_weights.size() != static_cast<size_t>(job.contexts)) fail(env, "realWeights", "must be one a context");
  for (const double weight : job.real_weights) {
    if (!is_weight(weight) || (weight != 1.0 && !job.weighted)) fail(env, "realWeights", "must be 1, or positive");
  }
  if (job.rates.size() > MOST_RATES || (!job.rates.empty() && (job.weighted || job.rule != PLAIN))) {
    fail(env, "rates", "must be few, and those of plain counts");
  }
  for (const double rate : job.rates) {
    if (!(rate > 0.0 && rate <= 1.0)) fail(env, "rates", "must lie in (0, 1]");
  }
  for (const Block& block : job.blocks) {
    const bool plain = block.weight == 1.0 && block.mode != KEPT && !(block.mode == FIXED && block.source < SOURCE_TRUTH);
    if (!plain && !job.weighted) fail(env, "weighted", "must be true with these blocks");
  }
  if (!job.weighted && !job.error_sizes.empty()) fail(env, "weighted", "must be true with errors");
  if (job.error_shares.size() != (job.error_sizes.empty() ? 0 : job.p.size())) fail(env, "errorShares", "must be as long as p");
  for (const double size : job.error_sizes) {
    if (!(size >= 0.0 && size <= LARGEST_WEIGHT)) fail(env, "errorSizes", "must not be negative");
  }
  for (const double share : job.error_shares) {
    if (!(share >= 0.0 && share <= 1.0)) fail(env, "errorShares", "must lie in [0, 1]");
  }
}

/** Jumps are for training in which all but generation 1 is new samples of the model before. */
void check_jumps(const Napi::Env& env, const CategoricalJob& job) {
  if (job.jumps.empty()) return;
  if (job.jumps.size() != job.report.size()) fail(env, "jumps", "must be as many as generations reported");
  const bool replaces = job.lines.size() <= 4 && job.replaces_all(&job.lines[job.lines.size() - 2]);
  if (!replaces || job.pool != POOL_NONE || job.until_collapse) {
    fail(env, "jumps", "need training on new samples of the model before alone");
  }
}

/** A source must be there when it is drawn from; the last line repeats, later. */
void check_block(const Napi::Env& env, const LoopJob& job, const Block& block, int64_t generation) {
  if (block.mode < REDRAWN || block.mode > KEPT) fail(env, "blocks", "must have a known mode");
  const int64_t farthest = std::min<int64_t>(block.through, int64_t{job.last_generation} - 1);
  if (block.source < SOURCE_POOL_REPLACED || block.source > job.look_back || block.source >= generation ||
      block.through < block.source || farthest > job.look_back) {
    fail(env, "blocks", "must name a source that is there");
  }
  const bool pooled = block.source < SOURCE_TRUTH;
  const bool ranges = block.through != block.source;
  if (ranges && (block.source <= SOURCE_TRUTH || block.mode == INTO_POOL || block.mode == FIXED)) {
    fail(env, "blocks", "can't take several of that source");
  }
  if (block.mode == FIXED && ((pooled && block.source != SOURCE_POOL) || generation == 1)) fail(env, "blocks", "can't fix that source");
  if (pooled && (block.mode == INTO_POOL || block.mode == KEPT)) fail(env, "blocks", "can't keep samples of the pool");
  if (block.source == SOURCE_MIXTURE && (job.pool != POOL_ALL || generation == 1)) fail(env, "pool", "must hold all");
  if ((pooled || block.mode == INTO_POOL) && job.pool == POOL_NONE) fail(env, "pool", "must be there");
  if (!is_weight(block.weight)) fail(env, "blockWeights", "must be positive");
}

/** Samples that a block adds to a training set at most. */
double largest_block(const LoopJob& job, const Block& block, size_t context) {
  const int64_t through = std::min<int64_t>(block.through, int64_t{job.last_generation} - 1);
  const double sources = static_cast<double>(std::max<int64_t>(1, through - block.source + 1));
  return sources * job.sizes[context * job.size_slots + block.size];
}

void check_program(const Napi::Env& env, const LoopJob& job) {
  const size_t contexts = static_cast<size_t>(job.contexts);
  if (job.lines.empty() || job.lines.size() % 2 != 0) fail(env, "lines", "must be pairs");
  if (job.sizes.size() != contexts * static_cast<size_t>(job.size_slots)) fail(env, "sizes", "must be contexts x sizeSlots");
  for (size_t line = 0; line < job.lines.size(); line += 2) {
    const int64_t first = job.lines[line], count = job.lines[line + 1];
    if (first < 0 || count < 1 || first + count > static_cast<int64_t>(job.blocks.size())) {
      fail(env, "lines", "must name blocks");
    }
    const int64_t generation = static_cast<int64_t>(line / 2) + 1;
    for (int64_t b = first; b < first + count; b++) {
      const Block& block = job.blocks[b];
      if (block.size < 0 || block.size >= job.size_slots) fail(env, "blocks", "must name a size");
      check_block(env, job, block, generation);
    }
    for (size_t j = 0; j < contexts; j++) {
      double total = 0.0;
      for (int64_t b = first; b < first + count; b++) total += largest_block(job, job.blocks[b], j);
      if (!(total >= 1.0 && total <= LARGEST_TOTAL)) fail(env, "sizes", "a training set must hold 1 to 2^31 samples");
    }
  }
  for (const uint32_t n : job.sizes) {
    if (n < 1) fail(env, "sizes", "must be at least 1");
  }
}

/** The chain's part of a job, and its data schedule; the contexts are counted already. */
void read_loop(const Napi::Object& source, LoopJob& job) {
  const Napi::Env env = source.Env();
  read_chain(source, job);
  const auto integer = [&](const char* name, int64_t least, int64_t most) {
    return read_integer(env, source.Get(name), name, least, most);
  };
  job.pool = static_cast<int32_t>(integer("pool", POOL_NONE, POOL_BLOCKS));
  job.size_slots = static_cast<int32_t>(integer("sizeSlots", 1, 1 << 20));
  job.look_back = static_cast<int32_t>(integer("lookBack", 1, 1 << 24));
  job.lines = read_array<int32_t>(source, "lines");
  const std::vector<int32_t> blocks = read_array<int32_t>(source, "blocks");
  const std::vector<double> weights = read_array<double>(source, "blockWeights");
  if (blocks.size() != 4 * weights.size()) fail(env, "blocks", "must be four numbers a weight");
  for (size_t i = 0; i < weights.size(); i++) {
    job.blocks.push_back({blocks[4 * i], blocks[4 * i + 1], blocks[4 * i + 2], blocks[4 * i + 3], weights[i]});
  }
  job.sizes = read_array<uint32_t>(source, "sizes");
  check_program(env, job);
  // There are never more models than generations.
  job.look_back = std::min(job.look_back, job.last_generation);
}

/** @param numbers in a model before the run */
void check_ring(const Napi::Env& env, const LoopJob& job, double numbers) {
  if (job.look_back * numbers > LARGEST_RING) fail(env, "lookBack", "makes models that need too much memory");
}

}  // namespace

std::shared_ptr<const CategoricalJob> read_categorical(const Napi::Object& source) {
  const Napi::Env env = source.Env();
  auto result = std::make_shared<CategoricalJob>();
  CategoricalJob& job = *result;
  job.starts = read_array<int32_t>(source, "starts");
  job.tokens = read_array<int32_t>(source, "tokens");
  job.p = read_array<double>(source, "p");
  job.log_p = read_array<double>(source, "logP");
  job.suffix = read_array<double>(source, "suffix");
  const std::vector<uint32_t> cells = read_array<uint32_t>(source, "cells");
  for (size_t i = 0; i + 1 < cells.size(); i += 2) job.cells.push_back({cells[i], cells[i + 1]});
  job.cell_starts = read_array<int32_t>(source, "cellStarts");
  check_contexts(env, job);
  job.contexts = static_cast<int>(job.starts.size()) - 1;
  check_cells(env, job);
  job.rule = static_cast<int32_t>(read_integer(env, source.Get("rule"), "rule", PLAIN, VERIFIER));
  job.rule_parameter = read_parameter(source);
  if (job.rule != VERIFIER && job.rule_parameter == 0.0) fail(env, "ruleParameter", "must be positive");
  job.weighted = read_flag(source, "weighted");
  job.real_weights = read_array<double>(source, "realWeights");
  job.rates = read_array<double>(source, "rates");
  job.error_sizes = read_array<double>(source, "errorSizes");
  job.error_shares = read_array<double>(source, "errorShares");
  job.jumps = read_array<int32_t>(source, "jumps");
  read_loop(source, job);
  // Empty ones: what they hold is bounded by the samples.
  check_ring(env, job, 20.0);
  check_weights(env, job);
  check_output(env, job, LARGEST_METRIC);
  check_jumps(env, job);
  return result;
}

std::shared_ptr<const GaussianJob> read_gaussian(const Napi::Object& source) {
  const Napi::Env env = source.Env();
  auto result = std::make_shared<GaussianJob>();
  GaussianJob& job = *result;
  job.dimension = static_cast<int32_t>(read_integer(env, source.Get("dimension"), "dimension", 1, LARGEST_DIMENSION));
  job.unbiased = read_flag(source, "unbiased");
  job.collapse_variance = read_double(source, "collapseVariance");
  if (!(job.collapse_variance >= 0.0 && job.collapse_variance <= 1.0)) fail(env, "collapseVariance", "must lie in [0, 1]");
  job.rule = static_cast<int32_t>(read_integer(env, source.Get("rule"), "rule", PLAIN, TEMPERATURE));
  job.rule_parameter = read_parameter(source);
  if (job.rule_parameter == 0.0) fail(env, "ruleParameter", "must be positive");
  job.real_weight = read_double(source, "realWeight");
  if (!is_weight(job.real_weight)) fail(env, "realWeight", "must be positive");
  read_loop(source, job);
  check_ring(env, job, 2.0 * (job.dimension + 4.0) * (job.dimension + 4.0));
  bool whole = false;
  double pooled = 0.0;
  for (const Block& block : job.blocks) {
    const bool pool = block.source == SOURCE_POOL || block.source == SOURCE_POOL_REPLACED;
    if (pool && block.mode == FIXED) whole = true;
    if (pool && block.mode == REDRAWN) job.pools_samples = true;
    if (block.mode == KEPT && block.source > SOURCE_TRUTH) job.keeps_models = true;
    if (block.source == SOURCE_MIXTURE && job.look_back < job.last_generation) fail(env, "lookBack", "must reach all models");
    if (block.mode == INTO_POOL) pooled = std::max(pooled, static_cast<double>(job.last_generation) * job.sizes[block.size]);
  }
  if (whole && job.pools_samples) fail(env, "blocks", "can't subsample a pool and take all of it");
  if (job.pools_samples && pooled * (job.dimension + 1) > LARGEST_POOL) fail(env, "sizes", "make a pool that is too large");
  check_output(env, job, LARGEST_GAUSSIAN_METRIC);
  return result;
}

}  // namespace collapse
