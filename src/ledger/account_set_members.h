// Who is in which account set (behaviour §8). A membership is a document of AccountSetMember; what
// postings need of it stands with the member too, in its internal property `set_ids`, so that an
// account in no set costs them nothing. Internal.
//
// INVARIANT: `set_ids` of an account or set names the sets that have a membership with it. A set
// gets into another one while it is empty, so the sets above a member never become more by that,
// and there are no cycles.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <vector>

#include "authz/permit.h"
#include "ledger/document.h"
#include "ledger/read.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Numbers of the enum AccountSetMemberType (catalog/enums.cc).
inline constexpr std::int64_t kMemberAccount = 0;
inline constexpr std::int64_t kMemberAccountSet = 1;

// Whether the caller named the member's type, and so set that property (SPEC 4.1.5).
enum class MemberType { kNamed, kFoundOut };

// The member `accountSetIds` of a create input.
base::Result<std::vector<base::Uuid>> ReadAccountSetIds(const boost::json::object& input);

// Whether an account stands under a set.
bool IsOfAccountSet(const Document& account);

DocumentKey MembershipKey(const base::Uuid& set, const base::Uuid& member);

// Puts `member`, a current Account or AccountSet, into a set; it becomes what is stored now. Needs
// Insert on the membership. Then kForeignKeyViolation for a set that isn't there, kBadRequest for a
// deleted one and for a set of another journal, kUnknownError for a set that isn't empty,
// kUniqueConstraintViolation for what is in it already, kLimitExceeded.
base::Status AddMember(const authz::Permit& permit, WriteScope& scope, const base::Uuid& set,
                       SharedDocument& member, MemberType type);

// The account sets above members, each read once.
class SetTree {
 public:
  explicit SetTree(ReadScope& scope) : scope_(scope) {}

  // A set that some member names; not null.
  base::Result<SharedDocument> At(const base::Uuid& set);
  // The sets that an entry on the member in the journal counts for: all above it, each once, nearer
  // ones first. Null when there are none, else a list of ids.
  base::Result<Value> Above(const Document& member, const base::Uuid& journal);

 private:
  ReadScope& scope_;
  std::map<base::Uuid, SharedDocument> sets_;
};

}  // namespace strongroom::ledger
