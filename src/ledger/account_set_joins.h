// Lists over memberships: from a set to its members, and from an account or set to the sets it is a
// member of. Both by descending id. A membership that may not be selected (its two ids) is left out
// like one that leads to an invisible document. Internal: called by FollowMany, which has asked for
// the join.
#pragma once

#include "ledger/list.h"

namespace strongroom::ledger {

// The nodes are documents of Account and AccountSet. Filters are on the membership.
base::Result<Page> FollowMembers(const authz::Permit& permit, ReadScope& scope,
                                 const VisibleDocument& set, const JoinRequest& request);
// Filters are on the sets, and need Select on what they look at.
base::Result<Page> FollowSets(const authz::Permit& permit, ReadScope& scope,
                              const VisibleDocument& member, const JoinRequest& request);

}  // namespace strongroom::ledger
