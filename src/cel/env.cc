#include "cel/env.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "cel/env_tables.h"
#include "cel/operators.h"

namespace strongroom::cel {
namespace {

template <typename Map>
auto* Find(Map& map, std::string_view name) {
  const auto at = map.find(name);
  return at == map.end() ? nullptr : &at->second;
}

constexpr std::uint32_t Bit(Kind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr std::uint32_t kAnyKind = ~(Bit(Kind::kAbsent) | Bit(Kind::kError));

ParameterCheck CheckOf(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kNull: return {Bit(Kind::kNull), {}};
    case TypeKind::kBool: return {Bit(Kind::kBool), {}};
    case TypeKind::kEnum:
    case TypeKind::kInt: return {Bit(Kind::kInt), {}};
    case TypeKind::kUint: return {Bit(Kind::kUint), {}};
    case TypeKind::kDouble: return {Bit(Kind::kDouble), {}};
    case TypeKind::kString: return {Bit(Kind::kString), {}};
    case TypeKind::kBytes: return {Bit(Kind::kBytes), {}};
    case TypeKind::kTimestamp: return {Bit(Kind::kTimestamp), {}};
    case TypeKind::kDuration: return {Bit(Kind::kDuration), {}};
    case TypeKind::kTypeType: return {Bit(Kind::kType), {}};
    case TypeKind::kList: return {Bit(Kind::kList), {}};
    case TypeKind::kMap: return {Bit(Kind::kMap), {}};
    case TypeKind::kOptional: return {Bit(Kind::kOptional), {}};
    case TypeKind::kStruct: return {Bit(Kind::kObject), type.name()};
    case TypeKind::kOpaque: return {Bit(Kind::kOpaque), type.name()};
    case TypeKind::kNullable: {
      // A name is only asked of what has one: null passes by its kind.
      ParameterCheck check = CheckOf(type.parameter(0));
      check.kinds |= Bit(Kind::kNull);
      return check;
    }
    case TypeKind::kDyn:
    case TypeKind::kParam: break;
  }
  return {kAnyKind, {}};
}

std::unique_ptr<const OverloadEntry> MakeEntry(Overload overload, Arena& arena) {
  auto entry = std::make_unique<OverloadEntry>();
  entry->overload = std::move(overload);
  std::vector<std::string_view> names;
  for (const Type& parameter : entry->overload.parameters) {
    entry->checks.push_back(CheckOf(parameter));
    entry->parameters.push_back(ToTerm(parameter, names, arena));
  }
  entry->result = ToTerm(entry->overload.result, names, arena);
  entry->variables = static_cast<std::uint32_t>(names.size());
  return entry;
}

// Every record that a type names has to be declared.
void RequireDeclared(const EnvTables& tables, const Type& type) {
  if (type.is(TypeKind::kStruct)) STRONGROOM_CHECK(tables.FindStruct(type.name()) != nullptr);
  if (type.is(TypeKind::kEnum)) STRONGROOM_CHECK(tables.enums.contains(type.name()));
  for (const Type& parameter : type.parameters()) RequireDeclared(tables, parameter);
}

}  // namespace

bool ParameterCheck::HasName(const Value& value) const {
  if (value.is(Kind::kObject)) return value.AsObject().type().name == name;
  if (value.is(Kind::kOpaque)) return value.opaque_type()->name == name;
  return true;
}

bool OverloadEntry::Accepts(std::span<const Value> arguments) const {
  if (arguments.size() != checks.size()) return false;
  for (std::size_t i = 0; i < checks.size(); ++i)
    if (!checks[i].Accepts(arguments[i])) return false;
  return true;
}

const VariableDecl* EnvTables::FindVariable(std::string_view name) const {
  const auto* number = Find(variable_numbers, name);
  return number == nullptr ? nullptr : &variables[*number];
}
const FunctionDecl* EnvTables::FindFunction(std::string_view name) const {
  const auto* found = Find(functions, name);
  return found == nullptr ? nullptr : found->get();
}
const ConstantDecl* EnvTables::FindConstant(std::string_view name) const {
  return Find(constants, name);
}
const StructDecl* EnvTables::FindStruct(std::string_view name) const { return Find(structs, name); }

std::optional<std::size_t> Env::FindVariable(std::string_view name) const {
  const auto* number = Find(tables_->variable_numbers, name);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::size_t Env::variable_count() const { return tables_->variables.size(); }

std::shared_ptr<const StructType> Env::FindStruct(std::string_view name) const {
  const StructDecl* found = tables_->FindStruct(name);
  return found == nullptr ? nullptr : found->type;
}

std::vector<Env::FunctionInfo> Env::Functions() const {
  std::vector<FunctionInfo> functions;
  for (const auto& [name, function] : tables_->functions) {
    FunctionInfo& info = functions.emplace_back(FunctionInfo{name, {}});
    for (const auto& entry : function->overloads) info.overloads.push_back(&entry->overload);
  }
  std::ranges::sort(functions, {}, &FunctionInfo::name);
  return functions;
}

EnvBuilder::EnvBuilder() : tables_(std::make_unique<EnvTables>()) { DeclareOperators(*this); }

EnvBuilder::EnvBuilder(const Env& base) : tables_(std::make_unique<EnvTables>()) {
  const EnvTables& from = base.tables();
  tables_->container = from.container;
  tables_->variables = from.variables;
  tables_->variable_numbers = from.variable_numbers;
  tables_->functions = from.functions;
  tables_->constants = from.constants;
  tables_->structs = from.structs;
  tables_->enums = from.enums;
  tables_->opaques = from.opaques;
}

EnvBuilder::~EnvBuilder() = default;
EnvBuilder::EnvBuilder(EnvBuilder&&) noexcept = default;
EnvBuilder& EnvBuilder::operator=(EnvBuilder&&) noexcept = default;

EnvBuilder& EnvBuilder::Variable(std::string_view name, const Type& type) {
  const auto [at, added] =
      tables_->variable_numbers.emplace(std::string(name), tables_->variables.size());
  if (added)
    tables_->variables.push_back({std::string(name), type, nullptr});
  else
    tables_->variables[at->second].type = type;
  return *this;
}

EnvBuilder& EnvBuilder::Struct(std::shared_ptr<const StructType> type) {
  const std::string name = type->name;
  tables_->structs[name] = {std::move(type), {}, nullptr};
  auto of = std::make_shared<const Type>(Type::Struct(name));
  tables_->constants[name] = {Type::TypeType(*of), Value::TypeValue(of.get()), nullptr, of};
  return *this;
}

EnvBuilder& EnvBuilder::Struct(StructType type) {
  return Struct(std::make_shared<const StructType>(std::move(type)));
}

EnvBuilder& EnvBuilder::Enum(EnumType type) {
  const Type mine = Type::Enum(type.name);
  for (const EnumType::Constant& constant : type.constants) {
    const Value value = Value::Int(constant.value);
    tables_->constants[type.name + '.' + constant.name] = {mine, value, nullptr, nullptr};
    const auto [at, added] =
        tables_->constants.emplace(constant.name, ConstantDecl{mine, value, nullptr, nullptr});
    // Both enums mean the same number by that name: it goes with either.
    if (!added && at->second.value.is(Kind::kInt) && at->second.value.AsInt() == constant.value &&
        !(at->second.type == mine))
      at->second.type = Type::Int();
  }
  tables_->enums[type.name] = std::move(type);
  return *this;
}

EnvBuilder& EnvBuilder::Opaque(const OpaqueType* type) {
  tables_->opaques[std::string(type->name)] = type;
  auto of = std::make_shared<const Type>(Type::Opaque(type->name));
  tables_->constants[std::string(type->name)] = {Type::TypeType(*of), Value::TypeValue(of.get()),
                                                 nullptr, of};
  if (type->compare == nullptr) return *this;
  for (const auto& [name, id] :
       {std::pair{kLess, "less_"}, std::pair{kLessEquals, "less_equals_"},
        std::pair{kGreater, "greater_"}, std::pair{kGreaterEquals, "greater_equals_"}})
    Function(name, {.id = id + std::string(type->name),
                    .parameters = {*of, *of},
                    .result = Type::Bool(),
                    .callback = {},
                    .description = {},
                    .example = {}});
  return *this;
}

EnvBuilder& EnvBuilder::Constant(std::string_view name, const Type& type, const Value& value) {
  tables_->constants[std::string(name)] = {type, value, nullptr, nullptr};
  return *this;
}

EnvBuilder& EnvBuilder::Function(std::string_view name, Overload overload) {
  std::shared_ptr<FunctionDecl>& function = tables_->functions[std::string(name)];
  if (function == nullptr || function.use_count() > 1) {
    // Another Env has it too: extend a copy.
    auto copy = std::make_shared<FunctionDecl>();
    copy->name = name;
    if (function != nullptr)
      for (const auto& entry : function->overloads)
        copy->overloads.push_back(MakeEntry(entry->overload, copy->arena));
    function = std::move(copy);
  }
  auto entry = MakeEntry(std::move(overload), function->arena);
  for (auto& other : function->overloads)
    if (other->overload.id == entry->overload.id) {
      other = std::move(entry);
      return *this;
    }
  function->overloads.push_back(std::move(entry));
  return *this;
}

EnvBuilder& EnvBuilder::Container(std::string_view container) {
  tables_->container = container;
  return *this;
}

std::shared_ptr<const Env> EnvBuilder::Build() && {
  EnvTables& tables = *tables_;
  std::vector<std::string_view> names;
  for (VariableDecl& variable : tables.variables) {
    RequireDeclared(tables, variable.type);
    variable.term = ToTerm(variable.type, names, tables.arena);
  }
  for (auto& [name, constant] : tables.constants)
    constant.term = ToTerm(constant.type, names, tables.arena);
  for (auto& [name, record] : tables.structs) {
    record.fields.clear();
    for (const StructType::Field& field : record.type->fields) {
      RequireDeclared(tables, field.type);
      record.fields.push_back(ToTerm(field.type, names, tables.arena));
    }
    record.term = ToTerm(Type::Struct(name), names, tables.arena);
  }
  STRONGROOM_CHECK(names.empty());  // parameters belong to functions
  return std::shared_ptr<const Env>(new Env(std::shared_ptr<const EnvTables>(std::move(tables_))));
}

}  // namespace strongroom::cel
