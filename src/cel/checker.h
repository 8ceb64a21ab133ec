// Names and types: what every part of a tree refers to, and whether the parts go together.
// Internal.
#pragma once

#include <vector>

#include "cel/arena.h"
#include "cel/env_tables.h"
#include "cel/expr.h"
#include "cel/issue.h"

namespace strongroom::cel {

struct Checked {
  const Term* type = nullptr;
  std::uint32_t slots = 0;  // how many locals are alive at once, at most
};

struct CheckOptions {
  bool types = true;  // false: only names are resolved, and what is unknown is an error value
  const Type* expected = nullptr;
};

// Resolves the tree in place. Issues get offset, message and hint. Recurses as deep as the tree.
Checked Check(Expr* root, const EnvTables& tables, const CheckOptions& options, Arena& arena,
              std::vector<Issue>& issues);

}  // namespace strongroom::cel
