#include "net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace strongroom::net {
namespace {

using base::ErrorCode;
using base::MakeError;

struct Block {
  std::array<std::uint8_t, 16> network;
  unsigned prefix_bits;
};

bool Covers(const std::array<std::uint8_t, 16>& network, unsigned prefix_bits,
            const std::array<std::uint8_t, 16>& bytes) {
  const std::size_t whole = prefix_bits / 8;
  if (!std::equal(network.begin(), network.begin() + whole, bytes.begin())) return false;
  const unsigned rest = prefix_bits % 8;
  if (rest == 0) return true;
  return ((network[whole] ^ bytes[whole]) >> (8 - rest)) == 0;
}

// The registries of special-purpose addresses (rfc6890, as IANA keeps them).
constexpr Block kSpecialV4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared, rfc6598
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, broadcast
};

// Inside 2000::/3. Everything outside of it is special: loopback, mapped and compatible forms of
// IPv4, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local, multicast.
constexpr Block kSpecialV6[] = {
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff, 0x00}, 20},        // documentation
};

bool CoveredByAny(std::span<const Block> blocks, const std::array<std::uint8_t, 16>& bytes) {
  return std::ranges::any_of(
      blocks, [&](const Block& block) { return Covers(block.network, block.prefix_bits, bytes); });
}

}  // namespace

base::Result<IpAddress> IpAddress::Parse(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  const bool fits = text.size() < sizeof terminated && text.find('\0') == text.npos;
  if (fits) {
    std::ranges::copy(text, terminated);
    in_addr v4{};
    in6_addr v6{};
    if (inet_pton(AF_INET, terminated, &v4) == 1) {
      std::array<std::uint8_t, 4> bytes{};
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&v4), 4, bytes.begin());
      return V4(bytes);
    }
    if (inet_pton(AF_INET6, terminated, &v6) == 1) {
      std::array<std::uint8_t, 16> bytes{};
      std::copy_n(v6.s6_addr, 16, bytes.begin());
      return V6(bytes);
    }
  }
  return MakeError(ErrorCode::kBadRequest,
                   "expected an IP address, got `" + std::string(text.substr(0, 64)) + "`");
}

IpAddress IpAddress::V4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::ranges::copy(bytes, address.bytes_.begin());
  return address;
}

IpAddress IpAddress::V6(std::array<std::uint8_t, 16> bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  address.is_v4_ = false;
  return address;
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

base::Result<Cidr> Cidr::Parse(std::string_view text) {
  const auto refuse = [&](std::string_view hint) {
    return MakeError(ErrorCode::kBadRequest,
                     "expected a network, got `" + std::string(text.substr(0, 64)) + "`",
                     std::string(hint));
  };
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return refuse("write it as address/prefix, such as `10.0.0.0/8`");
  const auto network = IpAddress::Parse(text.substr(0, slash));
  if (!network) return refuse("write it as address/prefix, such as `10.0.0.0/8`");

  const std::string_view digits = text.substr(slash + 1);
  Cidr cidr;
  cidr.network_ = *network;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), cidr.prefix_bits_);
  const unsigned width = network->is_v4() ? 32 : 128;
  if (error != std::errc() || end != digits.data() + digits.size() || cidr.prefix_bits_ > width ||
      (digits.size() > 1 && digits[0] == '0'))
    return refuse("the prefix is a number of bits");

  for (unsigned bit = cidr.prefix_bits_; bit < width; ++bit)
    if ((network->bytes()[bit / 8] >> (7 - bit % 8)) & 1)
      return refuse("the bits after the prefix must be zero");
  return cidr;
}

bool Cidr::Contains(const IpAddress& address) const {
  return address.is_v4() == network_.is_v4() &&
         Covers(network_.bytes(), prefix_bits_, address.bytes());
}

bool IsLoopback(const IpAddress& address) {
  if (address.is_v4()) return address.bytes()[0] == 127;
  constexpr Block kLoopback{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128};
  return Covers(kLoopback.network, kLoopback.prefix_bits, address.bytes());
}

bool IsPublic(const IpAddress& address) {
  const auto& bytes = address.bytes();
  if (address.is_v4()) return !CoveredByAny(kSpecialV4, bytes);
  return (bytes[0] >> 5) == 1 && !CoveredByAny(kSpecialV6, bytes);
}

}  // namespace strongroom::net
