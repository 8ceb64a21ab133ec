#include "authn/credentials.h"

#include <algorithm>
#include <array>

namespace strongroom::authn {
namespace {

// The values of one header: how many there are, and the first.
struct Field {
  std::size_t count = 0;
  std::string_view first;
};

Field Collect(std::span<const net::HeaderView> headers, std::string_view name) {
  Field field;
  for (const net::HeaderView& header : headers)
    if (header.name == name && field.count++ == 0) field.first = header.value;
  return field;
}

bool IsBearer(std::string_view scheme) {  // rfc9110 11.1: case-insensitive
  constexpr std::string_view kBearer = "bearer";
  return std::ranges::equal(scheme, kBearer, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// rfc6750 2.1: b64token. A comma or a space would start a second credential.
bool IsToken68(std::string_view token) {
  static constexpr auto kMember = [] {
    std::array<bool, 256> member{};
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-._~+/="))
      member[static_cast<unsigned char>(c)] = true;
    return member;
  }();
  return !token.empty() && std::ranges::all_of(token, [](unsigned char c) { return kMember[c]; });
}

OrRefusal<std::string_view> Bearer(const Field& field) {
  if (field.count == 0) return Refusal::kTokenMissing;
  if (field.count > 1) return Refusal::kAuthorizationRepeated;
  const std::size_t space = field.first.find(' ');
  if (space == std::string_view::npos || !IsBearer(field.first.substr(0, space)))
    return Refusal::kAuthorizationMalformed;
  const std::size_t start = field.first.find_first_not_of(' ', space);  // rfc9110 11.4: 1*SP
  if (start == std::string_view::npos) return Refusal::kAuthorizationMalformed;
  const std::string_view token = field.first.substr(start);
  if (!IsToken68(token)) return Refusal::kAuthorizationMalformed;
  return token;
}

AccountId Account(const Field& field) {
  if (field.count != 1 || field.first.empty()) return {};
  return {true, field.first};
}

constexpr std::string_view kAuthorization = "authorization";
constexpr std::string_view kAccountId = "x-twisp-account-id";

}  // namespace

OrRefusal<std::string_view> BearerToken(std::span<const net::HeaderView> headers) {
  return Bearer(Collect(headers, kAuthorization));
}

AccountId AddressedAccount(std::span<const net::HeaderView> headers) {
  return Account(Collect(headers, kAccountId));
}

}  // namespace strongroom::authn
