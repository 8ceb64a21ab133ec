// FetchUrl: the parts of a URL that an HttpFetcher may be asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"

namespace strongroom::net {

struct FetchUrl {
  std::string host;                  // lower case; an IPv6 address without brackets
  std::optional<IpAddress> address;  // if the host is one
  std::uint16_t port = 443;
  std::string authority;  // for the host header: the port only if it is not 443
  std::string target;     // path and query

  // Strict: https alone, no user, no fragment, visible ASCII. A host that ends in a number must be
  // an address in its usual form, for resolvers read others (`127.1`, `0x7f000001`) too. Errors:
  // kBadRequest, which do not repeat the URL, for its query can be secret.
  static base::Result<FetchUrl> Parse(std::string_view url);
};

}  // namespace strongroom::net
