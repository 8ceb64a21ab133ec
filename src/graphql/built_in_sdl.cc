#include "graphql/built_in_sdl.h"

namespace strongroom::graphql {

std::string_view BuiltInSdl() {
  static constexpr std::string_view kText = R"(
"A whole number from -2147483648 to 2147483647."
scalar Int
"A number in double precision (IEEE 754)."
scalar Float
"Text: any sequence of Unicode characters."
scalar String
"`true` or `false`."
scalar Boolean
"A unique identifier, written as a string; whole numbers are taken as well."
scalar ID

"Leaves the selection out when `if` is true."
directive @skip("Whether to leave it out." if: Boolean!)
  on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Leaves the selection out when `if` is false."
directive @include("Whether to keep it." if: Boolean!)
  on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Says that something is kept for old clients only."
directive @deprecated("Why, and what to use instead." reason: String = "No longer supported")
  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
"Names the document that specifies a scalar."
directive @specifiedBy("Address of that document." url: String!) on SCALAR

"The whole type system: its types, its directives and the roots of its operations."
type __Schema {
  description: String
  "All types, those of introspection included."
  types: [__Type!]!
  "Where queries start."
  queryType: __Type!
  "Where mutations start, if there are any."
  mutationType: __Type
  "Where subscriptions start, if there are any."
  subscriptionType: __Type
  "All directives that a document may use."
  directives: [__Directive!]!
}

"A type, or a list or non-null wrapper around one. Which fields have values depends on `kind`."
type __Type {
  kind: __TypeKind!
  name: String
  description: String
  specifiedByURL: String
  fields(includeDeprecated: Boolean = false): [__Field!]
  interfaces: [__Type!]
  possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
  "The wrapped type of a list or non-null type."
  ofType: __Type
}

"What a type is."
enum __TypeKind {
  SCALAR
  OBJECT
  INTERFACE
  UNION
  ENUM
  INPUT_OBJECT
  LIST
  NON_NULL
}

"A field of an object or interface type."
type __Field {
  name: String!
  description: String
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  type: __Type!
  isDeprecated: Boolean!
  deprecationReason: String
}

"An argument, or a field of an input object."
type __InputValue {
  name: String!
  description: String
  type: __Type!
  "The default, written as a GraphQL literal."
  defaultValue: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"A value of an enum."
type __EnumValue {
  name: String!
  description: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"An annotation that changes how a part of a document is treated."
type __Directive {
  name: String!
  description: String
  isRepeatable: Boolean!
  locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}

"Where a directive may stand."
enum __DirectiveLocation {
  QUERY
  MUTATION
  SUBSCRIPTION
  FIELD
  FRAGMENT_DEFINITION
  FRAGMENT_SPREAD
  INLINE_FRAGMENT
  VARIABLE_DEFINITION
  SCHEMA
  SCALAR
  OBJECT
  FIELD_DEFINITION
  ARGUMENT_DEFINITION
  INTERFACE
  UNION
  ENUM
  ENUM_VALUE
  INPUT_OBJECT
  INPUT_FIELD_DEFINITION
}
)";
  return kText;
}

}  // namespace strongroom::graphql
