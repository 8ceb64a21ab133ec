#include "cel/unifier.h"

#include <algorithm>

namespace strongroom::cel {
namespace {

bool IsVariable(const Term* term) { return term->kind == TypeKind::kParam; }
bool IsDyn(const Term* term) { return term->kind == TypeKind::kDyn; }
bool IsWhole(const Term* term) {
  return term->kind == TypeKind::kInt || term->kind == TypeKind::kEnum;
}

}  // namespace

// The types of which null is a value (cel-spec: messages, wrappers, timestamps, abstract types).
bool IsNullable(const Term& term) {
  switch (term.kind) {
    case TypeKind::kNull:
    case TypeKind::kNullable:
    case TypeKind::kStruct:
    case TypeKind::kOpaque:
    case TypeKind::kOptional:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration: return true;
    default: return false;
  }
}

const Term* Unifier::Fresh() {
  const auto number = static_cast<std::uint32_t>(bound_.size());
  bound_.push_back(nullptr);
  return arena_.New<Term>(Term{TypeKind::kParam, number, true, {}, {}});
}

std::uint32_t Unifier::FreshFor(std::uint32_t count) {
  const auto first = static_cast<std::uint32_t>(bound_.size());
  bound_.resize(bound_.size() + count, nullptr);
  return first;
}

const Term* Unifier::Instantiate(const Term* term, std::uint32_t first) {
  if (!term->open) return term;
  if (IsVariable(term))
    return arena_.New<Term>(Term{TypeKind::kParam, first + term->variable, true, {}, {}});
  const auto parameters = arena_.NewArray<const Term*>(term->parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i] = Instantiate((*term)[i], first);
  return arena_.New<Term>(Term{term->kind, 0, true, term->name, parameters});
}

const Term* Unifier::Resolve(const Term* term) const {
  while (IsVariable(term) && bound_[term->variable] != nullptr) term = bound_[term->variable];
  return term;
}

const Term* Unifier::Substitute(const Term* term) {
  term = Resolve(term);
  if (IsVariable(term) || !Step()) return SimpleTerm(TypeKind::kDyn);
  if (!term->open) return term;
  std::vector<const Term*> parameters;
  for (const Term* parameter : term->parameters) parameters.push_back(Substitute(parameter));
  return MakeTerm(arena_, term->kind, term->name, parameters);
}

void Unifier::Undo(std::size_t mark) {
  for (; trail_.size() > mark; trail_.pop_back())
    bound_[trail_.back().variable] = trail_.back().before;
}

bool Unifier::Occurs(const Term* variable, const Term* term) {
  if (!term->open || !Step()) return false;
  term = Resolve(term);
  if (IsVariable(term)) return term->variable == variable->variable;
  return std::ranges::any_of(term->parameters,
                             [&](const Term* inner) { return Occurs(variable, inner); });
}

bool Unifier::Bind(const Term* variable, const Term* term) {
  if (Occurs(variable, term)) return false;
  trail_.push_back({variable->variable, bound_[variable->variable]});
  bound_[variable->variable] = term;
  return true;
}

// A variable stands for the most general of what it met.
bool Unifier::AssignableToVariable(const Term* from, const Term* variable) {
  const Term* bound = bound_[variable->variable];
  if (bound == nullptr) {
    const Term* resolved = Resolve(from);
    if (IsVariable(resolved) && resolved->variable == variable->variable) return true;
    return Bind(variable, from);
  }
  if (!Assignable(from, bound)) return false;
  const Term* general = Merge(Resolve(from), Resolve(bound));
  if (general != Resolve(bound)) Bind(variable, general);
  return true;
}

bool Unifier::Assignable(const Term* from, const Term* to) {
  if (from == to || !Step()) return true;
  if (IsVariable(to)) return AssignableToVariable(from, to);
  if (IsVariable(from)) return AssignableToVariable(to, from);
  if (IsDyn(from) || IsDyn(to)) return true;
  if (from->kind == TypeKind::kNull || to->kind == TypeKind::kNull)
    return IsNullable(*from) && IsNullable(*to);
  if (from->kind == TypeKind::kNullable && to->kind != TypeKind::kNullable)
    return Assignable((*from)[0], to);
  if (to->kind == TypeKind::kNullable && from->kind != TypeKind::kNullable)
    return Assignable(from, (*to)[0]);
  if (from->kind != to->kind) return IsWhole(from) && IsWhole(to);
  if (from->kind == TypeKind::kTypeType) return true;
  if (from->name != to->name || from->parameters.size() != to->parameters.size()) return false;
  for (std::size_t i = 0; i < from->parameters.size(); ++i)
    if (!Assignable((*from)[i], (*to)[i])) return false;
  return true;
}

const Term* Unifier::Join(const Term* a, const Term* b) {
  const std::size_t mark = Mark();
  if (Assignable(b, a)) return Merge(Resolve(a), Resolve(b));
  Undo(mark);
  return SimpleTerm(TypeKind::kDyn);
}

// Of two that go with each other, the one that covers both.
const Term* Unifier::Merge(const Term* a, const Term* b) {
  a = Resolve(a);
  b = Resolve(b);
  if (a == b || IsDyn(a) || IsVariable(b) || !Step()) return a;
  if (IsDyn(b) || IsVariable(a)) return b;
  if (a->kind == TypeKind::kNull) return b;
  if (b->kind == TypeKind::kNull) return a;
  if (a->kind == TypeKind::kNullable && b->kind != TypeKind::kNullable) return a;
  if (b->kind == TypeKind::kNullable && a->kind != TypeKind::kNullable) return b;
  if (a->kind != b->kind) return SimpleTerm(TypeKind::kInt);  // an enum and an int
  if (a->parameters.empty()) return a;
  std::vector<const Term*> parameters;
  bool same = true;
  for (std::size_t i = 0; i < a->parameters.size(); ++i) {
    parameters.push_back(Merge((*a)[i], (*b)[i]));
    same = same && parameters.back() == Resolve((*a)[i]);
  }
  return same ? a : MakeTerm(arena_, a->kind, a->name, parameters);
}

}  // namespace strongroom::cel
