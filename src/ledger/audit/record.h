// The texts of audit records: one JSON object each (docs/reference/audit.md). Denials carry no
// property values; writes name the keys of what they wrote; changes of clients, tenants, groups and
// users are told in full.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authz/permit.h"
#include "base/clock.h"
#include "ledger/scope.h"

namespace strongroom::ledger::audit {

// Who did it, and in which request.
struct Source {
  base::Timestamp time;
  std::string request_id;
  std::string account_id;
  std::string principal;
  std::string client;  // name; empty when only groups count
  std::int64_t client_version = 0;
  std::vector<std::string> groups;
  std::string jwt_id;      // empty: the token has none
  std::string token_hash;  // SHA-256, in base64url
  std::string operation;   // `mutation Post`
};

// Whether what was decided came to pass.
enum class Kind { kWrite, kDryRun };

// Decisions that allowed a write, with the policies that did.
std::string WritesText(const Source& source, Kind kind, const Catalog& catalog,
                       const std::vector<authz::GrantedWrite>& writes);
// Denials that the caller was told of.
std::string DenialsText(const Source& source, const authz::PermitNotes& notes);
// How many documents of each ledger were judged for Select.
std::string ReadsText(const Source& source, const Catalog& catalog,
                      const std::vector<std::uint64_t>& selected);
// One change, before and after.
std::string ChangeText(const Source& source, const AdministrativeChange& change);

// What the host does itself: `init`, `recover`. A source without token and client.
Source HostSource(base::Timestamp time, std::string_view account_id, std::string_view operation);

}  // namespace strongroom::ledger::audit
