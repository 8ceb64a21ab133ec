#include "net/fetch_url.h"

#include <algorithm>

#include "net/field_line.h"

namespace strongroom::net {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kHostBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kUrlBytesMax = 8192;

base::Error Unusable(const char* why) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::string("the URL is unusable: ") + why);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLabelBytesMax && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-' || c == '_';
         });
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax) return false;
  while (true) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (!IsLabel(label)) return false;
    if (dot == host.npos) return !IsDigit(label.front());
    host.remove_prefix(dot + 1);
  }
}

// Splits "host:port" or "[address]:port".
bool SplitAuthority(std::string_view authority, std::string_view& host, std::string_view& port) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == authority.npos) return false;
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (port.empty()) return true;
  port.remove_prefix(1);
  return !port.empty();
}

}  // namespace

base::Result<FetchUrl> FetchUrl::Parse(std::string_view url) {
  if (url.size() > kUrlBytesMax) return Unusable("it is too long");
  if (url.size() < kScheme.size() || !EqualsIgnoringCase(url.substr(0, kScheme.size()), kScheme))
    return Unusable("it must begin with `https://`");
  url.remove_prefix(kScheme.size());
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());

  FetchUrl parsed;
  std::string_view host;
  std::string_view port;
  const std::string_view authority = url.substr(0, end);
  if (authority.find('@') != authority.npos) return Unusable("it must not name a user");
  if (!SplitAuthority(authority, host, port)) return Unusable("its host or port is malformed");
  parsed.host = host;
  std::ranges::transform(parsed.host, parsed.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  const bool bracketed = authority.starts_with('[');
  if (const auto address = IpAddress::Parse(parsed.host);
      address && address->is_v4() != bracketed) {
    parsed.address = *address;
    parsed.host = address->ToString();
  } else if (bracketed || !IsHostName(parsed.host)) {
    return Unusable("its host is malformed");
  }
  if (!port.empty()) {
    const auto number = ParseDecimal(port);
    if (!number || *number == 0 || *number > 65535) return Unusable("its port is malformed");
    parsed.port = static_cast<std::uint16_t>(*number);
  }
  parsed.authority = bracketed ? "[" + parsed.host + "]" : parsed.host;
  if (parsed.port != 443) parsed.authority += ":" + std::to_string(parsed.port);

  const std::string_view target = url.substr(end);
  parsed.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  if (!IsTarget(parsed.target)) return Unusable("its path is malformed, or it has a fragment");
  return parsed;
}

}  // namespace strongroom::net
