// Memory for secrets: locked against swapping as far as the system allows, left out of core dumps,
// and wiped when it is given back (security 7.19).
#pragma once

#include <cstddef>

namespace strongroom::base {

// Aligned for any type; never null: running out of memory aborts. Thread-safe.
void* AllocateSecret(std::size_t size);
// Wipes and frees what AllocateSecret answered; null is allowed.
void FreeSecret(void* memory);
// How many bytes AllocateSecret was asked for.
std::size_t SecretSize(const void* memory);

// Whether some of this memory could not be locked, for want of RLIMIT_MEMLOCK.
bool SecretsMaySwap();

// For containers.
template <typename T>
struct SecretAllocator {
  using value_type = T;
  SecretAllocator() = default;
  template <typename U>
  SecretAllocator(const SecretAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t count) { return static_cast<T*>(AllocateSecret(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) { FreeSecret(memory); }
  template <typename U>
  bool operator==(const SecretAllocator<U>&) const {
    return true;
  }
};

}  // namespace strongroom::base
