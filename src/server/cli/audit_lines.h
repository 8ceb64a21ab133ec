// The audit log as JSON Lines: one object a line, in the order of the chain.
//   {"keys":{…}}                                                    the public keys, as a JWK set
//   {"chain":"…","account_id":"…","sequence":7,"hash":"…","record":{…}}
//   {"chain":"…","sequence":7,"checkpoint":"<JWS>"}
// `record` stands last and byte for byte as it was hashed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/audit/checkpoint.h"

namespace strongroom::server::cli {

std::string RecordLine(std::string_view chain, std::string_view account_id, std::string_view hash,
                       std::string_view sequence, std::string_view text);
std::string CheckpointLine(std::string_view chain, std::uint64_t sequence, std::string_view jws);

// The checkpoints of a request log or an export: lines with a member `checkpoint`. Others are
// passed over, a line that was cut too. kBadRequest for a checkpoint that no key of `keys` signed,
// and for a file without any.
base::Result<std::vector<ledger::audit::Checkpoint>> ReadCarried(
    const std::string& path, const ledger::audit::AuditKeys& keys);

}  // namespace strongroom::server::cli
