// Judges documents for tests/graphql/differential.mjs, which compares with graphql-js.
//
// Reads JSON, one object a line, and answers one line each:
//   {"schema": SDL}                          -> {"ok": true} or {"error": "…"}
//   {"document": TEXT, "suggestions": bool}  -> {"verdict": "valid"}
//                                               {"verdict": "unparsable" or "invalid",
//                                                "errors": [{"message": …, "locations": […]}]}
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <variant>

#include "graphql/parser.h"
#include "graphql/schema.h"
#include "graphql/validate.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;

// The limits are tested elsewhere: here nothing should run into them.
Limits WideLimits() {
  Limits limits;
  limits.document_bytes_max = std::size_t{1} << 24;
  limits.tokens_max = std::size_t{1} << 20;
  limits.list_literal_max = std::size_t{1} << 20;
  limits.variables_max = limits.aliases_max = limits.directives_max = std::size_t{1} << 20;
  return limits;
}

json::array ToJson(const std::vector<RequestError>& errors) {
  json::array array;
  for (const RequestError& error : errors) {
    json::array locations;
    for (const Location& at : error.locations) {
      locations.push_back(json::array{at.line, at.column});
    }
    array.push_back({{"message", error.message}, {"locations", std::move(locations)}});
  }
  return array;
}

class Checker {
 public:
  json::object Answer(const json::object& request) {
    if (const json::value* sdl = request.if_contains("schema")) return Read(sdl->as_string());
    ValidationOptions options;
    if (const json::value* wanted = request.if_contains("suggestions")) {
      options.suggestions = wanted->as_bool();
    }
    return Check(request.at("document").as_string(), options);
  }

 private:
  json::object Read(std::string_view sdl) {
    auto schema = BuildSchema(std::string(sdl));
    if (!schema.ok()) return {{"error", schema.error().message}};
    schema_ = std::move(schema).value();
    return {{"ok", true}};
  }

  json::object Check(std::string_view text, const ValidationOptions& options) {
    const ParseResult parsed = Parse(std::string(text), limits_);
    if (const RequestError* error = std::get_if<RequestError>(&parsed)) {
      return {{"verdict", "unparsable"}, {"errors", ToJson({*error})}};
    }
    const auto& document = std::get<std::shared_ptr<const Document>>(parsed);
    const std::vector<RequestError> errors = Validate(*schema_, *document, options);
    if (errors.empty()) return {{"verdict", "valid"}};
    return {{"verdict", "invalid"}, {"errors", ToJson(errors)}};
  }

  const Limits limits_ = WideLimits();
  std::shared_ptr<const Schema> schema_;
};

}  // namespace
}  // namespace strongroom::graphql

int main() {
  std::ios::sync_with_stdio(false);
  strongroom::graphql::Checker checker;
  std::string line;
  while (std::getline(std::cin, line)) {
    const boost::json::value request = boost::json::parse(line);
    std::cout << boost::json::serialize(checker.Answer(request.as_object())) << '\n';
  }
}
