#include "server/cli/remote.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <future>
#include <iostream>
#include <iterator>

#include "base/json.h"
#include "net/https_client.h"
#include "server/development.h"
#include "server/read_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kAnswerBytesMax = std::size_t{16} << 20;
constexpr std::chrono::seconds kAnswerWait{60};
constexpr std::chrono::minutes kTokenLifetime{10};

// Tokens don't stand on command lines, which every user of the machine can read.
base::Result<std::string> ReadToken(const RemoteOptions& options) {
  std::string token;
  if (options.token_file == "-") {
    token.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (!options.token_file.empty()) {
    STRONGROOM_ASSIGN(token, ReadFile(options.token_file));
  } else if (const char* given = ::getenv("STRONGROOM_TOKEN"); given != nullptr) {
    token = given;
  }
  while (!token.empty() && token.back() <= ' ') token.pop_back();
  if (!token.empty()) return token;
  return MakeError(ErrorCode::kBadRequest, "there is no token to ask with",
                   "name a file with --token-file, set STRONGROOM_TOKEN, or use --dev DIR");
}

base::Error ErrorOf(const net::FetchResponse& response) {
  return MakeError(ErrorCode::kDependencyError,
                   fmt::format("the server answered {} and no GraphQL", response.status),
                   "check --url: https://host:port of the GraphQL listener");
}

// The first of `errors`.
base::Error ErrorOf(const json::object& error) {
  const auto text = [](const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
  };
  const json::value* more = error.if_contains("extensions");
  const json::object extensions =
      more != nullptr && more->is_object() ? more->get_object() : json::object();
  base::Error told =
      MakeError(ErrorCode::kDependencyError, text(error, "message"), text(extensions, "hint"));
  if (const std::string code = text(extensions, "code"); !code.empty())
    told.message += fmt::format(" ({})", code);
  return told;
}

}  // namespace

struct Remote::State {
  net::FetchRequest request;  // all but its body
  std::unique_ptr<net::EventLoop> loop;
  std::unique_ptr<net::HttpsClient> client;
};

void AddRemote(CLI::App& command, RemoteOptions& options) {
  command.add_option("--url", options.url, "https://host:port of the server")
      ->envname("STRONGROOM_URL");
  command.add_option("--account-id", options.account_id, "accountId of the tenant")
      ->envname("STRONGROOM_ACCOUNT_ID");
  command.add_option("--token-file", options.token_file,
                     "file with a token, - is standard input; without it $STRONGROOM_TOKEN");
  command.add_option("--ca", options.ca, "PEM file trusted besides the system's")
      ->envname("STRONGROOM_CA");
  command.add_option("--dev", options.dev,
                     "directory of a development server: takes its CA, its tenant and a token");
}

base::Result<std::unique_ptr<Remote>> Remote::Connect(const RemoteOptions& options) {
  auto state = std::make_unique<State>();
  std::string account_id = options.account_id;
  std::string token;
  std::string ca = options.ca;
  if (!options.dev.empty()) {
    STRONGROOM_ASSIGN(const authn::DevIssuer issuer, LoadDevIssuer(options.dev));
    STRONGROOM_ASSIGN(token, DevToken(issuer, {}, kTokenLifetime));
    if (ca.empty()) ca = options.dev + "/ca.pem";
    if (account_id.empty()) account_id = kDevAccountId;
  } else {
    STRONGROOM_ASSIGN(token, ReadToken(options));
  }
  if (account_id.empty())
    return MakeError(ErrorCode::kBadRequest, "there is no tenant to ask",
                     "name it with --account-id, or set STRONGROOM_ACCOUNT_ID");
  net::FetchRequest& request = state->request;
  request.url = options.url + "/financial/v1/graphql";
  request.method = "POST";
  request.headers = {{"authorization", "Bearer " + token},
                     {"x-twisp-account-id", account_id},
                     {"content-type", "application/json"},
                     {"accept", "application/json"}};
  request.response_bytes_max = kAnswerBytesMax;
  request.total_timeout = kAnswerWait;
  // Whoever runs this chose the address, and the certificate has to be right all the same.
  request.allow_loopback = true;
  for (const char* all : {"0.0.0.0/0", "::/0"}) {
    STRONGROOM_ASSIGN(const net::Cidr network, net::Cidr::Parse(all));
    request.allowed_networks.push_back(network);
  }
  if (!ca.empty()) {
    STRONGROOM_ASSIGN(request.ca_pem, ReadFile(ca));
  }
  state->loop = net::EventLoop::Start(1);
  state->client = std::make_unique<net::HttpsClient>(*state->loop);
  return std::unique_ptr<Remote>(new Remote(std::move(state)));
}

Remote::Remote(std::unique_ptr<State> state) : state_(std::move(state)) {}
Remote::~Remote() = default;

base::Result<json::object> Remote::Ask(std::string_view query, const json::object& variables) {
  net::FetchRequest request = state_->request;
  request.body = json::serialize(json::object{{"query", query}, {"variables", variables}});
  auto answer = std::make_shared<std::promise<base::Result<net::FetchResponse>>>();
  auto answered = answer->get_future();
  state_->client->Fetch(std::move(request), [answer](base::Result<net::FetchResponse> response) {
    answer->set_value(std::move(response));
  });
  STRONGROOM_ASSIGN(const net::FetchResponse response, answered.get());
  auto parsed = base::ParseJson(response.body, {.depth_max = 128, .bytes_max = kAnswerBytesMax});
  if (!parsed.ok() || !parsed->is_object()) return ErrorOf(response);
  json::object& object = parsed->get_object();
  if (const json::value* errors = object.if_contains("errors");
      errors != nullptr && errors->is_array() && !errors->get_array().empty() &&
      errors->get_array()[0].is_object())
    return ErrorOf(errors->get_array()[0].get_object());
  json::value* data = object.if_contains("data");
  if (data == nullptr || !data->is_object()) return ErrorOf(response);
  return std::move(data->get_object());
}

}  // namespace strongroom::server::cli
