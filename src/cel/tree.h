// Making nodes of the tree, with its depth under control. Internal.
#pragma once

#include <algorithm>
#include <vector>

#include "cel/arena.h"
#include "cel/expr.h"
#include "cel/issue.h"

namespace strongroom::cel {

class TreeMaker {
 public:
  TreeMaker(Arena& arena, std::vector<Issue>& issues, std::size_t depth_max)
      : arena_(arena), issues_(issues), depth_max_(depth_max) {}

  Arena& arena() { return arena_; }

  Expr* New(ExprKind kind, std::uint32_t offset) {
    Expr* expr = arena_.New<Expr>();
    expr->kind = kind;
    expr->offset = offset;
    return expr;
  }
  Expr* Constant(const Value& value, std::uint32_t offset) {
    Expr* expr = New(ExprKind::kConstant, offset);
    expr->value = value;
    return expr;
  }
  // Null, with an issue, when that makes the tree too deep.
  Expr* Give(Expr* expr, std::span<Expr* const> operands);
  Expr* Call(std::string_view name, Op op, std::uint32_t offset, std::span<Expr* const> operands);
  // Null.
  Expr* Refuse(std::uint32_t offset, std::string message, IssueKind kind = IssueKind::kSyntax);
  Expr* RefuseDepth(std::uint32_t offset);

 private:
  Arena& arena_;
  std::vector<Issue>& issues_;
  const std::size_t depth_max_;
};

// What a macro's call becomes; the call itself, as a kCall, when it is none; null when it is
// written wrongly.
Expr* ExpandMacro(TreeMaker& make, Expr* call);

}  // namespace strongroom::cel
