#include <array>
#include <span>
#include <string_view>

#include "authn/credentials.h"

namespace strongroom::authn {
namespace {

// At most two headers of a name: enough to tell none, one and more apart.
struct Named {
  std::array<net::HeaderView, 2> headers;
  std::size_t count = 0;
  std::span<const net::HeaderView> span() const { return std::span(headers).first(count); }
};

Named Collect(const net::Request& request, std::string_view name) {
  Named named;
  for (std::size_t i = 0; i < request.header_count() && named.count < 2; ++i)
    if (const net::HeaderView header = request.header(i); header.name == name)
      named.headers[named.count++] = header;
  return named;
}

}  // namespace

OrRefusal<std::string_view> BearerToken(const net::Request& request) {
  return BearerToken(Collect(request, "authorization").span());
}

AccountId AddressedAccount(const net::Request& request) {
  return AddressedAccount(Collect(request, "x-twisp-account-id").span());
}

}  // namespace strongroom::authn
