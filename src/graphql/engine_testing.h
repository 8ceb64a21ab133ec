// A small schema with resolvers, for the tests of the engine.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "graphql/engine.h"

namespace strongroom::graphql {

// Text of the answer to `document`; a refusal as RefusalText writes it.
inline std::string Answer(const Engine& engine, std::string_view document,
                          std::string_view variables = "{}", std::string_view name = "",
                          const ExecutionOptions& options = {}) {
  auto prepared = engine.Prepare(document, name);
  if (auto* errors = std::get_if<RequestErrors>(&prepared)) return RefusalText(*errors, false);
  const auto& operation = std::get<Operation>(prepared);
  const boost::json::value sent = boost::json::parse(std::string(variables));
  auto bound = engine.BindVariables(operation, &sent.as_object(), options.request);
  if (auto* errors = std::get_if<RequestErrors>(&bound)) return RefusalText(*errors, false);
  return engine.Execute(operation, std::get<Variables>(bound), options).Finish();
}

inline std::shared_ptr<const Schema> SchemaOf(std::string sdl) {
  auto schema = BuildSchema(std::move(sdl));
  if (!schema.ok()) ADD_FAILURE() << schema.error().message;
  return schema.ok() ? *schema : nullptr;
}

inline std::shared_ptr<const Engine> EngineOf(EngineBuilder& builder) {
  auto engine = builder.Build();
  if (!engine.ok()) ADD_FAILURE() << engine.error().message;
  return engine.ok() ? *engine : nullptr;
}

// The parts of an answer that a test looks at.
inline boost::json::object JsonOf(const std::string& answer) {
  return boost::json::parse(answer).as_object();
}
inline std::string DataOf(const std::string& answer) {
  return boost::json::serialize(JsonOf(answer).at("data"));
}
// `path message`, path joined with dots, one line each.
inline std::string ErrorsOf(const std::string& answer) {
  std::string out;
  const boost::json::object object = JsonOf(answer);
  if (!object.contains("errors")) return out;
  for (const auto& error : object.at("errors").as_array()) {
    if (!out.empty()) out += '\n';
    if (const auto* path = error.as_object().if_contains("path"))
      for (const auto& segment : path->as_array())
        out += (segment.is_string() ? std::string(segment.as_string())
                                    : std::to_string(segment.as_int64())) +
               '.';
    out += ' ' + std::string(error.at("message").as_string());
  }
  return out;
}

}  // namespace strongroom::graphql
