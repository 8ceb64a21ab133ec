#include "server/cli/policy_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "authz/permit.h"
#include "ledger/document_json.h"
#include "ledger/list.h"
#include "server/cli/structured_file.h"
#include "server/cli/suite_members.h"
#include "server/cli/tenant_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using Way = std::vector<std::string>;

using suite::Bad;
using suite::LedgerNamed;
using suite::Placed;
using suite::RefuseUnknown;
using suite::Text;
using suite::Texts;

// One file while it runs.
class Suite {
 public:
  Suite(const StructuredFile& file, const ledger::Catalog& catalog, Coverage& coverage)
      : file_(file), catalog_(catalog), coverage_(coverage) {}

  base::Result<SuiteResult> Run() {
    if (!file_.value.is_object()) return Placed(file_, {}, Bad("a suite has to be an object"));
    const json::object& object = file_.value.get_object();
    if (auto read = Read(object); !read.ok()) return Placed(file_, {}, read.error());
    SuiteResult result{file_.path, {}};
    for (const json::value& one : object.at("cases").get_array()) {
      auto done = RunCase(one);
      const std::string number = std::to_string(result.cases.size());
      if (!done.ok()) {
        base::Error error = std::move(done).error();
        error.message = fmt::format("cases[{}]: {}", number, error.message);
        return Placed(file_, {"cases", number}, std::move(error));
      }
      result.cases.push_back(std::move(done).value());
    }
    return result;
  }

 private:
  base::Status Read(const json::object& object) {
    STRONGROOM_TRY(RefuseUnknown(
        object,
        {"policies", "groups", "principal", "account", "now", "claims", "documents", "cases"},
        "the suite"));
    STRONGROOM_ASSIGN(fixtures_, suite::FixturesOf(object, catalog_));
    STRONGROOM_TRY(ReadPolicies(object));
    const json::value* cases = object.if_contains("cases");
    if (cases == nullptr || !cases->is_array() || cases->get_array().empty())
      return Bad("`cases` has to be a list of at least one case");
    return {};
  }

  // A list, the path of a file, or a list of paths whose policies are decided together.
  base::Status ReadPolicies(const json::object& object) {
    const json::value* given = object.if_contains("policies");
    if (given == nullptr) return Bad("`policies` is missing", "give a list, or the path of a file");
    std::vector<authz::Policy> policies;
    const bool paths =
        given->is_array() && !given->get_array().empty() && given->get_array().front().is_string();
    if (given->is_string() || paths) {
      const json::array files = paths ? given->get_array() : json::array{*given};
      for (const json::value& file : files) {
        if (!file.is_string()) return Bad("`policies` mixes paths and policies");
        STRONGROOM_TRY(AddFile(object, std::string(file.get_string()), policies));
      }
    } else {
      STRONGROOM_ASSIGN(auto read, PoliciesAt(file_, *given, {"policies"}));
      Add(file_.path, std::move(read), policies);
    }
    STRONGROOM_ASSIGN(policies_, authz::PolicySet::Compile(std::move(policies), catalog_.rights()));
    for (std::size_t i = 0; i < keys_.size(); ++i)
      coverage_.Add(keys_[i], policies_->policies()[i]);
    return {};
  }

  void Add(const std::string& origin, std::vector<authz::Policy> read,
           std::vector<authz::Policy>& policies) {
    for (std::size_t i = 0; i < read.size(); ++i) {
      keys_.emplace_back(origin, i);
      read[i].origin = origin;
      policies.push_back(std::move(read[i]));
    }
  }

  // Of a tenant file, the client of the suite's principal and the groups that the suite names.
  base::Status AddFile(const json::object& object, const std::string& name,
                       std::vector<authz::Policy>& policies) {
    const std::string path =
        (std::filesystem::path(file_.path).parent_path() / name).lexically_normal().string();
    STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(path));
    if (!IsTenantFile(file)) {
      STRONGROOM_ASSIGN(auto read, PoliciesAt(file, file.value, {}));
      Add(path, std::move(read), policies);
      return {};
    }
    STRONGROOM_ASSIGN(TenantAccess access, ReadTenantFiles({path}));
    const ClientEntry* client = access.FindClient(fixtures_.principal);
    if (client == nullptr && !object.contains("groups"))
      return Bad(fmt::format("{} has no client of the principal `{}`", name, fixtures_.principal),
                 "`principal` of the suite names it");
    if (client != nullptr)
      Add(fmt::format("{} client {}", path, client->principal), client->policies, policies);
    if (!object.contains("groups")) return {};
    STRONGROOM_ASSIGN(const auto groups, Texts(object, "groups"));
    for (const std::string& group : groups) {
      const GroupEntry* entry = access.FindGroup(group);
      if (entry == nullptr) return Bad(fmt::format("{} has no group `{}`", name, group));
      Add(fmt::format("{} group {}", path, group), entry->policies, policies);
    }
    return {};
  }

  base::Result<authz::Permit> PermitFor(const json::object& one) const {
    json::object claims;
    if (const json::value* given = one.if_contains("claims")) {
      if (given->is_string()) {
        const auto named = fixtures_.claims.find(std::string(given->get_string()));
        if (named == fixtures_.claims.end())
          return Bad(fmt::format("`claims` holds no `{}`", std::string(given->get_string())));
        claims = named->second;
      } else if (given->is_object()) {
        claims = given->get_object();
      } else {
        return Bad("`claims` has to be an object, or the name of one");
      }
    }
    authz::TokenContext token{std::make_shared<const json::object>(std::move(claims)),
                              fixtures_.principal, fixtures_.account};
    STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(policies_, std::move(token)));
    return authz::Permit::Grant(std::move(folded), fixtures_.now);
  }

  base::Result<std::optional<ledger::Document>> DocumentFor(const json::object& one,
                                                            const ledger::Ledger& ledger) const {
    const json::value* given = one.if_contains("document");
    if (given == nullptr) return std::optional<ledger::Document>();
    if (!given->is_string()) {
      STRONGROOM_ASSIGN(ledger::Document document, ledger::DocumentFromJson(ledger, *given));
      return std::optional<ledger::Document>(std::move(document));
    }
    for (const Fixtures::OfDocument& fixture : fixtures_.documents)
      if (fixture.ledger == &ledger && given->get_string() == fixture.name)
        return std::optional<ledger::Document>(fixture.document);
    return Bad(fmt::format("`documents` holds no `{}` of {}", std::string(given->get_string()),
                           ledger.full_name()));
  }

  base::Result<CaseResult> RunCase(const json::value& value) const {
    if (!value.is_object()) return Bad("a case has to be an object");
    const json::object& one = value.get_object();
    return one.contains("list") ? RunList(one) : RunDecision(one);
  }

  base::Result<CaseResult> RunDecision(const json::object& one) const {
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
    STRONGROOM_ASSIGN(const auto document, DocumentFor(one, *ledger));
    STRONGROOM_ASSIGN(const authz::Permit permit, PermitFor(one));
    STRONGROOM_ASSIGN(authz::Decision decision,
                      permit.Explain({}, *action, resource, document ? &*document : nullptr));
    Note(decision);
    STRONGROOM_TRY(Compare(one, decision, result));
    result.decisions.push_back({{}, std::move(decision)});
    return result;
  }

  // Which of the ledger's documents a list through an index shows.
  base::Result<CaseResult> RunList(const json::object& one) const {
    STRONGROOM_TRY(RefuseUnknown(one, {"name", "claims", "list", "index", "shows"}, "the list"));
    CaseResult result;
    result.list = true;
    STRONGROOM_ASSIGN(const std::string name, Text(one, "list"));
    const ledger::Ledger* ledger = LedgerNamed(catalog_, name);
    if (ledger == nullptr)
      return Bad(fmt::format("`{}` is no ledger", name), "write `financial.Account`");
    STRONGROOM_ASSIGN(const ledger::IndexSpec* index, IndexOf(one, *ledger));
    STRONGROOM_ASSIGN(result.name,
                      Text(one, "name", fmt::format("list {} by {}", name, index->name)));
    STRONGROOM_ASSIGN(const authz::Permit permit, PermitFor(one));
    const std::string resource = fmt::format("{}.indexes.{}", name, index->name);
    const auto rights = ledger::RightsToFind(*ledger, *index);
    std::vector<CaseDecision> decisions;
    for (const Fixtures::OfDocument& fixture : fixtures_.documents) {
      if (fixture.ledger != ledger) continue;
      STRONGROOM_ASSIGN(const auto verdict,
                        permit.Judge(authz::Action::kSelect, ledger->rights(), fixture.document));
      if (ledger::IsFound(verdict, rights)) result.shown.push_back(fixture.name);
      STRONGROOM_ASSIGN(authz::Decision decision,
                        permit.Explain({}, authz::Action::kSelect, resource, &fixture.document));
      Note(decision);
      decisions.push_back({fixture.name, std::move(decision)});
    }
    const bool denied = permit.NeverAllows(authz::Action::kSelect, ledger->rights());
    STRONGROOM_TRY(CompareShown(one, *ledger, denied, std::move(decisions), result));
    return result;
  }

  base::Result<const ledger::IndexSpec*> IndexOf(const json::object& one,
                                                 const ledger::Ledger& ledger) const {
    for (const ledger::IndexSpec& index : ledger.spec().indexes)
      if (!one.contains("index") && !index.internal) return &index;
    STRONGROOM_ASSIGN(const std::string name, Text(one, "index"));
    const ledger::IndexSpec* index = ledger.FindIndex(name);
    if (index == nullptr || index->internal)
      return Bad(fmt::format("{} has no index `{}`", ledger.full_name(), name));
    return index;
  }

  base::Status CompareShown(const json::object& one, const ledger::Ledger& ledger, bool denied,
                            std::vector<CaseDecision> decisions, CaseResult& result) const {
    constexpr std::string_view kDenied = "ACCESS_DENIED";
    const json::value* given = one.if_contains("shows");
    const std::string received =
        denied ? std::string(kDenied) : fmt::format("[{}]", fmt::join(result.shown, ", "));
    if (given != nullptr && given->is_string()) {
      if (given->get_string() != kDenied)
        return Bad("`shows` has to be a list of documents, or ACCESS_DENIED");
      if (denied) return {};
      result.failures.push_back(fmt::format("expected {}, received {}", kDenied, received));
      result.decisions = std::move(decisions);
      return {};
    }
    STRONGROOM_ASSIGN(const auto names, Texts(one, "shows"));
    const std::set<std::string> expected(names.begin(), names.end());
    const std::set<std::string> shown(result.shown.begin(), result.shown.end());
    for (const std::string& name : expected) {
      const bool known = std::ranges::any_of(
          decisions, [&](const CaseDecision& decision) { return decision.document == name; });
      if (!known)
        return Bad(fmt::format("`documents` holds no `{}` of {}", name, ledger.full_name()));
    }
    if (!denied && expected == shown) return {};
    result.failures.push_back(
        fmt::format("expected to show [{}], received {}", fmt::join(expected, ", "), received));
    for (CaseDecision& decision : decisions)
      if (denied || expected.contains(decision.document) != shown.contains(decision.document))
        result.decisions.push_back(std::move(decision));
    return {};
  }

  void Note(const authz::Decision& decision) const {
    for (const authz::PolicyTrace& trace : decision.policies)
      coverage_.Note(keys_[trace.policy], trace);
  }

  base::Status Compare(const json::object& one, const authz::Decision& decision,
                       CaseResult& result) const {
    STRONGROOM_ASSIGN(const std::string expected, Text(one, "expect"));
    if (!authz::EffectFromName(expected))
      return Bad(fmt::format("`expect` is `{}`", expected), "write ALLOW or DENY");
    const std::string_view effect = authz::EffectName(decision.effect);
    if (expected != effect)
      result.failures.push_back(fmt::format("expected {}, received {}", expected, effect));
    // Without reasons, a right answer for a wrong reason would pass.
    if (!one.contains("reasons"))
      return Bad("`reasons` is missing",
                 "list the numbers of the policies that decide; [] for denied by default");
    STRONGROOM_TRY(CompareNumbers(one, "reasons", decision.reasons, result));
    return CompareNumbers(one, "errors", decision.errors, result);
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

  const StructuredFile& file_;
  const ledger::Catalog& catalog_;
  Coverage& coverage_;
  Fixtures fixtures_;
  std::vector<Coverage::Key> keys_;  // by number of policy
  std::shared_ptr<const authz::PolicySet> policies_;
};

}  // namespace

std::size_t SuiteResult::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(cases, [](const CaseResult& one) { return !one.failures.empty(); }));
}

base::Result<SuiteResult> RunSuite(const std::string& path, const ledger::Catalog& catalog,
                                   Coverage& coverage) {
  STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(path));
  return Suite(file, catalog, coverage).Run();
}

}  // namespace strongroom::server::cli
