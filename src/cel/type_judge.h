// Which overloads a call may mean, and what is said when types don't go together: the part of the
// checker that knows no names. Internal.
#pragma once

#include <string>
#include <vector>

#include "cel/expr.h"
#include "cel/issue.h"
#include "cel/unifier.h"

namespace strongroom::cel {

// The type of a literal.
const Term* TermOf(const Value& value);

class TypeJudge {
 protected:
  // `types` is false where types are not checked: then everything is dyn and fits.
  TypeJudge(const EnvTables& tables, bool types, Arena& arena, std::vector<Issue>& issues)
      : tables_(tables), types_(types), arena_(arena), issues_(issues), unifier_(arena) {}

  void Report(std::uint32_t offset, std::string message, std::string hint = {});
  void NoOverload(std::uint32_t offset, std::string_view name, std::span<Expr* const> operands,
                  bool member, std::string hint = {});
  std::string Shown(const Term* term) { return ToType(*unifier_.Substitute(term)).ToString(); }

  bool Fits(const Term* from, TypeKind kind) {
    return !types_ || unifier_.Assignable(from, SimpleTerm(kind));
  }
  // Whether the type, seen without nullability, may be of that kind.
  bool MayBe(const Term* term, TypeKind kind) const;
  // The type behind variables and nullability.
  const Term* Plain(const Term* term) const;

  // Collects the overloads that the operands may mean; the type that all of them give.
  const Term* ResolveOverloads(Expr* expr, const FunctionDecl* function);

  const EnvTables& tables_;
  const bool types_;
  Arena& arena_;
  std::vector<Issue>& issues_;
  Unifier unifier_;

 private:
  bool Matches(const OverloadEntry& entry, const Expr& expr, std::uint32_t first);
  bool SameTerm(const Term* a, const Term* b);
};

}  // namespace strongroom::cel
