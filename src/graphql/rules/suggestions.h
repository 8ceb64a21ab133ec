// "Did you mean …": the nearest of the names that would have been right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace strongroom::graphql::rules {

// The names within reach of `input`, nearest first. Near is: few insertions, deletions,
// replacements or swaps of neighbours; another case of letters counts as one.
std::vector<std::string_view> NearestNames(std::string_view input,
                                           const std::vector<std::string_view>& names);

// ` Did you mean the enum value "A", "B", or "C"?`; empty without names. `what` may be empty.
std::string DidYouMean(std::string_view what, const std::vector<std::string_view>& names);

// Whether `left` comes before `right` when digits inside names count as numbers.
bool NaturalLess(std::string_view left, std::string_view right);

}  // namespace strongroom::graphql::rules
