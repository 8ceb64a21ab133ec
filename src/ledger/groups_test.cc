#include "ledger/access_testing.h"

namespace strongroom::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GroupTest : public AccessTest {
 protected:
  std::string AddGroup(std::uint8_t number, std::string_view name, std::string_view policy) {
    boost::json::object input{{"id", Id(number).ToString()}, {"description", "d"}};
    input["name"] = name;
    input["policy"] = policy;
    return Run(tenant_, [&](WriteScope& scope) { return CreateGroup(all_, scope, input); });
  }
  std::string AddUser(std::uint8_t number, std::string_view email, boost::json::array groups) {
    boost::json::object input{{"id", Id(number).ToString()}, {"groupIds", std::move(groups)}};
    input["email"] = email;
    return Run(tenant_, [&](WriteScope& scope) { return CreateUser(all_, scope, input); });
  }
};

constexpr std::string_view kReaders =
    R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["financial.*"]}])";

TEST_F(GroupTest, AUserHasThePoliciesOfAllGroups) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddGroup(2, "empty", "[]"), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {Id(1).ToString(), Id(2).ToString()}), "ok");
  const auto access = Must(Resolve("Root", kOther, "a@example.com"));
  EXPECT_EQ(access->client, "");
  EXPECT_THAT(access->groups, ElementsAre("readers", "empty"));
  EXPECT_EQ(access->policies->policies().size(), 1U);
  const auto both = Must(Resolve("Root", kTestPrincipal, "a@example.com"));
  EXPECT_EQ(both->client, "administrator");
  EXPECT_EQ(both->policies->policies().size(), 2U) << "decided together";
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "b@example.com")), kNobody);
  EXPECT_EQ(Outcome(Resolve("Nowhere", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, AUserWithoutGroupsHasNoAccess) {
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, NobodyIsInAGroupThatIsGone) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {Id(1).ToString()}), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteGroup(all_, s, "readers"); }), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
  ASSERT_EQ(AddGroup(1, "writers", kReaders), "ok") << "the same id again";
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, AUserMovesBetweenGroups) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  boost::json::object input{{"email", "a@example.com"},
                            {"groupIds", boost::json::array{Id(1).ToString()}}};
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return UpdateUser(all_, s, input); }), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteUser(all_, s, "a@example.com"); }),
            "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, GroupsAndUsersAreChecked) {
  EXPECT_THAT(AddGroup(1, "g", "no json"), HasSubstr("JSON_PARSE_ERROR"));
  EXPECT_THAT(AddGroup(1, "g", R"([{"effect":"ALLOW"}])"), HasSubstr("BAD_REQUEST: policies[0]"));
  EXPECT_THAT(AddUser(3, "a@example.com", {Id(9).ToString()}),
              HasSubstr("User.references.group_ids foreign key violation"));
  EXPECT_THAT(AddUser(3, "nobody", {}), HasSubstr("`email` has to be an e-mail address"));
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  EXPECT_THAT(AddUser(4, "a@example.com", {}), HasSubstr("User.indexes.email unique"));
}

}  // namespace
}  // namespace strongroom::ledger
