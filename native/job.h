// A simulation as the kernels see it (src/backend/job.ts), checked by the addon.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "alias-pick.h"
#include "sampling.h"

namespace collapse {

constexpr int SOURCE_TRUTH = 0;
constexpr int SOURCE_MIXTURE = -1;
constexpr int SOURCE_POOL = -2;
constexpr int SOURCE_POOL_REPLACED = -3;
enum Family : int { CATEGORICAL = 0, GAUSSIAN = 1, REGRESSION = 2 };
/** How a training set of the regression family is drawn. */
enum Way : int { ROWS = 0, PARTS = 1, JOINT = 2 };
enum Mode : int { REDRAWN = 0, FIXED = 1, INTO_POOL = 2, KEPT = 3 };
enum Pool : int { POOL_NONE = 0, POOL_ALL = 1, POOL_BLOCKS = 2 };
constexpr double LARGEST_TOTAL = 2147483648.0;

struct Block {
  int32_t source;
  int32_t size;
  int32_t mode;
  int32_t through;
  double weight;
};

/** What the loop of recursive training needs, whatever the model family. */
struct LoopJob {
  uint32_t seed_low = 0, seed_high = 0;
  int contexts = 1;
  int32_t last_generation = 0;
  bool until_collapse = false;
  int32_t pool = POOL_NONE;
  int32_t look_back = 1;
  int32_t size_slots = 0;
  std::vector<int32_t> metrics;  // id, argument
  std::vector<int32_t> report;   // empty: every generation
  std::vector<int32_t> lines;    // first block, number of blocks
  std::vector<Block> blocks;
  std::vector<uint32_t> sizes;  // contexts x size_slots

  int metric_count() const { return static_cast<int>(metrics.size() / 2); }
};

struct CategoricalJob : LoopJob {
  int32_t rule = PLAIN;
  double rule_parameter = 1.0;
  bool weighted = false;
  std::vector<double> real_weights;  // per context
  std::vector<double> rates;         // n / total of draws by Poisson rows at a rate
  std::vector<double> error_sizes;   // by generation, the last repeats; empty: none
  std::vector<double> error_shares;  // per token
  std::vector<int32_t> starts;       // contexts + 1
  std::vector<int32_t> tokens;
  std::vector<double> p, log_p, suffix;
  std::vector<PickCell> cells;       // the contexts' alias tables, one after the other
  std::vector<int32_t> cell_starts;  // contexts + 1
  std::vector<int32_t> jumps;        // as long as report: whether a jump leads there; empty: none

  /** Whether all that a line trains on is new samples of the model before, unchanged. */
  bool replaces_all(const int32_t* line) const {
    const Block& block = blocks[line[0]];
    return line[1] == 1 && block.source == 1 && block.mode == REDRAWN && look_back == 1 && rule == PLAIN && !weighted;
  }

  /** log2 of the columns of a context's alias table. */
  int cell_bits(int context) const {
    int bits = 1;
    while (cell_starts[context] + (1 << bits) < cell_starts[context + 1]) bits++;
    return bits;
  }

  int largest_context() const {
    int most = 0;
    for (size_t j = 1; j < starts.size(); j++) most = std::max(most, starts[j] - starts[j - 1]);
    return most;
  }
};

struct GaussianJob : LoopJob {
  int32_t dimension = 1;
  bool unbiased = false;
  double collapse_variance = 0.0;
  int32_t rule = PLAIN;  // or TEMPERATURE
  double rule_parameter = 1.0;
  double real_weight = 1.0;
  /** Whether the pool is subsampled, and so holds samples. */
  bool pools_samples = false;
  bool keeps_models = false;
};

/** The real or the synthetic samples of a regression. */
struct RegressionPart {
  double count, root, first_noise, later_noise;
  bool factor;
};

struct RegressionJob : LoopJob {
  int32_t dimension = 1;
  int32_t features = 1;
  double width = 0.0;
  int32_t way = ROWS;
  bool keep_real = false;
  bool penalised = false;
  std::vector<double> scale, signal, shift, penalty;
  std::vector<RegressionPart> parts;

  /** Columns (ROWS: rows) of the data that are there at a time. */
  size_t columns() const {
    const bool factors = way == JOINT || parts[0].factor || parts[1].factor;
    return way == ROWS ? penalty.size() : std::max<size_t>(64, factors ? dimension : 0);
  }
};

}  // namespace collapse
