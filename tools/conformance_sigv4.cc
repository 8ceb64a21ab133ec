// AWS's two public suites of Signature Version 4: aws-c-auth (v4, header signing and presigning)
// and the older one of botocore.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/json.h"
#include "conformance.h"
#include "crypto/sigv4.h"

namespace strongroom::tools {
namespace {

namespace files = std::filesystem;
namespace json = boost::json;
using crypto::AwsCredentials;
using crypto::SigV4Options;
using crypto::SigV4Request;
using crypto::SigV4Signature;

// A raw HTTP request. Folded header lines stay with their header.
SigV4Request ReadRequest(const std::string& text) {
  SigV4Request request;
  const std::size_t first = std::min(text.find('\n'), text.size());
  const std::string line = text.substr(0, first);
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(" HTTP/");
  request.method = line.substr(0, method_end);
  const std::string target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  if (question < target.size()) request.query = target.substr(question + 1);
  std::size_t at = first + 1;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string header = text.substr(at, end - at);
    at = end + 1;
    if (header.empty()) {
      request.body = at < text.size() ? text.substr(at) : "";
      break;
    }
    if (header[0] == ' ' || header[0] == '\t') {
      request.headers.back().value += "\n" + header;
      continue;
    }
    const std::size_t colon = header.find(':');
    request.headers.push_back({header.substr(0, colon), header.substr(colon + 1)});
  }
  return request;
}

// `2015-08-30T12:36:00Z`
base::Timestamp ReadTime(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return base::Timestamp(std::chrono::sys_days(day)) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2));
}

// What the file holds, without a final newline; nothing when there is no such file.
std::optional<std::string> Expected(const files::path& path) {
  if (!files::exists(path)) return std::nullopt;
  std::string text = ReadFile(path);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

void CheckSteps(Tally& tally, const std::string& id, const files::path& stem,
                const SigV4Signature& made) {
  bool ok = true;
  std::string why;
  const auto compare = [&](const char* step, const std::string& got) {
    const auto want = Expected(stem.string() + step);
    if (!want || *want == got) return;
    ok = false;
    why += fmt::format("{}: wanted `{}`, got `{}` ", step, *want, got);
  };
  compare("canonical-request.txt", made.canonical_request);
  compare("string-to-sign.txt", made.string_to_sign);
  compare("signature.txt", made.signature);
  tally.Check(ok, id, why);
}

void RunCase(Tally& tally, const files::path& folder) {
  const auto context = base::ParseJson(ReadFile(folder / "context.json"));
  if (!context.ok()) return tally.Fail(folder.filename().string(), context.error().message);
  const json::object& settings = context->as_object();
  const json::object& keys = settings.at("credentials").as_object();
  const auto text = [](const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
  };
  const auto flag = [&](const char* name, bool otherwise) {
    const json::value* value = settings.if_contains(name);
    return value != nullptr && value->is_bool() ? value->as_bool() : otherwise;
  };
  AwsCredentials credentials{text(keys, "access_key_id"),
                             base::SecretBytes(text(keys, "secret_access_key")),
                             text(keys, "token")};
  SigV4Options options;
  options.region = text(settings, "region");
  options.service = text(settings, "service");
  options.time = ReadTime(text(settings, "timestamp"));
  options.normalize_path = flag("normalize", true);
  options.sign_session_token = !flag("omit_session_token", false);
  options.body_hash_header = flag("sign_body", false);
  if (const json::value* expires = settings.if_contains("expiration_in_seconds")) {
    options.expires = std::chrono::seconds(expires->to_number<std::int64_t>());
  }
  const SigV4Request request = ReadRequest(ReadFile(folder / "request.txt"));
  const std::string id = "aws-c-auth/" + folder.filename().string();
  if (files::exists(folder / "header-canonical-request.txt")) {
    CheckSteps(tally, id + "/header", folder / "header-",
               SignHeaders(request, credentials, options));
  }
  if (files::exists(folder / "query-canonical-request.txt")) {
    CheckSteps(tally, id + "/query", folder / "query-", Presign(request, credentials, options));
  }
}

// The request brings its x-amz-date; everything else is as the suite's readme says.
void RunBotocoreCase(Tally& tally, const files::path& request_path) {
  SigV4Request request = ReadRequest(ReadFile(request_path));
  AwsCredentials credentials{"AKIDEXAMPLE",
                             base::SecretBytes("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), ""};
  SigV4Options options;
  options.region = "us-east-1";
  options.service = "service";
  options.time = ReadTime("2015-08-30T12:36:00Z");
  std::erase_if(request.headers, [](const SigV4Request::Field& header) {
    return header.name == "X-Amz-Date" || header.name == "x-amz-date";
  });
  const auto beside = [&](const char* extension) {
    return Expected(files::path(request_path).replace_extension(extension)).value_or("");
  };
  // A session token that only the signed request shows belongs to the credentials.
  const auto token_of = [](const SigV4Request& from) -> std::string {
    for (const auto& [name, value] : from.headers) {
      if (name == "x-amz-security-token" || name == "X-Amz-Security-Token") return value;
    }
    return "";
  };
  if (token_of(request).empty()) credentials.session_token = token_of(ReadRequest(beside(".sreq")));
  // And one that stands in no canonical request is added after signing.
  options.sign_session_token = beside(".creq").find("x-amz-security-token:") != std::string::npos;
  const SigV4Signature made = SignHeaders(request, credentials, options);
  const bool ok = made.canonical_request == beside(".creq") &&
                  made.string_to_sign == beside(".sts") &&
                  made.headers.back().value == beside(".authz");
  tally.Check(ok, "botocore/" + request_path.stem().string(),
              fmt::format("wanted `{}` and `{}`, got `{}` and `{}`", beside(".creq"),
                          beside(".authz"), made.canonical_request, made.headers.back().value));
}

}  // namespace

int RunSigV4(const files::path& folder) {
  Tally tally;
  bool any = false;
  std::vector<files::path> found;
  for (const auto& entry : files::recursive_directory_iterator(folder)) found.push_back(entry);
  std::sort(found.begin(), found.end());
  for (const files::path& path : found) {
    if (path.filename() == "context.json") {
      RunCase(tally, path.parent_path());
      any = true;
    } else if (path.extension() == ".req") {
      RunBotocoreCase(tally, path);
      any = true;
    }
  }
  return any ? tally.Finish() : 2;
}

}  // namespace strongroom::tools
