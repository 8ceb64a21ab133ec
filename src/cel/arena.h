// Memory of one evaluation: bump allocation, freed all at once. Only trivially destructible things
// live here. Not thread-safe; reuse one per thread by Reset().
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace strongroom::cel {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  ~Arena() = default;

  // Never fails for sizes that the engine lets through; functions charge their Budget before they
  // allocate what their arguments decide.
  void* Allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    const std::size_t start = (at_ + alignment - 1) & ~(alignment - 1);
    if (block_ == nullptr || start + bytes > end_) return AllocateSlow(bytes);
    at_ = start + bytes;
    return block_ + start;
  }

  template <typename T, typename... Args>
  T* New(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }
  // `count` default-constructed elements.
  template <typename T>
  std::span<T> NewArray(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    T* first = static_cast<T*>(Allocate(sizeof(T) * count, alignof(T)));
    std::uninitialized_default_construct_n(first, count);
    return {first, count};
  }
  std::string_view Copy(std::string_view text);

  // Bytes handed out since the start or the last Reset.
  std::size_t used() const { return full_ + at_; }
  // Everything handed out becomes invalid; the first block is kept for the next evaluation.
  void Reset();

 private:
  static constexpr std::size_t kBlockBytes = 4096;
  void* AllocateSlow(std::size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* block_ = nullptr;  // the current block, the last of blocks_
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::size_t full_ = 0;  // bytes used in earlier blocks
};

}  // namespace strongroom::cel
