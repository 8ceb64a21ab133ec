#include "server/cli/token_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "aws/answers.h"
#include "aws/endpoint.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "net/descriptor.h"
#include "server/read_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

// A token that ends sooner is not worth sending.
constexpr std::chrono::seconds kLeftMin{60};
constexpr std::chrono::seconds kPatience{10};

std::string Variable(const char* name) {
  const char* value = secure_getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string CacheDirectory() {
  // An XDG directory has to be absolute, or is ignored (XDG Base Directory Specification).
  if (const std::string xdg = Variable("XDG_CACHE_HOME"); xdg.starts_with('/'))
    return xdg + "/strongroom";
  const std::string home = Variable("HOME");
  return home.empty() ? std::string() : home + "/.cache/strongroom";
}

bool IsOurs(const struct stat& state, mode_t type) {
  return (state.st_mode & S_IFMT) == type && state.st_uid == ::geteuid() &&
         (state.st_mode & 077) == 0;
}

std::optional<std::string> ReadOwnFile(const std::string& path) {
  const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat state {};
  if (!file || ::fstat(file.get(), &state) != 0 || !IsOurs(state, S_IFREG)) return std::nullopt;
  std::string text(base::limits::kTokenBytesMax * 2, '\0');
  const ssize_t got = ::read(file.get(), text.data(), text.size());
  if (got <= 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(got));
  return text;
}

bool WriteOwnFile(const std::string& path, const std::string& text) {
  std::string temporary = path + ".XXXXXX";
  const net::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (!file) return false;
  const bool written =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

}  // namespace

base::Result<std::unique_ptr<TokenClient>> TokenClient::Make(const std::string& ca_path) {
  std::string ca_pem;
  if (!ca_path.empty()) {
    STRONGROOM_ASSIGN(ca_pem, ReadFile(ca_path));
  }
  return std::unique_ptr<TokenClient>(new TokenClient(std::move(ca_pem)));
}

base::Result<net::FetchResponse> TokenClient::Ask(net::FetchRequest request) {
  request.ca_pem = ca_pem_;
  request.total_timeout = kPatience;
  request.allow_loopback = true;
  for (const char* network : {"0.0.0.0/0", "::/0"})
    request.allowed_networks.push_back(net::Cidr::Parse(network).value());
  return aws::FetchAndWait(client_, std::move(request));
}

base::Result<net::FetchResponse> TokenClient::Get(const std::string& url) {
  net::FetchRequest request;
  request.url = url;
  request.headers = {{"accept", "application/json"}};
  return Ask(std::move(request));
}

base::Result<net::FetchResponse> TokenClient::Post(const std::string& url, net::Header content_type,
                                                   std::string body,
                                                   std::optional<net::Header> more) {
  net::FetchRequest request;
  request.url = url;
  request.method = "POST";
  request.headers = {std::move(content_type), {"accept", "application/json"}};
  if (more) request.headers.push_back(*std::move(more));
  request.body = std::move(body);
  return Ask(std::move(request));
}

std::optional<base::Timestamp> ExpiryOf(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos) return std::nullopt;
  const auto payload = base::DecodeBase64Url(token.substr(first + 1, second - first - 1));
  if (!payload.ok()) return std::nullopt;
  const auto parsed = base::ParseJson(*payload);
  if (!parsed.ok() || !parsed->is_object()) return std::nullopt;
  const json::value* exp = parsed->as_object().if_contains("exp");
  if (exp == nullptr || !exp->is_number()) return std::nullopt;
  const double seconds = exp->to_number<double>();
  if (!(seconds > 0 && seconds < 1e10)) return std::nullopt;
  return base::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

TokenCache::TokenCache(const std::string& identity) : directory_(CacheDirectory()) {
  const auto digest = crypto::Sha256(identity);
  path_ = directory_ + "/" + base::EncodeHex(base::AsChars(digest)) + ".json";
}

std::optional<KeptToken> TokenCache::Find(base::Timestamp now) const {
  if (directory_.empty()) return std::nullopt;
  const auto text = ReadOwnFile(path_);
  if (!text) return std::nullopt;
  const auto parsed = base::ParseJson(*text);
  if (!parsed.ok() || !parsed->is_object()) return std::nullopt;
  KeptToken kept{aws::TextOf(parsed->as_object(), "token"),
                 aws::ParseTime(aws::TextOf(parsed->as_object(), "expires"))};
  if (kept.token.empty() || !kept.expires || *kept.expires < now + kLeftMin) return std::nullopt;
  return kept;
}

base::Status TokenCache::Keep(const KeptToken& token) const {
  std::error_code failed;
  if (!directory_.empty()) std::filesystem::create_directories(directory_, failed);
  struct stat state {};
  const bool usable = !directory_.empty() && !failed && ::stat(directory_.c_str(), &state) == 0 &&
                      IsOurs(state, S_IFDIR);
  const json::object kept{{"token", token.token},
                          {"expires", base::FormatTimestamp(token.expires.value())}};
  if (usable && WriteOwnFile(path_, json::serialize(kept))) return {};
  return MakeError(ErrorCode::kBadRequest,
                   fmt::format("the token can't be kept in `{}`", directory_),
                   "it has to be a directory that only its owner may enter; or leave out --cache");
}

void PrintToken(const KeptToken& token, bool cached, const std::string& output) {
  if (output != "json") {
    fmt::print("{}\n", token.token);
    return;
  }
  json::object line{{"token", token.token}, {"expires", nullptr}, {"cached", cached}};
  if (token.expires) line["expires"] = base::FormatTimestamp(*token.expires);
  fmt::print("{}\n", json::serialize(line));
}

}  // namespace strongroom::server::cli
