// The loop of recursive training, whatever the model family; the twin of assembly/loop.ts. No Node-API here: it can be
// built and tested without Node.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "cancel.h"
#include "job.h"
#include "state.h"
#include "stream.h"
#include "values.h"

namespace collapse {

using Doubles = Values<double>;

enum Status : int { DONE = 0, PAUSED = 1, OUT_FULL = 2, CANCELLED = 3 };

class Loop {
 public:
  /** @param job checked; @param out_capacity doubles, at least the number of metrics. */
  Loop(std::shared_ptr<const LoopJob> job, size_t out_capacity);
  virtual ~Loop() = default;

  /** Points at `chains` consecutive chains (replicate-major). */
  void open(uint64_t replicate, int context, uint32_t chains);

  /** Goes on until the slice is DONE, the output is OUT_FULL, the run is CANCELLED or, after `pause`, at the next generation. */
  Status advance();

  /** The same with the values in memory of the caller's, which has room for out_capacity(); there are written() of them. */
  Status advance_into(double* room, size_t capacity);
  size_t written() const { return written_; }
  size_t out_capacity() const { return out_capacity_; }

  /** Where the chain stands, as bytes: none between two chains. False where it can't be told before `advance` goes on. */
  bool save(std::vector<uint8_t>& to);
  /** Puts the slice's first chain where `save` left it. Throws BadState. */
  void restore(const uint8_t* from, size_t size);

  const LoopJob& loop_job() const { return *loop_; }
  Doubles& out() { return out_; }
  const std::vector<uint32_t>& collapse_times() const { return collapse_times_; }

  Cancel cancel{false};
  /** Asks for PAUSED before the next generation, once. */
  std::atomic<bool> pause{false};
  /** Generations simulated in this slice; read by other threads. */
  std::atomic<double> progress{0.0};

 protected:
  Stream stream_;
  int context_ = 0;
  int generation_ = 0;
  /** The generation that was made before this one. */
  int before_ = 0;

  // What a family does.
  /** Starts a chain in context_; the stream is seeded. */
  virtual void open_chain() = 0;
  /** Makes generation_. After a cancelled draw it may leave anything behind. */
  virtual void step() = 0;
  /**
   * Makes up to `most` generations after generation_ at once, where nothing but the Simpson index is asked of them; `simpson`, if
   * it is not null, gets that of each. Returns how many it has made: 0 where the family can't.
   */
  virtual int run_on(int, double*) { return 0; }
  /** Whether the Simpson index is all that is asked of a generation. */
  virtual bool records_simpson() const { return false; }
  /** Whether generations are left out up to the next that is reported: they are like this one, or jumped over. */
  virtual bool skips() const = 0;
  virtual bool has_collapsed() const = 0;
  /** Appends the metrics of generation_. */
  virtual void record(Doubles& out) = 0;
  /** What the family holds of the chain, after generation_ and before the next one. */
  virtual void transfer(State& state) = 0;

  // The data schedule.
  size_t program_length() const { return loop_->lines.size() / 2; }
  const int32_t* line(int generation) const;
  /** Samples that the block takes from each source, in the current context. */
  double block_size(const Block& block) const {
    return loop_->sizes[static_cast<size_t>(context_) * loop_->size_slots + block.size];
  }
  /** The last source of a block of models: there are generation_ - 1 models before this one. */
  int block_through(const Block& block) const {
    if (block.source <= SOURCE_TRUTH) return block.source;
    return block.through < generation_ ? block.through : generation_ - 1;
  }

  // Its parts, for families that simulate chains side by side.
  const std::shared_ptr<const LoopJob> loop_;
  const size_t out_capacity_;
  uint64_t replicate_ = 0;
  uint32_t chains_left_ = 0;
  uint32_t collapsed_at_ = 0;
  size_t report_index_ = 0;
  Doubles out_;
  std::vector<uint32_t> collapse_times_;

  virtual Status run();
  /** Forgets what is left of the slice before. */
  virtual void reset() {}
  /** Whether all that was simulated is in out_. */
  virtual bool is_handed_over() const { return true; }
  /** Whether to return PAUSED now. */
  bool takes_pause() {
    if (!pause.load(std::memory_order_relaxed)) return false;
    pause.store(false, std::memory_order_relaxed);
    return true;
  }
  void seed_stream();
  void start_chain();
  bool has_ended() const {
    return generation_ == loop_->last_generation || (loop_->until_collapse && collapsed_at_ != 0);
  }
  /** One generation or, where they are all alike, several; false if it was cancelled. */
  bool advance_chain();
  /** Points at the chain after this one. */
  void next_chain();

 private:
  size_t written_ = 0;

  void transfer_chain(State& state);
  void next_generation();
  bool run_ahead();
  int next_reported() const;
  bool is_reported();
};

}  // namespace collapse
