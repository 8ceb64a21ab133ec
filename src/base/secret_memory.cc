#include "base/secret_memory.h"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>

#include "base/check.h"

namespace strongroom::base {
namespace {

constexpr std::size_t kSmallest = 32;
constexpr std::size_t kClasses = 11;  // 32 bytes to 32 KiB, header included
// Small, since an ordinary user may lock 8 MiB in all.
constexpr std::size_t kRegionBytes = std::size_t{64} << 10;
// Pools, so that threads seldom wait for each other.
constexpr std::size_t kPools = 8;
constexpr std::uint32_t kOwnMapping = UINT32_MAX;

// Before every block.
struct alignas(16) Header {
  std::uint64_t size;  // that was asked for
  std::uint32_t pool;  // kOwnMapping for a block too large for the pools
  std::uint32_t size_class;
};
static_assert(sizeof(Header) == 16);

std::atomic<bool> may_swap = false;

std::size_t BlockBytes(std::size_t size_class) { return kSmallest << size_class; }

void* Map(std::size_t size, bool lock) {
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  STRONGROOM_CHECK(memory != MAP_FAILED);
  STRONGROOM_CHECK(madvise(memory, size, MADV_DONTDUMP) == 0);
  if (lock && mlock(memory, size) != 0) may_swap = true;
  return memory;
}

// Free blocks of a class are a list through their first bytes.
class Pool {
 public:
  Header* Take(std::size_t size_class) {
    const std::lock_guard lock(mutex_);
    Free*& first = free_[size_class];
    if (first == nullptr) Refill(size_class);
    Free* const taken = first;
    first = taken->next;
    return new (taken) Header{};
  }
  void Give(Header* block, std::size_t size_class) {
    const std::lock_guard lock(mutex_);
    free_[size_class] = new (block) Free{free_[size_class]};
  }

 private:
  struct Free {
    Free* next;
  };

  void Refill(std::size_t size_class) {
    auto* const region = static_cast<char*>(Map(kRegionBytes, true));
    const std::size_t bytes = BlockBytes(size_class);
    for (std::size_t at = 0; at + bytes <= kRegionBytes; at += bytes)
      free_[size_class] = new (region + at) Free{free_[size_class]};
  }

  std::mutex mutex_;
  std::array<Free*, kClasses> free_{};
};

// Never destroyed: secrets of other statics may outlive any order.
std::array<Pool, kPools>& Pools() {
  static auto* const pools = new std::array<Pool, kPools>;
  return *pools;
}

std::uint32_t PoolOfThread() {
  static std::atomic<std::uint32_t> next = 0;
  thread_local const std::uint32_t own = next++ % static_cast<std::uint32_t>(kPools);
  return own;
}

Header* HeaderOf(const void* memory) {
  return const_cast<Header*>(static_cast<const Header*>(memory)) - 1;
}

}  // namespace

void* AllocateSecret(std::size_t size) {
  const std::size_t bytes = size + sizeof(Header);
  STRONGROOM_CHECK(bytes > size);
  if (bytes > BlockBytes(kClasses - 1)) {
    // Work space of key derivation, mostly: it would use up what may be locked.
    auto* const header = new (Map(bytes, false)) Header{size, kOwnMapping, 0};
    return header + 1;
  }
  const std::size_t rounded = std::bit_ceil(bytes < kSmallest ? kSmallest : bytes);
  const auto size_class = static_cast<std::uint32_t>(std::countr_zero(rounded / kSmallest));
  const std::uint32_t pool = PoolOfThread();
  Header* const header = Pools()[pool].Take(size_class);
  *header = {size, pool, size_class};
  return header + 1;
}

void FreeSecret(void* memory) {
  if (memory == nullptr) return;
  Header* const header = HeaderOf(memory);
  const Header about = *header;
  explicit_bzero(memory, about.size);
  if (about.pool == kOwnMapping) {
    munmap(header, about.size + sizeof(Header));
    return;
  }
  STRONGROOM_CHECK(about.pool < kPools && about.size_class < kClasses);
  Pools()[about.pool].Give(header, about.size_class);
}

std::size_t SecretSize(const void* memory) { return HeaderOf(memory)->size; }

bool SecretsMaySwap() { return may_swap; }

}  // namespace strongroom::base
