// The few records of the installation's space that are no documents. Internal.
//   20 text(principal)  how many tenants have a client of this principal (8 bytes, big endian)
//   21                  the policy epoch (8 bytes, big endian)
//   22                  the key of cursors (32 bytes)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Changes with every change of a client, tenant, group or user.
base::Result<std::uint64_t> PolicyEpoch(storage::Reader& reader);
// The change is in force for every request that starts after the commit (SPEC 4).
base::Status BumpPolicyEpoch(WriteScope& scope);

// How many tenants have a client of the principal.
base::Result<std::uint64_t> RegisteredClients(storage::Reader& reader, std::string_view principal);
base::Result<bool> IsRegistered(storage::Reader& reader, std::string_view principal);
base::Result<std::vector<std::string>> RegisteredPrincipals(storage::Reader& reader);
// Counts one client more or less.
base::Status Register(WriteScope& scope, std::string_view principal);
base::Status Unregister(WriteScope& scope, std::string_view principal);

base::Result<std::optional<base::SecretBytes>> ReadCursorKey(storage::Reader& reader);
base::Status WriteCursorKey(storage::Transaction& transaction, const base::SecretBytes& key);

}  // namespace strongroom::ledger
