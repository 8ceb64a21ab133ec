// Limits of calls, with unit and reason (security 9.24).
#pragma once

#include <chrono>
#include <cstddef>

namespace strongroom::grpc::limits {

// One message, also after decompression. The default of other servers and clients.
inline constexpr std::size_t kMessageBytesMax = std::size_t{4} << 20;
// A call without `grpc-timeout` gets these; a longer wish is cut to the second of its kind.
inline constexpr std::chrono::seconds kUnaryDeadline{10};
inline constexpr std::chrono::seconds kUnaryDeadlineMax{30};
inline constexpr std::chrono::minutes kStreamDeadline{5};
inline constexpr std::chrono::minutes kStreamDeadlineMax{60};
// Answers that a call keeps for a slow reader before it makes more.
inline constexpr std::size_t kUnsentBytesMax = std::size_t{256} << 10;
// Smaller answers are not worth compressing.
inline constexpr std::size_t kCompressBytesMin = 1024;
// `grpc-message` and the details, so that trailers stay below the header limits of clients (8 KiB).
inline constexpr std::size_t kStatusMessageBytesMax = 1024;
inline constexpr std::size_t kStatusDetailBytesMax = 3072;
// Streams of health's Watch that the server keeps.
inline constexpr std::size_t kWatchesMax = 10000;

}  // namespace strongroom::grpc::limits
