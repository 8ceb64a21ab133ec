// What decisions cost: beside the same check by hand, beside fewer policies, and in a real list.
#include <benchmark/benchmark.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "authz/pattern.h"
#include "authz/permit.h"
#include "base/check.h"
#include "ledger/document.h"
#include "oracle/database.h"

namespace {

using namespace strongroom;
using authz::Action;
using ledger::LedgerId;

constexpr int kPolicies = 1000;
constexpr std::size_t kDocuments = 50;

const ledger::Catalog& Catalog() {
  static const auto kCatalog = ledger::Catalog::Make();
  return *kCatalog;
}
const boost::json::object& Claims() {
  static const auto kClaims =
      boost::json::parse(R"({"iss":"https://issuer.example","sub":"u-1","role":"r0",
                             "email":"a@example.com","groups":["dev","ops"],"level":3})")
          .as_object();
  return kClaims;
}
std::shared_ptr<const authz::PolicySet> Compile(const std::string& policies) {
  return authz::PolicySet::Compile(authz::ParsePolicies(policies).value(), Catalog().rights())
      .value();
}
std::shared_ptr<const authz::FoldedPolicies> Fold(std::shared_ptr<const authz::PolicySet> set) {
  return authz::FoldedPolicies::Fold(std::move(set),
                                     {std::make_shared<const boost::json::object>(Claims()),
                                      "https://issuer.example", "Root"})
      .value();
}

std::string Policy(const std::string& effect, const std::string& resource,
                   const std::string& assertion) {
  return R"({"effect":")" + effect + R"(","actions":["db:Select"],"resources":[")" + resource +
         R"("],"assertions":{"a":")" + assertion + R"("}})";
}
const std::string kOfToken =
    "[" + Policy("ALLOW", "financial", "'ops' in context.auth.claims.groups") + "," +
    Policy("DENY", "financial", "context.auth.claims.level < 2") + "]";
const std::string kOfDocument =
    "[" + Policy("ALLOW", "financial.Account", "context.document.status == ACTIVE") + "]";
// One is of this token's role; the others are of other roles. All look at the document.
std::string ManyPolicies(int count) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += (i == 0 ? "" : ",") + Policy("ALLOW", "financial.Account",
                                         "context.auth.claims.role == 'r" + std::to_string(i) +
                                             "' && context.document.status == ACTIVE");
  return "[" + list + "]";
}

std::vector<ledger::Document> Documents() {
  std::vector<ledger::Document> documents;
  for (std::size_t i = 0; i < kDocuments; ++i) {
    ledger::Document account(Catalog().At(LedgerId::kAccount));
    account.Set("name", "Customer " + std::to_string(i));
    account.Set("code", "C" + std::to_string(i));
    account.Set("status", std::int64_t{0});
    documents.push_back(std::move(account));
  }
  return documents;
}

// ---- Decisions on one document, a property asked of each.

void Decide(benchmark::State& state, const std::string& policies) {
  const auto documents = Documents();
  const auto folded = Fold(Compile(policies));
  const auto rights = Catalog().At(LedgerId::kAccount).rights();
  const auto name = ledger::Ledger::Right(Catalog().At(LedgerId::kAccount).At("name"));
  // A permit has the budget of one request.
  auto permit = authz::Permit::Grant(folded, base::SystemClock().Now(), {.cost_max = ~0ULL});
  std::size_t next = 0;
  for (auto _ : state) {
    const auto verdict = permit.Judge(Action::kSelect, rights, documents[next]);
    const bool allowed = verdict->Visible() && verdict->Allows(name);
    STRONGROOM_CHECK(allowed);
    next = (next + 1) % kDocuments;
  }
}
void DecideByHand(benchmark::State& state) {
  const auto documents = Documents();
  const std::size_t status = Catalog().At(LedgerId::kAccount).At("status");
  std::size_t next = 0;
  for (auto _ : state) {
    const bool allowed = documents[next].At(status).Get<std::int64_t>() == 0;
    benchmark::DoNotOptimize(allowed);
    next = (next + 1) % kDocuments;
  }
}

// A request's worth: a permit and a page of documents.
void Request(benchmark::State& state, int policies) {
  const auto documents = Documents();
  const auto folded = Fold(Compile(ManyPolicies(policies)));
  const auto rights = Catalog().At(LedgerId::kAccount).rights();
  const auto now = base::SystemClock().Now();
  for (auto _ : state) {
    const auto permit = authz::Permit::Grant(folded, now);
    for (const auto& document : documents)
      STRONGROOM_CHECK(permit.Judge(Action::kSelect, rights, document)->Visible());
  }
}

void FoldToken(benchmark::State& state, int policies) {
  const auto set = Compile(ManyPolicies(policies));
  for (auto _ : state) benchmark::DoNotOptimize(Fold(set));
}

// ---- Patterns: 10 KiB against 10 KiB.

void MatchStars(benchmark::State& state) {
  std::string pattern;
  while (pattern.size() < 10240) pattern += "*a";
  pattern += "b";
  const std::string text(10240, 'a');
  for (auto _ : state) STRONGROOM_CHECK(!authz::MatchesResource(pattern, text));
}
void ReadBoth(benchmark::State& state) {
  const std::string one(10240, 'a');
  const std::string other(10240, 'a');
  for (auto _ : state) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < one.size(); ++i) same += one[i] == other[i] ? 1U : 0U;
    benchmark::DoNotOptimize(same);
  }
}

// ---- Lists, as they are served.

class Lists {
 public:
  Lists() {
    std::string accounts;
    for (std::size_t i = 0; i < kDocuments; ++i) {
      const std::string number = std::to_string(1000 + i);
      accounts += "a" + number + ": createAccount(input: {accountId: \"00000000-0000-0000-0000-" +
                  "00000000" + number + "\", name: \"Customer " + number + "\", code: \"C" +
                  number + "\"}) { name } ";
    }
    Do("mutation { " + accounts + "}");
    AddClient("all", R"({"effect":"ALLOW","actions":["SELECT"],"resources":["*"]})");
    AddClient("documents", Served("ALLOW", "context.document.status == ACTIVE") + "," +
                               Served("DENY", "context.document.code.startsWith('secret')"));
    for (const int count : {1, kPolicies}) {
      std::string policies;
      for (int i = 0; i < count; ++i)
        policies += (i == 0 ? "" : ",") +
                    Served("ALLOW", "context.auth.principal == 'https://p" + std::to_string(count) +
                                        ".example" + (i == 0 ? "" : "/" + std::to_string(i)) +
                                        "' && context.document.status == ACTIVE");
      AddClient("p" + std::to_string(count), policies);
    }
  }
  void List(benchmark::State& state, const std::string& client) {
    const auto claims = oracle::ClaimsOf("https://" + client + ".example");
    const std::string query =
        "{ accounts(index: {name: NAME}, first: 50) { nodes { accountId name code status } "
        "pageInfo { hasNextPage } } }";
    const std::size_t bytes = database_.Run(claims, "Root", query).body.size();
    STRONGROOM_CHECK(bytes > kDocuments * 80);
    for (auto _ : state)
      STRONGROOM_CHECK(database_.Run(claims, "Root", query).body.size() == bytes);
  }

 private:
  static std::string Served(const std::string& effect, const std::string& assertion) {
    return R"({"effect":")" + effect +
           R"(","actions":["SELECT"],"resources":["financial.Account"],"assertions":{"a":")" +
           assertion + R"("}})";
  }
  void Do(const std::string& document) {
    const std::string answer = database_.Run(operator_, "Root", document).body;
    if (answer.find("\"errors\"") != std::string::npos)
      base::CheckFailed(answer.c_str(), __FILE__, __LINE__);
  }
  // Past the limits of one GraphQL document.
  void AddClient(const std::string& name, const std::string& policies) {
    const auto transaction =
        storage::BeginOn(*database_.store, {database_.root, storage::kInstallation});
    ledger::WriteScope scope(*database_.engine, *transaction, database_.root,
                             base::SystemClock().Now());
    const auto made = CreateClient(database_.all, scope,
                                   {{"principal", "https://" + name + ".example"},
                                    {"name", name},
                                    {"policies", boost::json::parse("[" + policies + "]")}});
    if (!made.ok()) base::CheckFailed(made.error().message.c_str(), __FILE__, __LINE__);
    STRONGROOM_CHECK(storage::CommitAndWait(*transaction).ok());
    STRONGROOM_CHECK(database_.access->Refresh().ok());
  }

  oracle::Database database_{base::SystemClock().Now()};
  const oracle::Claims operator_ = oracle::ClaimsOf(oracle::kOperator);
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  testing::InitGoogleTest(&argc, argv);  // what the in-process database reports with
  using benchmark::RegisterBenchmark;
  RegisterBenchmark("decide.by_hand", DecideByHand);
  RegisterBenchmark("decide.token", Decide, kOfToken);
  RegisterBenchmark("decide.document", Decide, kOfDocument);
  RegisterBenchmark("request.1", Request, 1);
  RegisterBenchmark("request.1000", Request, kPolicies);
  RegisterBenchmark("fold.1", FoldToken, 1);
  RegisterBenchmark("fold.1000", FoldToken, kPolicies);
  RegisterBenchmark("pattern.read", ReadBoth);
  RegisterBenchmark("pattern.stars", MatchStars);
  Lists lists;
  for (const std::string client : {"all", "documents", "p1", "p1000"})
    RegisterBenchmark(("list." + client).c_str(),
                      [&lists, client](benchmark::State& state) { lists.List(state, client); });
  benchmark::RunSpecifiedBenchmarks();
}
