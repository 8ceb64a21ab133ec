// The engine that the fuzzers of this folder feed: every kind of type, resolvers that answer
// anything and sometimes fail.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "graphql/engine.h"

namespace strongroom::graphql {

inline constexpr const char* kFuzzSdl = R"(
directive @tag(name: String! = "x", weight: Float) repeatable on FIELD | QUERY | VARIABLE_DEFINITION
type Query implements Node { id: ID! node(id: ID = 1): Node any(in: In, ins: [[In!]]): [Any!]
  kind(k: Kind! = A, ks: [Kind]): Kind json(j: Json): Json list(first: Int = 5, last: Int): [Node!]!
  leaf(i: Int, f: Float, s: String, b: Boolean, e: Even): Int! query: Query! }
type Mutation { set(in: In!): Query! fail: Int }
type Subscription { a: Int }
interface Node { id: ID! }
type Leaf implements Node { id: ID! value: Float text: String! }
union Any = Query | Leaf
enum Kind { A B }
input In { i: Int! = 3 f: Float s: String k: Kind = B in: In l: [In!] j: Json e: Even = "2" }
scalar Json
scalar Even
)";

inline base::Result<Resolved> FuzzResolve(const FieldContext& context) {
  const FieldType& field = *context.field.field;
  const Type* type = field.type->Nullable();
  std::size_t& turn = context.Request<std::size_t>();
  if (++turn % 7 == 0) return base::MakeError(base::ErrorCode::kNotFound, "seven");
  if (turn % 5 == 0) return Resolved(nullptr);
  const auto one = [&]() -> Resolved {
    if (type->named->IsLeaf()) {
      if (type->named->kind == TypeKind::kEnum) return Resolved("A");
      return type->named->built_in == BuiltIn::kString ? Resolved("text") : Resolved(1);
    }
    const auto& possible = type->named->possible;
    return Resolved(Object{possible[turn % possible.size()], nullptr});
  };
  if (!type->IsList()) return one();
  Resolved::List list;
  for (std::size_t i = 0; i < turn % 3; ++i) list.push_back(one());
  return Resolved(std::move(list));
}

inline std::shared_ptr<const Engine> FuzzEngine() {
  EngineOptions options;
  options.message = InputPrefixedMessage;
  options.execution_locations = true;
  options.validation.suggestions = true;
  options.cached_documents_max = 8;
  EngineBuilder builder(BuildSchema(kFuzzSdl).value(), std::move(options));
  for (const char* type : {"Query", "Mutation", "Subscription", "Leaf"})
    builder.BindType(type, FuzzResolve);
  builder.BindScalar("Even", {[](const boost::json::value& value) -> base::Result<Input> {
                                if (value.is_string() && value.as_string().size() % 2 == 1)
                                  return Input(std::string(value.as_string()));
                                return base::MakeError(base::ErrorCode::kBadRequest, "not even");
                              },
                              nullptr, false});
  return builder.Build().value();
}

}  // namespace strongroom::graphql
