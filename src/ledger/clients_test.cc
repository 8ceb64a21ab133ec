#include "ledger/access_testing.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(AccessTest, ADeletedClientIsGoneAndItsNameFree) {
  ASSERT_EQ(AddClient(tenant_, kOther, "[]", "ops"), "ok");
  EXPECT_THAT(AddClient(tenant_, kRole, "[]", "ops"), HasSubstr("Client.indexes.name unique"));
  EXPECT_THAT(AddClient(tenant_, kOther, "[]", "x"), HasSubstr("Client.indexes.principal unique"));
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
  EXPECT_EQ(ClientOf("Root", kOther), kNobody);
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  EXPECT_THAT(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }),
              HasSubstr("NOT_FOUND"));
  EXPECT_EQ(AddClient(tenant_, kRole, "[]", "ops"), "ok");
}

TEST_F(AccessTest, ABadPolicyIsRefusedWithItsPlaceAndNothingIsStored) {
  Work work = Begin();
  boost::json::object input{{"principal", kOther}, {"name", "x"}};
  const auto error_of = [&](std::string_view policies) {
    input["policies"] = Must(base::ParseJson(policies));
    const auto result = CreateClient(all_, work.scope, input);
    EXPECT_FALSE(result.ok());
    return result.ok() ? base::Error{} : result.error();
  };
  const base::Error empty = error_of(R"([{"effect":"ALLOW","actions":[],"resources":["*"]}])");
  EXPECT_EQ(empty.code, base::ErrorCode::kBadRequest);
  EXPECT_THAT(empty.argument_path, ElementsAre("input", "policies", "0", "actions"));
  const base::Error syntax = error_of(
      R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["*"],"assertions":{"a":"1 +"}}])");
  EXPECT_EQ(syntax.code, base::ErrorCode::kCelEvaluationError);
  EXPECT_THAT(syntax.argument_path, ElementsAre("input", "policies", "0", "assertions", "a"));
  EXPECT_EQ(error_of(R"([{"effect":"MAYBE","actions":["SELECT"],"resources":["*"]}])").code,
            base::ErrorCode::kEnumParseError);
  error_of(R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["*"],
               "assertions":{"a":"context.document.status == 'ACTIVE'"}}])");
  EXPECT_EQ(Must(Load(work.scope, LedgerId::kClient, DocumentKey::Of(kOther))), nullptr);
}

TEST_F(AccessTest, APatternThatMatchesNothingIsAWarning) {
  Work work = Begin();
  boost::json::object input{{"principal", kRole}, {"name", "x"}};
  input["policies"] = Must(base::ParseJson(
      R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["financial.Acount.*"]}])"));
  const auto created = Must(CreateClient(all_, work.scope, input));
  ASSERT_EQ(created.warnings.size(), 1U);
  EXPECT_EQ(created.warnings[0].code, authz::Warning::Code::kPatternMatchesNothing);
  EXPECT_THAT(created.warnings[0].argument_path,
              ElementsAre("input", "policies", "0", "resources", "0"));
}

TEST_F(AccessTest, Security26_OurOwnIssuerIsNoPrincipal) {
  EXPECT_THAT(AddClient(tenant_, "https://own"), HasSubstr("own issuer"));
  EXPECT_THAT(AddClient(tenant_, "", "[]", "x"), HasSubstr("`principal` has to be"));
}

TEST_F(AccessTest, WritingClientsNeedsTheRightsOnThem) {
  Work work = Begin();
  const auto permit =
      PermitOf(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]}])");
  const boost::json::object input = JsonObject(R"({"principal":"p","name":"n","policies":[]})");
  EXPECT_EQ(Outcome(CreateClient(permit, work.scope, input)),
            "ACCESS_DENIED: access denied: db:Insert on system.Client.document.principal");
  EXPECT_EQ(Outcome(DeleteClient(permit, work.scope, kTestPrincipal)),
            "ACCESS_DENIED: access denied: db:Select on system.Client");
  EXPECT_EQ(Outcome(DeleteTenant(permit, work.scope, "Root")),
            "ACCESS_DENIED: access denied: db:Select on tenancy.Tenant");
}

TEST_F(AccessTest, NobodyLocksEverybodyOut) {
  const boost::json::object none = JsonObject(R"({"policies":[]})");
  const auto update = [&](WriteScope& s) { return UpdateClient(all_, s, kTestPrincipal, none); };
  const auto remove = [&](WriteScope& s) { return DeleteClient(all_, s, kTestPrincipal); };
  constexpr std::string_view kRefused =
      "BAD_REQUEST: nobody could write the clients of this tenant any more";
  EXPECT_EQ(Run(tenant_, update), kRefused);
  EXPECT_EQ(Run(tenant_, remove), kRefused);
  ASSERT_EQ(AddClient(tenant_, kOther, kManages), "ok");
  EXPECT_EQ(Run(tenant_, update), "ok");
  EXPECT_EQ(Run(tenant_, remove), "ok");
  EXPECT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), kRefused);
}

TEST_F(AccessTest, WhoForcesItLocksEverybodyOutAndIsWarned) {
  const boost::json::object none = JsonObject(R"({"policies":[]})");
  const auto forced = [&](auto change) {
    Work work = Begin();
    work.scope.forced = true;
    const Administered done = Must(change(work.scope));
    std::vector<authz::Warning::Code> codes;
    for (const authz::Warning& warning : done.warnings) codes.push_back(warning.code);
    return codes;
  };
  using enum authz::Warning::Code;
  EXPECT_THAT(forced([&](WriteScope& s) { return UpdateClient(all_, s, kTestPrincipal, none); }),
              ElementsAre(kNobodyManagesClients));
  EXPECT_THAT(forced([&](WriteScope& s) { return DeleteClient(all_, s, kTestPrincipal); }),
              ElementsAre(kNobodyManagesClients));
  ASSERT_EQ(AddClient(tenant_, kOther, kManages), "ok");
  EXPECT_THAT(forced([&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), IsEmpty())
      << "there is another";
}

TEST_F(AccessTest, AnInheritedManagerIsNotHiddenWithoutAnother) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  EXPECT_THAT(AddClient({Id(1)}, kTestPrincipal, "[]", "mine"), HasSubstr("nobody could write"));
  ASSERT_EQ(AddClient({Id(1)}, kOther, kManages), "ok");
  EXPECT_EQ(AddClient({Id(1)}, kTestPrincipal, "[]", "mine"), "ok");
  EXPECT_THAT(Run({Id(1)}, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }),
              HasSubstr("nobody could write"));
}

}  // namespace
}  // namespace strongroom::ledger
