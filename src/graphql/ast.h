// The syntax tree of a document. Nodes and texts live in the arena of their Document, are never
// changed after parsing, and are trivially destructible.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace strongroom::graphql {

// `offset` of every node is the byte offset of its first character in Document::text.
struct Name {
  std::string_view text;
  std::uint32_t offset = 0;
  bool empty() const { return text.empty(); }
};

struct Value;

struct ObjectField {
  Name name;
  const Value* value = nullptr;
};

struct Value {
  enum class Kind { kVariable, kInt, kFloat, kString, kBoolean, kNull, kEnum, kList, kObject };
  Kind kind = Kind::kNull;
  bool boolean = false;
  bool block = false;  // kString written as a block string
  std::uint32_t offset = 0;
  std::string_view text;  // variable name without `$`, number as written, string decoded, enum name
  std::span<const Value* const> items;  // kList
  std::span<const ObjectField> fields;  // kObject, in the order written
};

struct TypeNode {
  enum class Kind { kNamed, kList, kNonNull };
  Kind kind = Kind::kNamed;
  std::uint32_t offset = 0;
  Name name;                        // kNamed
  const TypeNode* inner = nullptr;  // kList, kNonNull
};

struct Argument {
  Name name;
  const Value* value = nullptr;
};

struct Directive {
  std::uint32_t offset = 0;
  Name name;
  std::span<const Argument> arguments;
};

struct Selection;

struct SelectionSet {
  std::uint32_t offset = 0;
  std::span<const Selection> selections;
};

struct Selection {
  enum class Kind { kField, kSpread, kInline };
  Kind kind = Kind::kField;
  std::uint32_t offset = 0;
  Name alias;           // kField; empty when there is none
  Name name;            // kField: the field; kSpread: the fragment
  Name type_condition;  // kInline; empty when there is none
  std::span<const Argument> arguments;
  std::span<const Directive> directives;
  const SelectionSet* selection_set = nullptr;  // kField (may be null), kInline

  std::string_view ResponseKey() const { return alias.empty() ? name.text : alias.text; }
};

struct VariableDefinition {
  std::uint32_t offset = 0;
  Name name;                      // without `$`
  std::uint32_t name_offset = 0;  // of the `$`
  const TypeNode* type = nullptr;
  const Value* default_value = nullptr;
  std::span<const Directive> directives;
};

enum class OperationKind { kQuery, kMutation, kSubscription };

struct OperationDefinition {
  std::uint32_t offset = 0;
  OperationKind kind = OperationKind::kQuery;
  Name name;  // empty when anonymous
  std::span<const VariableDefinition> variables;
  std::span<const Directive> directives;
  const SelectionSet* selection_set = nullptr;
};

struct FragmentDefinition {
  std::uint32_t offset = 0;
  Name name;
  Name type_condition;
  std::span<const Directive> directives;
  const SelectionSet* selection_set = nullptr;
};

// --- type system ---------------------------------------------------------------------------

struct InputValueDefinition {
  std::uint32_t offset = 0;
  std::string_view description;
  Name name;
  const TypeNode* type = nullptr;
  const Value* default_value = nullptr;
  std::span<const Directive> directives;
};

struct FieldDefinition {
  std::uint32_t offset = 0;
  std::string_view description;
  Name name;
  std::span<const InputValueDefinition> arguments;
  const TypeNode* type = nullptr;
  std::span<const Directive> directives;
};

struct EnumValueDefinition {
  std::uint32_t offset = 0;
  std::string_view description;
  Name name;
  std::span<const Directive> directives;
};

struct RootOperation {
  OperationKind kind = OperationKind::kQuery;
  Name type;
};

// A `schema`, type or directive definition or extension.
struct SystemDefinition {
  enum class Kind { kSchema, kScalar, kObject, kInterface, kUnion, kEnum, kInput, kDirective };
  Kind kind = Kind::kSchema;
  bool extension = false;
  bool repeatable = false;  // kDirective
  std::uint32_t offset = 0;
  std::string_view description;
  Name name;
  std::span<const Directive> directives;
  std::span<const Name> interfaces;
  std::span<const FieldDefinition> fields;
  std::span<const InputValueDefinition> inputs;  // kInput: fields; kDirective: arguments
  std::span<const EnumValueDefinition> values;
  std::span<const Name> names;  // kUnion: members; kDirective: locations
  std::span<const RootOperation> roots;
};

struct Definition {
  const OperationDefinition* operation = nullptr;  // exactly one of the three is set
  const FragmentDefinition* fragment = nullptr;
  const SystemDefinition* system = nullptr;
};

// Owns the text and everything above. Immutable once parsed; safe to share between threads.
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {}
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  std::string_view text() const { return text_; }
  std::span<const Definition> definitions() const { return definitions_; }
  std::pmr::memory_resource* arena() { return &arena_; }
  void set_definitions(std::span<const Definition> definitions) { definitions_ = definitions; }

 private:
  std::string text_;
  std::pmr::monotonic_buffer_resource arena_;
  std::span<const Definition> definitions_;
};

}  // namespace strongroom::graphql
