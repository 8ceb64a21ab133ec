// The limits of backups, with their units and reasons.
#pragma once

#include <cstddef>

namespace strongroom::storage::limits {

// Content of a frame: what is lost of the work when a backup is interrupted, and held in memory.
inline constexpr std::size_t kBackupFrameBytesMax = std::size_t{1} << 20;
// The same as of the file KEYRING.
inline constexpr std::size_t kBackupKeyringBytesMax = std::size_t{64} << 20;

}  // namespace strongroom::storage::limits
