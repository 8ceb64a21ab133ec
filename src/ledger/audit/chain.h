// The audit log in the store: one chain of records per space, where a tenant's records stand sealed
// under the tenant's key and the installation's under its own (docs/reference/audit.md).
//   40 sequence(8)  hash(32) || text       a record; the text is one JSON object
//   41              the head: sequence(8) hash(32) floor(8) floor's hash(32) checkpoint(8)
//   42 sequence(8)  a checkpoint: a signed statement of the hash of that record
// The hash of record n is SHA-256 over a label, the space, n, the hash of record n-1 and the text.
// Records begin behind the floor: 0 with a random hash when a chain is opened, later what retention
// has removed up to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "storage/store.h"

namespace strongroom::ledger::audit {

struct ChainHead {
  std::uint64_t sequence = 0;  // of the last record
  crypto::Sha256Digest hash{};
  std::uint64_t floor = 0;  // of the last record that was removed
  crypto::Sha256Digest floor_hash{};
  std::uint64_t checkpoint = 0;  // of the last checkpoint; 0: none
};

struct ChainRecord {
  std::uint64_t sequence = 0;
  crypto::Sha256Digest hash{};
  std::string text;
};

crypto::Sha256Digest HashOf(storage::SpaceId space, std::uint64_t sequence,
                            const crypto::Sha256Digest& previous, std::string_view text);

// Begins the chain of a space, with a record that says so. Once for each space, when it is made:
// a missing chain is a finding, so nothing else may bring one back. kAlreadyExists otherwise.
base::Status OpenChain(storage::Transaction& transaction, storage::SpaceId space,
                       base::Random& random, base::Timestamp now);

// Appends records, in order: part of the transaction whose deeds they tell. Fails when the space
// has no chain.
base::Status AppendRecords(storage::Transaction& transaction, storage::SpaceId space,
                           std::span<const std::string> texts);

// Nothing when the space has no chain. kInternalServerError for a head that is malformed.
base::Result<std::optional<ChainHead>> ReadHead(storage::Reader& reader, storage::SpaceId space);
base::Status WriteHead(storage::Transaction& transaction, storage::SpaceId space,
                       const ChainHead& head);
// Nothing when there is none. Its hash is as stored, and not checked.
base::Result<std::optional<ChainRecord>> ReadRecord(storage::Reader& reader, storage::SpaceId space,
                                                    std::uint64_t sequence);

// Removes the oldest records: those before `until`, at most kTrimmedAtOnce and never the last one.
// A record of the chain says up to where, so that `verify` can tell it from a theft. Answers how
// many went.
base::Result<std::uint64_t> TrimChain(storage::Transaction& transaction, storage::SpaceId space,
                                      base::Timestamp until, base::Timestamp now);

std::string RecordKey(std::uint64_t sequence);
std::string HeadKey();
std::string CheckpointKey(std::uint64_t sequence);
inline constexpr std::uint8_t kRecordTag = 0x40;
inline constexpr std::uint8_t kCheckpointTag = 0x42;

}  // namespace strongroom::ledger::audit
