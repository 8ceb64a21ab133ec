#include "server/book/remote.h"

#include <fmt/format.h>

#include <future>
#include <thread>

#include "base/json.h"
#include "server/read_file.h"

namespace strongroom::server::book {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20;
constexpr std::chrono::seconds kTimeout{60};
constexpr int kTriesMax = 6;

std::string Trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.pop_back();
  return text;
}

std::string TextOf(const json::value* value) {
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

base::Result<Answer> AnswerOf(const json::value& body) {
  const json::object* object = body.if_object();
  if (object == nullptr)
    return MakeError(ErrorCode::kDependencyError, "the server's answer is no GraphQL",
                     "check --url: it ends in /financial/v1/graphql");
  Answer answer;
  if (const auto* data = object->if_contains("data"); data != nullptr) answer.data = *data;
  const auto* errors = object->if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return answer;
  for (const json::value& error : errors->get_array()) {
    if (!error.is_object()) continue;
    const auto* extensions = error.get_object().if_contains("extensions");
    const auto* code = extensions != nullptr && extensions->is_object()
                           ? extensions->get_object().if_contains("code")
                           : nullptr;
    answer.problems.push_back({TextOf(code), TextOf(error.get_object().if_contains("message"))});
  }
  return answer;
}

}  // namespace

Remote::Remote(RemoteOptions options, std::string ca_pem)
    : options_(std::move(options)),
      ca_pem_(std::move(ca_pem)),
      loop_(net::EventLoop::Start(1)),
      client_(std::make_unique<net::HttpsClient>(*loop_)) {
  // The operator names the server, wherever it is.
  for (const std::string_view network : {"0.0.0.0/0", "::/0"})
    if (auto cidr = net::Cidr::Parse(network); cidr.ok()) everywhere_.push_back(*cidr);
}

base::Result<std::unique_ptr<Remote>> Remote::Make(RemoteOptions options) {
  std::string ca_pem;
  if (!options.ca.empty()) {
    STRONGROOM_ASSIGN(ca_pem, ReadFile(options.ca));
  }
  return std::unique_ptr<Remote>(new Remote(std::move(options), std::move(ca_pem)));
}

base::Result<Answer> Remote::AskOnce(const std::string& body, bool& again) {
  STRONGROOM_ASSIGN(std::string token, ReadFile(options_.token_file));
  net::FetchRequest request;
  request.url = options_.url;
  request.method = "POST";
  request.headers = {{"content-type", "application/json"},
                     {"authorization", "Bearer " + Trimmed(std::move(token))},
                     {"x-twisp-account-id", options_.account_id}};
  request.body = body;
  request.response_bytes_max = kAnswerBytesMax;
  request.total_timeout = kTimeout;
  request.allow_loopback = true;
  request.allowed_networks = everywhere_;
  request.ca_pem = ca_pem_;
  std::promise<base::Result<net::FetchResponse>> promise;
  auto future = promise.get_future();
  client_->Fetch(std::move(request), [&promise](base::Result<net::FetchResponse> response) {
    promise.set_value(std::move(response));
  });
  auto response = future.get();
  again = !response.ok() ? response.error().retriable
                         : response->status == 503 || response->status == 429;
  if (!response.ok()) return std::move(response).error();
  if (response->status != 200)
    return MakeError(ErrorCode::kDependencyError,
                     fmt::format("the server answered HTTP {}: {}", response->status,
                                 std::string_view(response->body).substr(0, 300)),
                     response->status == 401 ? "check the token: it may have expired" : "");
  STRONGROOM_ASSIGN(const json::value parsed,
                    base::ParseJson(response->body, {64, kAnswerBytesMax}));
  return AnswerOf(parsed);
}

base::Result<Answer> Remote::Ask(std::string_view query, json::object variables) {
  const std::string body =
      json::serialize(json::object{{"query", query}, {"variables", std::move(variables)}});
  for (int tried = 1;; ++tried) {
    bool again = false;
    auto answer = AskOnce(body, again);
    if (answer.ok() || !again || tried == kTriesMax) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(250) * (1 << tried));
  }
}

}  // namespace strongroom::server::book
