#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "server/cli/commands.h"
#include "server/cli/remote.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct ExplainOptions {
  RemoteOptions remote;
  std::string id;
  std::string output = "text";
};

constexpr std::string_view kQuery = R"(query ($id: ID!) { auth { explain(decisionId: $id) {
  id time principal action resource effect deniedByDefault summary reasons errors complete
  policies { policy origin effect outcome
    assertions { name expression outcome error seen { path value masked } } } } } })";

std::string_view Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

bool Is(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string_view OutcomeText(std::string_view outcome) {
  if (outcome == "OTHER_ACTION") return "is about other actions";
  if (outcome == "OTHER_RESOURCE") return "is about other resources";
  if (outcome == "SKIPPED") return "skipped, an assertion is false";
  if (outcome == "FAILED") return "failed, an assertion could not be evaluated";
  if (outcome == "APPLICABLE") return "applies";
  if (outcome == "DEFECTIVE") return "is not valid, and so denies what it covers";
  return outcome;
}

std::string_view AssertionText(std::string_view outcome) {
  if (outcome == "TRUE") return "true";
  return outcome == "FALSE" ? "false" : "error";
}

void PrintSeen(const json::array& seen) {
  for (const json::value& item : seen) {
    const json::object& one = item.as_object();
    const std::string_view value = Text(one, "value");
    fmt::print("        {} = {}\n", Text(one, "path"),
               Is(one, "masked") ? "(masked: you may not see it)"
               : value.empty()   ? "(there is none)"
                                 : value);
  }
}

void PrintPolicy(const json::object& policy) {
  fmt::print("  policy {} of {}, {}: {}\n", policy.at("policy").as_int64(), Text(policy, "origin"),
             Text(policy, "effect"), OutcomeText(Text(policy, "outcome")));
  for (const json::value& item : policy.at("assertions").as_array()) {
    const json::object& one = item.as_object();
    fmt::print("    {}: {}  {}\n", AssertionText(Text(one, "outcome")), Text(one, "name"),
               Text(one, "expression"));
    if (const std::string_view error = Text(one, "error"); !error.empty())
      fmt::print("        {}\n", error);
    PrintSeen(one.at("seen").as_array());
  }
}

void PrintText(const json::object& decision) {
  fmt::print("{} {} on {}\n", Text(decision, "effect"), Text(decision, "action"),
             Text(decision, "resource"));
  fmt::print("  {}\n  decision {}, {}, for {}\n", Text(decision, "summary"), Text(decision, "id"),
             Text(decision, "time"), Text(decision, "principal"));
  for (const json::value& policy : decision.at("policies").as_array())
    PrintPolicy(policy.as_object());
  if (Is(decision, "deniedByDefault"))
    fmt::print("  default: nothing that no ALLOW policy applies to is allowed\n");
  if (!Is(decision, "complete"))
    fmt::print("  policies are missing above: it was too long, or only the audit log has it\n");
}

base::Status Explain(const ExplainOptions& options) {
  STRONGROOM_ASSIGN(const auto remote, Remote::Connect(options.remote));
  STRONGROOM_ASSIGN(const json::object data, remote->Ask(kQuery, {{"id", options.id}}));
  const json::value& decision = data.at("auth").as_object().at("explain");
  if (decision.is_null())
    return base::MakeError(base::ErrorCode::kNotFound,
                           fmt::format("no decision `{}` is kept in this tenant", options.id),
                           "name the tenant it was made in; retention removes old ones");
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(decision));
  } else {
    PrintText(decision.as_object());
  }
  return {};
}

}  // namespace

void AddExplain(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("explain", "why something was denied");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("ID", options->id, "the decisionId that the error has")->required();
  AddRemote(*command, options->remote);
  AddOutput(*command, options->output);
  command->footer(
      "needs Select on system.Decision.document.decision_id; what you may not see is masked\n"
      "examples:\n"
      "  strongroom explain 019c03a1-5d1c-7c3e-9a55-3f0f6f0c2b7e --dev .strongroom/data\n"
      "  STRONGROOM_TOKEN=… strongroom explain ID --url https://ledger.example --account-id Main");
  command->callback([options, &exit] {
    const base::Status status = Explain(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace strongroom::server::cli
