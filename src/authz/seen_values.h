// The values that an assertion read, for explanations. Internal to authz.
#pragma once

#include <vector>

#include "authz/assertion.h"
#include "authz/context_view.h"

namespace strongroom::authz {

// One entry for each path of `context` that the assertion reads, with its value now.
std::vector<SeenValue> SeenValues(const CompiledAssertion& assertion, const ContextView& context);

}  // namespace strongroom::authz
