// Expressions beside the same checks written by hand in C++, over the same JSON; all limits on.
#include <benchmark/benchmark.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <string>
#include <string_view>

#include "base/check.h"
#include "cel/program.h"

namespace {

using namespace strongroom;
using boost::json::value;

const value& Context() {
  static const value kContext = boost::json::parse(R"({
    "auth": {"claims": {"iss": "https://accounts.google.com", "aud": "strongroom",
      "sub": "arn:aws:iam::123456789012:role/deploy", "email": "michael@twisp.com",
      "groups": ["dev", "eng", "ops"], "scopes": ["read", "write", "admin"], "exp": 1900000000}},
    "tenant": {"accountId": "6f7b5a0e"},
    "document": {"status": "ACTIVE", "name": "cust-1", "metadata": {"region": "eu"}}})");
  return kContext;
}

// ---- By hand.

const value* Find(const value* from, std::initializer_list<std::string_view> path) {
  for (const std::string_view name : path) {
    if (from == nullptr || !from->is_object()) return nullptr;
    from = from->get_object().if_contains(name);
  }
  return from;
}
bool Is(const value* one, std::string_view text) {
  return one != nullptr && one->is_string() && std::string_view(one->get_string()) == text;
}

bool Floor1(const value& context) {
  return Is(Find(&context, {"auth", "claims", "email"}), "michael@twisp.com");
}
bool Floor2(const value& context) {
  const value* groups = Find(&context, {"auth", "claims", "groups"});
  if (groups == nullptr || !groups->is_array()) return false;
  return std::ranges::any_of(groups->get_array(), [](const value& g) { return Is(&g, "ops"); }) &&
         Is(Find(&context, {"document", "status"}), "ACTIVE");
}
bool Floor3(const value& context) {
  const value* region = Find(&context, {"document", "metadata", "region"});
  const value* name = Find(&context, {"document", "name"});
  const value* scopes = Find(&context, {"auth", "claims", "scopes"});
  return (Is(region, "us") || Is(region, "eu")) && name != nullptr && name->is_string() &&
         std::string_view(name->get_string()).starts_with("cust-") && scopes != nullptr &&
         scopes->is_array() && scopes->get_array().size() > 2;
}
bool Floor4(const value& context) {
  static const re2::RE2 kRole("^arn:aws:iam::[0-9]{12}:role/.+$");
  const value* sub = Find(&context, {"auth", "claims", "sub"});
  if (sub == nullptr || !sub->is_string()) return false;
  const std::string_view text = sub->get_string();
  return kRole.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

struct Figure {
  const char* name;
  const char* expression;
  bool (*floor)(const value& context);
};
constexpr std::array<Figure, 4> kFigures = {{
    {"E1", "context.auth.claims.email == 'michael@twisp.com'", Floor1},
    {"E2",
     "context.auth.claims.groups.exists(g, g == 'ops') && context.document.status == 'ACTIVE'",
     Floor2},
    {"E3",
     "context.document.metadata.region in ['us','eu'] && "
     "context.document.name.startsWith('cust-') && size(context.auth.claims.scopes) > 2",
     Floor3},
    {"E4", "context.auth.claims.sub.matches('^arn:aws:iam::[0-9]{12}:role/.+$')", Floor4},
}};

std::shared_ptr<const cel::Env> Env() {
  static const auto kEnv = [] {
    cel::EnvBuilder builder(*cel::StandardEnv());
    builder.Variable("context", cel::Type::Map(cel::Type::String(), cel::Type::Dyn()));
    return std::move(builder).Build();
  }();
  return kEnv;
}

void RunFloor(benchmark::State& state, const Figure& figure) {
  const value* context = &Context();
  for (auto _ : state) {
    benchmark::DoNotOptimize(context);
    const bool result = figure.floor(*context);
    STRONGROOM_CHECK(result);
  }
}

void RunEvaluate(benchmark::State& state, const Figure& figure) {
  const cel::Program program = cel::Compile(Env(), figure.expression).program();
  cel::Activation activation(*Env());
  activation.Set(*Env(), "context", cel::Value::Json(Context()));
  cel::Arena arena;
  for (auto _ : state) {
    arena.Reset();
    cel::Budget budget;
    const auto result = program.Evaluate(activation, budget, arena);
    STRONGROOM_CHECK(result.ok() && result->is_true());
  }
}

void RunCompile(benchmark::State& state, const Figure& figure) {
  for (auto _ : state) STRONGROOM_CHECK(cel::Compile(Env(), figure.expression).ok());
}

}  // namespace

int main(int argc, char** argv) {
  for (const Figure& figure : kFigures) {
    const std::string name = figure.name;
    benchmark::RegisterBenchmark((name + ".floor").c_str(), RunFloor, figure);
    benchmark::RegisterBenchmark((name + ".evaluate").c_str(), RunEvaluate, figure);
    benchmark::RegisterBenchmark((name + ".compile").c_str(), RunCompile, figure);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
