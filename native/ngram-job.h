// A recursive run of an n-gram model as the kernel sees it (src/backend/ngram-job.ts), checked by ngram-reader.cc.
#pragma once
#include <cstdint>
#include <vector>

namespace collapse {

enum Smoothing : int { NO_SMOOTHING = 0, ADD_K = 1, WITTEN_BELL = 2, KNESER_NEY = 3 };

/** Mode of a block beside those of job.h. */
constexpr int KEPT_MODE = 3;

enum NgramMetric : int {
  PERPLEXITY,
  CROSS_ENTROPY,
  UNSEEN,
  VOCABULARY,
  NGRAM_TYPES,
  ENTROPY_RATE,
  DISTINCT,
  REPETITION,
  VERBATIM,
  WATCH,
  COMPOSITION,
  DOCUMENTS,
  TOKENS,
  CUT,
  SURVIVAL,
  KL_TRUTH
};

constexpr int NGRAM_LEVELS = 7;
constexpr int WATCH_WORDS = 8;
constexpr uint32_t DOMAIN_CHOICE = 16;
constexpr uint32_t DOMAIN_DOCUMENT = 17;
constexpr uint32_t DOMAIN_SAMPLE = 18;

struct NgramBlock {
  int32_t source, through, size, mode;
};

struct NgramJob {
  uint32_t seed_low = 0, seed_high = 0;
  int32_t vocabulary = 0;  // words; vocabulary + t ends a document that generation t wrote
  int32_t order = 1;
  int32_t smoothing = NO_SMOOTHING;
  double smoothing_parameter = 0.0;
  int32_t rule = 0;
  double rule_parameter = 1.0;
  int32_t last_generation = 1;
  int32_t max_document = 1;
  int32_t sample_documents = 0, sample_length = 1, sample_replicates = 0;
  std::vector<uint32_t> corpus, held_out, sizes;
  std::vector<int32_t> lines;  // first block, number of blocks
  std::vector<NgramBlock> blocks;
  std::vector<int32_t> metrics;  // id, argument
  std::vector<int32_t> report;   // empty: every generation
  std::vector<int32_t> watch;    // WATCH_WORDS a pair
  std::vector<double> truth;     // probability, weight of the context

  // What follows from them.
  int32_t models = 1, sets = 1, kept = 0;  // kept at the same time
  int32_t train_depth = 0, report_depth = 0;
  int32_t repetition = 0;
  bool looks_up = false;  // a metric finds single n-grams
  bool wants_held_out = false, wants_entropy = false, wants_distinct = false, wants_verbatim = false;

  int metric_count() const { return static_cast<int>(metrics.size() / 2); }
  int longest() const { return order - 1; }
  bool backs_off() const { return smoothing >= WITTEN_BELL; }
  bool has_pairs() const { return rule != 0 && smoothing == NO_SMOOTHING; }
  int lowest_groups() const { return backs_off() ? 0 : longest(); }
  /** Line of a generation: first block, number of blocks; the last one repeats. */
  const int32_t* line(int32_t generation) const {
    const int32_t length = static_cast<int32_t>(lines.size() / 2);
    return &lines[2 * ((generation <= length ? generation : length) - 1)];
  }
};

}  // namespace collapse
