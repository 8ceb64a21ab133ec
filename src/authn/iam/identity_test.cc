#include "authn/iam/identity.h"

#include "authn/iam/testing.h"

namespace strongroom::authn::iam {
namespace {

const IdentityRules kAws{"aws", false};

std::string PrincipalOf(const std::string& arn, const IdentityRules& rules = kAws) {
  const auto made = Canonical(arn, "012345678901", rules);
  const Identity* identity = std::get_if<Identity>(&made);
  return identity == nullptr ? NameOf(made) : identity->principal;
}

TEST(Identity, OfAnAssumedRoleIsItsRoleAndNeverItsSession) {
  const auto read = ReadIdentity(RoleAnswer(), kAws);
  ASSERT_EQ(NameOf(read), "");
  const Identity& identity = std::get<Identity>(read);
  EXPECT_EQ(identity.principal, "arn:aws:iam::012345678901:role/example-role");
  EXPECT_EQ(identity.arn, "arn:aws:sts::012345678901:assumed-role/example-role/session-1");
  EXPECT_EQ(identity.account, "012345678901");
  EXPECT_EQ(identity.user_id, "AROAEXAMPLE");
  EXPECT_EQ(identity.session_name, "session-1");
  EXPECT_EQ(identity.sts_request_id, "01234567-89ab-cdef-0123-456789abcdef");
}

TEST(Identity, OfUsersAndRolesIsAsItIs) {
  for (const char* arn :
       {"arn:aws:iam::012345678901:user/Bob", "arn:aws:iam::012345678901:user/team/a/Bob",
        "arn:aws:iam::012345678901:role/r"})
    EXPECT_EQ(PrincipalOf(arn), arn);
  EXPECT_EQ(PrincipalOf("arn:aws:sts::012345678901:assumed-role/AWSReservedSSO_x/a@b.example"),
            "arn:aws:iam::012345678901:role/AWSReservedSSO_x");
}

TEST(Identity, OfFederatedUsersWhoseNamesOthersChooseIsTakenOnlyWhenItIsAllowed) {
  const char* arn = "arn:aws:sts::012345678901:federated-user/Bob";
  EXPECT_EQ(PrincipalOf(arn), "identity_refused");
  EXPECT_EQ(PrincipalOf(arn, {"aws", true, false}), "identity_refused");
  EXPECT_EQ(PrincipalOf(arn, {"aws", false, true}), arn);
  EXPECT_EQ(PrincipalOf("arn:aws:sts::012345678901:federated-user/a*", {"aws", false, true}),
            "identity_refused");
}

TEST(Identity, OfOtherPartitionsIsTheirOwn) {
  EXPECT_EQ(PrincipalOf("arn:aws-cn:sts::012345678901:assumed-role/r/s", {"aws-cn", false}),
            "arn:aws-cn:iam::012345678901:role/r");
  EXPECT_EQ(PrincipalOf("arn:aws-cn:iam::012345678901:user/Bob"), "identity_refused");
}

// security 5.20-5.24
TEST(Identity, IsOfItsAccountItsPartitionAndAKnownKindInPlainNames) {
  for (const char* arn : {"",
                          "arn",
                          "arn:aws:iam::012345678901",
                          "arn:aws:iam::999999999999:user/Bob",
                          "arn:evil:iam::012345678901:user/Bob",
                          "arn:aws:iam:us-east-1:012345678901:user/Bob",
                          "arn:aws:ec2::012345678901:instance/i-1",
                          "arn:aws:iam::012345678901:group/g",
                          "arn:aws:sts::012345678901:session/x",
                          "arn:aws:sts::012345678901:assumed-role/a/b/c",
                          "arn:aws:sts::012345678901:assumed-role//s",
                          "arn:aws:sts::012345678901:assumed-role/r",
                          "arn:aws:sts::012345678901:assumed-role/r/",
                          "arn:aws:iam::012345678901:user/Bob:x",
                          "arn:aws:iam::012345678901:role/exampl?",
                          "arn:aws:iam::012345678901:role/*",
                          "arn:aws:iam::012345678901:user/Bob ",
                          "arn:aws:iam::012345678901:user/Bob\n",
                          "arn:aws:iam::012345678901:user/",
                          "arn:aws:iam::012345678901:user//Bob",
                          "arn:aws:iam::012345678901:user",
                          "arn:aws:iam::012345678901:user/B\xC3\xB6"
                          "b",
                          "arn:aws:iam::012345678901:assumed-role/r/s",
                          "arn:aws:sts::012345678901:user/Bob",
                          "ARN:aws:iam::012345678901:user/Bob",
                          "arn:aws:iam::012345678901:root/x"})
    EXPECT_EQ(PrincipalOf(arn), "identity_refused") << arn;
  EXPECT_EQ(PrincipalOf("arn:aws:iam::012345678901:user/" + std::string(64, 'a')).size(), 95U);
  EXPECT_EQ(PrincipalOf("arn:aws:iam::012345678901:user/" + std::string(65, 'a')),
            "identity_refused");
  EXPECT_EQ(NameOf(Canonical("arn:aws:iam::1:user/Bob", "1", kAws)), "identity_refused");
  EXPECT_EQ(NameOf(Canonical("arn:aws:iam::01234567890a:user/B", "01234567890a", kAws)),
            "identity_refused");
}

// security 5.25
TEST(Identity, OfRootIsTakenOnlyWhenItIsAllowed) {
  const std::string root = "arn:aws:iam::012345678901:root";
  EXPECT_EQ(PrincipalOf(root), "identity_refused");
  EXPECT_EQ(PrincipalOf(root, {"aws", true}), root);
}

TEST(ReadIdentity, TakesJsonByItsContentTypeAlone) {
  net::FetchResponse answer = RoleAnswer();
  answer.headers = {{"content-type", "application/json; charset=utf-8"}};
  EXPECT_EQ(NameOf(ReadIdentity(answer, kAws)), "");
  for (const char* type : {"text/xml", "text/plain", "application/jsonx", ""}) {
    answer.headers = {{"content-type", type}};
    EXPECT_EQ(NameOf(ReadIdentity(answer, kAws)), "answer_refused") << type;
  }
  answer.headers.clear();
  EXPECT_EQ(NameOf(ReadIdentity(answer, kAws)), "answer_refused");
}

// security 5.18, 5.19
TEST(ReadIdentity, TakesOneStrictObjectAndNothingBesideIt) {
  const std::string good = RoleAnswer().body;
  const auto verdict = [](const std::string& body) {
    return NameOf(ReadIdentity(JsonAnswer(body), kAws));
  };
  EXPECT_EQ(verdict(good + "\n"), "");
  for (const std::string& body :
       {std::string(), std::string("null"), "[" + good + "]", good + good, good.substr(1),
        good.substr(0, good.size() - 1), "\xEF\xBB\xBF" + good,
        good.substr(0, good.size() - 1) + R"(,"Error":{}})", R"({"Error":)" + good + "}",
        std::string(R"(<GetCallerIdentityResponse/>)"),
        std::string(R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":[]}})"),
        std::string(R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":1}}})"),
        good + std::string(16384, ' ')})
    EXPECT_EQ(verdict(body), "answer_refused") << body.substr(0, 100);
  std::string twice = good;
  twice.insert(twice.find("\"Arn\""), R"("Arn":"arn:aws:iam::012345678901:user/Admin",)");
  EXPECT_EQ(verdict(twice), "answer_refused");
}

TEST(ReadIdentity, TakesUserIdsOfAwsAlone) {
  const auto verdict = [](const std::string& user_id) {
    return NameOf(
        ReadIdentity(JsonAnswer(AnswerText("arn:aws:iam::012345678901:user/B", user_id)), kAws));
  };
  for (const char* id : {"A", "AIDAEXAMPLE", "012345678901:Bob", "AROA:a@b.example"})
    EXPECT_EQ(verdict(id), "") << id;
  for (const std::string& id : {std::string(), std::string(":x"), std::string("A:"),
                                std::string("A B"), std::string("A:b:c"), std::string(194, 'A')})
    EXPECT_EQ(verdict(id), "identity_refused") << id;
}

TEST(ReadIdentity, TellsNotNowFromNo) {
  const auto verdict = [](int status, const std::string& body) {
    return NameOf(ReadIdentity(JsonAnswer(body, status), kAws));
  };
  const std::string good = RoleAnswer().body;
  for (const int status : {201, 204, 301, 302, 307, 400, 403, 404})
    EXPECT_EQ(verdict(status, good), "sts_refused") << status;
  for (const int status : {429, 500, 502, 503, 504})
    EXPECT_EQ(verdict(status, good), "sts_unavailable") << status;
  EXPECT_EQ(verdict(400, R"({"Error":{"Code":"Throttling"}})"), "sts_unavailable");
  EXPECT_EQ(verdict(403, R"({"Error":{"Code":"ExpiredToken"}})"), "sts_refused");
  EXPECT_EQ(verdict(403, R"({"Error":{"Code":7}})"), "sts_refused");
}

}  // namespace
}  // namespace strongroom::authn::iam
