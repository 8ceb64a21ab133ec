#include "storage/keys/kms_key.h"

#include <algorithm>
#include <array>

namespace strongroom::storage {
namespace {

bool AllOf(std::string_view text, std::string_view also) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [also](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  also.find(c) != std::string_view::npos;
         });
}

base::Error NoKey(std::string_view text) {
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "`" + std::string(text.substr(0, 256)) + "` is not the ARN of a KMS key",
                         "write it as arn:aws:kms:REGION:ACCOUNT:key/ID; an alias won't do, since "
                         "it can come to mean another key");
}

}  // namespace

base::Result<KmsKey> KmsKey::Parse(std::string_view arn) {
  std::array<std::string_view, 6> parts;
  std::string_view rest = arn;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return NoKey(arn);
    parts[i] = rest.substr(0, colon);
    rest = rest.substr(colon + 1);
  }
  parts.back() = rest;
  const bool partition = parts[1] == "aws" || parts[1] == "aws-cn" || parts[1] == "aws-us-gov";
  const bool account =
      parts[4].size() == 12 &&
      std::all_of(parts[4].begin(), parts[4].end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool named = rest.starts_with("key/") && AllOf(rest.substr(4), "-");
  if (parts[0] != "arn" || !partition || parts[2] != "kms" || !AllOf(parts[3], "-") || !account ||
      !named)
    return NoKey(arn);
  return KmsKey{std::string(arn), std::string(parts[1]), std::string(parts[3])};
}

std::string KmsKey::Url(bool fips) const {
  return std::string(fips ? "https://kms-fips." : "https://kms.") + region + ".amazonaws.com" +
         (partition == "aws-cn" ? ".cn" : "");
}

}  // namespace strongroom::storage
