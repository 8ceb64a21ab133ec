// What a Program is made of. Internal.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "cel/arena.h"
#include "cel/env.h"
#include "cel/expr.h"
#include "cel/node.h"
#include "cel/type.h"

namespace strongroom::cel {

// Never moved once made: the tree points into the source, the nodes into the tree.
struct ProgramParts {
  std::shared_ptr<const Env> env;
  std::shared_ptr<const ProgramParts> origin;  // of a residual, which shares its tree
  std::string source;
  Type result_type;
  std::uint32_t slots = 0;
  const Expr* tree = nullptr;    // as written
  const Expr* folded = nullptr;  // … with its constant parts computed
  const Node* plan = nullptr;    // of the folded tree
  std::vector<std::unique_ptr<const re2::RE2>> regexes;
  Arena arena;
};

// The failure of an evaluation that has to stop.
base::Error StoppedError(const Budget& budget);

}  // namespace strongroom::cel
