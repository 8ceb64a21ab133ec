#include "cel/type_judge.h"

#include <algorithm>

#include "cel/suggestions.h"

namespace strongroom::cel {

const Term* TermOf(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return SimpleTerm(TypeKind::kNull);
    case Kind::kBool: return SimpleTerm(TypeKind::kBool);
    case Kind::kInt: return SimpleTerm(TypeKind::kInt);
    case Kind::kUint: return SimpleTerm(TypeKind::kUint);
    case Kind::kDouble: return SimpleTerm(TypeKind::kDouble);
    case Kind::kString: return SimpleTerm(TypeKind::kString);
    case Kind::kBytes: return SimpleTerm(TypeKind::kBytes);
    default: return SimpleTerm(TypeKind::kDyn);
  }
}

void TypeJudge::Report(std::uint32_t offset, std::string message, std::string hint) {
  Issue issue;
  issue.kind = IssueKind::kType;
  issue.offset = offset;
  issue.message = std::move(message);
  issue.hint = std::move(hint);
  issues_.push_back(std::move(issue));
}

void TypeJudge::NoOverload(std::uint32_t offset, std::string_view name,
                           std::span<Expr* const> operands, bool member, std::string hint) {
  std::string shown;
  if (member) {
    shown = Shown(operands[0]->term) + ".";
    operands = operands.subspan(1);
  }
  shown += '(';
  for (const Expr* operand : operands)
    shown += (shown.back() == '(' ? "" : ", ") + Shown(operand->term);
  Report(offset,
         "found no matching overload for '" + std::string(name) + "' applied to '" + shown + ")'",
         std::move(hint));
}

const Term* TypeJudge::Plain(const Term* term) const {
  term = unifier_.Resolve(term);
  while (term->kind == TypeKind::kNullable) term = unifier_.Resolve((*term)[0]);
  return term;
}

bool TypeJudge::MayBe(const Term* term, TypeKind kind) const {
  const TypeKind plain = Plain(term)->kind;
  return !types_ || plain == kind || plain == TypeKind::kDyn || plain == TypeKind::kParam;
}

bool TypeJudge::Matches(const OverloadEntry& entry, const Expr& expr, std::uint32_t first) {
  if (!types_) return true;
  const std::size_t mark = unifier_.Mark();
  for (std::size_t i = 0; i < entry.parameters.size(); ++i) {
    const Term* wanted = unifier_.Instantiate(entry.parameters[i], first);
    if (unifier_.Assignable(expr[i].term, wanted)) continue;
    unifier_.Undo(mark);
    return false;
  }
  return true;
}

bool TypeJudge::SameTerm(const Term* a, const Term* b) {
  a = unifier_.Resolve(a);
  b = unifier_.Resolve(b);
  if (a == b || !unifier_.Step()) return true;
  if (a->kind != b->kind || a->variable != b->variable || a->name != b->name ||
      a->parameters.size() != b->parameters.size())
    return false;
  for (std::size_t i = 0; i < a->parameters.size(); ++i)
    if (!SameTerm((*a)[i], (*b)[i])) return false;
  return true;
}

const Term* TypeJudge::ResolveOverloads(Expr* expr, const FunctionDecl* function) {
  std::vector<const OverloadEntry*> candidates;
  const Term* result = nullptr;
  if (function != nullptr)
    for (const auto& entry : function->overloads) {
      if (entry->overload.member != expr->member ||
          entry->parameters.size() != expr->operands.size())
        continue;
      const std::uint32_t first = unifier_.FreshFor(entry->variables);
      if (!Matches(*entry, *expr, first)) continue;
      candidates.push_back(entry.get());
      const Term* one = unifier_.Resolve(unifier_.Instantiate(entry->result, first));
      if (result == nullptr)
        result = one;
      else if (!SameTerm(result, one))
        result = SimpleTerm(TypeKind::kDyn);
    }
  const auto kept = arena_.NewArray<const OverloadEntry*>(candidates.size());
  std::ranges::copy(candidates, kept.begin());
  expr->overloads = kept;
  if (result != nullptr) return result;
  if (types_) {
    for (Expr* operand : expr->operands) operand->term = unifier_.Substitute(operand->term);
    NoOverload(expr->offset, expr->name, expr->operands, expr->member,
               SuggestOperand(tables_, *expr));
  }
  return SimpleTerm(TypeKind::kDyn);
}

}  // namespace strongroom::cel
