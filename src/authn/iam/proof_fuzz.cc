// Presigned URLs, tokens and answers of STS as strangers send them: refused, never a crash. What is
// taken has the parts it must have, and the query that is made of them is the same proof again.
#include <cstdint>
#include <cstdlib>

#include "authn/iam/endpoint.h"

using namespace strongroom;
using namespace strongroom::authn::iam;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// 2027-01-15T08:00:00Z
const base::Timestamp kNow{std::chrono::seconds(1800000000)};

void CheckUrl(std::string_view url) {
  static const StsEndpoints endpoints = StsEndpoints::Of({"aws", "aws-cn"}).value();
  const auto parsed = ParseProof(url, endpoints, kNow);
  const Proof* proof = std::get_if<Proof>(&parsed);
  if (proof == nullptr) return;
  Require(proof->endpoint != nullptr && proof->signature.size() == 64);
  const std::string query = proof->Query();
  Require(query.find_first_of("\r\n #") == query.npos);
  const auto again = ParseProof(proof->endpoint->url + "/?" + query, endpoints, kNow);
  Require(std::holds_alternative<Proof>(again) && std::get<Proof>(again).Query() == query);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckUrl(text);
  CheckUrl("https://sts.us-east-1.amazonaws.com/?" + std::string(text));
  if (const auto url = UrlOfToken(text); std::holds_alternative<std::string>(url))
    CheckUrl(std::get<std::string>(url));
  static_cast<void>(TokenOfBody("application/json", text));
  const net::FetchResponse answer{200, {{"content-type", "application/json"}}, std::string(text)};
  const auto read = ReadIdentity(answer, {"aws", false});
  if (const Identity* identity = std::get_if<Identity>(&read))
    Require(identity->principal.find_first_of("*? \r\n") == std::string::npos);
  return 0;
}
