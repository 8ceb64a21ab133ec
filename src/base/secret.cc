#include "base/secret.h"

#include <cstring>

namespace strongroom::base {

void Wipe(std::span<std::uint8_t> bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace strongroom::base
