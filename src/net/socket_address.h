// Addresses as the system calls take them.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "net/address.h"

namespace strongroom::net {

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
};

inline sockaddr_storage ToSocketAddress(const Endpoint& endpoint, socklen_t& size) {
  sockaddr_storage storage{};
  if (endpoint.address.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, endpoint.address.bytes().data(), 4);
    size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, endpoint.address.bytes().data(), 16);
    size = sizeof v6;
  }
  return storage;
}

// IPv4 addresses in IPv6's mapped form stay IPv6; see Unmapped.
inline Endpoint ToEndpoint(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4->sin_addr, bytes.size());
    return {IpAddress::V4(bytes), ntohs(v4->sin_port)};
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), v6->sin6_addr.s6_addr, bytes.size());
  return {IpAddress::V6(bytes), ntohs(v6->sin6_port)};
}

// ::ffff:a.b.c.d as a.b.c.d, others as they are.
inline IpAddress Unmapped(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto& bytes = address.bytes();
  if (address.is_v4() || !std::equal(kPrefix.begin(), kPrefix.end(), bytes.begin())) return address;
  return IpAddress::V4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

}  // namespace strongroom::net
