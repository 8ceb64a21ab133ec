// SPEC 4, 4.1; security 6.1-6.10
#include "authz/permit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

constexpr const char* kDocument =
    R"({"id":"1","name":"cash","balance":5,"open":true,"tags":["a"],"metadata":{"k":"v"}})";

// The properties of financial.Account that may be selected on the document, by their names.
std::string Seen(const Permit& permit, const std::string& document = kDocument,
                 Action action = Action::kSelect) {
  const TestDocument account(AccountType(), document);
  const auto verdict = permit.Judge(action, kAccount, account);
  if (!verdict.ok()) return "<" + std::string(base::ErrorCodeName(verdict.error().code)) + ">";
  std::string names;
  const std::size_t count = permit.catalog().property_count(kAccount);
  for (std::uint16_t i = 0; i < count; ++i)
    if (verdict->Allows(ResourceId{i}))
      names += (names.empty() ? "" : " ") + permit.catalog().At(kAccount, ResourceId{i}).name;
  EXPECT_EQ(verdict->Visible(), !names.empty());
  return names;
}
constexpr const char* kAll = "id name balance open owner tags metadata";

std::string List(const std::vector<std::string>& policies) {
  std::string text;
  for (const std::string& policy : policies) text += (text.empty() ? "[" : ",") + policy;
  return text.empty() ? "[]" : text + "]";
}
const std::string kAllowAll = PolicyText("ALLOW", "*", "*");

TEST(Permit, AllowsWhatAnAllowCoversAndNoDenyTouches) {
  EXPECT_EQ(Seen(Grant("[]")), "");
  EXPECT_EQ(Seen(Grant(List({kAllowAll}))), kAll);
  EXPECT_EQ(Seen(Grant(List({PolicyText("ALLOW", "db:Select", "*.document.name")}))), "name");
  EXPECT_EQ(Seen(Grant(List({PolicyText("ALLOW", "db:Insert", "*")}))), "");
  EXPECT_EQ(Seen(Grant(List({kAllowAll, PolicyText("DENY", "*", "*.metadata")}))),
            "id name balance open owner tags");
  EXPECT_EQ(Seen(Grant(List({PolicyText("DENY", "*", "financial"), kAllowAll}))), "");
}

TEST(Permit, NeitherOrderNorRepetitionMatters) {
  std::vector<std::string> policies = {
      PolicyText("ALLOW", "*", "financial.Account", "context.document.balance > 3"),
      PolicyText("DENY", "*", "*.document.name", "context.auth.claims.missing == 1"),
      PolicyText("DENY", "*", "*.document.tags"),
      PolicyText("ALLOW", "db:Select", "*.owner", "context.auth.claims.x == 1")};
  std::ranges::sort(policies);
  do {
    EXPECT_EQ(Seen(Grant(List(policies))), "id balance open owner metadata");
  } while (std::ranges::next_permutation(policies).found);
  std::vector<std::string> twice = policies;
  twice.insert(twice.end(), policies.begin(), policies.end());
  EXPECT_EQ(Seen(Grant(List(twice))), "id balance open owner metadata");
}

TEST(Permit, AnAssertionThatFailsSkipsAnAllowAndMakesADenyApply) {
  for (const std::string failing :
       {"context.auth.claims.missing == 1", "1 / (context.document.balance - 5) > 0",
        "context.auth.claims.text < 3", "context.auth.claims.text",
        "context.document.metadata.x == 'y'", "context.document.owner.startsWith('x')"}) {
    const std::string claims = R"({"text":"t"})";
    EXPECT_EQ(Seen(Grant(List({PolicyText("ALLOW", "*", "*", failing)}), claims)), "") << failing;
    EXPECT_EQ(Seen(Grant(List({kAllowAll, PolicyText("DENY", "*", "*", failing)}), claims)), "")
        << failing;
  }
}

TEST(Permit, AFalseAssertionSkipsThePolicyWhateverTheOthersCameTo) {
  const std::string deny =
      R"({"effect":"DENY","actions":["*"],"resources":["*"],"assertions":{)"
      R"("first":"context.auth.claims.missing == 1","second":"context.document.balance == 0"}})";
  EXPECT_EQ(Seen(Grant(List({kAllowAll, deny}))), kAll);
}

TEST(Permit, ADenyOnALedgerThatLacksTheAssertedPropertyApplies) {
  const Permit permit = Grant(
      List({kAllowAll, PolicyText("DENY", "*", "financial.*", "context.document.amount > 100")}));
  EXPECT_EQ(Seen(permit), "") << "accounts have no amount";
  const TestDocument entry(EntryType(), R"({"id":"1","account_id":"2","amount":5})");
  EXPECT_TRUE(permit.Judge(Action::kSelect, kEntry, entry)->Visible());
}

TEST(Permit, SeesTheTokenTheTenantTheActionTheResourceAndTheInstant) {
  const auto seen = [](const std::string& assertion) {
    return Seen(Grant(List({PolicyText("ALLOW", "*", "*", assertion)}),
                      R"({"sub":"s","n":5,"groups":["a","b"],"org":{"id":"o"}})"));
  };
  for (const std::string holds :
       {"context.auth.claims.sub == 's' && context.auth.claims.n == 5",
        "'b' in context.auth.claims.groups && context.auth.claims.org.id == 'o'",
        "context.auth.principal == 'https://issuer.example'",
        "context.tenant.accountId == 'TwispTest'", "context.action == 'db:Select'",
        "context.now == timestamp('2025-06-01T00:00:00Z')",
        "context.document.metadata.k == 'v' && 'a' in context.document.tags"})
    EXPECT_EQ(seen(holds), kAll) << holds;
  EXPECT_EQ(seen("context.resource == 'financial.Account.document.name'"), "name");
  EXPECT_EQ(seen("context.resource.endsWith('e')"), "name balance");
}

TEST(Permit, StandingAndNeverAllowsKnowWhatNoDocumentChanges) {
  const Permit permit = Grant(
      List({PolicyText("ALLOW", "db:Select", "financial.Account", "context.auth.claims.n == 1"),
            PolicyText("ALLOW", "db:Update", "financial.Account", "context.auth.claims.n == 2"),
            PolicyText("ALLOW", "db:Insert", "financial.Account", "context.document.open")}),
      R"({"n":1})");
  EXPECT_EQ(permit.Standing(Action::kSelect, kAccount, ResourceId{0}), Verdict::kAllow);
  EXPECT_EQ(permit.Standing(Action::kUpdate, kAccount, ResourceId{0}), Verdict::kDeny);
  EXPECT_EQ(permit.Standing(Action::kInsert, kAccount, ResourceId{0}), Verdict::kDepends);
  EXPECT_FALSE(permit.NeverAllows(Action::kInsert, kAccount));
  EXPECT_TRUE(permit.NeverAllows(Action::kUpdate, kAccount));
  EXPECT_TRUE(permit.NeverAllows(Action::kSelect, kEntry));
}

TEST(Permit, RightsOnIndexesAloneMakeNothingVisible) {
  const Permit permit =
      Grant(List({PolicyText("ALLOW", "db:Select", "financial.Account.indexes")}));
  EXPECT_EQ(Seen(permit), "");
  EXPECT_TRUE(permit.NeverAllows(Action::kSelect, kAccount));
  const TestDocument account(AccountType(), kDocument);
  const auto verdict = permit.Judge(Action::kSelect, kAccount, account);
  const auto index = permit.catalog().Find(kAccount, ResourceKind::kIndexes, "name");
  EXPECT_TRUE(verdict->Allows(*index));
}

TEST(Permit, DeletingAsksForEveryProperty) {
  const TestDocument account(AccountType(), kDocument);
  const auto all = [&](const std::string& policies) {
    return Grant(policies).Judge(Action::kDelete, kAccount, account)->AllowsEveryProperty();
  };
  EXPECT_TRUE(all(List({kAllowAll})));
  EXPECT_TRUE(all(List({PolicyText("ALLOW", "db:Delete", "financial.Account.document")})));
  EXPECT_FALSE(all(List({PolicyText("ALLOW", "db:Delete", "*.name")})));
  EXPECT_FALSE(all(List({kAllowAll, PolicyText("DENY", "db:Delete", "*.tags")})));
  EXPECT_FALSE(all("[]"));
}

TEST(Permit, OneDocumentDoesNotColourTheNext) {
  const Permit permit = Grant(List({PolicyText("ALLOW", "*", "*", "context.document.open")}));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Seen(permit), kAll);
    EXPECT_EQ(Seen(permit, R"({"id":"2","open":false})"), "");
  }
  EXPECT_EQ(permit.decisions(), 6U);
}

TEST(Permit, ABudgetThatIsSpentFailsTheRequestAndLeavesNothingOut) {
  const Permit permit =
      Grant(List({PolicyText("ALLOW", "*", "*",
                             "context.document.tags.all(x, x != 'b') && context.document.open")}),
            "{}", {.cost_max = 100});
  int judged = 0;
  while (Seen(permit) == kAll) ASSERT_LT(++judged, 1000);
  EXPECT_EQ(Seen(permit), "<LIMIT_EXCEEDED>");
  EXPECT_GT(judged, 0);
}

TEST(Permit, AsksWithoutADocument) {
  const Permit permit = Grant(List({PolicyText("ALLOW", "db:Insert", "financial.*.indexes.*"),
                                    PolicyText("DENY", "db:Insert", "financial.Entry.indexes.*",
                                               "context.document.amount > 1")}));
  EXPECT_TRUE(*permit.AllowsWithoutDocument(Action::kInsert, "financial.Account.indexes.mine"));
  EXPECT_TRUE(*permit.AllowsWithoutDocument(Action::kInsert, "financial.Account.indexes.name"));
  EXPECT_FALSE(*permit.AllowsWithoutDocument(Action::kSelect, "financial.Account.indexes.mine"));
  EXPECT_FALSE(*permit.AllowsWithoutDocument(Action::kInsert, "financial.Entry.indexes.mine"))
      << "a DENY that looks at the document applies";
  EXPECT_FALSE(*permit.AllowsWithoutDocument(Action::kInsert, "nowhere.X.indexes.mine"));
}

TEST(Permit, CanAnswersForOneResourceAndForAllBelowAPrefix) {
  const Permit permit =
      Grant(List({PolicyText("ALLOW", "db:Select", "financial.Account"),
                  PolicyText("DENY", "db:Select", "*.metadata"),
                  PolicyText("ALLOW", "db:Update", "*", "context.document.open")}));
  const auto can = [&](Action action, const std::string& resource,
                       const cel::ObjectView* document = nullptr) {
    const auto verdict = permit.Can(action, resource, document);
    return verdict.ok() ? std::string(VerdictName(*verdict)) : "<" + verdict.error().message + ">";
  };
  EXPECT_EQ(can(Action::kSelect, "financial.Account.document.name"), "ALLOW");
  EXPECT_EQ(can(Action::kSelect, "financial.Account.document.metadata"), "DENY");
  EXPECT_EQ(can(Action::kSelect, "financial.Account"), "DEPENDS") << "on the property";
  EXPECT_EQ(can(Action::kSelect, "financial.Account.indexes"), "ALLOW");
  EXPECT_EQ(can(Action::kSelect, "financial.Entry"), "DENY");
  EXPECT_EQ(can(Action::kUpdate, "financial.Account"), "DEPENDS");
  const TestDocument open(AccountType(), R"({"open":true})");
  const TestDocument closed(AccountType(), R"({"open":false})");
  EXPECT_EQ(can(Action::kUpdate, "financial.Account", &open), "ALLOW");
  EXPECT_EQ(can(Action::kUpdate, "financial.Account", &closed), "DENY");
  EXPECT_EQ(can(Action::kSelect, "financial.Account.indexes.to_come"), "ALLOW");
  EXPECT_EQ(can(Action::kSelect, "financial.*"), "<`financial.*` is not a resource>");
  EXPECT_EQ(can(Action::kSelect, "financial.Acount"), "<`financial.Acount` is not a resource>");
  EXPECT_EQ(can(Action::kUpdate, "financial", &open), "<`financial` is not a resource>");
}

TEST(Permit, TheHostMayDoEverything) {
  const Permit permit = Permit::UnrestrictedForHost(TestCatalog(), "", kTestNow);
  for (const Action action : kActions) {
    EXPECT_EQ(Seen(permit, kDocument, action), kAll);
    EXPECT_EQ(permit.Standing(action, kClient, ResourceId{0}), Verdict::kAllow);
    EXPECT_TRUE(*permit.AllowsWithoutDocument(action, "financial.Account.indexes.mine"));
  }
}

TEST(Permit, ManyClassesAreDecidedOneByOne) {
  cel::StructType type{"test.Wide", {{"n", cel::Type::Int()}}};
  for (int i = 0; i < 200; ++i) type.fields.push_back({"p" + std::to_string(i), cel::Type::Int()});
  const auto shared = std::make_shared<const cel::StructType>(std::move(type));
  const auto catalog =
      Catalog::Make({{"x", "Wide", FieldNames(*shared), {}, {}, {}, shared}}, cel::StandardEnv())
          .value();
  std::vector<Policy> policies;
  for (int i = 0; i < 200; ++i)
    policies.push_back({Effect::kAllow,
                        {"*"},
                        {"x.Wide.document.p" + std::to_string(i)},
                        {{"a", "context.document.n == " + std::to_string(i)}},
                        {}});
  const auto set = PolicySet::Compile(policies, catalog).value();
  const Permit permit = Permit::Grant(FoldedPolicies::Fold(set, TestToken("{}")).value(), kTestNow);
  for (const int n : {0, 63, 64, 65, 127, 128, 199}) {
    const TestDocument document(shared, "{\"n\":" + std::to_string(n) + "}");
    const auto verdict = permit.Judge(Action::kSelect, LedgerId{0}, document);
    for (int i = 0; i < 200; ++i)
      ASSERT_EQ(verdict->Allows(ResourceId{static_cast<std::uint16_t>(i + 1)}), i == n) << i;
    EXPECT_TRUE(verdict->Visible());
  }
}

}  // namespace
}  // namespace strongroom::authz
