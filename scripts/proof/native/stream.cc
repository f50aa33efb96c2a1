// Writes the numbers of the kernels' random streams to standard output until nobody reads on: raw 32-bit words, as test programs want them.
//   stream SEED          the stream of replicate 0
//   stream SEED COUNT    those of replicates 0 ... COUNT - 1, a number of each in turn
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "stream.h"

int main(int count, char** arguments) {
  const uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 0;
  std::vector<collapse::Stream> streams(count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 1);
  for (size_t i = 0; i < streams.size(); i++) {
    streams[i].seed(static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32), 0, i, collapse::DOMAIN_CHAIN);
  }
  std::vector<uint32_t> words(1 << 16);
  for (size_t next = 0;;) {
    for (uint32_t& word : words) {
      word = streams[next].next();
      if (++next == streams.size()) next = 0;
    }
    if (std::fwrite(words.data(), sizeof(uint32_t), words.size(), stdout) != words.size()) return 0;
  }
}
