// `__schema` and `__type` (GraphQL 4): the schema as data, answered by resolvers like any other.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "graphql/resolver.h"
#include "graphql/schema.h"

namespace strongroom::graphql {

class Introspection {
 public:
  explicit Introspection(const Schema& schema);

  const Schema& schema() const { return schema_; }
  // GraphQL 3.5: scalars of the specification that nothing refers to are not there.
  const std::vector<const NamedType*>& types() const { return types_; }

  struct Row {
    std::string_view type;  // empty: the query root
    std::string_view field;
    Resolved (*read)(const Introspection& introspection, const FieldContext& context);
  };
  // Every field of the introspection types, `__schema` and `__type`.
  static const std::vector<Row>& Rows();

 private:
  const Schema& schema_;
  std::vector<const NamedType*> types_;
};

}  // namespace strongroom::graphql
