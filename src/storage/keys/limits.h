// The limits on what key services take, with their units and reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace strongroom::storage::limits {

// One call with all its retries: a start that needs the service fails within 10 s (security 7.14).
inline constexpr std::chrono::milliseconds kKeyCallTimeout{7000};
inline constexpr std::chrono::milliseconds kKeyConnectTimeout{2000};
inline constexpr std::chrono::milliseconds kKeyAttemptTimeout{3000};
// Between attempts: a random time up to this, doubled each time.
inline constexpr std::chrono::milliseconds kKeyRetryPause{100};
inline constexpr std::chrono::milliseconds kKeyRetryPauseMax{2000};
// After a call that failed with all its retries, calls are refused for this long and up to as much
// again: who waits holds others up.
inline constexpr std::chrono::milliseconds kKeyServiceRest{2000};
// Keys that are unwrapped or wrapped at once: 10,000 of them at 20 ms each take 7 s.
inline constexpr std::size_t kKeyCallsAtOnce = 32;
// Answers of KMS have about 1 KiB.
inline constexpr std::size_t kKmsAnswerBytesMax = std::size_t{16} << 10;

}  // namespace strongroom::storage::limits
