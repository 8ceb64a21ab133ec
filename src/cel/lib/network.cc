// net.IP and net.CIDR.

#include "cel/lib/function_table.h"
#include "cel/lib/ip.h"
#include "cel/lib/libraries.h"

namespace strongroom::cel {
namespace {

// ---- The types.

template <typename T>
bool EqualAs(const void* a, const void* b) {
  return *static_cast<const T*>(a) == *static_cast<const T*>(b);
}
std::size_t HashBytes(const Ip& ip) {
  return std::hash<std::string_view>()(
      {reinterpret_cast<const char*>(ip.bytes.data()), ip.bytes.size()});
}
template <typename T>
const void* CopyAs(const void* data, Arena& arena) {
  return arena.New<T>(*static_cast<const T*>(data));
}

constexpr OpaqueType kIp = {
    .name = "net.IP",
    .equal = EqualAs<Ip>,
    .compare = nullptr,
    .hash = [](const void* data) { return HashBytes(*static_cast<const Ip*>(data)); },
    .print =
        [](const void* data) { return "ip(\"" + Print(*static_cast<const Ip*>(data)) + "\")"; },
    .copy = CopyAs<Ip>,
    .text = [](const void* data) { return Print(*static_cast<const Ip*>(data)); }};
constexpr OpaqueType kCidr = {
    .name = "net.CIDR",
    .equal = EqualAs<Cidr>,
    .compare = nullptr,
    .hash =
        [](const void* data) {
          const Cidr& cidr = *static_cast<const Cidr*>(data);
          return HashBytes(cidr.ip) ^ static_cast<std::size_t>(cidr.prefix);
        },
    .print =
        [](const void* data) { return "cidr(\"" + Print(*static_cast<const Cidr*>(data)) + "\")"; },
    .copy = CopyAs<Cidr>,
    .text = [](const void* data) { return Print(*static_cast<const Cidr*>(data)); }};

const Ip& IpOf(const Value& value) { return *static_cast<const Ip*>(value.AsOpaque(&kIp)); }
const Cidr& CidrOf(const Value& value) { return *static_cast<const Cidr*>(value.AsOpaque(&kCidr)); }

Value MakeIp(const Call& call) {
  Ip ip;
  const std::string_view problem = ParseIp(call[0].AsString(), ip);
  return problem.empty() ? call.MakeOpaque(kIp, ip) : call.Invalid(problem);
}

Value IsCanonical(const Call& call) {
  Ip ip;
  const std::string_view problem = ParseIp(call[0].AsString(), ip);
  return problem.empty() ? Value::Bool(Print(ip) == call[0].AsString()) : call.Invalid(problem);
}

Value MakeCidr(const Call& call) {
  Cidr cidr;
  const std::string_view problem = ParseCidr(call[0].AsString(), cidr);
  return problem.empty() ? call.MakeOpaque(kCidr, cidr) : call.Invalid(problem);
}

Value IsIp(const Call& call) {
  Ip ip;
  return Value::Bool(ParseIp(call[0].AsString(), ip).empty());
}

Value IsCidr(const Call& call) {
  Cidr cidr;
  return Value::Bool(ParseCidr(call[0].AsString(), cidr).empty());
}

template <bool (*kProperty)(const Ip&)>
Value Property(const Call& call) {
  return Value::Bool(kProperty(IpOf(call[0])));
}

Value ContainsIp(const Call& call) { return Value::Bool(Contains(CidrOf(call[0]), IpOf(call[1]))); }
Value ContainsIpText(const Call& call) {
  Ip ip;
  const std::string_view problem = ParseIp(call[1].AsString(), ip);
  if (!problem.empty()) return call.Invalid(problem);
  return Value::Bool(Contains(CidrOf(call[0]), ip));
}
Value ContainsCidr(const Call& call) {
  return Value::Bool(Contains(CidrOf(call[0]), CidrOf(call[1])));
}
Value ContainsCidrText(const Call& call) {
  Cidr inner;
  const std::string_view problem = ParseCidr(call[1].AsString(), inner);
  if (!problem.empty()) return call.Invalid(problem);
  return Value::Bool(Contains(CidrOf(call[0]), inner));
}

Value MaskedCidr(const Call& call) {
  const Cidr& cidr = CidrOf(call[0]);
  return call.MakeOpaque(kCidr, Cidr{Masked(cidr.ip, cidr.prefix), cidr.prefix});
}

void AddIp(EnvBuilder& builder) {
  AddFunctions(
      builder,
      {{"ip(string): net.IP", MakeIp, "the IP address of a text",
        "ip('::ffff:c0a8:1') == ip('192.168.0.1')"},
       {"isIP(string): bool", IsIp, "whether a text is an IP address",
        "isIP('192.168.0.1') && !isIP('192.168.0')"},
       {"ip.isCanonical(string): bool", IsCanonical,
        "whether an address is written as it would be printed", "!ip.isCanonical('2001:DB8::68')"},
       {"string(net.IP): string", [](const Call& c) { return c.MakeString(Print(IpOf(c[0]))); },
        "the address as text", "string(ip('2001:DB8::68')) == '2001:db8::68'"},
       {"(net.IP).family(): int",
        [](const Call& c) { return Value::Int(IpOf(c[0]).IsV4() ? 4 : 6); }, "4 or 6",
        "ip('192.168.0.1').family() == 4"},
       {"(net.IP).isUnspecified(): bool", Property<IsUnspecified>,
        "whether it is 0.0.0.0 or ::", "ip('::').isUnspecified()"},
       {"(net.IP).isLoopback(): bool", Property<IsLoopback>, "whether it is the machine itself",
        "ip('127.0.0.1').isLoopback()"},
       {"(net.IP).isGlobalUnicast(): bool", Property<IsGlobalUnicast>,
        "whether it is a unicast address of more than one link; private ones are",
        "ip('192.168.0.1').isGlobalUnicast()"},
       {"(net.IP).isLinkLocalMulticast(): bool", Property<IsLinkLocalMulticast>,
        "whether it is a multicast address of one link", "ip('224.0.0.1').isLinkLocalMulticast()"},
       {"(net.IP).isLinkLocalUnicast(): bool", Property<IsLinkLocalUnicast>,
        "whether it is a unicast address of one link", "ip('fe80::1').isLinkLocalUnicast()"}});
}

void AddCidr(EnvBuilder& builder) {
  AddFunctions(
      builder,
      {{"cidr(string): net.CIDR", MakeCidr, "the network of a text",
        "cidr('10.0.0.0/8').prefixLength() == 8"},
       {"isCIDR(string): bool", IsCidr, "whether a text is a network",
        "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33')"},
       {"string(net.CIDR): string", [](const Call& c) { return c.MakeString(Print(CidrOf(c[0]))); },
        "the network as text", "string(cidr('2001:DB8::/32')) == '2001:db8::/32'"},
       {"(net.CIDR).containsIP(net.IP): bool", ContainsIp, "whether the address is in the network",
        "cidr('192.168.0.0/24').containsIP(ip('192.168.0.1'))"},
       {"(net.CIDR).containsIP(string): bool", ContainsIpText,
        "whether the address is in the network", "!cidr('10.0.0.0/8').containsIP('192.168.0.1')"},
       {"(net.CIDR).containsCIDR(net.CIDR): bool", ContainsCidr,
        "whether all of the other network is in the network",
        "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))"},
       {"(net.CIDR).containsCIDR(string): bool", ContainsCidrText,
        "whether all of the other network is in the network",
        "!cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')"},
       {"(net.CIDR).ip(): net.IP", [](const Call& c) { return c.MakeOpaque(kIp, CidrOf(c[0]).ip); },
        "the address before the slash", "cidr('192.168.0.1/24').ip() == ip('192.168.0.1')"},
       {"(net.CIDR).masked(): net.CIDR", MaskedCidr, "with the bits after the prefix set to 0",
        "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')"},
       {"(net.CIDR).prefixLength(): int",
        [](const Call& c) { return Value::Int(CidrOf(c[0]).prefix); }, "the number after the slash",
        "cidr('192.168.0.0/24').prefixLength() == 24"}});
}

}  // namespace

void AddNetwork(EnvBuilder& builder) {
  builder.Opaque(&kIp).Opaque(&kCidr);
  AddIp(builder);
  AddCidr(builder);
}

}  // namespace strongroom::cel
