// Fields with the same response key can be merged (§5.3.2).
#pragma once

#include <memory>
#include <optional>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

class ConflictFinder;

// Two algorithms. The first proves in linear time, comparing classes of fields, that a document has
// no conflict, which is nearly always so. Only a document where it fails is searched pair by pair,
// within a budget, for what is to be reported (security 9.4, 9.6).
class OverlappingFieldsCanBeMerged {
 public:
  OverlappingFieldsCanBeMerged();
  ~OverlappingFieldsCanBeMerged();
  void Enter(Context& context, const Document& document);
  void Enter(Context& context, const SelectionSetVisit& visit);

 private:
  std::unique_ptr<ConflictFinder> finder_;  // null: the document has no conflicts
};

}  // namespace strongroom::graphql::rules
