#include "cel/term.h"

#include <algorithm>
#include <array>

namespace strongroom::cel {
namespace {

Type ToBoundedType(const Term& term, std::size_t& left) {
  if (left == 0) return Type::Dyn();
  --left;
  switch (term.kind) {
    case TypeKind::kNull: return Type::Null();
    case TypeKind::kBool: return Type::Bool();
    case TypeKind::kInt: return Type::Int();
    case TypeKind::kUint: return Type::Uint();
    case TypeKind::kDouble: return Type::Double();
    case TypeKind::kString: return Type::String();
    case TypeKind::kBytes: return Type::Bytes();
    case TypeKind::kTimestamp: return Type::Timestamp();
    case TypeKind::kDuration: return Type::Duration();
    case TypeKind::kTypeType: return Type::TypeType(ToBoundedType(*term[0], left));
    case TypeKind::kList: return Type::List(ToBoundedType(*term[0], left));
    case TypeKind::kMap: {
      const Type key = ToBoundedType(*term[0], left);
      return Type::Map(key, ToBoundedType(*term[1], left));
    }
    case TypeKind::kOptional: return Type::Optional(ToBoundedType(*term[0], left));
    case TypeKind::kNullable: return Type::Nullable(ToBoundedType(*term[0], left));
    case TypeKind::kStruct: return Type::Struct(term.name);
    case TypeKind::kEnum: return Type::Enum(term.name);
    case TypeKind::kOpaque: {
      std::vector<Type> parameters;
      for (const Term* parameter : term.parameters)
        parameters.push_back(ToBoundedType(*parameter, left));
      return Type::Opaque(term.name, std::move(parameters));
    }
    case TypeKind::kDyn:
    case TypeKind::kParam: break;
  }
  return Type::Dyn();
}

}  // namespace

const Term* SimpleTerm(TypeKind kind) {
  static constexpr std::size_t kKinds = static_cast<std::size_t>(TypeKind::kParam) + 1;
  struct Table {
    std::array<Term, kKinds> terms;
    std::array<const Term*, 2> dyns;
  };
  static const auto kTable = [] {
    auto table = std::make_unique<Table>();
    for (std::size_t i = 0; i < kKinds; ++i) table->terms[i].kind = static_cast<TypeKind>(i);
    table->dyns.fill(&table->terms[0]);
    const auto give = [&](TypeKind of, std::size_t count) {
      table->terms[static_cast<std::size_t>(of)].parameters = std::span(table->dyns).first(count);
    };
    for (const TypeKind one :
         {TypeKind::kTypeType, TypeKind::kList, TypeKind::kOptional, TypeKind::kNullable})
      give(one, 1);
    give(TypeKind::kMap, 2);
    return table;
  }();
  return &kTable->terms[static_cast<std::size_t>(kind)];
}

const Term* MakeTerm(Arena& arena, TypeKind kind, std::string_view name,
                     std::span<const Term* const> parameters) {
  const auto copy = arena.NewArray<const Term*>(parameters.size());
  std::ranges::copy(parameters, copy.begin());
  const bool open = std::ranges::any_of(parameters, [](const Term* term) { return term->open; });
  return arena.New<Term>(Term{kind, 0, open, name, copy});
}

const Term* MakeTerm(Arena& arena, TypeKind kind, const Term* parameter) {
  const std::array parameters = {parameter};
  return MakeTerm(arena, kind, {}, parameters);
}

const Term* MakeTerm(Arena& arena, TypeKind kind, const Term* first, const Term* second) {
  const std::array parameters = {first, second};
  return MakeTerm(arena, kind, {}, parameters);
}

const Term* ToTerm(const Type& type, std::vector<std::string_view>& names, Arena& arena) {
  if (type.is(TypeKind::kParam)) {
    auto at = std::ranges::find(names, type.name());
    if (at == names.end()) at = names.insert(at, type.name());
    const auto number = static_cast<std::uint32_t>(at - names.begin());
    return arena.New<Term>(Term{TypeKind::kParam, number, true, {}, {}});
  }
  if (type.name().empty() && type.parameters().empty()) return SimpleTerm(type.kind());
  std::vector<const Term*> parameters;
  for (const Type& parameter : type.parameters())
    parameters.push_back(ToTerm(parameter, names, arena));
  return MakeTerm(arena, type.kind(), arena.Copy(type.name()), parameters);
}

Type ToType(const Term& term) {
  std::size_t left = 1000;
  return ToBoundedType(term, left);
}

}  // namespace strongroom::cel
