#include "authn/jws.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/encoding.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/jwk.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

std::string_view View(const json::string& text) { return {text.data(), text.size()}; }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// rfc7515 4.1.9: `application/` may be left out of media types.
bool IsMediaType(const json::value& value, std::string_view subtype) {
  const json::string* text = value.if_string();
  if (text == nullptr) return false;
  std::string_view name = View(*text);
  constexpr std::string_view kPrefix = "application/";
  if (EqualsIgnoringCase(name.substr(0, kPrefix.size()), kPrefix))
    name.remove_prefix(kPrefix.size());
  return EqualsIgnoringCase(name, subtype);
}

std::optional<Refusal> CheckParameters(const json::object& header) {
  // rfc7515 4.1.11: we understand no extension, so whatever is critical can't be obeyed. rfc7797
  // and compression change what is signed or shown.
  for (const std::string_view name : {"crit", "b64", "zip"})
    if (header.contains(name)) return Refusal::kHeaderParameterRefused;
  if (const json::value* typ = header.if_contains("typ");  // rfc8725 3.11
      typ != nullptr && !IsMediaType(*typ, "jwt") && !IsMediaType(*typ, "at+jwt"))
    return Refusal::kHeaderParameterRefused;
  if (const json::value* cty = header.if_contains("cty");  // rfc7519 5.2: nested
      cty != nullptr && (!cty->is_string() || IsMediaType(*cty, "jwt")))
    return Refusal::kHeaderParameterRefused;
  return std::nullopt;
}

std::optional<Refusal> ReadHeader(std::string_view text, Jws& jws) {
  const auto parsed = base::ParseJson(text, {limits::kTokenHeaderDepthMax, text.size()});
  if (!parsed.ok() || !parsed->is_object()) return Refusal::kHeaderMalformed;
  const json::object& header = parsed->get_object();
  const json::value* alg = header.if_contains("alg");
  if (alg == nullptr || !alg->is_string()) return Refusal::kAlgorithmRefused;
  const auto algorithm = crypto::ParseSignatureAlgorithm(View(alg->get_string()));
  if (!algorithm) return Refusal::kAlgorithmRefused;
  jws.algorithm = *algorithm;
  if (const auto refusal = CheckParameters(header)) return refusal;
  if (const json::value* kid = header.if_contains("kid")) {
    if (!kid->is_string() || kid->get_string().size() > crypto::kKidBytesMax)
      return Refusal::kHeaderParameterRefused;
    jws.kid = View(kid->get_string());
  }
  return std::nullopt;
}

}  // namespace

OrRefusal<Jws> ParseJws(std::string_view token) {
  if (token.size() > limits::kTokenBytesMax) return Refusal::kTokenTooLarge;
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return Refusal::kTokenMalformed;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return Refusal::kTokenMalformed;
  if (token.find('.', second + 1) != std::string_view::npos) return Refusal::kTokenMalformed;
  auto header = base::DecodeBase64Url(token.substr(0, first));
  auto payload = base::DecodeBase64Url(token.substr(first + 1, second - first - 1));
  auto signature = base::DecodeBase64Url(token.substr(second + 1));
  if (!header.ok() || !payload.ok() || !signature.ok()) return Refusal::kTokenMalformed;
  Jws jws;
  if (const auto refusal = ReadHeader(*header, jws)) return *refusal;
  jws.signing_input = token.substr(0, second);
  jws.payload = *std::move(payload);
  jws.signature = *std::move(signature);
  return jws;
}

}  // namespace strongroom::authn
