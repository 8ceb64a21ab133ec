// `strongroom policy lint` and `test`: what files alone tell.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "authz/lint.h"
#include "ledger/catalog/catalog.h"
#include "server/cli/commands.h"
#include "server/cli/policy_commands.h"
#include "server/cli/policy_suite.h"
#include "server/cli/structured_file.h"
#include "server/cli/tenant_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using Way = std::vector<std::string>;

struct LintOptions {
  std::vector<std::string> paths;
  std::string principal;
  bool strict = false;
  std::string output = "text";
};

// What is to be said of one policy list.
struct Finding {
  std::string place;
  bool refused = false;
  std::string code;
  std::string message;
  std::string hint;
};

class Linter {
 public:
  explicit Linter(const LintOptions& options)
      : options_(options), catalog_(ledger::Catalog::Make()) {}

  base::Status File(const std::string& path) {
    STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(path));
    if (!IsTenantFile(file)) {
      List(file, file.value, {}, {}, options_.principal);
      return {};
    }
    const json::object& object = file.value.get_object();
    for (const std::string_view member : {"clients", "groups"}) {
      const json::value* list = object.if_contains(member);
      if (list == nullptr || !list->is_array()) continue;
      for (std::size_t i = 0; i < list->get_array().size(); ++i)
        STRONGROOM_TRY(
            Holder(file, list->get_array()[i], {std::string(member), std::to_string(i)}));
    }
    // What else the file says.
    if (refusals() == 0) {
      if (auto access = ReadTenantFiles({path}); !access.ok()) return access.error();
    }
    return {};
  }

  const std::vector<Finding>& findings() const { return findings_; }
  std::size_t refusals() const { return refusals_; }

 private:
  base::Status Holder(const StructuredFile& file, const json::value& value, const Way& way) {
    const json::object* holder = value.if_object();
    const json::value* policies = holder == nullptr ? nullptr : holder->if_contains("policies");
    if (policies == nullptr) return {};  // ReadTenantFiles says what is wrong
    std::string principal;
    if (const json::value* given = holder->if_contains("principal");
        given != nullptr && given->is_string())
      principal = given->get_string();
    Way at = way;
    at.emplace_back("policies");
    if (!policies->is_string()) {
      List(file, *policies, at, way, principal);
      return {};
    }
    const auto path =
        std::filesystem::path(file.path).parent_path() / std::string(policies->get_string());
    STRONGROOM_ASSIGN(const StructuredFile list, ReadStructuredFile(path.string()));
    List(list, list.value, {}, {}, principal);
    return {};
  }

  // Every policy by itself, so that one that is refused doesn't hide the others.
  void List(const StructuredFile& file, const json::value& value, const Way& way, const Way& holder,
            const std::string& principal) {
    const json::array* list = value.if_array();
    if (list == nullptr) return Refuse(file, way, authz::PoliciesFromJson(value).error());
    std::vector<authz::Policy> good;
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto read = authz::PoliciesFromJson(json::array{(*list)[i]});
      if (read.ok()) {
        auto set = authz::PolicySet::Compile(*read, catalog_->rights());
        if (set.ok()) {
          good.push_back(std::move(read->front()));
          numbers.push_back(i);
          continue;
        }
        Refuse(file, way, Numbered(set.error(), i));
        continue;
      }
      Refuse(file, way, Numbered(read.error(), i));
    }
    auto set = authz::PolicySet::Compile(std::move(good), catalog_->rights());
    if (!set.ok()) return Refuse(file, way, set.error());
    for (const authz::Warning& warning : authz::LintPolicies(**set, principal)) {
      Way at = way;
      if (warning.policy >= 0) {
        at.push_back(std::to_string(numbers[static_cast<std::size_t>(warning.policy)]));
        at.insert(at.end(), warning.argument_path.begin() + 2, warning.argument_path.end());
      } else {
        at = holder;
        at.insert(at.end(), warning.argument_path.begin(), warning.argument_path.end());
      }
      findings_.push_back({file.PlaceOf(at), false,
                           std::string(authz::WarningCodeName(warning.code)), warning.message,
                           warning.hint});
    }
  }

  // The error of a list of one policy, as of the policy with this number.
  static base::Error Numbered(base::Error error, std::size_t number) {
    constexpr std::string_view kFirst = "policies[0]: ";
    if (error.message.starts_with(kFirst)) error.message.erase(0, kFirst.size());
    if (error.argument_path.size() > 1) error.argument_path[1] = std::to_string(number);
    error.message = fmt::format("policies[{}]: {}", number, error.message);
    return error;
  }

  void Refuse(const StructuredFile& file, const Way& way, const base::Error& error) {
    Way at = way;
    // Begins with `policies`, which is the list itself.
    for (std::size_t i = 1; i < error.argument_path.size(); ++i)
      at.push_back(error.argument_path[i]);
    findings_.push_back({file.PlaceOf(at), true, std::string(base::ErrorCodeName(error.code)),
                         error.message, error.hint});
    ++refusals_;
  }

  const LintOptions& options_;
  std::shared_ptr<const ledger::Catalog> catalog_;
  std::vector<Finding> findings_;
  std::size_t refusals_ = 0;
};

void Print(const Linter& linter, const std::string& output) {
  json::array list[2];
  for (const Finding& finding : linter.findings()) {
    if (output == "json") {
      list[finding.refused ? 1 : 0].push_back(json::object{{"place", finding.place},
                                                           {"code", finding.code},
                                                           {"message", finding.message},
                                                           {"hint", finding.hint}});
      continue;
    }
    fmt::print("{}: {}: {} ({})\n", finding.place, finding.refused ? "error" : "warning",
               finding.message, finding.code);
    if (!finding.hint.empty()) fmt::print("  hint: {}\n", finding.hint);
  }
  const std::size_t refused = linter.refusals();
  if (output == "json")
    fmt::print("{}\n", json::serialize(json::object{
                           {"valid", refused == 0}, {"errors", list[1]}, {"warnings", list[0]}}));
  else
    fmt::print("{}, {} warnings\n", refused == 0 ? "valid" : fmt::format("{} errors", refused),
               linter.findings().size() - refused);
}

int Lint(const LintOptions& options) {
  Linter linter(options);
  for (const std::string& path : options.paths) {
    if (const base::Status status = linter.File(path); !status.ok()) {
      Report(status.error());
      return kInvalid;
    }
  }
  Print(linter, options.output);
  if (linter.refusals() != 0) return kInvalid;
  return options.strict && !linter.findings().empty() ? kTestFailed : 0;
}

struct TestOptions {
  std::vector<std::string> paths;
  bool coverage = false;
  double coverage_min = 0;
  std::string output = "tree";
};

int Test(const TestOptions& options) {
  const auto catalog = ledger::Catalog::Make();
  Coverage coverage;
  std::vector<SuiteResult> suites;
  std::size_t failed = 0;
  for (const std::string& path : options.paths) {
    auto suite = RunSuite(path, *catalog, coverage);
    if (!suite.ok()) {
      Report(suite.error());
      return kInvalid;
    }
    failed += suite->failed();
    suites.push_back(std::move(suite).value());
  }
  const bool with_coverage = options.coverage || options.coverage_min > 0;
  if (options.output == "json") {
    fmt::print("{}", AsJson(suites, with_coverage ? &coverage : nullptr));
  } else if (options.output == "junit") {
    fmt::print("{}", AsJunit(suites));
  } else {
    fmt::print("{}{}", AsTree(suites), with_coverage ? CoverageText(coverage) : "");
  }
  const bool covered = coverage.percent() >= options.coverage_min;
  if (!covered)
    fmt::print(stderr, "error: the coverage is {:.1f} %, at least {} % is wanted\n",
               coverage.percent(), options.coverage_min);
  return failed == 0 && covered ? 0 : kTestFailed;
}

void AddTest(CLI::App& policy, int& exit) {
  CLI::App* command =
      policy.add_subcommand("test", "whether policies decide what their tests expect");
  auto options = std::make_shared<TestOptions>();
  command->add_option("FILES", options->paths, "suites, in YAML or JSON")->required();
  command->add_option("--output", options->output, "how results are printed: tree, json or junit")
      ->check(CLI::IsMember({"tree", "json", "junit"}));
  command->add_flag("--coverage", options->coverage,
                    "show which policies applied, and what each assertion came to");
  command
      ->add_option("--coverage-min", options->coverage_min,
                   "fail below this percentage of what there is to meet")
      ->check(CLI::Range(0.0, 100.0));
  command->footer(
      "exit codes: 0 all passed, 2 wrong usage, 3 a file is not valid,\n"
      "            4 a case failed or the coverage is too low\n"
      "examples:\n"
      "  strongroom policy test policies/*.test.yaml --output junit > report.xml\n"
      "  strongroom policy test policies/*.test.yaml --coverage --coverage-min 90");
  command->callback([options, &exit] { exit = Test(*options); });
}

void AddLint(CLI::App& policy, int& exit) {
  CLI::App* command = policy.add_subcommand("lint", "what the server would say of policies");
  auto options = std::make_shared<LintOptions>();
  command
      ->add_option("FILES", options->paths, "lists of policies, or tenant files, in YAML or JSON")
      ->required();
  command->add_option("--principal", options->principal,
                      "the client's principal, for a list of policies");
  command->add_flag("--strict", options->strict, "fail on warnings too");
  AddOutput(*command, options->output);
  command->footer(
      "exit codes: 0 valid, 2 wrong usage, 3 the server would refuse them, 4 warnings (--strict)\n"
      "examples:\n"
      "  strongroom policy lint tenant.yaml --strict\n"
      "  strongroom policy lint readers.json --principal https://accounts.google.com");
  command->callback([options, &exit] { exit = Lint(*options); });
}

}  // namespace

void AddPolicy(CLI::App& app, int& exit) {
  CLI::App* policy = app.add_subcommand("policy", "policies as code: files, tests, and a server");
  policy->require_subcommand(1);
  policy->footer(
      "examples:\n"
      "  strongroom policy lint tenant.yaml               what the server would say of it\n"
      "  strongroom policy test policies/*.test.yaml      whether it decides what is expected\n"
      "  strongroom policy export --account-id Prod ...   what a server holds, as a file\n"
      "  strongroom policy diff tenant.yaml ...           what differs from the server\n"
      "  strongroom policy apply tenant.yaml --dry-run    whom applying it would change\n"
      "  strongroom policy simulate ...                   one decision, in full");
  AddLint(*policy, exit);
  AddTest(*policy, exit);
  AddPolicyServer(*policy, exit);
  AddPolicySimulate(*policy, exit);
}

}  // namespace strongroom::server::cli
