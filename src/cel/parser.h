// Tokens to a tree, macros expanded. Internal.
#pragma once

#include <string_view>
#include <vector>

#include "cel/arena.h"
#include "cel/expr.h"
#include "cel/issue.h"

namespace strongroom::cel {

struct ParseOptions {
  std::size_t depth_max = 0;
  bool macros = true;
};

// The tree, in `arena` and pointing into `source`; null when there are issues. Their lines and
// columns are for the caller to fill in.
Expr* Parse(std::string_view source, const ParseOptions& options, Arena& arena,
            std::vector<Issue>& issues);

}  // namespace strongroom::cel
