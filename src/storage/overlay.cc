#include "storage/overlay.h"

#include "base/check.h"

namespace strongroom::storage {

void Overlay::Add(std::uint64_t sequence, WriteMap&& writes) {
  STRONGROOM_CHECK(sequence > last_sequence_);
  last_sequence_ = sequence;
  Commit commit{sequence, {}};
  commit.writes.reserve(writes.size());
  while (!writes.empty()) {
    auto node = writes.extract(writes.begin());
    node.mapped().sequence = sequence;
    auto inserted = writes_.insert(std::move(node));
    if (!inserted.inserted) inserted.position->second = std::move(inserted.node.mapped());
    commit.writes.push_back(inserted.position);
  }
  commits_.push_back(std::move(commit));
}

void Overlay::Prune(std::uint64_t sequence) {
  while (!commits_.empty() && commits_.front().sequence <= sequence) {
    // INVARIANT: a write that was overwritten later carries the later sequence and stays until
    // then, so no iterator here dangles.
    for (const WriteMap::iterator write : commits_.front().writes)
      if (write->second.sequence == commits_.front().sequence) writes_.erase(write);
    commits_.pop_front();
  }
}

}  // namespace strongroom::storage
