#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "base/json.h"
#include "cel/program.h"
#include "ledger/catalog/catalog.h"
#include "ledger/posting/expression_value.h"
#include "scalars/cel_host.h"
#include "server/cli/commands.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct CelOptions {
  std::string expression;
  std::vector<std::string> variables;
  std::string output = "text";
};

struct Variable {
  std::string name;
  json::value value;
};

base::Result<std::vector<Variable>> ReadVariables(const CelOptions& options) {
  std::vector<Variable> variables;
  for (const std::string& text : options.variables) {
    const std::size_t at = text.find('=');
    const std::string name = text.substr(0, at);
    if (at == 0 || at == text.npos) {
      return base::MakeError(base::ErrorCode::kBadRequest, fmt::format("`{}` is no variable", text),
                             "write --var name=JSON");
    }
    auto value = base::ParseJson(text.substr(at + 1));
    if (!value.ok()) {
      return base::MakeError(base::ErrorCode::kJsonParseError,
                             fmt::format("the value of `{}` is not JSON", name),
                             "texts need their quotes: --var 'name=\"Ada\"'");
    }
    variables.push_back({name, std::move(value).value()});
  }
  return variables;
}

// What expressions of tran codes and `evaluate` may use, and the variables, whose types only their
// values tell.
std::shared_ptr<const cel::Env> Environment(const std::vector<Variable>& variables) {
  cel::EnvBuilder builder(*ledger::Catalog::Make()->expression_env());
  for (const Variable& variable : variables) builder.Variable(variable.name, cel::Type::Dyn());
  return std::move(builder).Build();
}

// Prints what is wrong with the expression: the position with a caret, then what may help.
int PrintIssues(const CelOptions& options, const cel::Compilation& compiled) {
  if (options.output == "json") {
    json::array issues;
    for (const cel::Issue& issue : compiled.issues()) {
      issues.push_back(json::object{{"line", issue.line},
                                    {"column", issue.column},
                                    {"message", issue.message},
                                    {"hint", issue.hint}});
    }
    fmt::print("{}\n", json::serialize(json::object{{"valid", false}, {"issues", issues}}));
    return kInvalid;
  }
  fmt::print(stderr, "{}\n", compiled.ToText());
  for (const cel::Issue& issue : compiled.issues()) {
    if (!issue.hint.empty()) fmt::print(stderr, "hint: {}\n", issue.hint);
  }
  return kInvalid;
}

int PrintValue(const CelOptions& options, const cel::Value& value, cel::Budget& budget,
               cel::Arena& arena) {
  if (value.is_error()) {
    const cel::EvaluationError& error = value.AsError();
    fmt::print(stderr, "error: {} ({})\n", error.message, cel::EvaluationErrorCodeName(error.code));
    return kFailed;
  }
  if (options.output == "text") {
    fmt::print("{}\n", cel::ToText(value));
    return 0;
  }
  const auto shown = ledger::ToJson(value, budget, arena);
  if (!shown.ok()) return Report(shown.error());
  fmt::print("{}\n", json::serialize(*shown));
  return 0;
}

int Evaluate(const CelOptions& options) {
  const auto variables = ReadVariables(options);
  if (!variables.ok()) return Report(variables.error());
  const auto env = Environment(*variables);
  const cel::Compilation compiled = cel::Compile(env, options.expression);
  if (!compiled.ok()) return PrintIssues(options, compiled);
  cel::Activation activation(*env);
  for (const Variable& variable : *variables) {
    activation.Set(*env, variable.name, cel::Value::Json(variable.value));
  }
  scalars::CelHost host;
  host.now = base::SystemClock().Now();
  host.random = &base::SystemRandom();
  activation.SetHost(&host);
  cel::Budget budget;
  cel::Arena arena;
  const auto value = compiled.program().Evaluate(activation, budget, arena);
  return value.ok() ? PrintValue(options, *value, budget, arena) : Report(value.error());
}

int Check(const CelOptions& options) {
  const auto variables = ReadVariables(options);
  if (!variables.ok()) return Report(variables.error());
  const cel::Compilation compiled = cel::Compile(Environment(*variables), options.expression);
  if (!compiled.ok()) return PrintIssues(options, compiled);
  const std::string type = compiled.program().result_type().ToString();
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"valid", true}, {"type", type}}));
  } else {
    fmt::print("valid, of type {}\n", type);
  }
  return 0;
}

void AddVerb(CLI::App& cel, const char* name, const char* about, const char* example,
             int (*run)(const CelOptions&), int& exit) {
  CLI::App* command = cel.add_subcommand(name, about);
  auto options = std::make_shared<CelOptions>();
  command->add_option("EXPRESSION", options->expression, "in CEL")->required();
  command->add_option("--var", options->variables, "a variable as name=JSON; may be repeated")
      ->take_all();
  AddOutput(*command, options->output);
  command->footer(example);
  command->callback([options, run, &exit] { exit = run(*options); });
}

}  // namespace

void AddCel(CLI::App& app, int& exit) {
  CLI::App* cel = app.add_subcommand("cel", "expressions of the Common Expression Language");
  cel->require_subcommand(1);
  AddVerb(*cel, "eval", "the value of an expression",
          "example:\n"
          "  strongroom cel eval --var 'claims={\"email\": \"a@b.example\"}' \\\n"
          "    \"claims.email.endsWith('@b.example')\"",
          Evaluate, exit);
  AddVerb(*cel, "check", "whether an expression is valid, and of which type",
          "example:\n  strongroom cel check \"decimal('1.50') + decimal('2')\"", Check, exit);
}

}  // namespace strongroom::server::cli
