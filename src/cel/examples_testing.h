// For tests: runs the example of every overload of an Env.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cel/program.h"

namespace strongroom::cel {

// What is wrong with one; empty when nothing is.
inline std::string WrongExample(const std::shared_ptr<const Env>& env, const std::string& example,
                                const void* host) {
  if (example.empty()) return "has no example";
  const Compilation compilation = Compile(env, example);
  if (!compilation.ok()) return compilation.ToText();
  Activation activation(*env);
  activation.SetHost(host);
  Budget budget;
  Arena arena;
  const auto value = compilation.program().Evaluate(activation, budget, arena);
  if (!value.ok()) return value.error().message;
  return value->is_true() ? "" : "gives " + ToText(*value);
}

// One line for each overload whose example is missing, does not compile, or is not true. `host` is
// what impure functions read (Activation::SetHost).
inline std::vector<std::string> WrongExamples(const std::shared_ptr<const Env>& env,
                                              const void* host = nullptr) {
  std::vector<std::string> wrong;
  for (const Env::FunctionInfo& function : env->Functions())
    for (const Overload* overload : function.overloads)
      if (std::string why = WrongExample(env, overload->example, host); !why.empty())
        wrong.push_back(std::string(function.name) + " " + overload->id + ": `" +
                        overload->example + "` " + why);
  return wrong;
}

}  // namespace strongroom::cel
