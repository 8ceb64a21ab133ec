#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "authn/iam/endpoint.h"
#include "authn/iam/proof.h"
#include "aws/answers.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/random.h"
#include "server/cli/commands.h"
#include "server/cli/token_client.h"
#include "server/service.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::chrono::seconds kProofLifetimeMin{60};

// Two proofs that the same credentials sign within a second are one, and good for one token, unless
// they last differently. So the seconds are drawn.
std::chrono::seconds DrawLifetime() {
  std::uint8_t drawn = 0;
  base::SystemRandom().Fill({&drawn, 1});
  return kProofLifetimeMin + std::chrono::seconds(drawn);
}

struct AwsTokenOptions {
  std::string auth_url;
  std::string profile;
  std::string region;
  std::string sts_host;
  std::string ca;
  bool cache = false;
  std::string output = "text";
};

// SPEC 5: a GetCallerIdentity request that also signs the header with the auth URL.
std::string ProofOf(const AwsTokenOptions& options, const std::string& region,
                    const aws::Credentials& credentials, std::chrono::seconds lifetime) {
  const std::string host =
      options.sts_host.empty()
          ? aws::DefaultUrl("sts", region).substr(std::string("https://").size())
          : options.sts_host;
  crypto::SigV4Request request;
  request.query = "Action=GetCallerIdentity&Version=2011-06-15";
  request.headers = {{"host", host}, {std::string(authn::iam::kAudienceHeader), options.auth_url}};
  crypto::SigV4Options signing;
  signing.region = region;
  signing.service = "sts";
  signing.time = base::SystemClock().Now();
  signing.expires = lifetime;
  const auto signature = crypto::Presign(request, credentials.keys, signing);
  return "twisp-aws-v1." + base::EncodeBase64Url("https://" + host + "/?" + signature.query);
}

// What the server says about a refusal is meant to be read.
base::Error Refused(const net::FetchResponse& answer) {
  std::string message = fmt::format("the exchange answered with status {}", answer.status);
  std::string hint;
  const auto parsed = base::ParseJson(answer.body);
  const json::object* object = parsed.ok() ? parsed->if_object() : nullptr;
  const json::value* errors = object == nullptr ? nullptr : object->if_contains("errors");
  if (errors != nullptr && errors->is_array() && !errors->as_array().empty() &&
      errors->as_array()[0].is_object()) {
    const json::object& first = errors->as_array()[0].as_object();
    message += ": " + aws::TextOf(first, "message");
    const json::value* more = first.if_contains("extensions");
    if (more != nullptr && more->is_object()) hint = aws::TextOf(more->as_object(), "hint");
  }
  return MakeError(ErrorCode::kDependencyError, std::move(message), std::move(hint));
}

base::Result<KeptToken> Exchange(const AwsTokenOptions& options, const aws::Credentials& with,
                                 TokenClient& client) {
  STRONGROOM_ASSIGN(const std::string region,
                    options.region.empty()
                        ? aws::FindRegion(options.profile, aws::OwnSurroundings())
                        : base::Result<std::string>(options.region));
  if (!aws::IsRegion(region)) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no region of AWS", region),
                     "write it as eu-west-1");
  }
  const std::chrono::seconds lifetime = DrawLifetime();
  const json::object body{
      {"Token", ProofOf(options, region, with, lifetime)},
      {"Expiration", base::FormatTimestamp(base::SystemClock().Now() + lifetime)}};
  STRONGROOM_ASSIGN(const auto answer,
                    client.Post(authn::iam::IssuerOf(options.auth_url),
                                {"content-type", "application/json"}, json::serialize(body)));
  if (answer.status != 200) return Refused(answer);
  KeptToken token{answer.body, ExpiryOf(answer.body)};
  if (!token.expires) {
    return MakeError(ErrorCode::kDependencyError, "the exchange did not answer with a token",
                     "check --auth-url");
  }
  return token;
}

base::Status Run(const AwsTokenOptions& options) {
  STRONGROOM_TRY(authn::iam::CheckAuthUrl(options.auth_url));
  STRONGROOM_ASSIGN(const auto client, TokenClient::Make(options.ca));
  const auto source =
      aws::FindCredentials({options.profile, options.region}, aws::OwnSurroundings(),
                           client->fetcher(), base::SystemClock());
  STRONGROOM_ASSIGN(const aws::Credentials credentials, source->Get());
  // The key id stands for the identity: other credentials never get the token of these.
  const TokenCache cache("aws\n" + options.auth_url + "\n" + credentials.keys.access_key_id);
  if (options.cache) {
    if (const auto kept = cache.Find(base::SystemClock().Now())) {
      PrintToken(*kept, true, options.output);
      return {};
    }
  }
  STRONGROOM_ASSIGN(const KeptToken token, Exchange(options, credentials, *client));
  if (options.cache) STRONGROOM_TRY(cache.Keep(token));
  PrintToken(token, false, options.output);
  return {};
}

}  // namespace

void AddTokenAws(CLI::App& token, int& exit) {
  CLI::App* command =
      token.add_subcommand("aws", "a token for this machine's or person's identity in AWS");
  auto options = std::make_shared<AwsTokenOptions>();
  command
      ->add_option("--auth-url", options->auth_url,
                   "iam-auth-url of the server: https://host[:port]/, with the final slash")
      ->required()
      ->envname("STRONGROOM_AUTH_URL");
  command->add_option("--profile", options->profile, "of the AWS command line");
  command->add_option("--region", options->region, "whose STS says who it is");
  command->add_option("--sts-host", options->sts_host,
                      "a VPC endpoint, or another host of STS, that the server knows");
  command->add_option("--ca", options->ca, "PEM file that is trusted for the server");
  command->add_flag("--cache", options->cache,
                    "keep the token in ~/.cache/strongroom, and print it while it is good");
  AddOutput(*command, options->output);
  command->footer(
      "credentials are found where AWS's tools find them: the environment, the profile (keys, a\n"
      "role, single sign-on), a web identity, the container, the EC2 instance.\n"
      "examples:\n"
      "  strongroom token aws --auth-url https://auth.example.com/\n"
      "  strongroom token aws --auth-url https://auth.example.com/ --profile billing --cache\n"
      "  curl -H \"authorization: Bearer $(strongroom token aws --cache)\" …   "
      "with STRONGROOM_AUTH_URL set");
  command->callback([options, &exit] {
    HardenProcess();
    const base::Status status = Run(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace strongroom::server::cli
