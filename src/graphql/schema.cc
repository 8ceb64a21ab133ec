#include "graphql/schema.h"

#include <algorithm>

namespace strongroom::graphql {
namespace {

template <typename T>
const T* Find(const NamedType& type, const std::vector<T>& members, std::string_view name) {
  const auto found = type.lookup.find(name);
  return found == type.lookup.end() ? nullptr : &members[found->second];
}

template <typename T>
const T* FindByName(const std::vector<T>& members, std::string_view name) {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const T& m) { return m.name == name; });
  return found == members.end() ? nullptr : &*found;
}

}  // namespace

const InputField* FieldType::FindArgument(std::string_view argument) const {
  return FindByName(arguments, argument);
}

const InputField* DirectiveType::FindArgument(std::string_view argument) const {
  return FindByName(arguments, argument);
}

const FieldType* NamedType::FindField(std::string_view field_name) const {
  return kind == TypeKind::kObject || kind == TypeKind::kInterface ? Find(*this, fields, field_name)
                                                                   : nullptr;
}

const InputField* NamedType::FindInputField(std::string_view field_name) const {
  return kind == TypeKind::kInputObject ? Find(*this, input_fields, field_name) : nullptr;
}

const EnumValue* NamedType::FindValue(std::string_view value_name) const {
  return kind == TypeKind::kEnum ? Find(*this, values, value_name) : nullptr;
}

bool NamedType::IsAbstract() const {
  return kind == TypeKind::kInterface || kind == TypeKind::kUnion;
}

bool NamedType::IsComposite() const { return kind == TypeKind::kObject || IsAbstract(); }

bool NamedType::IsLeaf() const { return kind == TypeKind::kScalar || kind == TypeKind::kEnum; }

bool NamedType::IsInput() const { return IsLeaf() || kind == TypeKind::kInputObject; }

bool NamedType::Includes(const NamedType& type) const {
  return &type == this || std::find(possible.begin(), possible.end(), &type) != possible.end();
}

const NamedType* Schema::FindType(std::string_view name) const {
  const auto found = types_by_name_.find(name);
  return found == types_by_name_.end() ? nullptr : found->second;
}

const DirectiveType* Schema::FindDirective(std::string_view name) const {
  return FindByName(directives_, name);
}

const NamedType* Schema::Root(OperationKind kind) const {
  return roots_[static_cast<std::size_t>(kind)];
}

const FieldType* Schema::MetaField(const NamedType& parent, std::string_view name) const {
  if (!name.starts_with("__")) return nullptr;
  if (name == typename_field_.name && parent.IsComposite()) return &typename_field_;
  if (&parent != Root(OperationKind::kQuery)) return nullptr;
  if (name == schema_field_.name) return &schema_field_;
  return name == type_field_.name ? &type_field_ : nullptr;
}

const FieldType* Schema::FindField(const NamedType& parent, std::string_view name) const {
  const FieldType* field = parent.FindField(name);
  return field != nullptr ? field : MetaField(parent, name);
}

const Type* Schema::UseOf(const NamedType& type) const {
  return type_uses_.find(type.name)->second.get();
}

const Type* Schema::Resolve(const TypeNode& node, std::vector<std::unique_ptr<Type>>& extra) const {
  if (node.kind == TypeNode::Kind::kNamed) {
    const NamedType* named = FindType(node.name.text);
    return named == nullptr ? nullptr : UseOf(*named);
  }
  const Type* inner = Resolve(*node.inner, extra);
  if (inner == nullptr) return nullptr;
  const bool list = node.kind == TypeNode::Kind::kList;
  std::string text = list ? '[' + inner->text + ']' : inner->text + '!';
  if (const auto use = type_uses_.find(text); use != type_uses_.end()) return use->second.get();
  for (const auto& type : extra)
    if (type->text == text) return type.get();
  extra.push_back(std::make_unique<Type>(
      Type{list ? Type::Kind::kList : Type::Kind::kNonNull, inner->named, inner, text}));
  return extra.back().get();
}

}  // namespace strongroom::graphql
