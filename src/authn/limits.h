// Limits of this folder; those of base/limits.h hold besides.
#pragma once

#include <cstddef>

namespace strongroom::authn {

// Memory of verified tokens that are kept, in all; claims of 16 KiB can take half a megabyte.
inline constexpr std::size_t kTokenCacheBytesMax = std::size_t{64} << 20;

// The IAM exchange: of its 50 requests a second and 32 at once, how many access keys may take that
// have not been confirmed by STS before. The rest is kept for those that have.
inline constexpr std::size_t kIamStrangersPerSecondMax = 30;
inline constexpr std::size_t kIamStrangersAtOnceMax = 20;
inline constexpr std::size_t kIamKnownKeysMax = 10000;  // access keys remembered

}  // namespace strongroom::authn
