#include "crypto/memory.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/secret_memory.h"

namespace strongroom::crypto {
namespace {

void* Allocate(std::size_t size, const char*, int) { return base::AllocateSecret(size); }

void Free(void* memory, const char*, int) { base::FreeSecret(memory); }

void* Reallocate(void* memory, std::size_t size, const char*, int) {
  if (memory == nullptr) return base::AllocateSecret(size);
  const std::size_t before = base::SecretSize(memory);
  void* const moved = size == 0 ? nullptr : base::AllocateSecret(size);
  if (moved != nullptr) std::memcpy(moved, memory, std::min(before, size));
  base::FreeSecret(memory);
  return moved;
}

}  // namespace

void KeepOpenSslSecret() {
  STRONGROOM_CHECK(CRYPTO_set_mem_functions(Allocate, Reallocate, Free) == 1);
}

}  // namespace strongroom::crypto
