#include "graphql/schema_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "graphql/built_in_sdl.h"
#include "graphql/parser.h"

namespace strongroom::graphql {
namespace {

constexpr std::pair<std::string_view, BuiltIn> kScalars[] = {{"Int", BuiltIn::kInt},
                                                             {"Float", BuiltIn::kFloat},
                                                             {"String", BuiltIn::kString},
                                                             {"Boolean", BuiltIn::kBoolean},
                                                             {"ID", BuiltIn::kId}};

BuiltIn BuiltInOf(std::string_view name) {
  for (const auto& [scalar, built_in] : kScalars)
    if (scalar == name) return built_in;
  return BuiltIn::kCustom;
}

// A schema is the operator's own text: only its size in memory bounds it.
Limits SchemaLimits() {
  Limits limits;
  limits.document_bytes_max = limits.tokens_max = std::numeric_limits<std::size_t>::max();
  return limits;
}

struct Documents {
  std::shared_ptr<const Document> own, built_in;
};

template <typename T>
void Number(NamedType& type, std::vector<T>& members) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].index = i;
    type.lookup.emplace(members[i].name, i);
  }
}

}  // namespace

base::Result<std::shared_ptr<const Schema>> SchemaBuilder::Build(std::string sdl) {
  ParseResult own = Parse(std::move(sdl), SchemaLimits());
  if (const auto* error = std::get_if<RequestError>(&own)) {
    const Location at = error->locations.empty() ? Location() : error->locations[0];
    return base::MakeError(
        error->code, fmt::format("{} (line {}, column {})", error->message, at.line, at.column));
  }
  ParseResult built_in = Parse(std::string(BuiltInSdl()), SchemaLimits());
  auto documents = std::make_shared<Documents>(
      Documents{std::get<0>(std::move(own)), std::get<0>(std::move(built_in))});
  own_ = documents->own.get();
  built_in_ = documents->built_in.get();
  schema_ = std::shared_ptr<Schema>(new Schema());
  schema_->document_ = std::shared_ptr<const Document>(documents, own_);

  Declare(*own_, false);
  Declare(*built_in_, true);
  FindRoots();
  Fill(*own_, false);
  Fill(*built_in_, true);
  if (fault_) return std::move(*fault_);
  DropUnusedScalars();
  Link();
  AddMetaFields();
  Check();
  if (fault_) return std::move(*fault_);
  return std::shared_ptr<const Schema>(std::move(schema_));
}

void SchemaBuilder::Fail(std::uint32_t offset, std::string_view message) {
  if (fault_) return;
  const Location at = LocationAt(own_->text(), offset);
  fault_ = base::MakeError(base::ErrorCode::kGraphqlValidationFailed,
                           fmt::format("{} (line {}, column {})", message, at.line, at.column));
}

void SchemaBuilder::FailAt(const NamedType& type, std::string_view message) {
  const auto found = offsets_.find(&type);
  Fail(found == offsets_.end() ? 0 : found->second, message);
}

void SchemaBuilder::Declare(const Document& document, bool built_in) {
  for (const Definition& definition : document.definitions()) {
    const SystemDefinition* system = definition.system;
    if (system == nullptr) {
      const auto offset = definition.operation != nullptr ? definition.operation->offset
                                                          : definition.fragment->offset;
      Fail(offset, "a schema has no operations and no fragments");
      continue;
    }
    // The schema and the directives refer to types: they come when all of those are known.
    const bool type = system->kind != SystemDefinition::Kind::kSchema &&
                      system->kind != SystemDefinition::Kind::kDirective;
    if (type && !system->extension) DeclareType(*system, built_in);
  }
}

void SchemaBuilder::DeclareType(const SystemDefinition& definition, bool built_in) {
  const std::string_view name = definition.name.text;
  const BuiltIn scalar = BuiltInOf(name);
  if (!built_in && scalar != BuiltIn::kCustom) {
    if (definition.kind != SystemDefinition::Kind::kScalar)
      Fail(definition.name.offset, fmt::format("`{}` is a scalar of the specification", name));
    return;
  }
  if (!built_in && name.starts_with("__"))
    return Fail(definition.name.offset,
                fmt::format("`{}` begins with two underscores, which is reserved", name));
  if (schema_->FindType(name) != nullptr)
    return Fail(definition.name.offset, fmt::format("type `{}` is defined twice", name));
  static constexpr TypeKind kKinds[] = {TypeKind::kScalar,     TypeKind::kScalar, TypeKind::kObject,
                                        TypeKind::kInterface,  TypeKind::kUnion,  TypeKind::kEnum,
                                        TypeKind::kInputObject};
  auto type = std::make_unique<NamedType>();
  type->kind = kKinds[static_cast<std::size_t>(definition.kind)];
  type->built_in = scalar;
  type->introspection = name.starts_with("__");
  type->name = name;
  type->description = definition.description;
  type->index = schema_->types_.size();
  if (!built_in) offsets_.emplace(type.get(), definition.name.offset);
  schema_->types_by_name_.emplace(type->name, type.get());
  UseOfName(*type);
  schema_->types_.push_back(std::move(type));
}

void SchemaBuilder::AddDirective(const SystemDefinition& definition, bool built_in) {
  const std::string_view name = definition.name.text;
  if (schema_->FindDirective(name) != nullptr) {
    if (!built_in)
      Fail(definition.name.offset, fmt::format("directive `@{}` is defined twice", name));
    return;  // a schema may spell out what is built in
  }
  if (name.starts_with("__"))
    Fail(definition.name.offset,
         fmt::format("`@{}` begins with two underscores, which is reserved", name));
  DirectiveType directive;
  directive.name = name;
  directive.description = definition.description;
  directive.repeatable = definition.repeatable;
  directive.built_in = built_in;
  for (const Name& location : definition.names) directive.locations.emplace_back(location.text);
  AddInputs(definition.inputs, fmt::format("@{}", name), directive.arguments);
  for (std::size_t i = 0; i < directive.arguments.size(); ++i) directive.arguments[i].index = i;
  schema_->directives_.push_back(std::move(directive));
}

void SchemaBuilder::AddRoots(const SystemDefinition& definition) {
  if (!definition.extension) {
    if (schema_defined_) Fail(definition.offset, "the schema is defined twice");
    schema_defined_ = true;
    schema_->description_ = definition.description;
  }
  for (const RootOperation& root : definition.roots) {
    const NamedType*& slot = schema_->roots_[static_cast<std::size_t>(root.kind)];
    const NamedType* type = schema_->FindType(root.type.text);
    if (slot != nullptr) Fail(root.type.offset, "an operation has one root type only");
    if (type == nullptr)
      Fail(root.type.offset, fmt::format("type `{}` is not defined", root.type.text));
    else if (type->kind != TypeKind::kObject)
      Fail(root.type.offset, fmt::format("root type `{}` is not an object type", type->name));
    slot = type;
  }
}

void SchemaBuilder::FindRoots() {
  for (const Definition& definition : own_->definitions())
    if (definition.system != nullptr && definition.system->kind == SystemDefinition::Kind::kSchema)
      AddRoots(*definition.system);
  static constexpr std::string_view kUsual[] = {"Query", "Mutation", "Subscription"};
  for (std::size_t i = 0; i < 3 && !schema_defined_; ++i) {
    const NamedType* type = schema_->FindType(kUsual[i]);
    if (type != nullptr && type->kind == TypeKind::kObject && schema_->roots_[i] == nullptr)
      schema_->roots_[i] = type;
  }
  if (schema_->Root(OperationKind::kQuery) == nullptr) Fail(0, "the schema has no query root");
}

void SchemaBuilder::Fill(const Document& document, bool built_in) {
  for (const Definition& definition : document.definitions()) {
    const SystemDefinition* system = definition.system;
    if (system == nullptr || system->kind == SystemDefinition::Kind::kSchema) continue;
    if (system->kind == SystemDefinition::Kind::kDirective) {
      AddDirective(*system, built_in);
      continue;
    }
    const auto found = schema_->types_by_name_.find(system->name.text);
    if (found == schema_->types_by_name_.end())
      Fail(system->name.offset, fmt::format("type `{}` is not defined", system->name.text));
    else if (found->second->built_in == BuiltIn::kCustom)
      FillType(*system, *found->second);
  }
}

const Type* SchemaBuilder::UseOfName(const NamedType& type) {
  auto& use = schema_->type_uses_[type.name];
  if (use == nullptr)
    use = std::make_unique<Type>(Type{Type::Kind::kNamed, &type, nullptr, type.name});
  return use.get();
}

const Type* SchemaBuilder::Wrap(const Type& inner, Type::Kind kind) {
  std::string text = kind == Type::Kind::kList ? '[' + inner.text + ']' : inner.text + '!';
  auto& use = schema_->type_uses_[text];
  if (use == nullptr) use = std::make_unique<Type>(Type{kind, inner.named, &inner, text});
  return use.get();
}

const Type* SchemaBuilder::Use(const TypeNode& node) {
  if (node.kind == TypeNode::Kind::kNamed) {
    const NamedType* type = schema_->FindType(node.name.text);
    if (type != nullptr) {
      used_.insert(type);
      return UseOfName(*type);
    }
    Fail(node.offset, fmt::format("type `{}` is not defined", node.name.text));
    return nullptr;
  }
  const Type* inner = Use(*node.inner);
  if (inner == nullptr) return nullptr;
  return Wrap(*inner,
              node.kind == TypeNode::Kind::kList ? Type::Kind::kList : Type::Kind::kNonNull);
}

// A scalar of the specification that nothing refers to is not part of a schema (GraphQL 3.5).
void SchemaBuilder::DropUnusedScalars() {
  std::erase_if(schema_->types_, [this](const std::unique_ptr<NamedType>& type) {
    if (type->built_in == BuiltIn::kCustom || used_.contains(type.get())) return false;
    schema_->type_uses_.erase(type->name);
    schema_->types_by_name_.erase(type->name);
    return true;
  });
  for (std::size_t i = 0; i < schema_->types_.size(); ++i) schema_->types_[i]->index = i;
}

void SchemaBuilder::Link() {
  for (const auto& type : schema_->types_) {
    // INVARIANT: members don't move from here on, so that views of their names stay valid.
    Number(*type, type->fields);
    Number(*type, type->input_fields);
    Number(*type, type->values);
    if (type->kind != TypeKind::kObject) continue;
    type->possible.push_back(type.get());
    for (const NamedType* interface : type->interfaces)
      schema_->types_[interface->index]->possible.push_back(type.get());
  }
}

void SchemaBuilder::AddMetaFields() {
  const auto use = [this](std::string_view name) { return UseOfName(*schema_->FindType(name)); };
  Schema& schema = *schema_;
  schema.typename_field_.name = "__typename";
  schema.typename_field_.type = Wrap(*use("String"), Type::Kind::kNonNull);
  schema.schema_field_.name = "__schema";
  schema.schema_field_.type = Wrap(*use("__Schema"), Type::Kind::kNonNull);
  schema.type_field_.name = "__type";
  schema.type_field_.type = use("__Type");
  InputField name;
  name.name = "name";
  name.type = schema.typename_field_.type;
  schema.type_field_.arguments.push_back(std::move(name));
}

base::Result<std::shared_ptr<const Schema>> BuildSchema(std::string sdl) {
  return SchemaBuilder().Build(std::move(sdl));
}

}  // namespace strongroom::graphql
