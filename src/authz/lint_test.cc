// SPEC 3, 4.1.10; security 1.19, 1.20, 5.23, 6.31
#include "authz/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kRole = "arn:aws:iam::123456789012:role/ops";
constexpr const char* kIssuer = "https://accounts.example";

// "<policy>:<code>" of every warning.
std::vector<std::string> Codes(const std::string& policies, const std::string& principal = kRole) {
  std::vector<std::string> codes;
  for (const Warning& warning : LintPolicies(*CompileText(policies), principal)) {
    codes.push_back(std::to_string(warning.policy) + ":" +
                    std::string(WarningCodeName(warning.code)));
    EXPECT_FALSE(warning.message.empty());
    EXPECT_FALSE(warning.hint.empty());
    EXPECT_FALSE(warning.message.ends_with('.'));
  }
  return codes;
}

std::string Allow(const std::string& resource, const std::string& assertion = "") {
  return "[" + PolicyText("ALLOW", "db:Select", resource, assertion) + "]";
}
std::string Deny(const std::string& assertion) {
  return "[" + PolicyText("DENY", "*", "financial.Account", assertion) + "]";
}

TEST(Lint, SaysNothingOfOrdinaryPolicies) {
  EXPECT_THAT(Codes("[]"), IsEmpty());
  EXPECT_THAT(Codes(Allow("*")), IsEmpty());
  EXPECT_THAT(Codes(Allow("financial.Account", "context.document.balance > 0")), IsEmpty());
  EXPECT_THAT(Codes(Deny("context.document.open")), IsEmpty());
}

TEST(Lint, WarnsOfPatternsThatMatchNothing) {
  EXPECT_THAT(Codes(Allow("financial.Acount")), ElementsAre("0:pattern_matches_nothing"));
  EXPECT_THAT(Codes(Allow("financial.Account.document.externalId")),
              ElementsAre("0:pattern_matches_nothing"));
  EXPECT_THAT(Codes(Allow("financial.Account.indexes.mine")),
              ElementsAre("0:pattern_matches_nothing"));
  const auto set = CompileText(Allow("Account*"));
  EXPECT_THAT(LintPolicies(*set, kRole).at(0).message, HasSubstr("`Account*`"));
}

TEST(Lint, WarnsOfWhoMayWriteClients) {
  EXPECT_THAT(Codes("[" + PolicyText("ALLOW", "*", "*") + "]"),
              ElementsAre("0:client_administration"));
  EXPECT_THAT(Codes("[" + PolicyText("ALLOW", "db:Update", "system.*.document.name") + "]"),
              ElementsAre("0:client_administration"));
  EXPECT_THAT(Codes("[" + PolicyText("ALLOW", "*", "financial.*") + "]"), IsEmpty());
  EXPECT_THAT(Codes("[" + PolicyText("DENY", "*", "*") + "]"), IsEmpty());
  EXPECT_THAT(Codes(Allow("system.Client")), IsEmpty()) << "reading them is another matter";
}

TEST(Lint, Security20_WarnsOfEmailsThatNobodyVerified) {
  EXPECT_THAT(Codes(Allow("financial.*", "context.auth.claims.email == 'a@b'")),
              ElementsAre("0:email_not_verified"));
  EXPECT_THAT(Codes(Allow("financial.*",
                          "context.auth.claims.email == 'a@b' && "
                          "context.auth.claims.email_verified == true")),
              IsEmpty());
}

TEST(Lint, Security19_WarnsOfAnOutsideIssuerWhoseTokensAreAllTrusted) {
  EXPECT_THAT(Codes(Allow("financial.*"), kIssuer), ElementsAre("0:issuer_without_subject"));
  EXPECT_THAT(Codes(Allow("financial.*", "context.auth.claims.iss == 'x'"), kIssuer),
              ElementsAre("0:issuer_without_subject"));
  for (const std::string bound :
       {"context.auth.claims.sub == 'x'", "'x' in context.auth.claims.aud",
        "context.auth.claims['sub'] == 'x'", "context.auth.claims.hd == 'a.example'"})
    EXPECT_THAT(Codes(Allow("financial.*", bound), kIssuer), IsEmpty()) << bound;
  EXPECT_THAT(Codes(Deny("has(context.auth.claims.x)"), kIssuer), IsEmpty());
  EXPECT_THAT(Codes(Allow("financial.*"), ""), IsEmpty()) << "groups are of the console's issuer";
}

TEST(Lint, WarnsOfADenyThatFailsWhereAKeyIsMissing) {
  EXPECT_THAT(Codes(Deny("context.auth.claims.role == 'x'")),
              ElementsAre("0:deny_fails_without_key"));
  EXPECT_THAT(Codes(Deny("has(context.auth.claims.org) && context.auth.claims.org.id == 'x'")),
              ElementsAre("0:deny_fails_without_key"));
  for (const std::string fine :
       {"has(context.auth.claims.role) && context.auth.claims.role == 'x'",
        "'role' in context.auth.claims && context.auth.claims.role == 'x'",
        "has( context.auth.claims.role )", "context.auth.claims.iss == 'x'",
        "context.auth.principal == 'x'", "context.tenant.accountId == 'x'"})
    EXPECT_THAT(Codes(Deny(fine)), IsEmpty()) << fine;
  EXPECT_THAT(Codes(Allow("financial.*", "context.auth.claims.role == 'x'")), IsEmpty())
      << "an ALLOW is skipped, as it should be";
}

TEST(Lint, WarnsOfADenyThatFailsOnDocumentsWithoutAKey) {
  const std::string reads = "context.document.metadata.region == 'eu'";
  EXPECT_THAT(Codes(Deny(reads)), ElementsAre("0:deny_fails_without_key"));
  const auto warnings = LintPolicies(*CompileText(Deny(reads)), kRole);
  EXPECT_THAT(warnings.at(0).hint, HasSubstr("`has(context.document.metadata.region) && …`"));
  EXPECT_THAT(warnings.at(0).argument_path, ElementsAre("policies", "0", "assertions", "a"));
  for (const std::string fine :
       {"has(context.document.metadata.region) && context.document.metadata.region == 'eu'",
        "'region' in context.document.metadata && context.document.metadata.region == 'eu'",
        "context.document.?metadata.?region.orValue('') == 'eu'",
        "context.document.metadata.?region.orValue('') == 'eu'", "context.document.owner == 'x'",
        "context.document.tags.size() == 0", "has(context.document.owner)"})
    EXPECT_THAT(Codes(Deny(fine)), IsEmpty()) << fine;
}

TEST(Lint, OneAssertionMayAskForWhatAnotherReads) {
  const std::string policies = R"json([{
    "effect": "DENY", "actions": ["*"], "resources": ["financial.Account"],
    "assertions": {"b": "has(context.auth.claims.role)", "a": "context.auth.claims.role == 'x'"}
  }])json";
  EXPECT_THAT(Codes(policies), IsEmpty());
}

TEST(Lint, WarnsOfAssertionsThatSayNothing) {
  EXPECT_THAT(Codes(Allow("financial.*", "true")), IsEmpty());
  EXPECT_THAT(Codes(Allow("financial.*", "1 == 1")), ElementsAre("0:assertion_is_constant"));
  EXPECT_THAT(Codes(Allow("financial.*", "1 + 1 == 3")), ElementsAre("0:assertion_is_constant"));
  EXPECT_THAT(Codes(Allow("financial.*", "1 / 0 == 1")), ElementsAre("0:assertion_is_constant"));
  const auto never = LintPolicies(*CompileText(Allow("financial.*", "1 == 2")), kRole);
  EXPECT_THAT(never.at(0).message, HasSubstr("never applies"));
}

TEST(Lint, SaysWhereInThePoliciesItIs) {
  const auto places = [](const std::string& policies, const std::string& principal) {
    std::vector<std::string> found;
    for (const Warning& warning : LintPolicies(*CompileText(policies), principal)) {
      std::string& place = found.emplace_back();
      for (const std::string& part : warning.argument_path) (place += "/") += part;
    }
    return found;
  };
  EXPECT_THAT(
      places(R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*","nothing"]}])", kRole),
      ElementsAre("/policies/0/resources/1"));
  EXPECT_THAT(places("[]", "arn:aws:iam::123456789012:role/path/ops"), ElementsAre("/principal"));
  EXPECT_THAT(places(Allow("financial.*"), kIssuer), ElementsAre("/policies/0/assertions"));
}

TEST(Lint, WarnsOfLedgersThatLackTheProperty) {
  const std::string assertion = "context.document.balance > 0";
  EXPECT_THAT(Codes("[" + PolicyText("ALLOW", "db:Select", "financial.*", assertion) + "]"),
              ElementsAre("0:assertion_fails_on_ledger"));
  const auto set = CompileText("[" + PolicyText("DENY", "*", "financial.*", assertion) + "]");
  const auto warnings = LintPolicies(*set, kRole);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0].message, HasSubstr("financial.Entry"));
  EXPECT_THAT(warnings[0].message, HasSubstr("denies everything"));
}

TEST(Lint, WarnsOfPrincipalsThatNoTokenHas) {
  EXPECT_THAT(Codes("[]", "arn:aws:iam::123456789012:role/path/ops"),
              ElementsAre("-1:principal_never_matches"));
  EXPECT_THAT(Codes("[]", "arn:aws:sts::123456789012:assumed-role/ops/session"),
              ElementsAre("-1:principal_never_matches"));
  EXPECT_THAT(Codes("[]", "arn:aws:iam::123456789012:user/path/name"), IsEmpty());
  EXPECT_THAT(Codes("[]", "https://issuer.example/role/x/y"), IsEmpty());
}

TEST(Lint, NumbersThePolicies) {
  EXPECT_THAT(Codes("[" + PolicyText("ALLOW", "db:Select", "financial.*") + "," +
                    PolicyText("DENY", "db:Select", "nothing") + "]"),
              ElementsAre("1:pattern_matches_nothing"));
}

}  // namespace
}  // namespace strongroom::authz
