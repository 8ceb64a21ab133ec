// From a checked tree to the nodes that compute it. Internal.
#pragma once

#include <set>
#include <string>

#include "cel/arena.h"
#include "cel/expr.h"
#include "cel/node.h"

namespace strongroom::cel {

// Nodes in `arena`, pointing into the tree.
const Node* Plan(const Expr& root, const EnvTables& tables, Arena& arena);

// Whether `call` is type(x), whose overload has no callback.
bool IsTypeOf(const Expr& call);
// Whether `call` is a.or(b) or a.orValue(b) of optionals: b is only looked at when a is empty.
bool IsLazyOr(const Expr& call);
// Whether `call` is an index by a constant string, which is read like a field.
bool IsFieldIndex(const Expr& call);
// The variable that `expr` reads by a path of fields (a.b['c'].d), and the path in `path`; null
// when `expr` is something else.
const Expr* ReadPath(const Expr& expr, std::string& path);
// All paths that are read, longest only.
void CollectPaths(const Expr& root, std::set<std::string>& paths);

// The most that evaluating can cost; nothing where that depends on data.
std::optional<std::uint64_t> BoundCost(const Expr& root);

// The text of a tree.
std::string PrintTree(const Expr& root);

}  // namespace strongroom::cel
