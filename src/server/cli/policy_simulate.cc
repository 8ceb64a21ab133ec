// `strongroom policy simulate`: one decision in full, from files or by a running server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "authz/permit.h"
#include "base/json.h"
#include "ledger/catalog/catalog.h"
#include "ledger/document_json.h"
#include "server/cli/commands.h"
#include "server/cli/policy_commands.h"
#include "server/cli/policy_suite.h"
#include "server/cli/server_access.h"
#include "server/cli/structured_file.h"
#include "server/cli/tenant_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct Options {
  ServerOptions server;
  std::string policies;
  std::string principal;
  std::string claims = "{}";
  std::string action;
  std::string resource;
  std::string document;
  std::string output = "text";
};

base::Error Bad(std::string message, std::string hint) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

// JSON itself, or the path of a file.
base::Result<json::value> ReadValue(const std::string& given) {
  if (given.starts_with('{')) return base::ParseJson(given);
  STRONGROOM_ASSIGN(StructuredFile file, ReadStructuredFile(given));
  return std::move(file.value);
}

base::Result<std::vector<authz::Policy>> ClientPolicies(const TenantAccess& access,
                                                        const std::string& principal,
                                                        std::string_view where) {
  const ClientEntry* client = access.FindClient(principal);
  if (client == nullptr)
    return Bad(fmt::format("{} has no client of the principal `{}`", where, principal),
               "pass --principal");
  std::vector<authz::Policy> policies = client->policies;
  for (authz::Policy& policy : policies) policy.origin = fmt::format("client \"{}\"", client->name);
  return policies;
}

base::Result<std::vector<authz::Policy>> ReadPolicies(const Options& options,
                                                      ServerConnection* server) {
  if (!options.policies.empty()) {
    STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(options.policies));
    if (!IsTenantFile(file)) return PoliciesAt(file, file.value, {});
    STRONGROOM_ASSIGN(const TenantAccess access, ReadTenantFiles({options.policies}));
    return ClientPolicies(access, options.principal, options.policies);
  }
  if (server == nullptr)
    return Bad("there are no policies", "pass --policies FILE, or --server for those it holds");
  STRONGROOM_ASSIGN(const ServerAccess found, ReadServerAccess(*server, {true, false, false}));
  return ClientPolicies(found.access, options.principal, "the server");
}

// ---- On the engine in this program.

base::Result<authz::Decision> Decide(const Options& options, authz::Action action,
                                     std::vector<authz::Policy> policies,
                                     const json::object& claims,
                                     const std::optional<json::value>& given) {
  const auto catalog = ledger::Catalog::Make();
  STRONGROOM_ASSIGN(const ledger::Ledger* ledger,
                    ledger::LedgerOfResource(*catalog, options.resource));
  std::optional<ledger::Document> document;
  if (given) {
    STRONGROOM_ASSIGN(document, ledger::DocumentFromJson(*ledger, *given));
  }
  STRONGROOM_ASSIGN(auto set, authz::PolicySet::Compile(std::move(policies), catalog->rights()));
  const std::string account =
      options.server.account_id.empty() ? "Test" : options.server.account_id;
  authz::TokenContext token{std::make_shared<const json::object>(claims), options.principal,
                            account};
  STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(std::move(set), std::move(token)));
  const auto permit = authz::Permit::Grant(std::move(folded), base::SystemClock().Now());
  return permit.Explain({}, action, options.resource, document ? &*document : nullptr);
}

json::object DecisionJson(const authz::Decision& decision) {
  json::array policies;
  for (const authz::PolicyTrace& policy : decision.policies) {
    json::array assertions;
    for (const authz::AssertionTrace& assertion : policy.assertions) {
      json::array seen;
      for (const authz::SeenValue& value : assertion.seen)
        seen.push_back(json::object{
            {"path", value.path},
            {"value", value.value.empty() ? json::value() : json::value(value.value)}});
      assertions.push_back(json::object{
          {"name", assertion.name},
          {"expression", assertion.expression},
          {"outcome", authz::AssertionOutcomeName(assertion.outcome)},
          {"error", assertion.error.empty() ? json::value() : json::value(assertion.error)},
          {"seen", std::move(seen)}});
    }
    policies.push_back(json::object{{"policy", policy.policy},
                                    {"effect", authz::EffectName(policy.effect)},
                                    {"outcome", authz::PolicyOutcomeName(policy.outcome)},
                                    {"assertions", std::move(assertions)}});
  }
  return {{"effect", authz::EffectName(decision.effect)},
          {"summary", authz::Summary(decision)},
          {"reasons", json::value_from(decision.reasons)},
          {"errors", json::value_from(decision.errors)},
          {"policies", std::move(policies)}};
}

// ---- By the server: `auth { simulate }`, which tells the same.

constexpr std::string_view kSimulate =
    "query ($input: SimulateInput!) { auth { simulate(input: $input) { effect summary reasons "
    "errors policies { policy effect outcome assertions { name expression outcome error "
    "seen { path value } } } } } }";

base::Result<json::object> AskServer(ServerConnection& server, const Options& options,
                                     authz::Action action,
                                     const std::vector<authz::Policy>& policies,
                                     const json::object& claims,
                                     const std::optional<json::value>& document) {
  json::object input{{"claims", claims},
                     {"policies", PoliciesToGraphql(policies)},
                     {"action", authz::ActionGraphqlName(action)},
                     {"resource", options.resource}};
  if (!options.principal.empty()) input["principal"] = options.principal;
  if (document) input["document"] = *document;
  STRONGROOM_ASSIGN(const auto answer,
                    server.Ask(kSimulate, json::object{{"input", std::move(input)}}));
  const json::value data = answer.data;
  return data.at("auth").at("simulate").as_object();
}

std::string Text(const json::object& decision) {
  const json::value value = decision;
  std::string text = fmt::format("{}\n", value.at("summary").as_string().c_str());
  for (const json::value& policy : value.at("policies").as_array()) {
    text += fmt::format("policy {} {} {}\n", json::serialize(policy.at("policy")),
                        policy.at("effect").as_string().c_str(),
                        policy.at("outcome").as_string().c_str());
    for (const json::value& assertion : policy.at("assertions").as_array()) {
      const json::value& error = assertion.at("error");
      text += fmt::format("  {} {}{}\n", assertion.at("name").as_string().c_str(),
                          assertion.at("outcome").as_string().c_str(),
                          error.is_null() ? "" : ": " + std::string(error.as_string()));
      for (const json::value& seen : assertion.at("seen").as_array()) {
        const json::value& shown = seen.at("value");
        text += fmt::format("    {} = {}\n", seen.at("path").as_string().c_str(),
                            shown.is_null() ? "none" : std::string(shown.as_string()));
      }
    }
  }
  return text;
}

base::Result<json::object> Simulate(const Options& options) {
  const auto action = authz::ActionFromName(options.action);
  if (!action)
    return Bad(fmt::format("`{}` is no action", options.action),
               "write db:Select, db:Insert, db:Update or db:Delete");
  STRONGROOM_ASSIGN(const json::value claims, ReadValue(options.claims));
  if (!claims.is_object()) return Bad("the claims have to be an object", "pass JSON, or a file");
  std::optional<json::value> document;
  if (!options.document.empty()) {
    STRONGROOM_ASSIGN(document, ReadValue(options.document));
  }
  std::unique_ptr<ServerConnection> server;
  if (!options.server.server.empty()) {
    STRONGROOM_ASSIGN(server, ServerConnection::Open(options.server));
  }
  STRONGROOM_ASSIGN(auto policies, ReadPolicies(options, server.get()));
  if (server != nullptr)
    return AskServer(*server, options, *action, policies, claims.get_object(), document);
  STRONGROOM_ASSIGN(const authz::Decision decision,
                    Decide(options, *action, std::move(policies), claims.get_object(), document));
  return DecisionJson(decision);
}

}  // namespace

void AddPolicySimulate(CLI::App& policy, int& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = policy.add_subcommand("simulate", "how a decision comes about, in full");
  command->add_option("--policies", options->policies,
                      "a list of policies, or a tenant file with the principal's client");
  command->add_option("--principal", options->principal, "issuer of the token, or an AWS identity");
  command->add_option("--claims", options->claims, "of the token: JSON, or a file");
  command->add_option("--action", options->action, "db:Select, db:Insert, db:Update or db:Delete")
      ->required();
  command->add_option("--resource", options->resource, "such as financial.Account.document.name")
      ->required();
  command->add_option("--document", options->document,
                      "with stored names as members: JSON, or a file");
  AddServerOptions(*command, options->server, {});
  AddOutput(*command, options->output);
  command->footer(
      "Without --server it is decided here; with it the server is asked, for its own policies "
      "when\n"
      "--policies is left out (the token comes from --token-file or STRONGROOM_TOKEN).\n"
      "exit codes: 0 decided, whatever the decision, 2 wrong usage, 3 it can't be decided\n"
      "example:\n"
      "  strongroom policy simulate --policies tenant.yaml --principal https://accounts.google.com "
      "\\\n"
      "    --claims '{\"email\": \"a@example.com\"}' --action db:Select \\\n"
      "    --resource financial.Account.document.name");
  command->callback([options, &exit] {
    const auto decision = Simulate(*options);
    if (!decision.ok()) {
      Report(decision.error());
      exit = kInvalid;
      return;
    }
    fmt::print("{}",
               options->output == "json" ? json::serialize(*decision) + "\n" : Text(*decision));
  });
}

}  // namespace strongroom::server::cli
