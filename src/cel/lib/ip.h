// IP addresses and networks. An IPv4 address is kept in its IPv6-mapped form (rfc4291 2.5.5.2), so
// that both spellings of one are equal.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace strongroom::cel {

struct Ip {
  std::array<std::uint8_t, 16> bytes{};

  bool operator==(const Ip&) const = default;
  bool IsV4() const;
  int bits() const { return IsV4() ? 32 : 128; }
  // The address proper: 4 or 16 bytes.
  const std::uint8_t* address() const { return bytes.data() + (IsV4() ? 12 : 0); }
  std::uint8_t* address() { return bytes.data() + (IsV4() ? 12 : 0); }
};

struct Cidr {
  Ip ip;
  int prefix = 0;  // 0 to ip.bits()

  bool operator==(const Cidr&) const = default;
};

// Both answer what is wrong with the text, nothing when it was read. Zones, IPv4-mapped addresses
// with dots and numbers with leading zeros are refused.
std::string_view ParseIp(std::string_view text, Ip& ip);
std::string_view ParseCidr(std::string_view text, Cidr& cidr);
// In the canonical form (rfc5952 4).
std::string Print(const Ip& ip);
std::string Print(const Cidr& cidr);

// With the bits after the prefix set to 0.
Ip Masked(Ip ip, int prefix);
bool Contains(const Cidr& network, const Ip& ip);
// All of `inner` is in `outer`.
bool Contains(const Cidr& outer, const Cidr& inner);

bool IsUnspecified(const Ip& ip);
bool IsLoopback(const Ip& ip);
bool IsMulticast(const Ip& ip);
bool IsLinkLocalMulticast(const Ip& ip);
bool IsLinkLocalUnicast(const Ip& ip);
// Unicast, and of more than one link; private addresses are.
bool IsGlobalUnicast(const Ip& ip);

}  // namespace strongroom::cel
