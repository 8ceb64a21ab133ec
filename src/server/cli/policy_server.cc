// `strongroom policy export`, `diff` and `apply`: files and a running server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <set>

#include "authz/permit.h"
#include "ledger/catalog/catalog.h"
#include "server/cli/access_changes.h"
#include "server/cli/access_effects.h"
#include "server/cli/commands.h"
#include "server/cli/policy_commands.h"
#include "server/cli/server_access.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

constexpr const char* kDefaultServer = "https://localhost:8443";
constexpr const char* kServerFooter =
    "The token is read from --token-file or from STRONGROOM_TOKEN in the environment.\n";

struct Options {
  ServerOptions server;
  std::vector<std::string> paths;
  std::vector<std::string> only;
  std::vector<std::string> suites;
  bool dry_run = false;
  bool force = false;
  std::string output;
};

// ---- export

base::Status Export(const Options& options) {
  const std::set<std::string> only(options.only.begin(), options.only.end());
  const auto wanted = [&](const char* section) { return only.empty() || only.contains(section); };
  STRONGROOM_ASSIGN(const auto connection, ServerConnection::Open(options.server));
  STRONGROOM_ASSIGN(
      ServerAccess found,
      ReadServerAccess(*connection, {wanted("clients"), wanted("groups"), wanted("users")}));
  found.access.account = options.server.account_id;
  const json::object access = ToJson(found.access);
  fmt::print("{}", options.output == "json" ? json::serialize(access) + "\n" : ToYaml(access));
  return {};
}

// ---- diff and apply

struct Comparison {
  std::unique_ptr<ServerConnection> connection;
  TenantAccess files;
  ServerAccess server;
  std::vector<Change> changes;
};

base::Result<Comparison> CompareWithServer(Options options, TenantAccess given) {
  Comparison comparison;
  comparison.files = std::move(given);
  const TenantAccess& files = comparison.files;
  const std::string& asked = options.server.account_id;
  if (!asked.empty() && !files.account.empty() && asked != files.account)
    return base::MakeError(
        base::ErrorCode::kBadRequest,
        fmt::format("the files are for `{}`, and not for `{}`", files.account, asked),
        "leave --account-id out, or take `account` out of the files");
  if (asked.empty()) options.server.account_id = files.account;
  STRONGROOM_ASSIGN(comparison.connection, ServerConnection::Open(options.server));
  STRONGROOM_ASSIGN(
      comparison.server,
      ReadServerAccess(*comparison.connection, {files.clients.has_value(), files.groups.has_value(),
                                                files.users.has_value()}));
  comparison.changes = CompareAccess(comparison.server.access, files);
  return comparison;
}

int Diff(const Options& options, TenantAccess files) {
  const auto comparison = CompareWithServer(options, std::move(files));
  if (!comparison.ok()) return Report(comparison.error());
  if (options.output == "json")
    fmt::print("{}\n",
               json::serialize(json::object{{"equal", comparison->changes.empty()},
                                            {"changes", ChangesJson(comparison->changes)}}));
  else
    fmt::print("{}", ChangesText(comparison->changes));
  return comparison->changes.empty() ? 0 : kTestFailed;
}

std::vector<authz::Policy> PoliciesOf(const TenantAccess& access, const std::string& principal) {
  const ClientEntry* client = access.FindClient(principal);
  return client == nullptr ? std::vector<authz::Policy>() : client->policies;
}

// Holders, then what the suites' people gain and lose.
base::Result<std::vector<Effect>> EffectsOf(const Comparison& comparison,
                                            const std::vector<std::string>& suites) {
  const auto catalog = ledger::Catalog::Make();
  std::vector<Effect> effects = EffectsOnHolders(comparison.changes, *catalog);
  if (!comparison.files.clients) return effects;
  for (const std::string& path : suites) {
    STRONGROOM_ASSIGN(const Fixtures fixtures, ReadFixtures(path, *catalog));
    STRONGROOM_ASSIGN(
        auto more,
        EffectsOnFixtures(fixtures, path, PoliciesOf(comparison.server.access, fixtures.principal),
                          PoliciesOf(comparison.files, fixtures.principal), *catalog));
    effects.insert(effects.end(), more.begin(), more.end());
  }
  return effects;
}

// UX 9: whoever applies files keeps the right to correct them, unless that is forced. What an
// ancestor tenant or groups give the caller is not in the files, and is not counted.
base::Status RefuseOwnLockout(const Comparison& comparison) {
  STRONGROOM_ASSIGN(
      const auto answer,
      comparison.connection->Ask("{ auth { whoami { principal claims accountId } } }", {}));
  const json::value data = answer.data;
  const json::object& me = data.at("auth").at("whoami").as_object();
  const std::string principal(me.at("principal").as_string());
  const Change* own = nullptr;
  for (const Change& change : comparison.changes)
    if (change.what == Change::What::kClient && change.name == principal) own = &change;
  if (own == nullptr) return {};
  const auto catalog = ledger::Catalog::Make();
  const auto manages = [&](const std::vector<authz::Policy>& policies) -> base::Result<bool> {
    STRONGROOM_ASSIGN(auto set,
                      authz::PolicySet::Compile(policies, catalog->rights(),
                                                {authz::PolicySet::BadPolicy::kCountAsDeny}));
    authz::TokenContext token{std::make_shared<const json::object>(me.at("claims").as_object()),
                              principal, std::string(me.at("accountId").as_string())};
    STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(std::move(set), std::move(token)));
    const auto permit = authz::Permit::Grant(std::move(folded), base::SystemClock().Now());
    STRONGROOM_ASSIGN(const auto verdict, permit.Can(authz::Action::kUpdate,
                                                     "system.Client.document.policies", nullptr));
    return verdict != authz::Verdict::kDeny;
  };
  STRONGROOM_ASSIGN(const bool before, manages(own->policies_before));
  STRONGROOM_ASSIGN(const bool after, manages(own->policies_after));
  if (!before || after) return {};
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "you could not write the clients of this tenant any more",
                         "keep Update on system.Client for your token, or pass --force");
}

base::Result<json::array> Send(const Comparison& comparison, const Options& options) {
  const std::string directives =
      fmt::format("{}{}", options.dry_run ? "@dryRun " : "", options.force ? "@force" : "");
  STRONGROOM_ASSIGN(Mutation mutation,
                    MutationOf(comparison.changes, comparison.server, directives));
  STRONGROOM_ASSIGN(auto answer,
                    comparison.connection->Ask(mutation.document, std::move(mutation.variables)));
  return std::move(answer.warnings);
}

void PrintApplied(const Options& options, const std::vector<Change>& changes,
                  const std::vector<Effect>& effects, const json::array& warnings) {
  const bool applied = !options.dry_run;
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"applied", applied},
                                                    {"changes", ChangesJson(changes)},
                                                    {"effects", EffectsJson(effects)},
                                                    {"warnings", warnings}}));
    return;
  }
  fmt::print("{}", ChangesText(changes));
  if (!effects.empty()) fmt::print("\nwhom it changes:\n{}", EffectsText(effects));
  for (const json::value& warning : warnings) {
    fmt::print(stderr, "warning: {} ({}, at {})\n", warning.at("message").as_string().c_str(),
               warning.at("code").as_string().c_str(), json::serialize(warning.at("path")));
    if (const json::value* hint = warning.as_object().if_contains("hint"))
      fmt::print(stderr, "hint: {}\n", hint->as_string().c_str());
  }
  fmt::print("{}{} changes{}\n", changes.empty() ? "" : "\n", changes.size(),
             applied ? ", applied" : ", nothing was stored");
}

base::Status ApplyFiles(const Options& options, TenantAccess files) {
  STRONGROOM_ASSIGN(const Comparison comparison, CompareWithServer(options, std::move(files)));
  STRONGROOM_ASSIGN(const auto effects, EffectsOf(comparison, options.suites));
  json::array warnings;
  if (!comparison.changes.empty()) {
    if (!options.force) STRONGROOM_TRY(RefuseOwnLockout(comparison));
    STRONGROOM_ASSIGN(warnings, Send(comparison, options));
  }
  PrintApplied(options, comparison.changes, effects, warnings);
  return {};
}

int Apply(const Options& options, TenantAccess files) {
  const base::Status status = ApplyFiles(options, std::move(files));
  return status.ok() ? 0 : Report(status.error());
}

int WithFiles(const Options& options, int (*run)(const Options&, TenantAccess)) {
  auto files = ReadTenantFiles(options.paths);
  if (files.ok()) return run(options, std::move(files).value());
  Report(files.error());
  return kInvalid;
}

void AddFiles(CLI::App& command, Options& options) {
  command.add_option("FILES", options.paths, "tenant files, in YAML or JSON")->required();
  AddServerOptions(command, options.server, kDefaultServer);
  options.output = "text";
  AddOutput(command, options.output);
}

}  // namespace

void AddPolicyServer(CLI::App& policy, int& exit) {
  auto exported = std::make_shared<Options>();
  CLI::App* command =
      policy.add_subcommand("export", "clients, groups and users of a server, as a tenant file");
  AddServerOptions(*command, exported->server, kDefaultServer);
  command->add_option("--only", exported->only, "clients, groups or users; may be repeated")
      ->check(CLI::IsMember({"clients", "groups", "users"}))
      ->take_all();
  exported->output = "yaml";
  command->add_option("--output", exported->output, "yaml or json")
      ->check(CLI::IsMember({"yaml", "json"}));
  command->footer(std::string(kServerFooter) +
                  "exit codes: 0 done, 1 the server can't be asked or refuses, 2 wrong usage\n"
                  "example:\n"
                  "  strongroom policy export --account-id Prod --ca ca.pem > tenant.yaml");
  command->callback([exported, &exit] {
    const base::Status status = Export(*exported);
    exit = status.ok() ? 0 : Report(status.error());
  });

  auto compared = std::make_shared<Options>();
  command = policy.add_subcommand("diff", "what has to change to make a server equal to files");
  AddFiles(*command, *compared);
  command->footer(
      std::string(kServerFooter) +
      "exit codes: 0 equal, 1 the server can't be asked or refuses, 2 wrong usage,\n"
      "            3 a file is not valid, 4 they differ\n"
      "example:\n"
      "  strongroom policy diff tenant.yaml --server https://ledger.example --ca ca.pem");
  command->callback([compared, &exit] { exit = WithFiles(*compared, Diff); });

  auto applied = std::make_shared<Options>();
  command = policy.add_subcommand("apply", "make a server equal to files, in one transaction");
  AddFiles(*command, *applied);
  command->add_flag("--dry-run", applied->dry_run,
                    "have the server check everything, show the changes, and store nothing");
  command
      ->add_option("--suite", applied->suites,
                   "a suite whose people and documents show whom it changes; may be repeated")
      ->take_all();
  command->add_flag("--force", applied->force,
                    "also when you, or everybody, could not write clients any more");
  command->footer(
      std::string(kServerFooter) +
      "exit codes: 0 done, 1 refused: nothing was stored, 2 wrong usage,\n"
      "            3 a file is not valid\n"
      "examples:\n"
      "  strongroom policy apply tenant.yaml --ca ca.pem --dry-run --suite people.test.yaml\n"
      "  strongroom policy apply tenant.yaml --ca ca.pem");
  command->callback([applied, &exit] { exit = WithFiles(*applied, Apply); });
}

}  // namespace strongroom::server::cli
