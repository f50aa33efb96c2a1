// The n-grams of a training set, counted; the twin of assembly/ngram-trie.ts.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ngram-job.h"

namespace collapse {

struct Node {
  int32_t prefix, token, count, types;
};
struct Link {
  int32_t suffix, before, around;
};

inline void prefetch(const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at);
#else
  (void)at;
#endif
}

/** Gives a list's memory back. */
template <typename T>
void release(std::vector<T>& list) {
  std::vector<T>().swap(list);
}

/** n-grams of one length; ids by first occurrence, from 1; 0 is the context before a document's first token. */
struct Level {
  std::vector<Node> nodes;
  std::vector<Link> links;  // empty where models are not smoothed
  std::vector<int32_t> table;
  int bits = 4;
  std::size_t before = 0;  // nodes of the last training set

  int32_t size() const { return static_cast<int32_t>(nodes.size()); }
  int32_t count(int32_t id) const { return nodes[id].count; }

  static uint32_t mix(uint32_t prefix, uint32_t token) {
    uint32_t h = prefix * 2654435761u + token * 2246822507u;
    h = (h ^ (h >> 15)) * 739982445u;
    h ^= h >> 13;
    return h * 2654435761u;
  }

  uint32_t slot(int32_t prefix, int32_t token) const {
    return mix(static_cast<uint32_t>(prefix), static_cast<uint32_t>(token)) >> (32 - bits);
  }

  int32_t find(int length, int32_t prefix, int32_t token) const {
    if (length == 1) return nodes[token + 1].count == 0 ? -1 : token + 1;
    const uint32_t mask = (1u << bits) - 1;
    for (uint32_t at = slot(prefix, token);; at = (at + 1) & mask) {
      const int32_t id = table[at];
      if (id == 0) return -1;
      if (nodes[id].prefix == prefix && nodes[id].token == token) return id;
    }
  }

  /** The id of an n-gram of a level above 1, made where it is not there. */
  int32_t insert(int32_t prefix, int32_t token, bool linked) {
    const uint32_t mask = (1u << bits) - 1;
    uint32_t at = slot(prefix, token);
    for (int32_t id = table[at]; id != 0; id = table[at]) {
      if (nodes[id].prefix == prefix && nodes[id].token == token) return id;
      at = (at + 1) & mask;
    }
    const int32_t id = size();
    table[at] = id;
    nodes.push_back({prefix, token, 0, 0});
    if (linked) links.push_back({0, 0, 0});
    if (static_cast<uint64_t>(size()) * 2 >= (uint64_t{1} << bits)) grow();
    return id;
  }

  void grow() {
    bits++;
    release(table);  // not two of them at a time
    table.assign(std::size_t{1} << bits, 0);
    const uint32_t mask = (1u << bits) - 1;
    for (int32_t id = 1; id < size(); id++) {
      uint32_t at = slot(nodes[id].prefix, nodes[id].token);
      while (table[at] != 0) at = (at + 1) & mask;
      table[at] = id;
    }
  }
};

struct Trie {
  Level levels[NGRAM_LEVELS];

  /** What finds n-grams: counts by id stay. */
  void release_tables() {
    for (Level& level : levels) collapse::release(level.table);
  }

  void release() {
    release_tables();
    for (Level& level : levels) {
      level.before = level.nodes.size();
      collapse::release(level.nodes);
    }
  }

  void clear(int depth, int32_t vocabulary, std::size_t tokens, bool linked) {
    for (int l = 0; l <= depth; l++) {
      Level& level = levels[l];
      const int32_t direct = l == 1 ? vocabulary + 2 : 1;
      if (!level.nodes.empty()) level.before = level.nodes.size();
      const std::size_t before = level.before;
      level.nodes.clear();
      for (int32_t id = 0; id < direct; id++) level.nodes.push_back({0, id - 1, 0, 0});
      level.links.assign(linked ? direct : 0, {0, 0, 0});
      if (l < 2) continue;
      // Room for as many as last time, or for a guess.
      const std::size_t guess = before > 1 ? std::min(before, tokens) + before / 16 : tokens / 4;
      level.bits = 4;
      while ((std::size_t{1} << level.bits) < 2 * guess) level.bits++;
      level.table.assign(std::size_t{1} << level.bits, 0);
    }
  }
};

}  // namespace collapse
