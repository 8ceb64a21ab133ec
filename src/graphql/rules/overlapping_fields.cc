#include "graphql/rules/overlapping_fields.h"

#include <fmt/format.h>

#include "graphql/rules/conflict_finder.h"
#include "graphql/rules/merge_proof.h"

namespace strongroom::graphql::rules {

OverlappingFieldsCanBeMerged::OverlappingFieldsCanBeMerged() = default;
OverlappingFieldsCanBeMerged::~OverlappingFieldsCanBeMerged() = default;

void OverlappingFieldsCanBeMerged::Enter(Context& context, const Document& document) {
  if (!FieldsProvablyMerge(context, document)) finder_ = std::make_unique<ConflictFinder>(context);
}

void OverlappingFieldsCanBeMerged::Enter(Context& context, const SelectionSetVisit& visit) {
  // The fields of an inline fragment are compared as those of the set around it.
  if (finder_ == nullptr || visit.of_inline_fragment || context.aborted()) return;
  const auto conflicts = finder_->Within(visit.parent, visit.node);
  if (!conflicts) return context.Abort("Validation aborted.");
  for (const Conflict& conflict : *conflicts) {
    Offsets offsets;
    for (const auto* fields : {&conflict.left, &conflict.right}) {
      for (const Selection* field : *fields) offsets.push_back(field->offset);
    }
    context.Report(fmt::format("Fields \"{}\" conflict because {}. Use different aliases on the "
                               "fields to fetch both if this was intentional.",
                               Abbreviated(conflict.key), conflict.reason),
                   std::move(offsets));
  }
}

}  // namespace strongroom::graphql::rules
