// Runs jobs through the native kernels without Node: under sanitizers, on other processors, on many threads.
//   driver FILE            writes the raw results of every slice to its standard output
//   driver FILE THREADS    that many threads share each job, others look on and cancel; all must agree
// FILE is what jobs.mjs writes. Every set of instructions that the processor has must give the same bytes.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <thread>

#include "categorical.h"
#include "gaussian.h"
#include "job-reader.h"
#include "ngram-reader.h"
#include "ngram.h"
#include "regression.h"
#include "simd.h"

namespace {

using Bytes = std::vector<char>;

/** Reads numbers one after the other. */
class Reader {
 public:
  explicit Reader(const char* path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    if (bytes_.empty()) fail("cannot read the jobs");
  }

  template <typename T>
  std::vector<T> numbers(size_t count) {
    if (count > (bytes_.size() - at_) / sizeof(T)) fail("the file of jobs ends too early");
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), &bytes_[at_], count * sizeof(T));
    at_ += count * sizeof(T);
    return values;
  }
  template <typename T>
  T number() { return numbers<T>(1)[0]; }

  [[noreturn]] static void fail(const char* reason) {
    std::fprintf(stderr, "driver: %s\n", reason);
    std::exit(2);
  }

 private:
  Bytes bytes_;
  size_t at_ = 0;
};

struct Slice {
  uint64_t replicate;
  int context;
  uint32_t chains;
};

struct Task {
  bool ngram;
  Fields fields;
  size_t out_capacity;
  std::vector<Slice> slices;
};

Task read_task(Reader& reader) {
  Task task;
  task.ngram = reader.number<uint32_t>() != 0;
  const uint32_t fields = reader.number<uint32_t>();
  for (uint32_t i = 0; i < fields; i++) {
    const std::vector<char> name = reader.numbers<char>(reader.number<uint32_t>());
    Field& field = task.fields[std::string(name.begin(), name.end())];
    field.kind = static_cast<Field::Kind>(reader.number<uint32_t>());
    const uint32_t count = reader.number<uint32_t>();
    if (field.kind == Field::INT32) field.int32 = reader.numbers<int32_t>(count);
    else if (field.kind == Field::UINT32) field.uint32 = reader.numbers<uint32_t>(count);
    else if (field.kind == Field::FLOAT64) field.float64 = reader.numbers<double>(count);
    else field.number = reader.number<double>();
  }
  task.out_capacity = reader.number<uint32_t>();
  const uint32_t slices = reader.number<uint32_t>();
  for (uint32_t i = 0; i < slices; i++) {
    const std::vector<double> slice = reader.numbers<double>(3);
    task.slices.push_back({static_cast<uint64_t>(slice[0]), static_cast<int>(slice[1]), static_cast<uint32_t>(slice[2])});
  }
  return task;
}

/** A kernel of either kind. */
struct Kernel {
  std::function<void(const Slice&)> open;
  std::function<collapse::Status()> advance;
  /** Takes what has been written. */
  std::function<std::vector<double>()> drain;
  std::function<std::vector<uint32_t>()> times;
  std::function<double()> progress;
  std::function<void()> cancel;
};

template <typename Work>
Kernel kernel_of(std::shared_ptr<Work> work) {
  Kernel kernel;
  kernel.advance = [=] { return work->advance(); };
  kernel.drain = [=] {
    std::vector<double> values(work->out().begin(), work->out().end());
    work->out().clear();
    return values;
  };
  kernel.progress = [=] { return work->progress.load(); };
  kernel.cancel = [=] { work->cancel.store(true); };
  return kernel;
}

/** Makes kernels of one job, which they share; for a set of instructions, or the best that there is. */
using Maker = std::function<Kernel(int simd)>;

Kernel loop_kernel(std::shared_ptr<collapse::Loop> loop) {
  Kernel kernel = kernel_of(loop);
  kernel.open = [=](const Slice& slice) { loop->open(slice.replicate, slice.context, slice.chains); };
  kernel.times = [=] { return loop->collapse_times(); };
  return kernel;
}

Kernel ngram_kernel(std::shared_ptr<collapse::Ngram> ngram) {
  Kernel kernel = kernel_of(ngram);
  kernel.open = [=](const Slice& slice) { ngram->open(slice.replicate, slice.chains); };
  kernel.times = [=] { return std::vector<uint32_t>(ngram->ended()); };
  return kernel;
}

Maker maker_of(const Task& task) {
  const Napi::Object source{&task.fields};
  const size_t capacity = task.out_capacity;
  if (task.ngram) {
    const collapse::NgramJob job = collapse::read_ngram_job(source);
    return [=](int) { return ngram_kernel(std::make_shared<collapse::Ngram>(job, capacity)); };
  }
  const int family = collapse::read_family(source);
  if (family == collapse::GAUSSIAN) {
    const auto job = collapse::read_gaussian(source);
    return [=](int) { return loop_kernel(std::make_shared<collapse::Gaussian>(job, capacity)); };
  }
  if (family == collapse::REGRESSION) {
    const auto job = collapse::read_regression(source);
    return [=](int) { return loop_kernel(std::make_shared<collapse::Regression>(job, capacity)); };
  }
  const auto job = collapse::read_categorical(source);
  return [=](int simd) { return loop_kernel(std::make_shared<collapse::Categorical>(job, capacity, simd)); };
}

template <typename T>
void append(Bytes& bytes, const std::vector<T>& values) {
  const uint32_t count = static_cast<uint32_t>(values.size());
  const char* head = reinterpret_cast<const char*>(&count);
  const char* data = reinterpret_cast<const char*>(values.data());
  bytes.insert(bytes.end(), head, head + sizeof count);
  bytes.insert(bytes.end(), data, data + count * sizeof(T));
}

/** The raw results of a slice: number of values, values, number of chains, their collapse times. */
Bytes run_slice(const Kernel& kernel, const Slice& slice) {
  std::vector<double> values;
  kernel.open(slice);
  collapse::Status status;
  do {
    status = kernel.advance();
    const std::vector<double> more = kernel.drain();
    values.insert(values.end(), more.begin(), more.end());
  } while (status == collapse::OUT_FULL || status == collapse::PAUSED);
  if (status != collapse::DONE) Reader::fail("a slice was not finished");
  Bytes bytes;
  append(bytes, values);
  append(bytes, kernel.times());
  return bytes;
}

Bytes run_all(const Kernel& kernel, const Task& task) {
  Bytes all;
  for (const Slice& slice : task.slices) {
    const Bytes bytes = run_slice(kernel, slice);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

/** Every set of instructions that is there. */
std::vector<int> instruction_sets() {
  std::vector<int> sets;
  for (int simd = 0; simd < 8; simd++) {
    if (collapse::has_simd(simd)) sets.push_back(simd);
  }
  return sets;
}

/** Threads run the same job; one more cancels a kernel of its own, and this one reads how far they are. */
void share(const Maker& make, const Task& task, int threads, const Bytes& expected) {
  std::vector<Kernel> kernels;
  const std::vector<int> sets = instruction_sets();
  for (int i = 0; i <= threads; i++) kernels.push_back(make(sets[i % sets.size()]));
  std::vector<std::thread> running;
  std::atomic<int> finished{0}, different{0};
  for (int i = 0; i < threads; i++) {
    running.emplace_back([&, i] {
      if (run_all(kernels[i], task) != expected) different++;
      finished++;
    });
  }
  const Kernel& victim = kernels[threads];
  victim.open(task.slices[0]);
  running.emplace_back([&] { victim.advance(); });
  double seen = 0.0;
  for (int turn = 0; finished < threads; turn++) {
    for (const Kernel& kernel : kernels) seen += kernel.progress();
    if (turn == 1) victim.cancel();
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  victim.cancel();
  for (std::thread& thread : running) thread.join();
  if (different > 0 || !(seen >= 0.0)) Reader::fail("threads that share a job differ");
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) Reader::fail("a file of jobs is needed");
  const int threads = count > 2 ? std::atoi(arguments[2]) : 0;
  Reader reader(arguments[1]);
  const uint32_t tasks = reader.number<uint32_t>();
  for (uint32_t i = 0; i < tasks; i++) {
    const Task task = read_task(reader);
    try {
      const Maker make = maker_of(task);
      const Bytes expected = run_all(make(collapse::SIMD_SCALAR), task);
      if (threads > 0) share(make, task, threads, expected);
      else {
        for (const int simd : instruction_sets()) {
          if (run_all(make(simd), task) != expected) Reader::fail(collapse::simd_name(simd));
        }
        std::fwrite(expected.data(), 1, expected.size(), stdout);
      }
    } catch (const Napi::Error& error) {
      std::fprintf(stderr, "driver: job %u: %s\n", i, error.what());
      return 2;
    }
  }
  return 0;
}
