// IpAddress and Cidr: addresses as values, and which of them an outgoing request may reach.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace strongroom::net {

// An IPv4 or IPv6 address. IPv4 is kept in its own family; an IPv4-mapped IPv6 address stays IPv6.
class IpAddress {
 public:
  // Strict: dotted decimal with four parts and no leading zeros, or rfc4291 text without a zone.
  static base::Result<IpAddress> Parse(std::string_view text);
  static IpAddress V4(std::array<std::uint8_t, 4> bytes);
  static IpAddress V6(std::array<std::uint8_t, 16> bytes);

  bool is_v4() const { return is_v4_; }
  // Network order; 4 bytes are used for IPv4.
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  std::string ToString() const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  bool is_v4_ = true;
};

// A network such as 10.0.0.0/8 or fd00::/8.
class Cidr {
 public:
  static base::Result<Cidr> Parse(std::string_view text);
  bool Contains(const IpAddress& address) const;

 private:
  IpAddress network_;
  unsigned prefix_bits_ = 0;
};

bool IsLoopback(const IpAddress& address);

// Whether an address is on the public internet (security 2.41): not loopback, private (rfc1918,
// rfc4193), shared (rfc6598), link-local, multicast, reserved, documentation, 0/8, nor any form of
// IPv6 that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
bool IsPublic(const IpAddress& address);

}  // namespace strongroom::net
