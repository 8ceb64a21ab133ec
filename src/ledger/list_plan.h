// How a list is read: which keys, which conditions, which rights. Internal.
#pragma once

#include <string>
#include <vector>

#include "ledger/predicate.h"
#include "ledger/walk.h"

namespace strongroom::ledger {

struct ListPlan {
  const Ledger* ledger = nullptr;
  const IndexSpec* index = nullptr;
  std::string name;                   // what cursors are bound to
  std::vector<Predicate> predicates;  // all hold for what is found
  // What Select is needed on, besides one property at least.
  std::vector<authz::ResourceId> rights;
  storage::KeyRange range;
  bool entries = false;  // the range holds index entries
  bool descending = false;
  std::vector<std::string> keys;  // instead of the range: of these documents
};

// Sets range and name, from index and predicates.
void FinishPlan(const ReadScope& scope, ListPlan& plan);

base::Result<Page> RunPlan(const authz::Permit& permit, ReadScope& scope, const ListPlan& plan,
                           const PageRequest& page);

}  // namespace strongroom::ledger
