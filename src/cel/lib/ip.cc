#include "cel/lib/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <iterator>

namespace strongroom::cel {
namespace {

constexpr std::string_view kNoAddress = "the text is not an IP address";

// The first 32 bits of the address.
std::uint32_t Head(const Ip& ip) {
  const std::uint8_t* a = ip.address();
  return std::uint32_t{a[0]} << 24 | std::uint32_t{a[1]} << 16 | std::uint32_t{a[2]} << 8 | a[3];
}

}  // namespace

bool Ip::IsV4() const {
  constexpr std::uint8_t kMapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(std::begin(kMapped), std::end(kMapped), bytes.begin());
}

std::string_view ParseIp(std::string_view text, Ip& ip) {
  ip = Ip();
  char copy[INET6_ADDRSTRLEN + 1] = {};
  if (text.find('%') != text.npos) return "an address with a zone is not allowed";
  if (text.size() >= sizeof copy || text.find('\0') != text.npos) return kNoAddress;
  text.copy(copy, text.size());
  const bool v6 = text.find(':') != text.npos;
  if (!v6) ip.bytes[10] = ip.bytes[11] = 0xFF;
  if (inet_pton(v6 ? AF_INET6 : AF_INET, copy, ip.bytes.data() + (v6 ? 0 : 12)) != 1)
    return kNoAddress;
  if (v6 && ip.IsV4() && text.find('.') != text.npos)
    return "an IPv4-mapped IPv6 address is not allowed";
  return {};
}

std::string Print(const Ip& ip) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(ip.IsV4() ? AF_INET : AF_INET6, ip.address(), text, sizeof text);
  return text;
}

std::string Print(const Cidr& cidr) { return Print(cidr.ip) + "/" + std::to_string(cidr.prefix); }

std::string_view ParseCidr(std::string_view text, Cidr& cidr) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  cidr.prefix = 0;
  if (const auto problem = ParseIp(text.substr(0, slash), cidr.ip); !problem.empty())
    return problem;
  const std::string_view digits = text.substr(std::min(slash + 1, text.size()));
  const bool number = !digits.empty() && digits.size() <= 3 &&
                      digits.find_first_not_of("0123456789") == digits.npos &&
                      (digits.size() == 1 || digits[0] != '0');
  for (const char c : number ? digits : "") cidr.prefix = cidr.prefix * 10 + (c - '0');
  if (number && cidr.prefix <= cidr.ip.bits()) return {};
  return "the text is not a network such as 192.168.0.0/24";
}

Ip Masked(Ip ip, int prefix) {
  std::uint8_t* address = ip.address();
  const int bits = ip.bits();
  for (int at = 0; at < bits; at += 8) {
    const int kept = std::clamp(prefix - at, 0, 8);
    address[at / 8] = static_cast<std::uint8_t>(address[at / 8] & (0xFF00 >> kept));
  }
  return ip;
}

bool Contains(const Cidr& network, const Ip& ip) {
  return network.ip.IsV4() == ip.IsV4() &&
         Masked(network.ip, network.prefix) == Masked(ip, network.prefix);
}

bool Contains(const Cidr& outer, const Cidr& inner) {
  return inner.prefix >= outer.prefix && Contains(outer, inner.ip);
}

// ---- Properties of addresses (rfc4291 2.4, rfc1122 3.2.1.3).

bool IsUnspecified(const Ip& ip) { return ip.IsV4() ? Head(ip) == 0 : ip == Ip{}; }
bool IsLoopback(const Ip& ip) {
  Ip one;
  one.bytes[15] = 1;
  return ip.IsV4() ? Head(ip) >> 24 == 127 : ip == one;
}
bool IsMulticast(const Ip& ip) {
  return ip.IsV4() ? Head(ip) >> 28 == 0xE : Head(ip) >> 24 == 0xFF;
}
bool IsLinkLocalMulticast(const Ip& ip) {
  return ip.IsV4() ? Head(ip) >> 8 == 0xE00000 : (Head(ip) >> 16 & 0xFF0F) == 0xFF02;
}
bool IsLinkLocalUnicast(const Ip& ip) {
  return ip.IsV4() ? Head(ip) >> 16 == 0xA9FE : Head(ip) >> 22 == 0x3FA;
}
bool IsGlobalUnicast(const Ip& ip) {
  const bool broadcast = ip.IsV4() && Head(ip) == 0xFFFFFFFF;
  return !broadcast && !IsUnspecified(ip) && !IsLoopback(ip) && !IsMulticast(ip) &&
         !IsLinkLocalUnicast(ip);
}

}  // namespace strongroom::cel
