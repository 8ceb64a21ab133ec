// HttpFetcher: how Strongroom asks others over HTTPS (issuers, STS, key services). A seam: tests
// put their own in its place; net/https_client.h is the real one.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "net/message.h"

namespace strongroom::net {

struct FetchRequest {
  std::string url;  // https://host[:port]/path[?query]; no user, no fragment
  std::string method = "GET";
  std::vector<Header> headers;  // lower-case names; `host` and `content-length` are added
  std::string body;
  std::size_t response_bytes_max = std::size_t{64} << 10;  // of the body (security 2.42)
  std::chrono::milliseconds connect_timeout{2000};         // name lookup and TCP
  std::chrono::milliseconds total_timeout{5000};           // everything, to the last byte
  // Exceptions of the egress filter (security 2.41).
  bool allow_loopback = false;
  std::vector<Cidr> allowed_networks;
  // Certificates, as PEM text, that are trusted besides the system's; may be empty.
  std::string ca_pem;
};

struct FetchResponse {
  int status = 0;
  std::vector<Header> headers;  // names in lower case, in the order received
  std::string body;

  // The first value of a header; `lower_case_name` must be in lower case.
  std::optional<std::string_view> Find(std::string_view lower_case_name) const;
};

// Called once per Fetch, never from within the call of Fetch. Any complete HTTP answer is a
// FetchResponse, whatever its status: redirects (3xx) are never followed, compressed bodies never
// asked for and refused. Errors:
// - kUnavailable, retriable: name not found for now, no connection, connection lost, timed out.
// - kDependencyError, not retriable: certificate not trusted or for another name, refused
//   address, answer malformed, compressed or larger than response_bytes_max.
// - kBadRequest, not retriable: the URL, method or a header is unusable.
using FetchDone = std::function<void(base::Result<FetchResponse>)>;

// Thread-safe.
class HttpFetcher {
 public:
  virtual ~HttpFetcher() = default;
  // `done` runs on a thread of the fetcher and must not block.
  virtual void Fetch(FetchRequest request, FetchDone done) = 0;
};

}  // namespace strongroom::net
