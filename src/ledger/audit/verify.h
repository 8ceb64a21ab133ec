// Whether a chain is whole: every record where it belongs and as it was written, from the floor to
// the head, and every checkpoint signed by our key and true. docs/reference/audit.md says what that
// proves and what it can't.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/audit/checkpoint.h"

namespace strongroom::ledger::audit {

// The first thing that is wrong, by sequence.
struct Finding {
  std::uint64_t sequence = 0;  // the record it shows at; 0: the chain as a whole
  std::string what;            // one sentence
};

struct ChainReport {
  storage::SpaceId chain;
  std::uint64_t first = 0;  // sequences of the records that are there
  std::uint64_t last = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t signed_to = 0;  // what the last checkpoint covers; behind it only the chain holds
  std::optional<Finding> finding;
  bool whole() const { return !finding.has_value(); }
};

// Walks all of it. `carried` are checkpoints that were kept elsewhere, of any chain. Fails only
// when the store can't be read at all; records that can't be opened are findings.
base::Result<ChainReport> VerifyChain(storage::Reader& reader, storage::SpaceId chain,
                                      const AuditKeys& keys,
                                      const std::vector<Checkpoint>& carried = {});

}  // namespace strongroom::ledger::audit
