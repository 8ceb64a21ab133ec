#include "aws/credentials.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <map>

#include "aws/answers.h"
#include "aws/endpoint.h"

namespace strongroom::aws {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using ::testing::Not;

// 2027-01-15T08:00:00Z
const base::Timestamp kNow{std::chrono::seconds(1800000000)};
constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// Answers what it was given, in order; 500 after that.
class Services : public net::HttpFetcher {
 public:
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    asked.push_back(std::move(request));
    net::FetchResponse answer;
    answer.status = 500;
    if (!answers.empty()) {
      answer = answers.front();
      answers.pop_front();
    }
    done(answer);
  }
  std::vector<net::FetchRequest> asked;
  std::deque<net::FetchResponse> answers;
};

class CredentialsTest : public ::testing::Test {
 protected:
  CredentialsTest() {
    std::string pattern = ::testing::TempDir() + "aws.XXXXXX";
    home = mkdtemp(pattern.data());
    variables["HOME"] = home;
    around.variable = [this](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    around.ask_metadata = [this](const MetadataRequest& request) {
      metadata_asked.push_back(request);
      const auto found = metadata.find(request.method + " " + request.url);
      if (found == metadata.end())
        return base::Result<net::FetchResponse>(
            base::MakeError(ErrorCode::kUnavailable, "nobody is there"));
      return base::Result<net::FetchResponse>(net::FetchResponse{200, {}, found->second});
    };
  }
  ~CredentialsTest() override { std::filesystem::remove_all(home); }

  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(home) / ".aws" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  base::Result<Credentials> Get(const std::string& profile = {}) {
    return FindCredentials({profile, {}}, around, services, clock)->Get();
  }
  void SetInstance(const std::string& expires = "2027-01-15T14:00:00Z") {
    const std::string url = "http://169.254.169.254/latest/";
    const std::string roles = url + "meta-data/iam/security-credentials/";
    metadata["PUT " + url + "api/token"] = "session";
    metadata["GET " + roles] = "web";
    metadata["GET " + roles + "web"] = MetadataAnswer("ASIAINSTANCE", expires);
    metadata["GET " + url + "meta-data/placement/region"] = "eu-north-1";
  }
  static std::string MetadataAnswer(const std::string& id, const std::string& expires) {
    return R"({"Code":"Success","AccessKeyId":")" + id + R"(","SecretAccessKey":")" + kSecret +
           R"(","Token":"session-token","Expiration":")" + expires + R"("})";
  }
  static std::string RoleAnswer(const std::string& action) {
    return "{\"" + action + "Response\":{\"" + action + R"(Result":{"Credentials":{)" +
           R"("AccessKeyId":"ASIAROLE","SecretAccessKey":"s","SessionToken":"t",)" +
           R"("Expiration":1.8000036E9}}}})";
  }

  std::string home;
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> metadata;  // by method and URL
  std::vector<MetadataRequest> metadata_asked;
  Surroundings around;
  Services services;
  base::ManualClock clock{kNow};
};

std::string SecretOf(const Credentials& credentials) {
  const auto bytes = credentials.keys.secret_access_key.Expose();
  return {bytes.begin(), bytes.end()};
}

TEST_F(CredentialsTest, TakesTheEnvironmentBeforeTheDefaultProfile) {
  Write("credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = x\n");
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables["AWS_SECRET_ACCESS_KEY"] = kSecret;
  variables["AWS_SESSION_TOKEN"] = "token";
  const auto found = Get();
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->keys.access_key_id, "AKIAENV");
  EXPECT_EQ(SecretOf(*found), kSecret);
  EXPECT_EQ(found->keys.session_token, "token");
  EXPECT_EQ(found->source, "the environment");
  EXPECT_FALSE(found->expires);
  EXPECT_EQ(Get("default")->keys.access_key_id, "AKIAFILE");  // named on purpose
}

TEST_F(CredentialsTest, RefusesHalfOfAPair) {
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  const auto found = Get();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::kBadRequest);
}

TEST_F(CredentialsTest, ReadsBothFilesAndPrefersTheCredentialsFile) {
  Write("config",
        "# people\n[default]\nregion = eu-west-1 ; near\ns3 =\n  addressing_style = path\n"
        "[profile \"a b\"]\nAWS_ACCESS_KEY_ID=AKIACONFIG\naws_secret_access_key=a#b\n"
        "[services x]\naws_access_key_id=AKIAOTHER\n");
  Write("credentials", "[a b]\naws_access_key_id = AKIAFILE\n");
  const auto found = Get("a b");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->keys.access_key_id, "AKIAFILE");
  EXPECT_EQ(SecretOf(*found), "a#b");
  EXPECT_EQ(found->source, "profile `a b`");
  EXPECT_EQ(FindRegion("default", around).value(), "eu-west-1");
  EXPECT_EQ(Get("missing").error().code, ErrorCode::kNotFound);
}

TEST_F(CredentialsTest, FindsFilesThatVariablesName) {
  Write("elsewhere", "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = x\n");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = home + "/.aws/elsewhere";
  variables["AWS_PROFILE"] = "work";
  EXPECT_EQ(Get()->keys.access_key_id, "AKIAWORK");
}

TEST_F(CredentialsTest, TakesTheRoleOfAProfileWithItsSource) {
  Write("config",
        "[profile base]\naws_access_key_id=AKIABASE\naws_secret_access_key=x\n"
        "[profile ledger]\nrole_arn=arn:aws:iam::012345678901:role/ledger\nsource_profile=base\n"
        "external_id=a b\nregion=eu-west-1\n");
  services.answers.push_back({200, {}, RoleAnswer("AssumeRole")});
  const auto found = Get("ledger");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->keys.access_key_id, "ASIAROLE");
  EXPECT_EQ(found->expires, kNow + std::chrono::hours(1));
  ASSERT_EQ(services.asked.size(), 1U);
  EXPECT_EQ(services.asked[0].url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_THAT(services.asked[0].body,
              HasSubstr("&RoleArn=arn%3Aaws%3Aiam%3A%3A012345678901%3Arole%2Fledger&"));
  EXPECT_THAT(services.asked[0].body, HasSubstr("&ExternalId=a%20b"));
  EXPECT_THAT(services.asked[0].headers.back().value,
              HasSubstr("Credential=AKIABASE/20270115/eu-west-1/sts/aws4_request"));
}

TEST_F(CredentialsTest, ToldOfCirclesSecondFactorsAndPrograms) {
  Write("config",
        "[profile a]\nrole_arn=arn:x\nsource_profile=b\n"
        "[profile b]\nrole_arn=arn:x\nsource_profile=a\n"
        "[profile c]\nrole_arn=arn:x\nsource_profile=a\nmfa_serial=arn:y\n"
        "[profile d]\ncredential_process=/bin/true\n[profile e]\nrole_arn=arn:x\n");
  EXPECT_THAT(Get("a").error().message, HasSubstr("circle"));
  EXPECT_EQ(Get("c").error().code, ErrorCode::kNotSupported);
  EXPECT_EQ(Get("d").error().code, ErrorCode::kNotSupported);
  EXPECT_EQ(Get("e").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(services.asked.empty());
}

TEST_F(CredentialsTest, NeverTakesAnotherIdentityForOneThatFails) {
  Write("config", "[default]\nrole_arn=arn:x\ncredential_source=Ec2InstanceMetadata\n");
  SetInstance();
  services.answers.push_back({403, {}, "<secret/>"});
  const auto found = Get();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::kDependencyError);
  EXPECT_THAT(found.error().message, Not(HasSubstr("secret")));
}

TEST_F(CredentialsTest, TakesAWebIdentityWithoutSigning) {
  Write("token", "eyJ.web.identity\n");
  variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = home + "/.aws/token";
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::012345678901:role/pod";
  variables["AWS_REGION"] = "cn-north-1";
  services.answers.push_back({200, {}, RoleAnswer("AssumeRoleWithWebIdentity")});
  ASSERT_TRUE(Get().ok());
  EXPECT_EQ(services.asked[0].url, "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_THAT(services.asked[0].body, HasSubstr("&WebIdentityToken=eyJ.web.identity"));
  for (const auto& header : services.asked[0].headers) EXPECT_NE(header.name, "authorization");
}

TEST_F(CredentialsTest, TakesWhatSingleSignOnHasLeft) {
  Write("config",
        "[sso-session my-sso]\nsso_region=eu-west-1\nsso_start_url=https://x.awsapps.com/start\n"
        "[profile dev]\nsso_session=my-sso\nsso_account_id=012345678901\nsso_role_name=Admin\n");
  EXPECT_THAT(Get("dev").error().hint, HasSubstr("aws sso login --profile dev"));
  // sha1("my-sso")
  Write("sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json",
        R"({"accessToken":"bearer","expiresAt":"2027-01-15T09:00:00Z"})");
  services.answers.push_back({200,
                              {},
                              R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s",
                              "sessionToken":"t","expiration":1800003600000}})"});
  const auto found = Get("dev");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->keys.access_key_id, "ASIASSO");
  EXPECT_EQ(found->expires, kNow + std::chrono::hours(1));
  EXPECT_EQ(services.asked[0].url,
            "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?"
            "role_name=Admin&account_id=012345678901");
  clock.Advance(std::chrono::hours(1));
  EXPECT_FALSE(Get("dev").ok());
}

TEST_F(CredentialsTest, TakesTheContainersRoleWithItsToken) {
  variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer y";
  metadata["GET http://169.254.170.2/v2/credentials/x"] =
      MetadataAnswer("ASIATASK", "2027-01-15T14:00:00Z");
  EXPECT_EQ(Get()->keys.access_key_id, "ASIATASK");
  EXPECT_EQ(metadata_asked[0].headers.back().value, "Bearer y");
}

TEST_F(CredentialsTest, TakesTheInstancesRoleWithASessionOnly) {
  SetInstance();
  const auto found = Get();
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found->keys.access_key_id, "ASIAINSTANCE");
  ASSERT_EQ(metadata_asked.size(), 3U);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(metadata_asked[i].headers.at(0).name, "x-aws-ec2-metadata-token");
    EXPECT_EQ(metadata_asked[i].headers.at(0).value, "session");
  }
  EXPECT_EQ(FindRegion({}, around).value(), "eu-north-1");
  metadata.erase("PUT http://169.254.169.254/latest/api/token");
  metadata_asked.clear();
  EXPECT_EQ(Get().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(metadata_asked.size(), 1U);  // no fallback to version 1
}

TEST_F(CredentialsTest, AsksNoInstanceWhenThatIsDisabled) {
  SetInstance();
  variables["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_EQ(Get().error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(metadata_asked.empty());
}

TEST_F(CredentialsTest, RefreshesAheadAndKeepsGoodOnesWhileThatFails) {
  SetInstance();
  const auto source = FindCredentials({}, around, services, clock);
  ASSERT_TRUE(source->Get().ok());
  ASSERT_TRUE(source->Get().ok());
  EXPECT_EQ(metadata_asked.size(), 3U);  // kept
  clock.Advance(std::chrono::hours(5) + std::chrono::minutes(56));
  metadata.clear();
  EXPECT_EQ(source->Get()->keys.access_key_id, "ASIAINSTANCE");
  EXPECT_EQ(metadata_asked.size(), 4U);
  EXPECT_EQ(source->Get()->keys.access_key_id, "ASIAINSTANCE");
  EXPECT_EQ(metadata_asked.size(), 4U);  // not asked at once again
  clock.Advance(std::chrono::minutes(4));
  EXPECT_FALSE(source->Get().ok());  // never expired ones
}

TEST(AskMetadata, ReachesMetadataServicesAndLoopbackAlone) {
  for (const char* url :
       {"http://10.0.0.1/", "http://169.254.169.253/", "http://example.com/", "https://localhost/",
        "http://localhost.example.com/", "http://127.0.0.1@10.0.0.1/", "http://2130706433/"}) {
    const auto answer = AskMetadata({url, "GET", {}});
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::kBadRequest) << url;
  }
  const auto split = AskMetadata({"http://127.0.0.1:1/", "GET", {{"authorization", "a\r\nb: c"}}});
  EXPECT_EQ(split.error().code, ErrorCode::kBadRequest);
  EXPECT_EQ(AskMetadata({"http://127.0.0.1:1/", "GET", {}}).error().code, ErrorCode::kUnavailable);
}

TEST(Endpoint, ComesFromTheEnvironmentAndIsHttps) {
  std::map<std::string, std::string> variables;
  Surroundings around;
  around.variable = [&](const char* name) -> std::optional<std::string> {
    return variables.count(name) != 0 ? std::optional(variables[name]) : std::nullopt;
  };
  EXPECT_EQ(RequestTo("kms", "eu-west-1", around)->url, "https://kms.eu-west-1.amazonaws.com");
  EXPECT_FALSE(RequestTo("kms", "x.example/", around).ok());
  variables["AWS_ENDPOINT_URL"] = "http://localhost:1";
  EXPECT_FALSE(RequestTo("kms", "eu-west-1", around).ok());
  variables["AWS_ENDPOINT_URL_KMS"] = "https://vpce-1.kms.eu-west-1.vpce.amazonaws.com/";
  EXPECT_EQ(RequestTo("kms", "eu-west-1", around)->url,
            "https://vpce-1.kms.eu-west-1.vpce.amazonaws.com");
  variables["AWS_CA_BUNDLE"] = "/nowhere.pem";
  EXPECT_FALSE(RequestTo("kms", "eu-west-1", around).ok());
}

TEST(ParseTime, ReadsInstantsInUtcAlone) {
  for (const char* text : {"2027-01-15T08:00:00Z", "2027-01-15T08:00:00.000Z",
                           "2027-01-15T08:00:00UTC", "2027-01-15T08:00:00+00:00"})
    EXPECT_EQ(ParseTime(text), kNow) << text;
  for (const char* text : {"", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15T08:00:00+01:00",
                           "2027-01-15T08:00:00Z x"})
    EXPECT_EQ(ParseTime(text), std::nullopt) << text;
}

}  // namespace
}  // namespace strongroom::aws
