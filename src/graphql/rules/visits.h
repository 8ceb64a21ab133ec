// The nodes of a document as rules meet them: each with what the schema says about its place. A
// null definition or type means that the schema has none, which another rule reports.
#pragma once

#include <string_view>

#include "graphql/ast.h"
#include "graphql/schema.h"

namespace strongroom::graphql::rules {

struct SelectionSetVisit {
  const SelectionSet& node;
  const NamedType* parent;  // object, interface, union; or null
  bool of_inline_fragment;
};

struct FieldVisit {
  const Selection& node;
  const NamedType* parent;
  const FieldType* field;
};

struct SpreadVisit {
  const Selection& node;
  const NamedType* parent;
};

struct InlineFragmentVisit {
  const Selection& node;
  const NamedType* parent;
  const NamedType* type;  // what it narrows to; not always composite
};

// An argument of a field. Those of directives are met with their directive.
struct ArgumentVisit {
  const Argument& node;
  const NamedType* parent;
  const FieldType* field;
  const InputField* argument;
};

struct DirectiveVisit {
  const Directive& node;
  const DirectiveType* type;
  std::string_view location;  // `FIELD`, `QUERY`, …
};

struct ValueVisit {
  const Value& node;
  const Type* type;  // what the place takes
  bool has_default;  // whether the place has a default of its own
};

struct ObjectFieldVisit {
  const ObjectField& node;
  const Type* object_type;
  const Type* type;
};

// The name of a type where a type is used.
struct TypeNameVisit {
  const Name& name;
  bool in_type_system;  // inside a type system definition
};

}  // namespace strongroom::graphql::rules
