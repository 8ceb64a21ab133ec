// The exchange of presigned STS requests for tokens: cases of proofs, of request bodies and of
// answers of STS, against the real endpoint with a fetcher that only writes down what it was asked.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "authn/iam/endpoint.h"
#include "authn/jws.h"
#include "base/encoding.h"
#include "conformance.h"
#include "conformance_json.h"
#include "crypto/sigv4.h"

namespace strongroom::tools {
namespace {

namespace files = std::filesystem;
namespace json = boost::json;
namespace iam = authn::iam;

// What a stand-in of STS knows: who may sign, and for whom.
struct Signers {
  crypto::AwsCredentials credentials;
  std::string audience;
  std::string partition;
};

std::string HeaderOf(const net::FetchRequest& request, std::string_view name) {
  for (const net::Header& header : request.headers)
    if (header.name == name) return header.value;
  return {};
}

std::string ParameterOf(const net::FetchRequest& request, const std::string& name) {
  const std::size_t at = request.url.find(name + "=");
  if (at == request.url.npos) return {};
  const std::size_t start = at + name.size() + 1;
  return request.url.substr(start, request.url.find('&', start) - start);
}

base::Timestamp ReadDate(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(text.substr(at, size));
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  return base::Timestamp(std::chrono::sys_days(day)) + std::chrono::hours(number(9, 2)) +
         std::chrono::minutes(number(11, 2)) + std::chrono::seconds(number(13, 2));
}

// The signature that the request as it was sent ought to have.
std::string ExpectedSignature(const net::FetchRequest& sent, const Signers& signers) {
  const std::string host = sent.url.substr(8, sent.url.find('/', 8) - 8);
  const std::string credential = ParameterOf(sent, "X-Amz-Credential");
  crypto::SigV4Request request;
  request.query =
      "Action=" + ParameterOf(sent, "Action") + "&Version=" + ParameterOf(sent, "Version");
  request.headers = {{"host", host},
                     {std::string(iam::kAudienceHeader), HeaderOf(sent, iam::kAudienceHeader)}};
  crypto::SigV4Options options;
  std::size_t at = credential.find("%2F") + 3 + 8 + 3;  // behind the key and the day
  options.region = credential.substr(at, credential.find("%2F", at) - at);
  options.service = "sts";
  options.time = ReadDate(ParameterOf(sent, "X-Amz-Date"));
  options.expires = std::chrono::seconds(std::stoi(ParameterOf(sent, "X-Amz-Expires")));
  crypto::AwsCredentials credentials{signers.credentials.access_key_id,
                                     signers.credentials.secret_access_key.Clone(), ""};
  if (!ParameterOf(sent, "X-Amz-Security-Token").empty())
    credentials.session_token = signers.credentials.session_token;
  return crypto::Presign(request, credentials, options).signature;
}

// Answers what it was told, or as STS does: 403 for a wrong signature.
class StandIn : public net::HttpFetcher {
 public:
  explicit StandIn(const Signers& signers) : signers_(signers) {}
  void Fetch(net::FetchRequest request, net::FetchDone done) override {
    ++asked;
    last = request;
    if (answer) return done(*answer);
    const bool right =
        ParameterOf(request, "X-Amz-Signature") == ExpectedSignature(request, signers_);
    net::FetchResponse response{right ? 200 : 403, {{"content-type", "application/json"}}, ""};
    response.body =
        right
            ? R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"012345678901",)"
              R"("Arn":"arn:)" +
                  signers_.partition +
                  R"(:iam::012345678901:user/Bob","UserId":"AIDAEXAMPLE"},)"
                  R"("ResponseMetadata":{"RequestId":"01234567-89ab-cdef-0123-456789abcdef"}}})"
            : R"({"Error":{"Code":"SignatureDoesNotMatch","Message":"x","Type":"Sender"}})";
    done(std::move(response));
  }
  std::optional<base::Result<net::FetchResponse>> answer;
  int asked = 0;
  net::FetchRequest last;

 private:
  const Signers& signers_;
};

class NoStorage : public iam::KeyStorage {
 public:
  base::Result<std::vector<iam::StoredKey>> Load() override {
    return std::vector<iam::StoredKey>();
  }
  base::Status Change(const std::vector<iam::StoredKey>&,
                      const std::vector<std::string>&) override {
    return {};
  }
};

struct Suite {
  Signers signers;
  iam::StsEndpoints endpoints;
  base::Timestamp now;
};

// One exchange, on a server that has just started.
struct Run {
  iam::Reply reply;
  int asked = 0;
  net::FetchRequest sent;
};

Run Exchange(const Suite& suite, const std::string& content_type, const std::string& body,
             std::optional<base::Result<net::FetchResponse>> answer = std::nullopt) {
  const base::ManualClock clock(suite.now);
  StandIn fetcher(suite.signers);
  fetcher.answer = std::move(answer);
  NoStorage storage;
  iam::IssuerOptions options;
  options.issuer = iam::IssuerOf(suite.signers.audience);
  options.audience = suite.signers.audience;
  const auto issuer = iam::Issuer::Open(options, storage, clock, base::SystemRandom()).value();
  iam::Exchange exchange({suite.signers.audience, suite.endpoints}, fetcher, clock);
  iam::Endpoint endpoint(exchange, *issuer);
  const net::HeaderView header{"content-type", content_type};
  const net::Request request = net::Request::Make("POST", "/token/iam", {&header, 1}, body);
  Run run;
  endpoint.Handle(request, [&](iam::Reply reply) { run.reply = std::move(reply); });
  run.asked = fetcher.asked;
  run.sent = fetcher.last;
  return run;
}

std::string BodyOf(const std::string& token) {
  return json::serialize(json::object{{"Token", token}, {"Expiration", "2027-01-15T08:14:00Z"}});
}

// A case that only has a URL means the token of it.
std::string TokenOf(const json::value& test) {
  const std::string token = Text(test, "token");
  return token.empty() ? "twisp-aws-v1." + base::EncodeBase64Url(Text(test, "url")) : token;
}

std::string SubjectOf(const Run& run) {
  const auto jws = authn::ParseJws(run.reply.response.body);
  if (!std::holds_alternative<authn::Jws>(jws)) return {};
  return Text(json::parse(std::get<authn::Jws>(jws).payload), "sub");
}

std::string Describe(const Run& run) {
  return fmt::format("got {} ({}), {} requests to STS", run.reply.response.status,
                     run.reply.refusal.empty() ? "vended" : run.reply.refusal, run.asked);
}

bool IsVended(const Run& run) {
  return run.reply.response.status == 200 && !run.reply.error && !SubjectOf(run).empty();
}
// A refusal of the request or of the proof, and nothing of the answer in it.
bool IsRefused(const Run& run) {
  const int status = run.reply.response.status;
  return run.reply.error && (status == 400 || status == 401 || status == 415) &&
         run.reply.response.body.empty();
}

void RunProof(Tally& tally, const Suite& suite, const json::value& test) {
  const std::string id = Text(test, "id");
  const bool accept = Text(test, "expect") == "accept";
  const std::string stage = Text(test, "stage");
  const bool quiet = stage == "before-network";
  std::vector<std::string> tokens{TokenOf(test)};
  // The presigned URL alone is a token too, if it is one that JSON can hold.
  if (const std::string url = Text(test, "url"); url.starts_with("https://")) tokens.push_back(url);
  for (const std::string& token : tokens) {
    const Run run = Exchange(suite, "application/json", BodyOf(token));
    const bool right = accept ? IsVended(run) && run.asked == 1 : IsRefused(run);
    const bool silent = !quiet || run.asked == 0;
    const bool reached =
        stage != "after-sts" || (run.asked == 1 && run.reply.response.status == 401);
    const bool ours =
        run.asked == 0 || HeaderOf(run.sent, iam::kAudienceHeader) == suite.signers.audience;
    if (!right || !silent || !reached || !ours)
      return tally.Fail(
          id, fmt::format("wanted {} {}, {}", Text(test, "expect"), stage, Describe(run)));
  }
  tally.Pass();
}

void RunEnvelope(Tally& tally, const Suite& suite, const json::value& test) {
  const Run run = Exchange(suite, Text(test, "content_type"), Text(test, "body"));
  const bool accept = Text(test, "expect") == "accept";
  bool right = accept ? IsVended(run) : IsRefused(run) && run.asked == 0;
  // `415: only application/json`, `400`
  const std::string why = Text(test, "why");
  for (const int status : {400, 401, 415})
    if (!accept && why.starts_with(std::to_string(status)))
      right = right && run.reply.response.status == status;
  tally.Check(right, Text(test, "id"),
              fmt::format("wanted {} ({}), {}", Text(test, "expect"), why, Describe(run)));
}

base::Result<net::FetchResponse> AnswerOf(const json::value& test) {
  if (Text(test, "generate") == "no-answer") {
    base::Error error = base::MakeError(base::ErrorCode::kUnavailable, "no answer within 5 s");
    error.retriable = true;
    return error;
  }
  net::FetchResponse response;
  response.status = static_cast<int>(test.as_object().at("status").to_number<std::int64_t>());
  response.headers.push_back({"content-type", Text(test, "content_type")});
  if (const std::string location = Text(test, "location"); !location.empty())
    response.headers.push_back({"location", location});
  response.body = Text(test, "body");
  return response;
}

void RunAnswer(Tally& tally, const Suite& suite, const std::string& token,
               const json::value& test) {
  const Run run = Exchange(suite, "application/json", BodyOf(token), AnswerOf(test));
  const std::string expect = Text(test, "expect");
  const int status = run.reply.response.status;
  bool right = run.asked == 1;
  if (expect == "accept") right = right && IsVended(run) && SubjectOf(run) == Text(test, "sub");
  if (expect == "refuse") right = right && IsRefused(run) && status == 401;
  if (expect == "retry")
    right = right && status == 503 && run.reply.error && run.reply.error->retriable;
  tally.Check(right, Text(test, "id"),
              fmt::format("wanted {} {}, {}", expect, Text(test, "sub"), Describe(run)));
}

// The hosts of the corpus: those of the partition that it lists, and others as endpoints of ours.
iam::StsEndpoints EndpointsOf(const json::object& settings) {
  const std::string partition = Text(settings, "partition");
  const auto known = iam::StsEndpoints::Of({partition}).value();
  iam::StsEndpoints chosen;
  for (const json::value& value : settings.at("allowed_hosts").as_array()) {
    const std::string host(value.as_string());
    if (const iam::StsEndpoint* found = known.Find(host)) {
      chosen.Add(*found);
      continue;
    }
    const std::size_t sts = host.find("sts");
    const std::size_t dot = host.find('.', sts == host.npos ? 0 : sts);
    const std::string region =
        dot == host.npos ? "" : host.substr(dot + 1, host.find('.', dot + 1) - dot - 1);
    chosen.Add({host, region, partition, {}, {}});
  }
  return chosen;
}

// A proof for the answers of STS, whichever cases the file has.
std::string GoodToken(const Suite& suite, const std::string& host) {
  crypto::SigV4Request request;
  request.query = "Action=GetCallerIdentity&Version=2011-06-15";
  request.headers = {{"host", host}, {std::string(iam::kAudienceHeader), suite.signers.audience}};
  crypto::SigV4Options options;
  options.region = suite.endpoints.Find(host)->region;
  options.service = "sts";
  options.time = suite.now;
  const auto signature = crypto::Presign(request, suite.signers.credentials, options);
  return "twisp-aws-v1." + base::EncodeBase64Url("https://" + host + "/?" + signature.query);
}

void RunFile(Tally& tally, const files::path& path) {
  const json::object file = ReadJsonObject(path);
  const json::object& settings = file.at("settings").as_object();
  const json::object& keys = file.at("example_credentials").as_object();
  const Suite suite{
      {{Text(keys, "access_key_id"), base::SecretBytes(Text(keys, "secret_access_key")),
        Text(keys, "session_token")},
       Text(settings, "audience_value"),
       Text(settings, "partition")},
      EndpointsOf(settings),
      base::Timestamp(std::chrono::seconds(file.at("now").to_number<std::int64_t>()))};
  const auto each = [&](const char* name, const auto& run) {
    if (const json::value* list = file.if_contains(name))
      for (const json::value& test : list->as_array())
        if (!IsDisputed(tally, Text(test, "id"), test)) run(test);
  };
  each("cases", [&](const json::value& test) { RunProof(tally, suite, test); });
  const std::string good =
      GoodToken(suite, std::string(settings.at("allowed_hosts").at(0).as_string()));
  each("envelope_cases", [&](const json::value& test) { RunEnvelope(tally, suite, test); });
  each("sts_responses", [&](const json::value& test) { RunAnswer(tally, suite, good, test); });
}

bool IsSuite(const files::path& path) {
  return path.extension() == ".json" &&
         path.filename().string().find("getcalleridentity") != std::string::npos;
}

}  // namespace

int RunIam(const files::path& where) {
  Tally tally;
  if (!files::is_directory(where)) {
    RunFile(tally, where);
    return tally.Finish();
  }
  bool found = false;
  for (const auto& entry : files::directory_iterator(where)) {
    if (!IsSuite(entry.path())) continue;
    found = true;
    RunFile(tally, entry.path());
  }
  return found ? tally.Finish() : 2;
}

}  // namespace strongroom::tools
