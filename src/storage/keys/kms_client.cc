#include "storage/keys/kms_client.h"

#include <algorithm>
#include <boost/json.hpp>
#include <future>
#include <thread>

#include "base/encoding.h"
#include "base/json.h"
#include "base/log.h"
#include "net/fetch_url.h"
#include "storage/keys/limits.h"

namespace strongroom::storage {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;
using std::chrono::milliseconds;

void WipeText(std::string& text) {
  base::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

// Wipes what it holds when it goes: bodies with keys in them.
struct WipedText {
  std::string text;
  ~WipedText() { WipeText(text); }
};

base::Error Unavailable(std::string message) {
  base::Error error = MakeError(ErrorCode::kUnavailable, std::move(message),
                                "check that this machine reaches the endpoint of AWS KMS");
  error.retriable = true;
  return error;
}

base::Error Malformed() {
  return MakeError(ErrorCode::kDependencyError, "the answer of AWS KMS is not what it should be",
                   "check `kms-endpoint`: something else answers there");
}

// The shape name behind the last `#`, as the protocol says (aws.protocols#awsJson1_1).
std::string FailureName(std::string_view body) {
  const auto parsed = base::ParseJson(body);
  std::string name;
  if (parsed.ok() && parsed->is_object())
    if (const auto* type = parsed->as_object().if_contains("__type"); type && type->is_string())
      name = std::string(type->as_string());
  name = name.substr(name.rfind('#') + 1);
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain && name.size() <= 64 ? name : std::string();
}

bool PassesByItself(int status, std::string_view name) {
  return status >= 500 || status == 429 || name == "ThrottlingException" ||
         name == "KMSInternalException" || name == "DependencyTimeoutException" ||
         name == "KeyUnavailableException" || name == "LimitExceededException";
}

std::string HintFor(std::string_view name) {
  if (name == "AccessDeniedException")
    return "allow kms:DescribeKey, kms:GenerateDataKey, kms:Encrypt and kms:Decrypt on the key "
           "for this identity";
  if (name == "DisabledException" || name == "KMSInvalidStateException")
    return "enable the key, or cancel its deletion, in AWS KMS";
  if (name == "NotFoundException") return "check account, region and id in the ARN of `kms-key`";
  if (name == "InvalidCiphertextException" || name == "IncorrectKeyException")
    return "give the key that the store was made with";
  return "check the credentials, the clock and the key policy";
}

base::Error Refused(int status, std::string_view body) {
  const std::string name = FailureName(body);
  const std::string what = name.empty() ? "status " + std::to_string(status) : name;
  if (PassesByItself(status, name)) return Unavailable("AWS KMS is not available: " + what);
  return MakeError(ErrorCode::kDependencyError, "AWS KMS refused: " + what, HintFor(name));
}

json::object ContextJson(const KeyContext& context) {
  return {{"strongroom:installation", context.store.ToString()},
          {"strongroom:tenant", context.space.ToString()},
          {"strongroom:purpose", std::string(context.purpose)}};
}

base::Result<std::string> BytesOf(json::object& answer, std::string_view member) {
  auto* const value = answer.if_contains(member);
  if (value == nullptr || !value->is_string()) return Malformed();
  auto decoded = base::DecodeBase64(value->as_string());
  auto& text = value->as_string();
  base::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!decoded.ok()) return Malformed();
  return decoded;
}

base::Result<base::SecretBytes> KeyOf(json::object& answer) {
  STRONGROOM_ASSIGN(WipedText plaintext, [&]() -> base::Result<WipedText> {
    STRONGROOM_ASSIGN(std::string bytes, BytesOf(answer, "Plaintext"));
    return WipedText{std::move(bytes)};
  }());
  if (plaintext.text.size() != KeyProvider::kKeyBytes) return Malformed();
  return base::SecretBytes(plaintext.text);
}

}  // namespace

KmsClient::KmsClient(KmsOptions options, net::HttpFetcher& fetcher, Credentials credentials,
                     const base::Clock& clock, base::Random& random, Sleep sleep)
    : options_(std::move(options)),
      url_((options_.endpoint.empty() ? options_.key.Url(options_.fips) : options_.endpoint) + "/"),
      fetcher_(fetcher),
      credentials_(std::move(credentials)),
      clock_(clock),
      random_(random),
      sleep_(sleep ? std::move(sleep)
                   : [](milliseconds time) { std::this_thread::sleep_for(time); }) {}

base::Status KmsClient::DescribeKey() {
  STRONGROOM_ASSIGN(const json::object answer, Call("DescribeKey", {}));
  const json::object& about = answer.at("KeyMetadata").as_object();
  const auto is = [&](std::string_view member, std::string_view wanted) {
    const auto* value = about.if_contains(member);
    return value != nullptr && value->is_string() && value->as_string() == wanted;
  };
  if (!is("KeySpec", "SYMMETRIC_DEFAULT") || !is("KeyUsage", "ENCRYPT_DECRYPT"))
    return MakeError(ErrorCode::kDependencyError, "the KMS key is not one that can wrap keys",
                     "give a symmetric key for encrypting and decrypting");
  if (!is("KeyState", "Enabled"))
    return MakeError(ErrorCode::kDependencyError, "the KMS key is not enabled",
                     "enable the key, or cancel its deletion, in AWS KMS");
  return {};
}

base::Result<WrappedKey> KmsClient::GenerateDataKey(const KeyContext& context) {
  STRONGROOM_ASSIGN(json::object answer,
                    Call("GenerateDataKey",
                         {{"KeySpec", "AES_256"}, {"EncryptionContext", ContextJson(context)}}));
  WrappedKey made;
  STRONGROOM_ASSIGN(made.key, KeyOf(answer));
  STRONGROOM_ASSIGN(made.wrapped, BytesOf(answer, "CiphertextBlob"));
  return made;
}

base::Result<std::string> KmsClient::Encrypt(const base::SecretBytes& key,
                                             const KeyContext& context) {
  json::object input{{"Plaintext", base::EncodeBase64(base::AsChars(key.Expose()))},
                     {"EncryptionContext", ContextJson(context)}};
  STRONGROOM_ASSIGN(json::object answer, Call("Encrypt", std::move(input)));
  return BytesOf(answer, "CiphertextBlob");
}

base::Result<base::SecretBytes> KmsClient::Decrypt(std::string_view wrapped,
                                                   const KeyContext& context) {
  STRONGROOM_ASSIGN(json::object answer,
                    Call("Decrypt", {{"CiphertextBlob", base::EncodeBase64(wrapped)},
                                     {"EncryptionAlgorithm", "SYMMETRIC_DEFAULT"},
                                     {"EncryptionContext", ContextJson(context)}}));
  return KeyOf(answer);
}

base::Result<json::object> KmsClient::Call(std::string_view operation, json::object input) {
  STRONGROOM_TRY(Resting());
  input["KeyId"] = options_.key.arn;
  WipedText body{json::serialize(input)};
  if (auto* plaintext = input.if_contains("Plaintext")) {
    auto& text = plaintext->as_string();
    base::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }
  const auto deadline = clock_.Steady() + limits::kKeyCallTimeout;
  milliseconds pause = limits::kKeyRetryPause;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - clock_.Steady());
    auto answer = Once(operation, body.text, left);
    if (answer.ok() || !answer.error().retriable) return answer;
    const milliseconds wait = Jitter(pause);
    // An attempt that can't end well is not made.
    if (clock_.Steady() + wait + limits::kKeyAttemptTimeout / 4 > deadline) {
      Rest(answer.error());
      return answer;
    }
    sleep_(wait);
    pause = std::min(2 * pause, limits::kKeyRetryPauseMax);
  }
}

base::Result<json::object> KmsClient::Once(std::string_view operation, const std::string& body,
                                           milliseconds time_left) {
  STRONGROOM_ASSIGN(net::FetchRequest request, Signed(operation, body));
  request.total_timeout = std::min(limits::kKeyAttemptTimeout, time_left);
  request.connect_timeout = std::min(limits::kKeyConnectTimeout, request.total_timeout);
  std::promise<base::Result<net::FetchResponse>> promise;
  auto answered = promise.get_future();
  fetcher_.Fetch(std::move(request), [&promise](base::Result<net::FetchResponse> answer) {
    promise.set_value(std::move(answer));
  });
  auto fetched = answered.get();
  if (!fetched.ok()) {
    base::Error error = std::move(fetched).error();
    error.message = "AWS KMS can't be asked: " + error.message;
    if (error.hint.empty()) error.hint = "check that this machine reaches the endpoint of AWS KMS";
    return error;
  }
  const WipedText answer{std::move(fetched->body)};
  if (fetched->status != 200) return Refused(fetched->status, answer.text);
  auto parsed = base::ParseJson(answer.text);
  if (!parsed.ok() || !parsed->is_object()) return Malformed();
  json::object object = std::move(parsed->as_object());
  // DescribeKey names the key one level further down.
  const json::value* whose = object.if_contains("KeyId");
  if (const auto* about = object.if_contains("KeyMetadata"); about != nullptr && about->is_object())
    whose = about->as_object().if_contains("Arn");
  if (whose == nullptr || !whose->is_string() || whose->as_string() != options_.key.arn)
    return MakeError(ErrorCode::kDependencyError, "AWS KMS answered with another key",
                     "check `kms-key` and `kms-endpoint`");
  if (operation == "DescribeKey" && !object.contains("KeyMetadata")) return Malformed();
  return object;
}

base::Result<net::FetchRequest> KmsClient::Signed(std::string_view operation,
                                                  const std::string& body) {
  STRONGROOM_ASSIGN(const net::FetchUrl url, net::FetchUrl::Parse(url_));
  STRONGROOM_ASSIGN(const crypto::AwsCredentials credentials, credentials_());
  crypto::SigV4Request signing;
  signing.method = "POST";
  signing.headers = {{"host", url.authority},
                     {"content-type", "application/x-amz-json-1.1"},
                     {"x-amz-target", "TrentService." + std::string(operation)}};
  signing.body = body;
  crypto::SigV4Options how;
  how.region = options_.key.region;
  how.service = "kms";
  how.time = clock_.Now();
  const crypto::SigV4Signature signature = crypto::SignHeaders(signing, credentials, how);
  WipeText(signing.body);
  net::FetchRequest request;
  request.url = url_;
  request.method = "POST";
  for (std::size_t i = 1; i < signing.headers.size(); ++i)  // the fetcher adds the host itself
    request.headers.push_back({signing.headers[i].name, signing.headers[i].value});
  for (const auto& field : signature.headers) request.headers.push_back({field.name, field.value});
  request.body = body;
  request.response_bytes_max = limits::kKmsAnswerBytesMax;
  request.ca_pem = options_.ca_pem;
  // The operator named the place, and its certificate proves it: an endpoint in a private network
  // is the rule for KMS, not an attack.
  request.allow_loopback = !options_.endpoint.empty();
  for (const char* network : {"0.0.0.0/0", "::/0"}) {
    STRONGROOM_ASSIGN(const net::Cidr all, net::Cidr::Parse(network));
    request.allowed_networks.push_back(all);
  }
  return request;
}

base::Status KmsClient::Resting() const {
  const std::lock_guard lock(mutex_);
  if (clock_.Steady() >= rests_until_) return {};
  return last_failure_;
}

void KmsClient::Rest(const base::Error& error) {
  base::Log(base::LogLevel::kError, "the key service is not available",
            {{"reason", error.message}});
  const auto until = clock_.Steady() + limits::kKeyServiceRest + Jitter(limits::kKeyServiceRest);
  const std::lock_guard lock(mutex_);
  rests_until_ = until;
  last_failure_ = error;
}

milliseconds KmsClient::Jitter(milliseconds up_to) {
  std::uint32_t drawn = 0;
  random_.Fill({reinterpret_cast<std::uint8_t*>(&drawn), sizeof drawn});
  return milliseconds(drawn % static_cast<std::uint32_t>(up_to.count() + 1));
}

}  // namespace strongroom::storage
