#include <array>

#include "crypto/signature.h"

namespace strongroom::crypto {
namespace {

struct Row {
  SignatureAlgorithm algorithm;
  std::string_view name;
  KeyType type;
};
// In the order of the enumeration.
constexpr std::array<Row, 10> kRows = {{
    {SignatureAlgorithm::kRs256, "RS256", KeyType::kRsa},
    {SignatureAlgorithm::kRs384, "RS384", KeyType::kRsa},
    {SignatureAlgorithm::kRs512, "RS512", KeyType::kRsa},
    {SignatureAlgorithm::kPs256, "PS256", KeyType::kRsa},
    {SignatureAlgorithm::kPs384, "PS384", KeyType::kRsa},
    {SignatureAlgorithm::kPs512, "PS512", KeyType::kRsa},
    {SignatureAlgorithm::kEs256, "ES256", KeyType::kP256},
    {SignatureAlgorithm::kEs384, "ES384", KeyType::kP384},
    {SignatureAlgorithm::kEs512, "ES512", KeyType::kP521},
    {SignatureAlgorithm::kEdDsa, "EdDSA", KeyType::kEd25519},
}};

const Row& RowOf(SignatureAlgorithm algorithm) {
  return kRows[static_cast<std::size_t>(algorithm)];
}

}  // namespace

std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.algorithm;
  return std::nullopt;
}

std::string_view SignatureAlgorithmName(SignatureAlgorithm algorithm) {
  return RowOf(algorithm).name;
}

bool Fits(KeyType type, SignatureAlgorithm algorithm) { return RowOf(algorithm).type == type; }

}  // namespace strongroom::crypto
