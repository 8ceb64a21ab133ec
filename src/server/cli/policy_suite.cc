#include "server/cli/policy_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "authz/permit.h"
#include "base/json.h"
#include "ledger/document_json.h"
#include "scalars/timestamp.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;

base::Error Bad(std::string message, std::string hint = {}) {
  return base::MakeError(ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

base::Result<json::value> ReadJsonFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Bad(fmt::format("the file `{}` can't be read", path));
  return base::ParseJson(text.str());
}

base::Status RefuseUnknown(const json::object& object,
                           std::initializer_list<std::string_view> known, std::string_view where) {
  for (const auto& member : object)
    if (std::ranges::find(known, std::string_view(member.key())) == known.end())
      return Bad(
          fmt::format("{} has an unknown member `{}`", where, std::string_view(member.key())),
          fmt::format("its members are {}", fmt::join(known, ", ")));
  return {};
}

base::Result<std::string> Text(const json::object& object, std::string_view name,
                               std::string_view fallback = {}) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr && fallback.data() != nullptr) return std::string(fallback);
  if (value == nullptr || !value->is_string())
    return Bad(fmt::format("`{}` has to be a text", name));
  return std::string(value->get_string());
}

// One file while it runs.
class Suite {
 public:
  Suite(std::string path, const ledger::Catalog& catalog)
      : path_(std::move(path)), catalog_(catalog) {}

  base::Result<SuiteResult> Run() {
    STRONGROOM_ASSIGN(const json::value file, ReadJsonFile(path_));
    if (!file.is_object()) return Bad("a suite has to be an object");
    suite_ = &file.get_object();
    STRONGROOM_TRY(RefuseUnknown(
        *suite_, {"policies", "principal", "account", "now", "claims", "documents", "cases"},
        "the suite"));
    STRONGROOM_TRY(ReadPolicies());
    const json::value* cases = suite_->if_contains("cases");
    if (cases == nullptr || !cases->is_array() || cases->get_array().empty())
      return Bad("`cases` has to be a list of at least one case");
    SuiteResult result{path_, {}};
    for (const json::value& one : cases->get_array()) {
      auto done = RunCase(one);
      if (!done.ok()) {
        base::Error error = std::move(done).error();
        error.message = fmt::format("cases[{}]: {}", result.cases.size(), error.message);
        return error;
      }
      result.cases.push_back(std::move(done).value());
    }
    return result;
  }

 private:
  // A list, the path of a file with a list, or a list of such paths whose policies are decided
  // together, as those of several groups are.
  base::Status ReadPolicies() {
    const json::value* given = suite_->if_contains("policies");
    if (given == nullptr) return Bad("`policies` is missing", "give a list, or the path of a file");
    std::vector<authz::Policy> policies;
    const bool paths =
        given->is_array() && !given->get_array().empty() && given->get_array().front().is_string();
    if (given->is_string() || paths) {
      const json::array files = paths ? given->get_array() : json::array{*given};
      for (const json::value& file : files) {
        if (!file.is_string()) return Bad("`policies` mixes paths and policies");
        STRONGROOM_TRY(AddPolicies(std::string(file.get_string()), policies));
      }
    } else {
      STRONGROOM_ASSIGN(policies, authz::PoliciesFromJson(*given));
    }
    STRONGROOM_ASSIGN(policies_, authz::PolicySet::Compile(std::move(policies), catalog_.rights()));
    return {};
  }

  base::Status AddPolicies(const std::string& name, std::vector<authz::Policy>& policies) const {
    const auto path = std::filesystem::path(path_).parent_path() / name;
    STRONGROOM_ASSIGN(const json::value list, ReadJsonFile(path.string()));
    STRONGROOM_ASSIGN(auto read, authz::PoliciesFromJson(list));
    for (authz::Policy& policy : read) {
      policy.origin = name;
      policies.push_back(std::move(policy));
    }
    return {};
  }

  // What stands there, or the fixture of that name.
  base::Result<const json::object*> Fixture(const json::object& one, std::string_view member,
                                            std::string_view fixtures) const {
    const json::value* value = one.if_contains(member);
    if (value != nullptr && value->is_string()) {
      const json::value* all = suite_->if_contains(fixtures);
      const json::value* named = all != nullptr && all->is_object()
                                     ? all->get_object().if_contains(value->get_string())
                                     : nullptr;
      if (named == nullptr)
        return Bad(fmt::format("`{}` holds no `{}`", fixtures, std::string(value->get_string())));
      value = named;
    }
    if (value == nullptr) return static_cast<const json::object*>(nullptr);
    if (!value->is_object()) return Bad(fmt::format("`{}` has to be an object", member));
    return &value->get_object();
  }

  base::Result<authz::Permit> PermitFor(const json::object& one) const {
    STRONGROOM_ASSIGN(const json::object* claims, Fixture(one, "claims", "claims"));
    STRONGROOM_ASSIGN(const std::string principal,
                      Text(*suite_, "principal", "https://issuer.example"));
    STRONGROOM_ASSIGN(const std::string account, Text(*suite_, "account", "Test"));
    authz::TokenContext token{
        std::make_shared<const json::object>(claims == nullptr ? json::object() : *claims),
        principal, account};
    base::Timestamp now = base::SystemClock().Now();
    if (suite_->contains("now")) {
      STRONGROOM_ASSIGN(const std::string text, Text(*suite_, "now"));
      STRONGROOM_ASSIGN(now, scalars::ParseTimestamp(text));
    }
    STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(policies_, std::move(token)));
    return authz::Permit::Grant(std::move(folded), now);
  }

  base::Result<CaseResult> RunCase(const json::value& value) const {
    if (!value.is_object()) return Bad("a case has to be an object");
    const json::object& one = value.get_object();
    STRONGROOM_TRY(RefuseUnknown(
        one, {"name", "claims", "action", "resource", "document", "expect", "reasons", "errors"},
        "the case"));
    CaseResult result;
    STRONGROOM_ASSIGN(const std::string action_name, Text(one, "action"));
    const auto action = authz::ActionFromName(action_name);
    if (!action) return Bad(fmt::format("`{}` is no action", action_name), "write db:Select …");
    STRONGROOM_ASSIGN(const std::string resource, Text(one, "resource"));
    STRONGROOM_ASSIGN(const ledger::Ledger* ledger, ledger::LedgerOfResource(catalog_, resource));
    STRONGROOM_ASSIGN(result.name, Text(one, "name", fmt::format("{} {}", action_name, resource)));
    STRONGROOM_ASSIGN(const json::object* given, Fixture(one, "document", "documents"));
    std::optional<ledger::Document> document;
    if (given != nullptr) {
      STRONGROOM_ASSIGN(document, ledger::DocumentFromJson(*ledger, *given));
    }
    STRONGROOM_ASSIGN(const authz::Permit permit, PermitFor(one));
    STRONGROOM_ASSIGN(result.decision,
                      permit.Explain({}, *action, resource, document ? &*document : nullptr));
    STRONGROOM_TRY(Compare(one, result));
    return result;
  }

  base::Status Compare(const json::object& one, CaseResult& result) const {
    STRONGROOM_ASSIGN(const std::string expected, Text(one, "expect"));
    if (!authz::EffectFromName(expected))
      return Bad(fmt::format("`expect` is `{}`", expected), "write ALLOW or DENY");
    const std::string_view effect = authz::EffectName(result.decision.effect);
    if (expected != effect)
      result.failures.push_back(fmt::format("expected {}, received {}", expected, effect));
    // Without reasons, a right answer for a wrong reason would pass.
    if (!one.contains("reasons"))
      return Bad("`reasons` is missing",
                 "list the numbers of the policies that decide; [] for denied by default");
    STRONGROOM_TRY(CompareNumbers(one, "reasons", result.decision.reasons, result));
    return CompareNumbers(one, "errors", result.decision.errors, result);
  }

  base::Status CompareNumbers(const json::object& one, std::string_view member,
                              const std::vector<std::uint32_t>& received,
                              CaseResult& result) const {
    const json::value* given = one.if_contains(member);
    if (given == nullptr) return {};
    const json::array* list = given->if_array();
    if (list == nullptr) return Bad(fmt::format("`{}` has to be a list of numbers", member));
    std::vector<std::uint32_t> expected;
    for (const json::value& number : *list) {
      if (!number.is_int64() || number.get_int64() < 0 ||
          static_cast<std::size_t>(number.get_int64()) >= policies_->policies().size())
        return Bad(
            fmt::format("`{}` holds `{}`, which is no policy's number", member,
                        json::serialize(number)),
            fmt::format("there are {} policies, counted from 0", policies_->policies().size()));
      expected.push_back(static_cast<std::uint32_t>(number.get_int64()));
    }
    std::ranges::sort(expected);
    if (expected != received)
      result.failures.push_back(fmt::format("expected {} [{}], received [{}]", member,
                                            fmt::join(expected, ", "), fmt::join(received, ", ")));
    return {};
  }

  const std::string path_;
  const ledger::Catalog& catalog_;
  const json::object* suite_ = nullptr;
  std::shared_ptr<const authz::PolicySet> policies_;
};

}  // namespace

std::size_t SuiteResult::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(cases, [](const CaseResult& one) { return !one.failures.empty(); }));
}

base::Result<SuiteResult> RunSuite(const std::string& path, const ledger::Catalog& catalog) {
  return Suite(path, catalog).Run();
}

}  // namespace strongroom::server::cli
