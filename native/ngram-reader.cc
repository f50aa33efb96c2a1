#include "ngram-reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "job-reader.h"
#include "job.h"

namespace collapse {

namespace {

constexpr int64_t MOST_TOKENS = 1 << 30;
constexpr int32_t MOST_GENERATIONS = 1000000;

[[noreturn]] void fail(const Napi::Env& env, const std::string& name, const std::string& problem) {
  throw Napi::RangeError::New(env, name + ": " + problem);
}

/** A copy of a typed array of one kind; a detached one is empty. */
template <typename T>
std::vector<T> read_array(const Napi::Object& source, const char* name, napi_typedarray_type type) {
  const Napi::Value value = source.Get(name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    throw Napi::TypeError::New(source.Env(), std::string(name) + ": a typed array of the right kind is needed");
  }
  const Napi::TypedArrayOf<T> array = value.As<Napi::TypedArrayOf<T>>();
  const size_t length = array.ElementLength();
  std::vector<T> copy(length);
  if (length > 0) std::memcpy(copy.data(), array.Data(), length * sizeof(T));
  return copy;
}

double read_positive(const Napi::Object& source, const char* name, double most) {
  const Napi::Value value = source.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(source.Env(), std::string(name) + ": a number is needed");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number > 0.0 && number <= most)) fail(source.Env(), name, "must be positive, and not that large");
  return number;
}

void check_documents(const Napi::Env& env, const char* name, const std::vector<uint32_t>& tokens, int32_t vocabulary) {
  const uint32_t end = static_cast<uint32_t>(vocabulary);
  if (static_cast<int64_t>(tokens.size()) > MOST_TOKENS) fail(env, name, "must have at most 2^30 tokens");
  for (const uint32_t token : tokens) {
    if (token > end) fail(env, name, "must have tokens up to the vocabulary");
  }
  if (!tokens.empty() && tokens.back() != end) fail(env, name, "must end with the end of a document");
}

bool is_mode_allowed(const NgramBlock& block) {
  if (block.mode < REDRAWN || block.mode > KEPT_MODE) return false;
  if (block.source >= SOURCE_TRUTH) return true;
  return block.mode == REDRAWN || (block.source == SOURCE_POOL && block.mode == FIXED);
}

/** What each generation finds when it is drawn; the last line repeats. */
void check_program(const Napi::Env& env, const NgramJob& job) {
  if (job.lines.empty() || job.lines.size() % 2 != 0) fail(env, "lines", "must be pairs");
  const int64_t length = static_cast<int64_t>(job.lines.size() / 2);
  for (size_t i = 0; i < job.lines.size(); i += 2) {
    const int64_t first = job.lines[i], count = job.lines[i + 1];
    if (first < 0 || count < 1 || first + count > static_cast<int64_t>(job.blocks.size())) {
      fail(env, "lines", "must name blocks");
    }
  }
  bool pooled = false, reals = false;
  for (int32_t m = 1; m <= std::min<int64_t>(job.last_generation, length + 1); m++) {
    const int32_t* line = job.line(m);
    bool filled = false;
    for (int32_t b = line[0]; b < line[0] + line[1]; b++) {
      const NgramBlock& block = job.blocks[b];
      if (block.source < SOURCE_POOL_REPLACED || block.source > MOST_GENERATIONS || !is_mode_allowed(block)) {
        fail(env, "blocks", "must have a known source and a mode that goes with it");
      }
      if (block.through < block.source) fail(env, "blocks", "must not end before they start");
      if (block.size < 0 || block.size >= static_cast<int32_t>(job.sizes.size())) fail(env, "blocks", "must name a size");
      if (block.source >= m) continue;  // not there yet
      if (block.source == SOURCE_MIXTURE && m == 1) fail(env, "blocks", "mix earlier models, from generation 2 on");
      if (block.source < SOURCE_MIXTURE && !pooled) fail(env, "blocks", "must fill the pool before they use it");
      if (block.source == SOURCE_TRUTH && block.mode == FIXED && !reals) fail(env, "blocks", "can't fix what is not there");
      if (block.mode == INTO_POOL) pooled = true;
      else filled = true;
      if (m == 1 && block.source == SOURCE_TRUTH && block.mode == REDRAWN) reals = true;
    }
    if (!filled) fail(env, "lines", "must give every generation a source that is there");
  }
  for (const uint32_t size : job.sizes) {
    if (size < 1 || size > MOST_TOKENS) fail(env, "sizes", "must be 1 to 2^30 tokens");
  }
}

void check_watch(const Napi::Env& env, const NgramJob& job) {
  if (job.watch.size() % WATCH_WORDS != 0) fail(env, "watch", "must be entries of 8 words");
  for (size_t i = 0; i < job.watch.size(); i += WATCH_WORDS) {
    const int32_t* entry = &job.watch[i];
    if (entry[0] < 0 || entry[0] >= job.order) fail(env, "watch", "must have contexts shorter than the order");
    bool begins = true;
    for (int32_t j = 1; j <= entry[0]; j++) {
      begins = begins && entry[j] == job.vocabulary + 1;
      if (!begins && (entry[j] < 0 || entry[j] >= job.vocabulary)) fail(env, "watch", "must have words as contexts");
    }
    const int32_t token = entry[entry[0] + 1];
    if (token < 0 || token > job.vocabulary) fail(env, "watch", "must name tokens");
  }
  if (job.truth.size() % 2 != 0 || job.truth.size() / 2 > job.watch.size() / WATCH_WORDS) {
    fail(env, "truth", "must be pairs, one a watched pair at most");
  }
  for (size_t i = 0; i < job.truth.size(); i += 2) {
    if (!(job.truth[i] > 0.0 && job.truth[i] <= 1.0)) fail(env, "truth", "must have probabilities above 0");
    if (!(job.truth[i + 1] >= 0.0 && job.truth[i + 1] <= 1e300)) fail(env, "truth", "must have weights of 0 or more");
  }
}

/** Checks a metric, and notes what it needs. */
void add_metric(const Napi::Env& env, NgramJob& job, int32_t id, int32_t argument) {
  const int32_t watched = static_cast<int32_t>(job.watch.size() / WATCH_WORDS);
  const auto limits = [&](int32_t least, int32_t most) {
    if (argument < least || argument > most) fail(env, "metrics", "must have arguments that go with them");
  };
  int32_t depth = 0;
  if (id < PERPLEXITY || id > KL_TRUTH) fail(env, "metrics", "must be known ids");
  if (id <= UNSEEN) {
    if (job.held_out.empty()) fail(env, "heldOut", "must have tokens, to be scored");
    job.wants_held_out = true;
  }
  if (id <= UNSEEN || id == WATCH || id == KL_TRUTH) job.looks_up = true;
  if (id == ENTROPY_RATE) job.wants_entropy = true;
  if (id == VERBATIM) job.wants_verbatim = true;
  if (id <= UNSEEN || id == NGRAM_TYPES || id == ENTROPY_RATE || id == KL_TRUTH) depth = job.order;
  if (id == VOCABULARY || id == SURVIVAL) depth = 1;
  if (id == DISTINCT) {
    limits(1, 3);
    job.wants_distinct = true;
    depth = argument;
  }
  if (id == REPETITION) {
    limits(1, NGRAM_LEVELS - 1);
    if (job.repetition != 0 && job.repetition != argument) fail(env, "metrics", "must have one length of repetitions");
    job.repetition = depth = argument;
  }
  if (id == WATCH) {
    limits(0, watched - 1);
    depth = job.watch[static_cast<size_t>(argument) * WATCH_WORDS] + 1;
  }
  if (id == COMPOSITION) limits(0, job.last_generation - 1);
  if (id == SURVIVAL) limits(1, 0x7fffffff);
  if (id == KL_TRUTH && job.truth.empty()) fail(env, "truth", "must have probabilities");
  job.report_depth = std::max(job.report_depth, depth);
}

void check_output(const Napi::Env& env, NgramJob& job) {
  if (job.metrics.empty() || job.metrics.size() % 2 != 0) fail(env, "metrics", "must be pairs");
  job.report_depth = job.train_depth;
  for (size_t i = 0; i < job.metrics.size(); i += 2) add_metric(env, job, job.metrics[i], job.metrics[i + 1]);
  for (size_t i = 0; i < job.report.size(); i++) {
    const int32_t before = i == 0 ? 0 : job.report[i - 1];
    if (job.report[i] <= before || job.report[i] > job.last_generation) fail(env, "report", "must increase from 1");
  }
}

/** How many models, training sets and batches are needed at the same time. */
void set_rings(NgramJob& job) {
  const int32_t before = job.last_generation - 1;
  const int32_t lines = std::min(job.last_generation, static_cast<int32_t>(job.lines.size() / 2));
  for (int32_t m = 1; m <= lines; m++) {
    const int32_t* line = job.line(m);
    for (int32_t b = line[0]; b < line[0] + line[1]; b++) {
      const NgramBlock& block = job.blocks[b];
      if (block.source == SOURCE_MIXTURE) job.models = std::max(job.models, before);
      if (block.source < 1) continue;
      const int32_t reach = std::min(block.through, before);
      job.models = std::max(job.models, reach);
      if (block.mode == FIXED) job.sets = std::max(job.sets, reach + 1);
      if (block.mode == KEPT_MODE) job.kept = std::max(job.kept, reach);
    }
  }
}

}  // namespace

NgramJob read_ngram_job(const Napi::Object& source) {
  const Napi::Env env = source.Env();
  const auto integer = [&](const char* name, int64_t least, int64_t most) {
    return read_integer(env, source.Get(name), name, least, most);
  };
  const auto small = [&](const char* name, int64_t least, int64_t most) {
    return static_cast<int32_t>(integer(name, least, most));
  };
  NgramJob job;
  const int64_t seed = integer("seed", 0, (int64_t{1} << 53) - 1);
  job.seed_low = static_cast<uint32_t>(seed);
  job.seed_high = static_cast<uint32_t>(seed >> 32);
  job.vocabulary = small("vocabulary", 1, 1 << 24);
  job.order = small("order", 1, NGRAM_LEVELS - 1);
  job.smoothing = small("smoothing", NO_SMOOTHING, KNESER_NEY);
  job.rule = small("rule", PLAIN, TOP_P);
  job.rule_parameter = read_positive(source, "ruleParameter", 1e300);
  if (job.smoothing == ADD_K) job.smoothing_parameter = read_positive(source, "smoothingParameter", 1e6);
  if (job.smoothing == KNESER_NEY) {
    job.smoothing_parameter = read_positive(source, "smoothingParameter", 1.0);
    if (job.smoothing_parameter == 1.0) fail(env, "smoothingParameter", "must be below 1");
  }
  job.last_generation = small("lastGeneration", 1, MOST_GENERATIONS);
  job.max_document = small("maxDocument", 1, MOST_TOKENS);
  job.sample_documents = small("sampleDocuments", 0, 1000);
  job.sample_length = small("sampleLength", 1, 1 << 20);
  job.sample_replicates = small("sampleReplicates", 0, 1 << 20);
  job.train_depth = job.smoothing == NO_SMOOTHING ? job.longest()
                    : job.smoothing == ADD_K      ? std::max(1, job.longest())
                                                  : job.order;
  job.corpus = read_array<uint32_t>(source, "corpus", napi_uint32_array);
  job.held_out = read_array<uint32_t>(source, "heldOut", napi_uint32_array);
  job.sizes = read_array<uint32_t>(source, "sizes", napi_uint32_array);
  job.lines = read_array<int32_t>(source, "lines", napi_int32_array);
  const std::vector<int32_t> blocks = read_array<int32_t>(source, "blocks", napi_int32_array);
  if (blocks.size() % 4 != 0) fail(env, "blocks", "must be four numbers each");
  for (size_t i = 0; i < blocks.size(); i += 4) job.blocks.push_back({blocks[i], blocks[i + 1], blocks[i + 2], blocks[i + 3]});
  job.metrics = read_array<int32_t>(source, "metrics", napi_int32_array);
  job.report = read_array<int32_t>(source, "report", napi_int32_array);
  job.watch = read_array<int32_t>(source, "watch", napi_int32_array);
  job.truth = read_array<double>(source, "truth", napi_float64_array);
  if (job.corpus.empty()) fail(env, "corpus", "must have tokens");
  check_documents(env, "corpus", job.corpus, job.vocabulary);
  check_documents(env, "heldOut", job.held_out, job.vocabulary);
  check_program(env, job);
  check_watch(env, job);
  check_output(env, job);
  set_rings(job);
  return job;
}

}  // namespace collapse
