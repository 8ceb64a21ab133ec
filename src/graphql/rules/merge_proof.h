// A quick proof that fields merge.
#pragma once

#include "graphql/rules/context.h"

namespace strongroom::graphql::rules {

// True only if no fields of the document conflict; false says nothing. Linear in the fields that
// the document selects, where selections that merge into the same set count once; gives up beyond
// a budget.
bool FieldsProvablyMerge(Context& context, const Document& document);

}  // namespace strongroom::graphql::rules
