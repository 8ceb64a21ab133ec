#include "server/cli/server_connection.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <future>
#include <utility>

#include "base/json.h"
#include "net/event_loop.h"
#include "net/https_client.h"
#include "server/cli/limits.h"
#include "server/read_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;

constexpr std::string_view kPath = "/financial/v1/graphql";

base::Error Bad(std::string message, std::string hint) {
  return base::MakeError(ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

base::Result<std::string> ReadToken(const ServerOptions& options) {
  std::string token;
  if (!options.token_file.empty()) {
    STRONGROOM_ASSIGN(token, ReadFile(options.token_file));
  } else if (const char* given = std::getenv("STRONGROOM_TOKEN"); given != nullptr) {
    token = given;
  }
  const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!token.empty() && space(token.back())) token.pop_back();
  if (token.empty())
    return Bad("there is no token",
               "name a file with --token-file, or set STRONGROOM_TOKEN in the environment");
  return token;
}

std::string UrlOf(const std::string& server) {
  const std::size_t host = server.find("://");
  const bool has_path =
      host != std::string::npos && server.find('/', host + 3) != std::string::npos;
  return has_path ? server : server + std::string(kPath);
}

// The first of the errors; what to do about it came with it.
base::Error ErrorOf(const json::value& errors) {
  base::Error error = Bad("the server answered with an error that has no message", {});
  const json::array* list = errors.if_array();
  const json::object* first =
      list == nullptr || list->empty() ? nullptr : list->front().if_object();
  if (first == nullptr) return error;
  if (const json::value* message = first->if_contains("message");
      message != nullptr && message->is_string())
    error.message = message->get_string();
  const json::value* extensions = first->if_contains("extensions");
  if (extensions == nullptr || !extensions->is_object()) return error;
  const auto text = [&](std::string_view name) {
    const json::value* value = extensions->get_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  };
  error.hint = text("hint");
  if (const std::string code = text("code"); !code.empty()) error.message += " (" + code + ")";
  if (const std::string id = text("decisionId"); !id.empty())
    error.hint += fmt::format("; the decision is {}", id);
  return error;
}

class Connection : public ServerConnection {
 public:
  Connection(std::string url, std::string account_id, std::string token, std::string ca)
      : url_(std::move(url)),
        account_id_(std::move(account_id)),
        token_(std::move(token)),
        ca_(std::move(ca)),
        loop_(net::EventLoop::Start(1)),
        client_(*loop_) {}

  base::Result<Answer> Ask(std::string_view query, json::object variables) override {
    const json::object asked{{"query", query}, {"variables", std::move(variables)}};
    STRONGROOM_ASSIGN(net::FetchRequest request, RequestOf(json::serialize(asked)));
    std::promise<base::Result<net::FetchResponse>> promise;
    auto future = promise.get_future();
    client_.Fetch(std::move(request), [&promise](base::Result<net::FetchResponse> response) {
      promise.set_value(std::move(response));
    });
    auto response = future.get();
    if (!response.ok()) {
      base::Error error = std::move(response).error();
      error.message = fmt::format("{}: {}", url_, error.message);
      if (error.hint.empty())
        error.hint = "check --server, and --ca when its certificate is not of a public authority";
      return error;
    }
    return Read(*response);
  }

 private:
  base::Result<net::FetchRequest> RequestOf(std::string body) const {
    net::FetchRequest request;
    request.url = url_;
    request.method = "POST";
    request.headers = {{"authorization", "Bearer " + token_},
                       {"x-twisp-account-id", account_id_},
                       {"content-type", "application/json"},
                       {"accept", "application/json"}};
    request.body = std::move(body);
    request.response_bytes_max = limits::kAnswerBytesMax;
    request.connect_timeout = std::chrono::seconds(5);
    request.total_timeout = std::chrono::seconds(30);
    request.ca_pem = ca_;
    // The operator names the server: it may be anywhere.
    request.allow_loopback = true;
    for (const std::string_view network : {"0.0.0.0/0", "::/0"}) {
      STRONGROOM_ASSIGN(net::Cidr cidr, net::Cidr::Parse(network));
      request.allowed_networks.push_back(cidr);
    }
    return request;
  }

  base::Result<Answer> Read(const net::FetchResponse& response) const {
    if (response.status == 401)
      return Bad("the server does not accept the token",
                 "get a fresh one; `strongroom token dev` makes those of a development server");
    auto body = base::ParseJson(response.body, {64, limits::kAnswerBytesMax});
    if (!body.ok() || !body->is_object())
      return Bad(fmt::format("{} answered {} and no JSON", url_, response.status),
                 "check --server: its path has to be that of GraphQL");
    json::object& object = body->get_object();
    if (const json::value* errors = object.if_contains("errors")) return ErrorOf(*errors);
    const json::value* data = object.if_contains("data");
    if (response.status != 200 || data == nullptr || !data->is_object())
      return Bad(fmt::format("{} answered {} without data", url_, response.status), {});
    Answer answer{data->get_object(), {}};
    if (const json::value* extensions = object.if_contains("extensions");
        extensions != nullptr && extensions->is_object())
      if (const json::value* warnings = extensions->get_object().if_contains("warnings");
          warnings != nullptr && warnings->is_array())
        answer.warnings = warnings->get_array();
    return answer;
  }

  const std::string url_;
  const std::string account_id_;
  const std::string token_;
  const std::string ca_;
  std::unique_ptr<net::EventLoop> loop_;
  net::HttpsClient client_;
};

}  // namespace

void AddServerOptions(CLI::App& command, ServerOptions& options, std::string by_default) {
  options.server = std::move(by_default);
  command.add_option("--server", options.server, "the server, as https://host:port");
  command.add_option("--account-id", options.account_id, "accountId of the tenant");
  command.add_option("--token-file", options.token_file,
                     "file that holds the token; else STRONGROOM_TOKEN of the environment");
  command.add_option("--ca", options.ca_file, "file of certificates to trust, as PEM");
}

base::Result<std::unique_ptr<ServerConnection>> ServerConnection::Open(
    const ServerOptions& options) {
  if (options.account_id.empty())
    return Bad("the tenant is not named", "pass --account-id, or `account` in the file");
  STRONGROOM_ASSIGN(std::string token, ReadToken(options));
  std::string ca;
  if (!options.ca_file.empty()) {
    STRONGROOM_ASSIGN(ca, ReadFile(options.ca_file));
  }
  return std::unique_ptr<ServerConnection>(std::make_unique<Connection>(
      UrlOf(options.server), options.account_id, std::move(token), std::move(ca)));
}

}  // namespace strongroom::server::cli
