// What the tests of the engine share: compiling and evaluating in one line.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cel/program.h"

namespace strongroom::cel {

inline Program MustCompile(const std::shared_ptr<const Env>& env, std::string_view source,
                           const CompileOptions& options = {}) {
  const Compilation compilation = Compile(env, source, options);
  EXPECT_TRUE(compilation.ok()) << source << '\n' << compilation.ToText();
  return compilation.ok() ? compilation.program() : Compile(env, "null").program();
}

// The first issue's message with its place: "1:5: undeclared …"; "" when there is none.
inline std::string FirstIssue(const std::shared_ptr<const Env>& env, std::string_view source,
                              const CompileOptions& options = {}) {
  const Compilation compilation = Compile(env, source, options);
  if (compilation.ok()) return "";
  const Issue& issue = compilation.issues().front();
  return std::to_string(issue.line) + ':' + std::to_string(issue.column) + ": " + issue.message;
}

// The value as text, `error: …` for an error value, `status: …` for a failure of the engine.
inline std::string Shown(const Program& program, const Activation& activation,
                         Budget budget = Budget()) {
  Arena arena;
  const auto value = program.Evaluate(activation, budget, arena);
  if (!value.ok()) return "status: " + value.error().message;
  if (value->is_error()) return "error: " + std::string(value->AsError().message);
  return ToText(*value);
}

inline std::string Evaluated(const std::shared_ptr<const Env>& env, std::string_view source,
                             const CompileOptions& options = {}) {
  return Shown(MustCompile(env, source, options), Activation(*env));
}

}  // namespace strongroom::cel
