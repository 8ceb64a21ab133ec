#include "crypto/sigv4.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "crypto/hash.h"

namespace strongroom::crypto {
namespace {

using Field = SigV4Request::Field;
using Fields = std::vector<Field>;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string HexSha256(std::string_view bytes) {
  return base::EncodeHex(base::AsChars(Sha256(bytes)));
}

// `20150830T123600Z`
std::string CompactTime(base::Timestamp time) {
  std::string text = base::FormatTimestamp(time).substr(0, 19);  // without the fraction
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && base::HexDigit(text[i + 1]) >= 0 &&
                        base::HexDigit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(base::HexDigit(text[i + 1]) * 16 + base::HexDigit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

std::string EncodePath(std::string_view path) {
  std::string encoded;
  for (const char c : path) {
    encoded += c == '/' ? std::string("/") : AwsPercentEncode(std::string_view(&c, 1));
  }
  return encoded;
}

// rfc3986 5.2.4, and runs of slashes become one.
std::string RemoveDots(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, slash - start);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    start = slash + 1;
  }
  std::string normal;
  for (const std::string_view segment : kept) normal += "/" + std::string(segment);
  if (kept.empty() || path.ends_with('/')) normal += "/";
  return normal;
}

// The path is encoded once more than it is sent, as all services but S3 ask for.
std::string CanonicalPath(const std::string& path, bool normalize) {
  return EncodePath(normalize ? RemoveDots(path) : path);
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parts;
  for (std::size_t start = 0; start < query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string_view part = query.substr(start, end - start);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value =
        equals < part.size() ? part.substr(equals + 1) : std::string_view();
    if (!part.empty()) {
      parts.emplace_back(AwsPercentEncode(PercentDecode(part.substr(0, equals))),
                         AwsPercentEncode(PercentDecode(value)));
    }
    start = end + 1;
  }
  std::sort(parts.begin(), parts.end());
  std::string canonical;
  for (const auto& [name, value] : parts) {
    if (!canonical.empty()) canonical += '&';
    canonical += name + "=" + value;
  }
  return canonical;
}

// Spaces around go, runs of white space (folded lines too) become one space.
std::string Trimmed(std::string_view value) {
  std::string trimmed;
  bool space = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      space = !trimmed.empty();
      continue;
    }
    if (space) trimmed += ' ';
    space = false;
    trimmed += c;
  }
  return trimmed;
}

// Names in lower case and in order; values of one name joined in the order they came.
Fields CanonicalHeaders(const Fields& headers) {
  Fields canonical;
  for (const Field& header : headers) {
    std::string name = header.name;
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto same = std::find_if(canonical.begin(), canonical.end(),
                                   [&](const Field& field) { return field.name == name; });
    if (same == canonical.end()) {
      canonical.push_back({std::move(name), Trimmed(header.value)});
    } else {
      same->value += "," + Trimmed(header.value);
    }
  }
  std::sort(canonical.begin(), canonical.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
  return canonical;
}

std::string NamesOf(const Fields& headers) {
  std::string names;
  for (const Field& header : headers) names += (names.empty() ? "" : ";") + header.name;
  return names;
}

std::string ScopeOf(const SigV4Options& options) {
  return CompactTime(options.time).substr(0, 8) + "/" + options.region + "/" + options.service +
         "/aws4_request";
}

base::SecretBytes SigningKey(const AwsCredentials& credentials, const SigV4Options& options) {
  base::SecretBytes key("AWS4" +
                        std::string(base::AsChars(credentials.secret_access_key.Expose())));
  const std::string date = CompactTime(options.time).substr(0, 8);
  for (const std::string_view part :
       {std::string_view(date), std::string_view(options.region), std::string_view(options.service),
        std::string_view("aws4_request")}) {
    key = base::SecretBytes(base::AsChars(HmacSha256(key, part)));
  }
  return key;
}

SigV4Signature Sign(const SigV4Request& request, const std::string& query, const Fields& headers,
                    const AwsCredentials& credentials, const SigV4Options& options) {
  SigV4Signature made;
  std::string lines;
  for (const Field& header : headers) lines += header.name + ":" + header.value + "\n";
  made.canonical_request = request.method + "\n" +
                           CanonicalPath(request.path, options.normalize_path) + "\n" +
                           CanonicalQuery(query) + "\n" + lines + "\n" + NamesOf(headers) + "\n" +
                           HexSha256(request.body);
  made.string_to_sign = std::string(kAlgorithm) + "\n" + CompactTime(options.time) + "\n" +
                        ScopeOf(options) + "\n" + HexSha256(made.canonical_request);
  made.signature = base::EncodeHex(
      base::AsChars(HmacSha256(SigningKey(credentials, options), made.string_to_sign)));
  return made;
}

}  // namespace

std::string AwsPercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

SigV4Signature SignHeaders(const SigV4Request& request, const AwsCredentials& credentials,
                           const SigV4Options& options) {
  Fields added{{"x-amz-date", CompactTime(options.time)}};
  const Field token{"x-amz-security-token", credentials.session_token};
  const bool has_token = !credentials.session_token.empty();
  if (has_token && options.sign_session_token) added.push_back(token);
  if (options.body_hash_header) {
    added.push_back({"x-amz-content-sha256", HexSha256(request.body)});
  }
  Fields all = request.headers;
  all.insert(all.end(), added.begin(), added.end());
  const Fields headers = CanonicalHeaders(all);
  SigV4Signature made = Sign(request, request.query, headers, credentials, options);
  made.query = request.query;
  if (has_token && !options.sign_session_token) added.push_back(token);
  added.push_back({"authorization", std::string(kAlgorithm) +
                                        " Credential=" + credentials.access_key_id + "/" +
                                        ScopeOf(options) + ", SignedHeaders=" + NamesOf(headers) +
                                        ", Signature=" + made.signature});
  made.headers = std::move(added);
  return made;
}

SigV4Signature Presign(const SigV4Request& request, const AwsCredentials& credentials,
                       const SigV4Options& options) {
  const Fields headers = CanonicalHeaders(request.headers);
  std::string query = request.query;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query += std::string(name) + "=" + AwsPercentEncode(value);
  };
  add("X-Amz-Algorithm", kAlgorithm);
  add("X-Amz-Credential", credentials.access_key_id + "/" + ScopeOf(options));
  add("X-Amz-Date", CompactTime(options.time));
  const bool has_token = !credentials.session_token.empty();
  if (has_token && options.sign_session_token) {
    add("X-Amz-Security-Token", credentials.session_token);
  }
  add("X-Amz-SignedHeaders", NamesOf(headers));
  add("X-Amz-Expires", std::to_string(options.expires.count()));
  SigV4Signature made = Sign(request, query, headers, credentials, options);
  if (has_token && !options.sign_session_token) {
    add("X-Amz-Security-Token", credentials.session_token);
  }
  add("X-Amz-Signature", made.signature);
  made.query = std::move(query);
  return made;
}

}  // namespace strongroom::crypto
