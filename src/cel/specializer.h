// Partial evaluation of trees. Internal.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cel/activation.h"
#include "cel/budget.h"
#include "cel/env_tables.h"
#include "cel/expr.h"

namespace strongroom::cel {

struct Specialization {
  const EnvTables& tables;
  const Activation& known;
  std::span<const std::string> unknown;  // paths
  std::uint32_t slots = 0;
};

// `root` with everything computed that depends on known values alone; new nodes and copies of
// values are in `arena`, the rest is shared. Null when the budget was spent and `lenient` is off;
// with it, what could not be computed stays as it was.
const Expr* Specialize(const Expr& root, const Specialization& with, Budget& budget, bool lenient,
                       Arena& arena);

}  // namespace strongroom::cel
