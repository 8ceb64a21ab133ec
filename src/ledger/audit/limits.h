// What the audit log bounds, each with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace strongroom::ledger::audit {

// Records of one transaction of the keeper: a bounded time for the tenant's turn.
inline constexpr std::size_t kRecordsWrittenAtOnce = 64;
// Records that wait to be written, of one tenant and of all: a flood of denials of one tenant takes
// nothing from others.
inline constexpr std::size_t kWaitingOfTenantMax = 1000;
inline constexpr std::size_t kWaitingMax = 20000;
inline constexpr std::size_t kWaitingBytesMax = std::size_t{64} << 20;
// Of one tenant, unless its only record is longer.
inline constexpr std::size_t kWaitingBytesOfTenantMax = std::size_t{4} << 20;
// A checkpoint is signed after so many records, or so long after the first one that has none
// (security 7.8).
inline constexpr std::uint64_t kRecordsPerCheckpoint = 1024;
inline constexpr std::chrono::seconds kCheckpointAfter{60};
// Records that retention removes in one transaction, and how often it looks.
inline constexpr std::uint64_t kTrimmedAtOnce = 2048;
inline constexpr std::chrono::minutes kTrimEvery{10};
// How long the keeper waits for a tenant's turn before it serves the next tenant.
inline constexpr std::chrono::milliseconds kTurnWait{200};
// How long a stop may take for what waits, in all.
inline constexpr std::chrono::seconds kStopWait{5};
// A `jti` longer than this stands as its token's hash alone.
inline constexpr std::size_t kJwtIdBytesMax = 256;
// Policies that one decision names as its reasons.
inline constexpr std::size_t kReasonsMax = 64;
// Records that are looked at for one decision.
inline constexpr std::uint64_t kSearchedMax = 5000;
// Records of one page of `auth { auditLog }`.
inline constexpr std::int64_t kPageMax = 1000;

}  // namespace strongroom::ledger::audit
