#include "cel/tree.h"

namespace strongroom::cel {

Expr* TreeMaker::Give(Expr* expr, std::span<Expr* const> operands) {
  expr->operands = arena_.NewArray<Expr*>(operands.size());
  std::ranges::copy(operands, expr->operands.begin());
  for (const Expr* operand : operands)
    expr->depth =
        std::max<std::uint16_t>(expr->depth, static_cast<std::uint16_t>(operand->depth + 1));
  return expr->depth > depth_max_ ? RefuseDepth(expr->offset) : expr;
}

Expr* TreeMaker::Call(std::string_view name, Op op, std::uint32_t offset,
                      std::span<Expr* const> operands) {
  Expr* call = New(ExprKind::kCall, offset);
  call->name = name;
  call->op = op;
  return Give(call, operands);
}

Expr* TreeMaker::Refuse(std::uint32_t offset, std::string message, IssueKind kind) {
  Issue issue;
  issue.kind = kind;
  issue.offset = offset;
  issue.message = std::move(message);
  issues_.push_back(std::move(issue));
  return nullptr;
}

Expr* TreeMaker::RefuseDepth(std::uint32_t offset) {
  return Refuse(offset, "expression recursion limit exceeded: " + std::to_string(depth_max_),
                IssueKind::kLimit);
}

bool HasOptional(const Expr& expr, std::size_t index) {
  return index < expr.optionals.size() && expr.optionals[index];
}

}  // namespace strongroom::cel
