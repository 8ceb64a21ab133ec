// How much a cache of folded policies holds.
#pragma once

#include <cstddef>

#include "authz/folded_policies.h"

namespace strongroom::authz {

// About how many bytes it takes, besides the set and the claims that it shares.
std::size_t MemoryOf(const FoldedPolicies& folded);

}  // namespace strongroom::authz
