#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <sstream>

#include "authz/lint.h"
#include "ledger/catalog/catalog.h"
#include "server/cli/commands.h"
#include "server/cli/policy_suite.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct CheckOptions {
  std::string path;
  std::string principal;
  std::string output = "text";
};

base::Result<std::vector<authz::Warning>> Check(const CheckOptions& options) {
  std::ifstream file(options.path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return base::MakeError(base::ErrorCode::kBadRequest,
                           fmt::format("the file `{}` can't be read", options.path));
  }
  STRONGROOM_ASSIGN(auto policies, authz::ParsePolicies(text.str()));
  const auto catalog = ledger::Catalog::Make();
  STRONGROOM_ASSIGN(const auto set,
                    authz::PolicySet::Compile(std::move(policies), catalog->rights()));
  return authz::LintPolicies(*set, options.principal);
}

void Print(const std::vector<authz::Warning>& warnings, const std::string& output) {
  json::array list;
  for (const authz::Warning& warning : warnings) {
    if (output == "json") {
      list.push_back(json::object{{"code", authz::WarningCodeName(warning.code)},
                                  {"policy", warning.policy},
                                  {"message", warning.message},
                                  {"hint", warning.hint}});
      continue;
    }
    fmt::print("warning: {} ({})\n", warning.message, authz::WarningCodeName(warning.code));
    if (!warning.hint.empty()) fmt::print("hint: {}\n", warning.hint);
  }
  if (output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"valid", true}, {"warnings", list}}));
  } else {
    fmt::print("valid, {} warnings\n", warnings.size());
  }
}

struct TestOptions {
  std::vector<std::string> paths;
  std::string output = "tree";
};

int Test(const TestOptions& options) {
  const auto catalog = ledger::Catalog::Make();
  std::vector<SuiteResult> suites;
  std::size_t failed = 0;
  for (const std::string& path : options.paths) {
    auto suite = RunSuite(path, *catalog);
    if (!suite.ok()) {
      base::Error error = std::move(suite).error();
      error.message = fmt::format("{}: {}", path, error.message);
      Report(error);
      return kInvalid;
    }
    failed += suite->failed();
    suites.push_back(std::move(suite).value());
  }
  fmt::print("{}", options.output == "json"    ? AsJson(suites)
                   : options.output == "junit" ? AsJunit(suites)
                                               : AsTree(suites));
  return failed == 0 ? 0 : kTestFailed;
}

void AddTest(CLI::App& policy, int& exit) {
  CLI::App* command =
      policy.add_subcommand("test", "whether policies decide what their tests expect");
  auto options = std::make_shared<TestOptions>();
  command->add_option("FILES", options->paths, "suites, in JSON")->required();
  command->add_option("--output", options->output, "how results are printed: tree, json or junit")
      ->check(CLI::IsMember({"tree", "json", "junit"}));
  command->footer(
      "exit codes: 0 all passed, 2 wrong usage, 3 a file is not valid, 4 a case failed\n"
      "example:\n  strongroom policy test policies/*.test.json --output junit > report.xml");
  command->callback([options, &exit] { exit = Test(*options); });
}

}  // namespace

void AddPolicy(CLI::App& app, int& exit) {
  CLI::App* policy = app.add_subcommand("policy", "policies in files");
  policy->require_subcommand(1);
  AddTest(*policy, exit);
  CLI::App* command = policy->add_subcommand("check", "what the server would say of a policy list");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("FILE", options->path, "a JSON list of policies")->required();
  command->add_option("--principal", options->principal, "the client's principal, for warnings");
  AddOutput(*command, options->output);
  command->footer(
      "example:\n  strongroom policy check readers.json --principal https://accounts.google.com");
  command->callback([options, &exit] {
    const auto warnings = Check(*options);
    if (!warnings.ok()) {
      Report(warnings.error());
      exit = kInvalid;
      return;
    }
    Print(*warnings, options->output);
  });
}

}  // namespace strongroom::server::cli
