// security 7.14, 7.24; the calls themselves are checked by tests/end_to_end/keys.test.mjs.
#include "storage/keys/kms_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>

#include "base/encoding.h"
#include "base/json.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

constexpr const char* kArn =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

TEST(KmsKey, NamesItsEndpoint) {
  EXPECT_EQ(KmsKey::Parse(kArn)->Url(false), "https://kms.eu-west-1.amazonaws.com");
  EXPECT_EQ(KmsKey::Parse(kArn)->Url(true), "https://kms-fips.eu-west-1.amazonaws.com");
  EXPECT_EQ(KmsKey::Parse("arn:aws-cn:kms:cn-north-1:111122223333:key/a")->Url(false),
            "https://kms.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(KmsKey::Parse("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/a")->Url(true),
            "https://kms-fips.us-gov-west-1.amazonaws.com");
  EXPECT_TRUE(KmsKey::Parse("arn:aws:kms:us-east-1:111122223333:key/mrk-0123456789abcdef").ok());
}

TEST(KmsKey, TakesNothingButTheArnOfAKey) {
  for (const char* text :
       {"", "alias/ledger", "1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-west-1:111122223333:alias/ledger",
        "arn:aws:kms:eu-west-1:111122223333:key/", "arn:aws:kms::111122223333:key/a",
        "arn:aws:kms:eu-west-1:1111:key/a", "arn:aws:iam:eu-west-1:111122223333:key/a",
        "arn:other:kms:eu-west-1:111122223333:key/a",
        "arn:aws:kms:evil.example/:111122223333:key/a",
        "arn:aws:kms:eu-west-1:111122223333:key/a:b", "arn:aws:kms:EU:111122223333:key/a"})
    EXPECT_FALSE(KmsKey::Parse(text).ok()) << text;
}

// Answers what the test lays ready; the last one again and again.
class ScriptedFetcher : public net::HttpFetcher {
 public:
  using Answer = base::Result<net::FetchResponse>;
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    requests.push_back(std::move(request));
    if (on_fetch) on_fetch();
    Answer answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    done(std::move(answer));
  }
  static Answer Json(int status, std::string body) {
    net::FetchResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
  }
  static Answer Lost() {
    base::Error error = base::MakeError(ErrorCode::kUnavailable, "no connection");
    error.retriable = true;
    return error;
  }
  std::vector<net::FetchRequest> requests;
  std::deque<Answer> answers;
  std::function<void()> on_fetch;
};

class KmsClientTest : public testing::Test {
 protected:
  static base::Result<crypto::AwsCredentials> Credentials() {
    crypto::AwsCredentials made;
    made.access_key_id = "AKIDEXAMPLE";
    made.secret_access_key = base::SecretBytes(std::string_view("secret"));
    made.session_token = "token";
    return made;
  }
  KmsOptions Options() const { return {*KmsKey::Parse(kArn), false, {}, {}}; }
  static KeyContext Context() { return {TestSpace(9).id, TestSpace(1).id, "space"}; }
  static std::string Plaintext(std::string_view key, const char* arn = kArn) {
    return R"({"KeyId":")" + std::string(arn) + R"(","Plaintext":")" + base::EncodeBase64(key) +
           R"("})";
  }

  base::ManualClock clock_{base::Timestamp(std::chrono::hours(24 * 365 * 56))};
  ScriptedFetcher fetcher_;
  std::vector<milliseconds> pauses_;
  KmsClient client_{
      Options(), fetcher_, Credentials, clock_, base::SystemRandom(), [this](milliseconds time) {
        pauses_.push_back(time);
        clock_.Advance(time);
      }};
};

TEST_F(KmsClientTest, SendsWhatKmsAsksFor) {
  fetcher_.answers = {ScriptedFetcher::Json(200, Plaintext(std::string(32, 'k')))};
  const auto key = client_.Decrypt("wrapped", Context());
  ASSERT_TRUE(key.ok()) << key.error().message;
  EXPECT_EQ(base::AsChars(key->Expose()), std::string(32, 'k'));
  const net::FetchRequest& request = fetcher_.requests.at(0);
  EXPECT_EQ(request.url, "https://kms.eu-west-1.amazonaws.com/");
  EXPECT_EQ(request.method, "POST");
  EXPECT_FALSE(request.allow_loopback);
  std::map<std::string, std::string> headers;
  for (const auto& header : request.headers) headers[header.name] = header.value;
  EXPECT_EQ(headers["x-amz-target"], "TrentService.Decrypt");
  EXPECT_EQ(headers["content-type"], "application/x-amz-json-1.1");
  EXPECT_EQ(headers["x-amz-security-token"], "token");
  EXPECT_THAT(headers["authorization"], testing::HasSubstr("/eu-west-1/kms/aws4_request"));
  const auto body = base::ParseJson(request.body)->as_object();
  EXPECT_EQ(body.at("KeyId").as_string(), kArn);
  EXPECT_EQ(body.at("EncryptionContext").at("strongroom:purpose").as_string(), "space");
  EXPECT_EQ(body.at("EncryptionContext").at("strongroom:tenant").as_string(),
            TestSpace(1).id.ToString());
  EXPECT_EQ(body.at("EncryptionContext").at("strongroom:installation").as_string(),
            TestSpace(9).id.ToString());
}

TEST_F(KmsClientTest, TakesNoAnswerInTheNameOfAnotherKey) {
  fetcher_.answers = {ScriptedFetcher::Json(200, Plaintext(std::string(32, 'k'), "arn:other"))};
  const auto key = client_.Decrypt("wrapped", Context());
  EXPECT_EQ(key.error().code, ErrorCode::kDependencyError);
  EXPECT_EQ(fetcher_.requests.size(), 1U) << "asking again would not help";
}

TEST_F(KmsClientTest, TakesNoAnswerThatIsNoneOfKms) {
  for (const std::string& body :
       {std::string("<html>"), std::string("[]"), std::string("{}"),
        Plaintext(std::string(31, 'k')),
        R"({"KeyId":")" + std::string(kArn) + R"(","Plaintext":7})",
        R"({"KeyId":")" + std::string(kArn) + R"(","Plaintext":"%%%"})"}) {
    fetcher_.answers = {ScriptedFetcher::Json(200, body)};
    EXPECT_EQ(client_.Decrypt("wrapped", Context()).error().code, ErrorCode::kDependencyError)
        << body;
  }
  fetcher_.answers = {ScriptedFetcher::Json(
      200, R"({"KeyMetadata":{"Arn":")" + std::string(kArn) + R"(","KeyState":"Enabled"}})")};
  EXPECT_FALSE(client_.DescribeKey().ok());
}

TEST_F(KmsClientTest, AsksAgainWithJitterWhatPassesByItself) {
  for (const auto& answer :
       {ScriptedFetcher::Lost(), ScriptedFetcher::Json(500, ""), ScriptedFetcher::Json(503, "{}"),
        ScriptedFetcher::Json(400, R"({"__type":"ThrottlingException"})"),
        ScriptedFetcher::Json(400, R"({"__type":"com.amazonaws.kms#KeyUnavailableException"})")}) {
    fetcher_.requests.clear();
    fetcher_.answers = {answer, answer,
                        ScriptedFetcher::Json(200, Plaintext(std::string(32, 'k')))};
    EXPECT_TRUE(client_.Decrypt("wrapped", Context()).ok());
    EXPECT_EQ(fetcher_.requests.size(), 3U);
  }
  EXPECT_EQ(pauses_.size(), 10U);
  EXPECT_GT(std::set<milliseconds>(pauses_.begin(), pauses_.end()).size(), 3U) << "all the same";
}

TEST_F(KmsClientTest, DoesNotAskAgainWhatWillNotPass) {
  for (const char* type : {"AccessDeniedException", "DisabledException", "NotFoundException",
                           "InvalidCiphertextException", "ExpiredTokenException", "!"}) {
    fetcher_.requests.clear();
    fetcher_.answers = {ScriptedFetcher::Json(400, R"({"__type":")" + std::string(type) + R"("})")};
    const auto refused = client_.Decrypt("wrapped", Context());
    EXPECT_EQ(refused.error().code, ErrorCode::kDependencyError) << type;
    EXPECT_FALSE(refused.error().hint.empty());
    EXPECT_EQ(fetcher_.requests.size(), 1U) << type;
  }
}

TEST_F(KmsClientTest, GivesUpInTimeAndThenRests) {
  fetcher_.answers = {ScriptedFetcher::Lost()};
  fetcher_.on_fetch = [&] { clock_.Advance(milliseconds(900)); };  // a slow network
  const auto began = clock_.Steady();
  const auto refused = client_.Decrypt("wrapped", Context());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(refused.error().retriable);
  EXPECT_LT(clock_.Steady() - began, std::chrono::seconds(10));
  const std::size_t asked = fetcher_.requests.size();
  EXPECT_GT(asked, 2U);
  EXPECT_LT(asked, 20U) << "a storm";
  // Others learn of it without waiting, and without another request.
  EXPECT_EQ(client_.Decrypt("other", Context()).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(fetcher_.requests.size(), asked);
  clock_.Advance(std::chrono::seconds(5));
  fetcher_.answers = {ScriptedFetcher::Json(200, Plaintext(std::string(32, 'k')))};
  EXPECT_TRUE(client_.Decrypt("wrapped", Context()).ok());
}

TEST_F(KmsClientTest, MissingCredentialsAreAnErrorOfTheirOwn) {
  KmsClient client(
      Options(), fetcher_,
      []() -> base::Result<crypto::AwsCredentials> {
        return base::MakeError(ErrorCode::kNotFound, "there are no credentials for AWS");
      },
      clock_, base::SystemRandom());
  EXPECT_EQ(client.DescribeKey().error().message, "there are no credentials for AWS");
  EXPECT_TRUE(fetcher_.requests.empty());
}

}  // namespace
}  // namespace strongroom::storage
