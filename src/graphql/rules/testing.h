// For the tests of rules: a small schema, and what is said of a document.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "graphql/parser.h"
#include "graphql/validate.h"

namespace strongroom::graphql::rules::testing {

inline const Schema& PetSchema() {
  static const std::shared_ptr<const Schema> schema = BuildSchema(R"(
    directive @cel on VARIABLE_DEFINITION
    directive @tag(name: String!) repeatable on FIELD
    scalar Any
    enum Size { SMALL MEDIUM LARGE }
    interface Pet { name(style: Style): String owner: Human }
    type Dog implements Pet { name(style: Style): String owner: Human barks: Int size: Size! }
    type Cat implements Pet { name(style: Style): String owner: Human meows: Int size: String }
    type Human { id: ID! pets(first: Int! = 10): [Pet!]! dog: Dog }
    union CatOrDog = Cat | Dog
    input Style { width: Int! fill: String inner: Style any: Any }
    type Query { dog(id: ID): Dog pet(size: Size): Pet human(id: ID!): Human either: CatOrDog
                 count(sizes: [Size!], any: Any, text: String): Int me: Query }
    type Mutation { adopt(style: Style!): Pet }
    type Subscription { adopted: Pet count: Int }
  )")
                                                          .value();
  return *schema;
}

inline std::shared_ptr<const Document> Parsed(std::string text) {
  Limits limits;
  limits.document_bytes_max = limits.tokens_max = std::size_t{1} << 24;
  limits.aliases_max = limits.list_literal_max = std::size_t{1} << 24;
  ParseResult result = Parse(std::move(text), limits);
  if (const auto* error = std::get_if<RequestError>(&result)) ADD_FAILURE() << error->message;
  return std::get<std::shared_ptr<const Document>>(std::move(result));
}

// `message @ line:column line:column` of every error.
inline std::vector<std::string> Faults(std::string text, const ValidationOptions& options = {}) {
  const auto document = Parsed(std::move(text));
  std::vector<std::string> faults;
  for (const RequestError& error : Validate(PetSchema(), *document, options)) {
    std::string& fault = faults.emplace_back(error.message + " @");
    for (const Location& at : error.locations) fault += fmt::format(" {}:{}", at.line, at.column);
  }
  return faults;
}

}  // namespace strongroom::graphql::rules::testing
