// What the embedder implements: one function per field, called when the field is executed.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "graphql/input.h"
#include "graphql/schema.h"
#include "graphql/source.h"

namespace strongroom::graphql {

// A value of an object type: the type, and whatever the embedder keeps about it.
struct Object {
  const NamedType* type = nullptr;  // null: the declared type of the field, when that is an object
  std::shared_ptr<const void> data;

  // A handle that doesn't own: `data` must outlive the execution. Costs no atomic operation.
  static Object Borrow(const NamedType* type, const void* data) {
    return {type, std::shared_ptr<const void>(std::shared_ptr<const void>(), data)};
  }
  template <typename T>
  const T& As() const {
    return *static_cast<const T*>(data.get());
  }
};

// What a resolver answers. A string_view must stay valid until the resolver's field is written,
// which is before the next resolver of the same parent runs. In a list, an element may be an Error.
class Resolved {
 public:
  using List = std::vector<Resolved>;

  Resolved() = default;                                             // null
  Resolved(std::nullptr_t) {}                                       // NOLINT
  Resolved(bool value) : value_(value) {}                           // NOLINT
  Resolved(int value) : value_(std::int64_t{value}) {}              // NOLINT
  Resolved(std::int64_t value) : value_(value) {}                   // NOLINT
  Resolved(double value) : value_(value) {}                         // NOLINT
  Resolved(std::string value) : value_(std::move(value)) {}         // NOLINT
  Resolved(std::string_view value) : value_(value) {}               // NOLINT
  Resolved(const char* value) : value_(std::string_view(value)) {}  // NOLINT
  Resolved(JsonPtr value) : value_(std::move(value)) {}             // NOLINT
  Resolved(Object value) : value_(std::move(value)) {}              // NOLINT
  Resolved(List value) : value_(std::move(value)) {}                // NOLINT
  // An element of a list that could not be had: null with this error at its index.
  static Resolved Failed(base::Error error) {
    Resolved resolved;
    resolved.value_ = std::make_shared<const base::Error>(std::move(error));
    return resolved;
  }

  using Variant =
      std::variant<std::monostate, bool, std::int64_t, double, std::string, std::string_view,
                   JsonPtr, Object, List, std::shared_ptr<const base::Error>>;
  const Variant& variant() const { return value_; }
  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }

 private:
  Variant value_;
};

// A step of a response path: a response key, or an index.
struct PathSegment {
  std::string_view key;
  std::size_t index = 0;
  bool is_index = false;
};

struct PathLink {
  const PathLink* parent = nullptr;
  PathSegment segment;
};

// The selections of one response key of one object type, merged.
struct PlannedField;

// All fields selected on one object type, in the order of the document, fragments expanded and
// `@skip`/`@include` already applied.
struct PlannedSet {
  const NamedType* type = nullptr;
  std::vector<PlannedField> fields;

  // Whether the field of that name (not alias) is selected.
  bool Selects(std::string_view field_name) const;
  const PlannedField* Find(std::string_view field_name) const;  // the first of that name, or null
};

struct PlannedField {
  const FieldType* field = nullptr;
  std::string_view response_key;
  std::string key_text;                  // `"key":` as it is written
  Location location;                     // of the first of the merged fields
  const Selection* selection = nullptr;  // that field's node: its directives
  // Arguments that name no variable are coerced once; null: per execution.
  std::shared_ptr<const base::Result<Arguments>> arguments;
  std::size_t slot = 0;  // numbers the fields of a plan
  std::size_t resolver = 0;
  std::vector<const PlannedSet*> sets;  // by possible type, in the order of NamedType::possible

  // What is selected below this field on objects of `type`; null for leaves and other types.
  const PlannedSet* Below(const NamedType& type) const;
};

struct FieldContext {
  const Object& parent;
  const Arguments& arguments;
  const PlannedField& field;
  const PathLink& path;
  void* request;  // as given to Execute

  template <typename T>
  T& Request() const {
    return *static_cast<T*>(request);
  }
};

// Called on the thread that called Execute, depth first, in the order of the document.
using Resolver = std::function<base::Result<Resolved>(const FieldContext&)>;

}  // namespace strongroom::graphql
