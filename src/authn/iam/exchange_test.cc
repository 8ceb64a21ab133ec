#include "authn/iam/exchange.h"

#include "authn/iam/known_keys.h"
#include "authn/iam/replay_set.h"
#include "authn/iam/testing.h"

namespace strongroom::authn::iam {
namespace {

class ExchangeTest : public testing::Test {
 protected:
  // The name of the refusal, "waits" while STS is asked, or the principal.
  std::string Identify(const std::string& token, const std::string& source = "192.0.2.1") {
    const auto said = std::make_shared<std::string>("waits");
    said_ = said;
    exchange_.Identify(token, source, [said, this](const Outcome& outcome) {
      const Identity* identity = std::get_if<Identity>(&outcome.identity);
      *said = identity == nullptr ? NameOf(outcome.identity) : identity->principal;
      outcome_ = outcome;
    });
    return *said;
  }
  static base::Error Late() {
    base::Error error = base::MakeError(base::ErrorCode::kUnavailable, "timed out");
    error.retriable = true;
    return error;
  }

  // The access key is one whose identity STS has confirmed.
  void Confirm(const std::string& access_key_id) {
    EXPECT_EQ(Identify(UrlOf(access_key_id, 999999), "203.0.113.1"), "waits");
    sts_.Answer(RoleAnswer());
  }
  static std::string UrlOf(const std::string& access_key_id, int number) {
    return TestUrl()
        .Set("X-Amz-Credential", access_key_id + "%2F20270115%2Fus-east-1%2Fsts%2Faws4_request")
        .Set("X-Amz-Signature", fmt::format("{:064x}", number))
        .Text();
  }
  ExchangeOptions Options() {
    ExchangeOptions options{kTestAuthUrl, TestEndpoints()};
    options.is_registered = [this](std::string_view) { return registered_; };
    return options;
  }

  base::ManualClock clock_{TestTime()};
  TestSts sts_;
  bool registered_ = true;
  Exchange exchange_{Options(), sts_, clock_};
  std::shared_ptr<std::string> said_;
  Outcome outcome_;
};

TEST_F(ExchangeTest, AsksStsWithARequestOfItsOwnMaking) {
  EXPECT_EQ(Identify(TestUrl().Text()), "waits");
  ASSERT_EQ(sts_.asked.size(), 1U);
  const net::FetchRequest& asked = sts_.asked[0];
  EXPECT_EQ(asked.url, TestUrl().Text());
  EXPECT_EQ(asked.method, "GET");
  EXPECT_EQ(asked.body, "");
  ASSERT_EQ(asked.headers.size(), 2U);
  EXPECT_EQ(asked.headers[0].name + ": " + asked.headers[0].value, "accept: application/json");
  EXPECT_EQ(asked.headers[1].name + ": " + asked.headers[1].value,
            std::string("x-twisp-aws-id: ") + kTestAuthUrl);
  EXPECT_FALSE(asked.allow_loopback);
  EXPECT_EQ(asked.total_timeout, std::chrono::seconds(5));
  sts_.Answer(RoleAnswer());
  EXPECT_EQ(*said_, "arn:aws:iam::012345678901:role/example-role");
  EXPECT_EQ(outcome_.access_key_id, kTestKey);
  EXPECT_EQ(outcome_.sts_host, "sts.us-east-1.amazonaws.com");
}

TEST_F(ExchangeTest, SendsNothingForWhatIsNoProof) {
  EXPECT_EQ(Identify("twisp-aws-v1."), "url_malformed");
  EXPECT_EQ(Identify("k8s-aws-v1.aHR0"), "token_malformed");
  EXPECT_EQ(Identify(TestUrl().Set("Action", "AssumeRole").Text()), "action_refused");
  EXPECT_TRUE(sts_.asked.empty());
}

// security 5.29
TEST_F(ExchangeTest, TakesAProofOnceAndAgainWhenItBoughtNothing) {
  const std::string url = TestUrl().Text();
  EXPECT_EQ(Identify(url), "waits");
  EXPECT_EQ(Identify(url), "replayed");  // also while the first one is under way
  sts_.Answer(Late());
  EXPECT_EQ(Identify(url), "waits");
  sts_.Answer(RoleAnswer());
  EXPECT_EQ(Identify(url), "replayed");
  clock_.Advance(std::chrono::seconds(900));
  EXPECT_EQ(Identify(url), "replayed");
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Identify(url), "date_outside");
}

TEST_F(ExchangeTest, TellsNotNowFromNo) {
  EXPECT_EQ(Identify(TestUrl().Text()), "waits");
  sts_.Answer(Late());
  EXPECT_EQ(*said_, "sts_unavailable");
  EXPECT_EQ(Identify(TestUrl().Text()), "waits");
  sts_.Answer(base::MakeError(base::ErrorCode::kDependencyError, "its certificate is wrong"));
  EXPECT_EQ(*said_, "answer_refused");
  EXPECT_EQ(Identify(TestUrl().Text()), "waits");
  sts_.Answer(JsonAnswer("{}", 403));
  EXPECT_EQ(*said_, "sts_refused");
}

// security 5.30
TEST_F(ExchangeTest, AsksFiveTimesASecondForASourceAndFiftyInAll) {
  Confirm("AKIDEXAMPLE0000000K1");
  clock_.Advance(std::chrono::seconds(1));
  int number = 0;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Identify(NumberedUrl(++number)), "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(NumberedUrl(++number)), "too_many_exchanges");
  for (int i = 5; i < 50; ++i) {
    EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", ++number), fmt::format("192.0.2.{}", i)),
              "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", ++number), "198.51.100.1"),
            "too_many_exchanges");
  clock_.Advance(std::chrono::seconds(1));
  // What was not asked was not used up.
  EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", number)), "waits");
}

TEST_F(ExchangeTest, CountsIpv6SourcesByTheirNetwork) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Identify(NumberedUrl(i), fmt::format("2001:db8:0:1::{}", i)), "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(NumberedUrl(5), "2001:db8:0:1:ffff::1"), "too_many_exchanges");
  EXPECT_EQ(Identify(NumberedUrl(5), "2001:db8:0:2::1"), "waits");
}

TEST_F(ExchangeTest, StrangersLeaveRoomForAccessKeysWhoseIdentityHasAClient) {
  Confirm("AKIDEXAMPLE0000000K1");
  clock_.Advance(std::chrono::seconds(1));
  int number = 0;
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(Identify(NumberedUrl(++number), fmt::format("192.0.2.{}", i)), "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(NumberedUrl(++number), "192.0.2.99"), "too_many_exchanges");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", ++number), fmt::format("198.51.100.{}", i)),
              "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", ++number), "198.51.100.99"),
            "too_many_exchanges");
}

TEST_F(ExchangeTest, AnAccessKeyIsNotKnownBecauseStsKnowsIt) {
  registered_ = false;  // anybody may have an account with AWS
  Confirm("AKIDEXAMPLE0000000K1");
  clock_.Advance(std::chrono::seconds(1));
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(Identify(NumberedUrl(i), fmt::format("192.0.2.{}", i)), "waits");
    sts_.Answer(JsonAnswer("{}", 403));
  }
  EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", 30), "198.51.100.1"), "too_many_exchanges");
}

TEST_F(ExchangeTest, Asks32AtOnceOfWhomStrangersAre20) {
  Confirm("AKIDEXAMPLE0000000K1");
  clock_.Advance(std::chrono::seconds(1));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(Identify(NumberedUrl(i), fmt::format("192.0.2.{}", i)), "waits");
  EXPECT_EQ(Identify(NumberedUrl(32), "198.51.100.1"), "too_many_exchanges");
  for (int i = 20; i < 32; ++i)
    EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", i), fmt::format("192.0.2.{}", i)), "waits");
  EXPECT_EQ(Identify(UrlOf("AKIDEXAMPLE0000000K1", 33), "198.51.100.1"), "too_many_exchanges");
  sts_.Answer(JsonAnswer("{}", 403));
  EXPECT_EQ(Identify(NumberedUrl(32), "198.51.100.1"), "waits");
}

TEST(KnownKeys, AreThoseThatWereAddedLast) {
  KnownKeys keys(2);
  for (const char* key : {"a", "b", "a", "c"}) keys.Add(key);
  EXPECT_FALSE(keys.Has("a"));
  EXPECT_TRUE(keys.Has("b"));
  EXPECT_TRUE(keys.Has("c"));
}

TEST(Exchange, AsksAnEndpointOfOursWhereItIs) {
  base::ManualClock clock{TestTime()};
  TestSts sts;
  StsEndpoints endpoints = TestEndpoints();
  IssuerAccess access;
  access.allow_loopback = true;
  access.ca_pem = "PEM";
  ASSERT_TRUE(endpoints.AddText("sts.us-east-1.amazonaws.com=https://127.0.0.1:4566", access).ok());
  Exchange exchange({kTestAuthUrl, endpoints}, sts, clock);
  exchange.Identify(TestUrl().Text(), "", [](const Outcome&) {});
  ASSERT_EQ(sts.asked.size(), 1U);
  EXPECT_TRUE(sts.asked[0].url.starts_with("https://127.0.0.1:4566/?Action="));
  EXPECT_TRUE(sts.asked[0].allow_loopback);
  EXPECT_EQ(sts.asked[0].ca_pem, "PEM");
}

Proof NumberedProof(int number) {
  static const StsEndpoints endpoints = TestEndpoints();
  return std::get<Proof>(ParseProof(NumberedUrl(number), endpoints, TestTime()));
}

TEST(ReplaySet, TakesNothingMoreWhenItIsFullAndForgetsWhatIsTooOld) {
  ReplaySet set(3);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(set.Use(NumberedProof(i), TestTime()), ReplaySet::Verdict::kNew);
  EXPECT_EQ(set.Use(NumberedProof(3), TestTime()), ReplaySet::Verdict::kFull);
  EXPECT_EQ(set.Use(NumberedProof(0), TestTime(900)), ReplaySet::Verdict::kUsed);
  EXPECT_EQ(set.Use(NumberedProof(3), TestTime(901)), ReplaySet::Verdict::kNew);
  EXPECT_EQ(set.size(), 1U);
}

TEST(ReplaySet, ReleasesTheProofThatItIsTold) {
  ReplaySet set(3);
  for (int i = 0; i < 3; ++i) set.Use(NumberedProof(i), TestTime());
  set.Release(NumberedProof(1));
  set.Release(NumberedProof(1));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_EQ(set.Use(NumberedProof(0), TestTime()), ReplaySet::Verdict::kUsed);
  EXPECT_EQ(set.Use(NumberedProof(2), TestTime()), ReplaySet::Verdict::kUsed);
  EXPECT_EQ(set.Use(NumberedProof(1), TestTime()), ReplaySet::Verdict::kNew);
}

}  // namespace
}  // namespace strongroom::authn::iam
