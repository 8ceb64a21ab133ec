// Patterns of actions and resources. `*` matches any run of characters, dots included, also none;
// `?` exactly one character; everything else itself, in its case. There are no escapes: no resource
// has a `*` or `?` in its name. SPEC 4; security 6.11, 6.12.
#pragma once

#include <string_view>

namespace strongroom::authz {

// Whether the pattern matches the whole text. Never backtracks: linear in the lengths when no `?`
// stands between two `*`, and else at most text × pattern / 64 steps of a machine word.
bool MatchesText(std::string_view pattern, std::string_view text);

// Whether the pattern matches the identifier of a resource: the whole of it, or a leading part that
// ends before a dot. `financial.Account` and `financial.Account.*` cover the same.
bool MatchesResource(std::string_view pattern, std::string_view identifier);

}  // namespace strongroom::authz
