// Writes that are not on disk yet, in key order.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::storage {

struct Write {
  std::optional<std::string> value;  // empty: deleted
  std::uint64_t sequence = 0;        // of the commit it belongs to; 0 while it is not handed over
};
using WriteMap = std::map<std::string, Write, std::less<>>;

// What was handed over for commit in one space and may not be durable. Not thread-safe: it belongs
// to whoever has the turn of the space.
class Overlay {
 public:
  // Takes `writes` over as those of commit `sequence`, which is higher than any before.
  void Add(std::uint64_t sequence, WriteMap&& writes);
  // Forgets what is on disk: commits up to `sequence`.
  void Prune(std::uint64_t sequence);

  const WriteMap& writes() const { return writes_; }
  // The last commit that was added; 0 when there was none.
  std::uint64_t last_sequence() const { return last_sequence_; }

 private:
  struct Commit {
    std::uint64_t sequence;
    std::vector<WriteMap::iterator> writes;
  };
  WriteMap writes_;
  std::deque<Commit> commits_;
  std::uint64_t last_sequence_ = 0;
};

}  // namespace strongroom::storage
