// Answers requests for execution.mjs, introspection.mjs and audits.mjs, which compare with
// graphql-js and audit the protocol.
//
// Reads JSON, one object a line, and answers one line each:
//   {"schema": SDL}                                   -> {"ok": true, "sdl": as we print it}
//                                                        or {"error": "…"}
//   {"document": TEXT, "operation": "", "variables": {}} -> {"answer": TEXT, "refused": bool}
//   {"method", "contentType", "accept", "queryString", "body"} -> {"status", "contentType",
//                                                                 "allow", "body"}
// Fields have values made of a hash of what they are and of their arguments: stand_in.mjs does the
// same in JavaScript.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "graphql/engine.h"
#include "graphql/http_request.h"
#include "graphql/json_text.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;

std::uint32_t Hash(std::string_view text) {  // FNV-1a
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

std::uint32_t Next(std::uint32_t hash, std::string_view step) {
  return Hash(fmt::format("{}/{}", hash, step));
}

json::value JsonOf(const Input& input, const Type& type);

json::object JsonOf(const InputObject& object) {
  json::object out;
  for (std::size_t i = 0; i < object.size(); ++i)
    if (object.origin(i) != InputObject::Origin::kAbsent)
      out[object.field(i).name] = JsonOf(object.value(i), *object.field(i).type);
  return out;
}

json::value JsonOf(const Input& input, const Type& type) {
  if (input.IsNull()) return nullptr;
  const Type& nullable = *type.Nullable();
  if (nullable.IsList()) {
    json::array out;
    for (const Input& item : input.AsList()) out.push_back(JsonOf(item, *nullable.inner));
    return out;
  }
  if (type.named->kind == TypeKind::kInputObject) return JsonOf(input.AsObject());
  if (type.named->kind == TypeKind::kEnum) return json::value(input.AsEnum().name);
  switch (type.named->built_in) {
    case BuiltIn::kInt: return input.AsInt();
    case BuiltIn::kFloat: return fmt::format("{:.3f}", input.AsDouble() + 0.0).c_str();
    case BuiltIn::kBoolean: return input.AsBool();
    case BuiltIn::kCustom: return input.AsJson();
    default: return json::value(input.AsString());
  }
}

Resolved Leaf(const NamedType& type, std::uint32_t hash) {
  if (type.kind == TypeKind::kEnum) return Resolved(type.values[hash % type.values.size()].name);
  switch (type.built_in) {
    case BuiltIn::kInt: return Resolved(static_cast<std::int64_t>(hash % 1000));
    case BuiltIn::kFloat: return Resolved(hash % 1000 / 4.0);
    case BuiltIn::kBoolean: return Resolved(hash % 2 == 1);
    default: return Resolved(fmt::format("{}{}", type.name, hash));
  }
}

Resolved Made(const Type& type, std::uint32_t hash) {
  if (hash % 17 == 3) return Resolved::Failed(base::MakeError(base::ErrorCode::kNotFound, "lost"));
  if (hash % 11 == 0) return Resolved();
  const Type& nullable = *type.Nullable();
  if (nullable.IsList()) {
    Resolved::List list;
    for (std::uint32_t i = 0; i < hash % 3; ++i)
      list.push_back(Made(*nullable.inner, Next(hash, std::to_string(i))));
    return Resolved(std::move(list));
  }
  if (type.named->IsLeaf()) return Leaf(*type.named, hash);
  std::vector<const NamedType*> possible = type.named->possible;
  std::sort(possible.begin(), possible.end(),
            [](const NamedType* a, const NamedType* b) { return a->name < b->name; });
  return Resolved(Object{possible[hash % possible.size()], std::make_shared<std::uint32_t>(hash)});
}

base::Result<Resolved> Resolve(const FieldContext& context) {
  const std::uint32_t seed =
      context.parent.data == nullptr ? 0 : context.parent.As<std::uint32_t>();
  std::string step = context.field.field->name + '/';
  AppendJson(JsonOf(context.arguments), step);
  const std::uint32_t hash = Next(seed, step);
  if (hash % 13 == 1) return base::MakeError(base::ErrorCode::kNotFound, "broken");
  return Made(*context.field.field->type, hash);
}

std::shared_ptr<const Engine> MakeEngine(const std::string& sdl, std::string& fault) {
  auto schema = BuildSchema(sdl);
  if (!schema.ok()) {
    fault = schema.error().message;
    return nullptr;
  }
  EngineOptions options;  // the limits are tested elsewhere: here nothing should run into them
  options.limits.cost_max = std::numeric_limits<std::size_t>::max();
  options.limits.tokens_max = options.limits.document_bytes_max = std::size_t{1} << 20;
  options.limits.aliases_max = options.limits.directives_max = std::size_t{1} << 20;
  options.limits.errors_max = 100000;
  EngineBuilder builder(*schema, options);
  for (const auto& type : (*schema)->types())
    if (type->kind == TypeKind::kObject && !type->introspection)
      builder.BindType(type->name, Resolve);
  auto engine = builder.Build();
  if (engine.ok()) return *engine;
  fault = engine.error().message;
  return nullptr;
}

struct Answered {
  RequestErrors refused;
  std::string text;
  std::optional<HttpProblem> problem;
};

Answered Answer(const Engine& engine, std::string_view document, std::string_view name,
                const json::object* variables, const HttpGraphqlRequest* http) {
  auto prepared = engine.Prepare(document, name);
  if (auto* errors = std::get_if<RequestErrors>(&prepared)) return {std::move(*errors), {}, {}};
  const auto& operation = std::get<Operation>(prepared);
  if (http != nullptr)
    if (auto problem = CheckMethod(*http, operation.kind())) return {{}, {}, std::move(problem)};
  auto bound = engine.BindVariables(operation, variables);
  if (auto* errors = std::get_if<RequestErrors>(&bound)) return {std::move(*errors), {}, {}};
  return {{}, engine.Execute(operation, std::get<Variables>(bound), {}).Finish(), {}};
}

json::object ProblemJson(const HttpProblem& problem) {
  return {{"status", problem.status},
          {"allow", std::string(problem.allow)},
          {"contentType", std::string(ContentTypeOf(problem.media_type))},
          {"body", RefusalText({problem.error}, false)}};
}

json::object AnswerHttp(const Engine& engine, const json::object& request) {
  const auto text = [&](const char* name) -> std::string_view {
    return request.at(name).as_string();
  };
  HttpInput input{HttpMethod::kOther, text("contentType"), text("accept"), text("queryString"),
                  text("body")};
  if (text("method") == "GET") input.method = HttpMethod::kGet;
  if (text("method") == "POST") input.method = HttpMethod::kPost;
  auto read = ReadHttpRequest(input);
  if (const auto* problem = std::get_if<HttpProblem>(&read)) return ProblemJson(*problem);
  const auto& http = std::get<HttpGraphqlRequest>(read);
  const Answered answered =
      Answer(engine, http.query, http.operation_name, http.variables.get(), &http);
  if (answered.problem) return ProblemJson(*answered.problem);
  const bool with_data = http.media_type == MediaType::kJson;
  return {{"status", StatusOf(http.media_type, answered.refused)},
          {"allow", ""},
          {"contentType", std::string(ContentTypeOf(http.media_type))},
          {"body",
           answered.refused.empty() ? answered.text : RefusalText(answered.refused, with_data)}};
}

int Serve() {
  std::shared_ptr<const Engine> engine;
  for (std::string line; std::getline(std::cin, line);) {
    const json::object request = json::parse(line).as_object();
    json::object answer;
    if (const json::value* sdl = request.if_contains("schema")) {
      std::string fault;
      engine = MakeEngine(std::string(sdl->as_string()), fault);
      answer = engine == nullptr
                   ? json::object{{"error", fault}}
                   : json::object{{"ok", true}, {"sdl", PrintSchema(engine->schema())}};
    } else if (request.contains("method")) {
      answer = AnswerHttp(*engine, request);
    } else {
      const json::value* variables = request.if_contains("variables");
      const Answered answered =
          Answer(*engine, request.at("document").as_string(), request.at("operation").as_string(),
                 variables == nullptr ? nullptr : &variables->as_object(), nullptr);
      const bool refused = !answered.refused.empty();
      answer = {{"answer", refused ? RefusalText(answered.refused, false) : answered.text},
                {"refused", refused}};
    }
    std::cout << json::serialize(answer) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace strongroom::graphql

int main() { return strongroom::graphql::Serve(); }
