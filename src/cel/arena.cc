#include "cel/arena.h"

#include <algorithm>
#include <cstring>

namespace strongroom::cel {

Arena::Arena(Arena&& other) noexcept { *this = std::move(other); }

Arena& Arena::operator=(Arena&& other) noexcept {
  blocks_ = std::move(other.blocks_);
  block_ = std::exchange(other.block_, nullptr);
  at_ = std::exchange(other.at_, 0);
  end_ = std::exchange(other.end_, 0);
  full_ = std::exchange(other.full_, 0);
  other.blocks_.clear();
  return *this;
}

void* Arena::AllocateSlow(std::size_t bytes) {
  // Doubling keeps the number of blocks small whatever is asked for.
  const std::size_t size = std::max({kBlockBytes, bytes, std::min(end_ * 2, kBlockBytes * 64)});
  full_ += at_;
  blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
  block_ = blocks_.back().get();
  at_ = bytes;
  end_ = size;
  return block_;
}

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(Allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

void Arena::Reset() {
  full_ = 0;
  at_ = 0;
  if (blocks_.size() <= 1) return;
  blocks_.resize(1);
  block_ = blocks_.front().get();
  end_ = kBlockBytes;
}

}  // namespace strongroom::cel
