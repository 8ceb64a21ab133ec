// The checker's own form of types: small nodes in an arena, compared and unified by pointer.
// Internal.
#pragma once

#include <span>
#include <string_view>

#include "cel/arena.h"
#include "cel/type.h"

namespace strongroom::cel {

struct Term {
  TypeKind kind = TypeKind::kDyn;
  // Of a kParam: its number, among those of an overload or (while checking) of an expression.
  std::uint32_t variable = 0;
  bool open = false;      // holds a kParam somewhere
  std::string_view name;  // of structs, enums and opaque types
  std::span<const Term* const> parameters;

  const Term* operator[](std::size_t index) const { return parameters[index]; }
};

// The term of a kind that has neither name nor parameters; `list`, `map`, … are those of dyn.
const Term* SimpleTerm(TypeKind kind);
const Term* MakeTerm(Arena& arena, TypeKind kind, std::string_view name,
                     std::span<const Term* const> parameters);
const Term* MakeTerm(Arena& arena, TypeKind kind, const Term* parameter);
const Term* MakeTerm(Arena& arena, TypeKind kind, const Term* first, const Term* second);

// Of a declared type. `names` collects the parameters met, and numbers them.
const Term* ToTerm(const Type& type, std::vector<std::string_view>& names, Arena& arena);
// Parameters become dyn, and so does what is beyond a thousand parts.
Type ToType(const Term& term);

}  // namespace strongroom::cel
