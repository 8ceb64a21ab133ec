// The checker's types. A Type is a small immutable value; copying one is cheap.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::cel {

enum class TypeKind : std::uint8_t {
  kDyn,  // known only when evaluating; goes with everything
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kTypeType,  // the type of `int`, `type(1)`
  kList,
  kMap,
  kOptional,
  kNullable,  // null, or a value of its parameter: a field that may be unset
  kStruct,    // a record with typed fields, declared in the Env
  kEnum,      // named int constants: goes with int, not with another enum
  kOpaque,    // a type from outside the core, such as uuid
  kParam,     // stands for any one type in an overload
};

class Type {
 public:
  // kDyn
  Type();

  static Type Dyn();
  static Type Null();
  static Type Bool();
  static Type Int();
  static Type Uint();
  static Type Double();
  static Type String();
  static Type Bytes();
  static Type Timestamp();
  static Type Duration();
  static Type TypeType(const Type& of = {});
  static Type List(const Type& element);
  static Type Map(const Type& key, const Type& value);
  static Type Optional(const Type& of);
  static Type Nullable(const Type& of);
  // Refer by name to what the Env declares, so that records may refer to each other.
  static Type Struct(std::string_view name);
  static Type Enum(std::string_view name);
  static Type Opaque(std::string_view name, std::vector<Type> parameters = {});
  static Type Param(std::string_view name);

  TypeKind kind() const { return node_->kind; }
  bool is(TypeKind kind) const { return node_->kind == kind; }
  // Of structs, enums, opaque types and parameters.
  std::string_view name() const { return node_->name; }
  std::span<const Type> parameters() const { return node_->parameters; }
  const Type& parameter(std::size_t index) const { return node_->parameters[index]; }

  // `map(string, list(dyn))`, as compile errors print it.
  std::string ToString() const;
  bool operator==(const Type& other) const;

 private:
  struct Node {
    TypeKind kind = TypeKind::kDyn;
    std::string name;
    std::vector<Type> parameters;
  };
  explicit Type(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  static Type Simple(TypeKind kind);
  static Type Make(TypeKind kind, std::string_view name, std::vector<Type> parameters);

  std::shared_ptr<const Node> node_;
};

// A record's declaration. Its fields are numbered by their place here.
struct StructType {
  struct Field {
    std::string name;
    Type type;
  };
  std::string name;
  std::vector<Field> fields;

  static constexpr std::size_t kNoField = static_cast<std::size_t>(-1);
  std::size_t FindField(std::string_view field) const;
};

// An enum's declaration; constants are visible by their bare name.
struct EnumType {
  struct Constant {
    std::string name;
    std::int64_t value = 0;
  };
  std::string name;
  std::vector<Constant> constants;
};

}  // namespace strongroom::cel
