// The limits on what AWS's services and files tell us, with their units and reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace strongroom::aws::limits {

// Files of the AWS command line and of an identity provider's token.
inline constexpr std::size_t kProfileFileBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kTokenFileBytesMax = std::size_t{16} << 10;
// Answers with credentials have about 2 KiB.
inline constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 10;
// Profiles whose roles are taken one after another.
inline constexpr int kProfileChainMax = 5;
// The metadata service is on the machine itself; where there is none, nobody should wait long.
inline constexpr std::chrono::milliseconds kMetadataTimeout{1000};
inline constexpr std::chrono::milliseconds kServiceTimeout{5000};
// Temporary credentials are replaced this long before they expire.
inline constexpr std::chrono::minutes kRefreshAhead{5};
// After a refresh that failed, credentials that are still good are given for this long.
inline constexpr std::chrono::seconds kRefreshPause{10};

}  // namespace strongroom::aws::limits
