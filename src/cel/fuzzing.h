// What the three fuzzers of the engine share: the environment and the reading of their input.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "cel/program.h"

namespace strongroom::cel {

// Ends the process, which libFuzzer keeps as a finding.
inline void Require(bool condition) {
  if (!condition) std::abort();
}

inline const std::shared_ptr<const Env>& FuzzEnv() {
  static const std::shared_ptr<const Env> env = [] {
    EnvBuilder builder(*StandardEnv());
    builder.Struct({"Context",
                    {{"claims", Type::Map(Type::String(), Type::Dyn())},
                     {"next", Type::Nullable(Type::Struct("Context"))}}});
    builder.Variable("claims", Type::Map(Type::String(), Type::Dyn()))
        .Variable("n", Type::List(Type::Int()))
        .Variable("d", Type::Dyn())
        .Variable("c", Type::Nullable(Type::Struct("Context")));
    return std::move(builder).Build();
  }();
  return env;
}

// The first byte chooses how the rest, an expression, is compiled.
struct FuzzCase {
  CompileOptions options;
  std::string_view source;

  FuzzCase(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return;
    options.check = (data[0] & 1) == 0;
    options.macros = (data[0] & 2) == 0;
    options.fold = false;
    source = {reinterpret_cast<const char*>(data + 1), size - 1};
  }
};

// A refusal says what is wrong, and where: inside of the text.
inline void RequireUsable(const Compilation& refused, std::string_view source) {
  Require(!refused.issues().empty() && !refused.ToText().empty());
  for (const Issue& issue : refused.issues())
    Require(issue.offset <= source.size() && issue.line >= 1 && issue.column >= 1 &&
            !issue.message.empty());
}

}  // namespace strongroom::cel
