#include "cel/type.h"

#include <array>
#include <utility>

#include "base/check.h"

namespace strongroom::cel {
namespace {

constexpr std::size_t kSimpleKinds = static_cast<std::size_t>(TypeKind::kTypeType);

std::string_view KindName(TypeKind kind) {
  switch (kind) {
    case TypeKind::kDyn: return "dyn";
    case TypeKind::kNull: return "null";
    case TypeKind::kBool: return "bool";
    case TypeKind::kInt: return "int";
    case TypeKind::kUint: return "uint";
    case TypeKind::kDouble: return "double";
    case TypeKind::kString: return "string";
    case TypeKind::kBytes: return "bytes";
    case TypeKind::kTimestamp: return "timestamp";
    case TypeKind::kDuration: return "duration";
    case TypeKind::kTypeType: return "type";
    case TypeKind::kList: return "list";
    case TypeKind::kMap: return "map";
    case TypeKind::kOptional: return "optional_type";
    case TypeKind::kNullable: return "nullable";
    case TypeKind::kStruct:
    case TypeKind::kEnum:
    case TypeKind::kOpaque:
    case TypeKind::kParam: break;
  }
  return {};
}

}  // namespace

Type Type::Make(TypeKind kind, std::string_view name, std::vector<Type> parameters) {
  return Type(std::make_shared<const Node>(Node{kind, std::string(name), std::move(parameters)}));
}

Type Type::Simple(TypeKind kind) {
  static const auto kTypes = [] {
    std::array<std::shared_ptr<const Node>, kSimpleKinds> types;
    for (std::size_t i = 0; i < kSimpleKinds; ++i)
      types[i] = std::make_shared<const Node>(Node{static_cast<TypeKind>(i), {}, {}});
    return types;
  }();
  return Type(kTypes[static_cast<std::size_t>(kind)]);
}

Type::Type() : Type(Simple(TypeKind::kDyn)) {}

Type Type::Dyn() { return Simple(TypeKind::kDyn); }
Type Type::Null() { return Simple(TypeKind::kNull); }
Type Type::Bool() { return Simple(TypeKind::kBool); }
Type Type::Int() { return Simple(TypeKind::kInt); }
Type Type::Uint() { return Simple(TypeKind::kUint); }
Type Type::Double() { return Simple(TypeKind::kDouble); }
Type Type::String() { return Simple(TypeKind::kString); }
Type Type::Bytes() { return Simple(TypeKind::kBytes); }
Type Type::Timestamp() { return Simple(TypeKind::kTimestamp); }
Type Type::Duration() { return Simple(TypeKind::kDuration); }
Type Type::TypeType(const Type& of) { return Make(TypeKind::kTypeType, {}, {of}); }
Type Type::List(const Type& element) { return Make(TypeKind::kList, {}, {element}); }
Type Type::Map(const Type& key, const Type& value) {
  return Make(TypeKind::kMap, {}, {key, value});
}
Type Type::Optional(const Type& of) { return Make(TypeKind::kOptional, {}, {of}); }
Type Type::Nullable(const Type& of) { return Make(TypeKind::kNullable, {}, {of}); }
Type Type::Struct(std::string_view name) { return Make(TypeKind::kStruct, name, {}); }
Type Type::Enum(std::string_view name) { return Make(TypeKind::kEnum, name, {}); }
Type Type::Opaque(std::string_view name, std::vector<Type> parameters) {
  return Make(TypeKind::kOpaque, name, std::move(parameters));
}
Type Type::Param(std::string_view name) { return Make(TypeKind::kParam, name, {}); }

std::string Type::ToString() const {
  std::string text(name().empty() ? KindName(kind()) : name());
  if (parameters().empty()) return text;
  // `type` alone says as much as `type(dyn)`.
  if (is(TypeKind::kTypeType) && parameter(0).is(TypeKind::kDyn)) return text;
  char separator = '(';
  for (const Type& parameter : parameters()) {
    text += separator;
    if (separator == ',') text += ' ';
    text += parameter.ToString();
    separator = ',';
  }
  return text + ')';
}

bool Type::operator==(const Type& other) const {
  if (node_ == other.node_) return true;
  return node_->kind == other.node_->kind && node_->name == other.node_->name &&
         node_->parameters == other.node_->parameters;
}

std::size_t StructType::FindField(std::string_view field) const {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == field) return i;
  return kNoField;
}

}  // namespace strongroom::cel
