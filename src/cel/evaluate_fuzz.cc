// Whole expressions over hostile data: folding, specialising and evaluating agree, and the bounds
// on costs hold.
#include <array>
#include <boost/json/parse.hpp>
#include <string>

#include "cel/fuzzing.h"

namespace {

using namespace strongroom::cel;

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
  static const auto kClaims = boost::json::parse(
      R"({"email": "a@b.c", "groups": ["ops", "dev"], "level": 3, "x": 1.5, "nested": {"a": null}})");
  static const std::array<Value, 3> kNumbers = {Value::Int(1), Value::Int(-2), Value::Int(3)};
  FuzzCase input(data, size);
  const Compilation compilation = Compile(FuzzEnv(), input.source, input.options);
  if (!compilation.ok()) return 0;
  const Program& program = compilation.program();

  const Env& env = *FuzzEnv();
  Activation activation(env);
  Activation known(env);
  activation.Set(env, "n", Value::List(kNumbers));
  activation.Set(env, "d", Value::Json(kClaims));
  for (Activation* one : {&activation, &known})
    one->Set(env, "claims", Value::Json(kClaims.as_object()));
  const Outcome outcome = Run(program, activation);
  if (const auto bound = program.CostBound()) Require(outcome.cost <= *bound);
  input.options.fold = true;
  Compare(program, Compile(FuzzEnv(), input.source, input.options).program(), activation);
  Budget budget;
  const std::array<std::string, 1> unknown = {"claims.groups"};
  const auto residual = program.Specialize(known, unknown, budget);
  if (residual.ok()) Compare(program, *residual, activation);
  return 0;
}
