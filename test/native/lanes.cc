// Chains in lanes against scalar code, without Node: for every job, on every instruction set of this processor, the same
// values and collapse times. Prints a hash a job, so that processors can be compared, and the instruction sets to standard
// error; exit status 1 on a difference.
// With a number of rounds: the headline job instead, interleaved, least milliseconds of processor time.
// test/lanes.test.ts says how to compile it.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <string>

#include "categorical.h"

using namespace collapse;

namespace {

/** Tokens of a context; their law is whatever comes out, since only bits are compared. */
void add_context(CategoricalJob& job, int size) {
  double sum = 0.0;
  for (int i = 0; i < size; i++) sum += 1.0 / (i + 1.0);
  for (int i = 0; i < size; i++) {
    job.tokens.push_back(i);
    job.p.push_back(1.0 / (i + 1.0) / sum);
    job.log_p.push_back(-1.0 - i);
    job.suffix.push_back(1.0);
  }
  int columns = 2;
  while (columns < size) columns *= 2;
  for (int i = 0; i < columns; i++) {
    job.cells.push_back({i < size ? static_cast<uint32_t>(i * 37 % 101) * 42524428u : 0, static_cast<uint32_t>(i % size / 3)});
  }
  job.cell_starts.push_back(static_cast<int32_t>(job.cells.size()));
  job.starts.push_back(static_cast<int32_t>(job.tokens.size()));
  job.contexts = static_cast<int>(job.starts.size()) - 1;
  job.real_weights.push_back(1.0);
}

/** n samples of the truth, and from then on n samples of the model before. */
CategoricalJob fully_synthetic(uint32_t n, int last, std::vector<int> contexts, std::vector<int32_t> metrics) {
  CategoricalJob job;
  job.seed_low = n;
  job.starts = {0};
  job.cell_starts = {0};
  for (const int size : contexts) add_context(job, size);
  job.last_generation = last > 0 ? last : 1 << 24;
  job.until_collapse = last == 0;
  job.size_slots = 1;
  job.sizes.assign(contexts.size(), n);
  job.metrics = std::move(metrics);
  job.lines = {0, 1, 1, 1};
  job.blocks = {{SOURCE_TRUTH, 0, REDRAWN, SOURCE_TRUTH, 1.0}, {1, 0, REDRAWN, 1, 1.0}};
  return job;
}

/** FNV-1a of words instead of bytes, and mixed downwards. */
struct Hash {
  uint64_t value = 14695981039346656037u;
  template <typename List>
  void add(List& list) {
    for (const auto item : list) {
      uint64_t word = 0;
      std::memcpy(&word, &item, sizeof(item));
      value = (value ^ word) * 1099511628211u;
      value ^= value >> 29;
    }
  }
};

uint64_t run(const CategoricalJob& job, uint32_t chains, size_t capacity, int simd) {
  Categorical work(std::make_shared<CategoricalJob>(job), capacity, simd);
  work.open(3, 0, chains);
  Hash hash;
  Status status;
  do {
    status = work.advance();
    hash.add(work.out());
    work.out().clear();
  } while (status == OUT_FULL);
  std::vector<uint32_t> times = work.collapse_times();
  hash.add(times);
  return hash.value;
}

std::vector<int> instruction_sets() {
  std::vector<int> sets;
  for (int simd = SIMD_SCALAR; simd < SIMD_SETS; simd++) {
    if (has_simd(simd)) sets.push_back(simd);
  }
  return sets;
}

int failures = 0;

void check(const char* name, const CategoricalJob& job, uint32_t chains, size_t capacity = 1 << 16) {
  const uint64_t expected = run(job, chains, capacity, SIMD_SCALAR);
  for (const int simd : instruction_sets()) {
    if (run(job, chains, capacity, simd) == expected) continue;
    std::fprintf(stderr, "%s, n = %u: %s differs from scalar code\n", name, job.sizes[0], simd_name(simd));
    failures++;
  }
  std::printf("%s %u %016llx\n", name, job.sizes[0], static_cast<unsigned long long>(expected));
}

const std::vector<int32_t> SIMPSON = {0, 0};

void check_all() {
  for (const int simd : instruction_sets()) std::fprintf(stderr, "%s\n", simd_name(simd));
  for (const uint32_t n : {1, 2, 3, 7, 20, 61, 97, 128, 200, 333, 400, 511, 512, 513}) {
    check("to collapse", fully_synthetic(n, 0, {52}, SIMPSON), 40);
    check("some generations", fully_synthetic(n, 30, {150}, {0, 0, 1, 0, 2, 0, 3, 0}), 37);
    check("diffuse", fully_synthetic(n, 60, {3000}, SIMPSON), 33);
    check("contexts", fully_synthetic(n, 40, {5, 60, 1, 200}, SIMPSON), 50, 777);
  }
  CategoricalJob snapshots = fully_synthetic(150, 1000, {80}, SIMPSON);
  snapshots.report = {1, 10, 100, 1000};
  check("snapshots", snapshots, 45);
  for (uint32_t chains = 1; chains <= 70; chains += 3) check("chains", fully_synthetic(97, 0, {52}, SIMPSON), chains);
}

double milliseconds(int simd) {
  const std::clock_t start = std::clock();
  for (const uint32_t n : {10, 50, 100, 150, 200, 250, 300, 350, 400}) run(fully_synthetic(n, 0, {52}, SIMPSON), 100, 1 << 20, simd);
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void time_all(int rounds) {
  std::map<int, double> least;
  for (int round = 0; round < rounds; round++) {
    for (const int simd : instruction_sets()) {
      const double time = milliseconds(simd);
      least[simd] = round == 0 ? time : std::min(least[simd], time);
    }
  }
  for (const auto& [simd, time] : least) std::printf("%s %.2f\n", simd_name(simd), time);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) time_all(std::atoi(arguments[1]));
  else check_all();
  return failures > 0 ? 1 : 0;
}
