// Expressions as an attacker writes them: nothing crashes or runs long; printing and compiling
// again changes nothing; folding, specialising and evaluating agree; bounds on costs hold.
#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cel/program.h"

namespace {

using namespace strongroom;
using namespace strongroom::cel;

void Require(bool condition) {
  if (!condition) std::abort();
}

std::shared_ptr<const Env> MakeEnv() {
  EnvBuilder builder(*StandardEnv());
  builder.Struct({"Context",
                  {{"claims", Type::Map(Type::String(), Type::Dyn())},
                   {"next", Type::Nullable(Type::Struct("Context"))}}});
  builder.Variable("claims", Type::Map(Type::String(), Type::Dyn()))
      .Variable("n", Type::List(Type::Int()))
      .Variable("d", Type::Dyn())
      .Variable("c", Type::Nullable(Type::Struct("Context")));
  return std::move(builder).Build();
}

struct Outcome {
  bool stopped = false;
  bool error = false;
  std::string text;
  std::uint64_t cost = 0;
  bool operator==(const Outcome& other) const {
    return stopped == other.stopped && error == other.error && (error || text == other.text);
  }
};

Outcome Run(const Program& program, const Activation& activation) {
  Arena arena;
  Budget budget;
  const auto value = program.Evaluate(activation, budget, arena);
  if (!value.ok()) return {true, false, "", budget.spent()};
  return {false, value->is_error(), ToText(*value), budget.spent()};
}

void Compare(const Program& program, const Program& other, const Activation& activation) {
  const Outcome one = Run(program, activation);
  if (one.stopped) return;
  const Outcome two = Run(other, activation);
  Require(one == two && two.cost <= one.cost);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kEnv = MakeEnv();
  static const auto kClaims = boost::json::parse(
      R"({"email": "a@b.c", "groups": ["ops", "dev"], "level": 3, "x": 1.5, "nested": {"a": null}})");
  static const std::array<Value, 3> kNumbers = {Value::Int(1), Value::Int(-2), Value::Int(3)};
  if (size < 1) return 0;
  CompileOptions options;
  options.check = (data[0] & 1) == 0;
  options.macros = (data[0] & 2) == 0;
  options.fold = false;
  const std::string_view source(reinterpret_cast<const char*>(data + 1), size - 1);
  const Compilation compilation = Compile(kEnv, source, options);
  if (!compilation.ok()) {
    Require(!compilation.issues().empty() && !compilation.ToText().empty());
    return 0;
  }
  const Program& program = compilation.program();
  options.source_bytes_max = 1 << 20;
  const std::string printed = program.Print();
  const Compilation again = Compile(kEnv, printed, options);
  Require(again.ok() && again.program().Print() == printed);

  Activation activation(*kEnv);
  Activation known(*kEnv);
  activation.Set(*kEnv, "n", Value::List(kNumbers));
  activation.Set(*kEnv, "d", Value::Json(kClaims));
  for (Activation* one : {&activation, &known})
    one->Set(*kEnv, "claims", Value::Json(kClaims.as_object()));
  const Outcome outcome = Run(program, activation);
  if (const auto bound = program.CostBound()) Require(outcome.cost <= *bound);
  options.fold = true;
  Compare(program, Compile(kEnv, source, options).program(), activation);
  Budget budget;
  const std::array<std::string, 1> unknown = {"claims.groups"};
  const auto residual = program.Specialize(known, unknown, budget);
  if (residual.ok()) Compare(program, *residual, activation);
  return 0;
}
