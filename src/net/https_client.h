// HttpsClient: the HttpFetcher that speaks to the network. https only, HTTP/1.1, one connection per
// request; the chain is verified against the system's certificates and the request's own, the host
// name against the certificate. Each address that a name resolves to passes the egress filter, and
// the connection goes to the very address that passed: a second lookup can't change it
// (security 2.37-42).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/event_loop.h"
#include "net/fetch.h"

namespace strongroom::net {

// Names to addresses; a seam for tests (rebinding). Thread-safe.
class Resolver {
 public:
  using Done = std::function<void(base::Result<std::vector<IpAddress>>)>;
  virtual ~Resolver() = default;
  // Calls `done` once, from any thread, also from within the call.
  virtual void Resolve(const std::string& host, Done done) = 0;
};

// The machine's resolver (getaddrinfo) on a few threads of its own, so that a slow name server
// never holds up a loop thread. At most 256 lookups wait; more are refused as kUnavailable.
std::shared_ptr<Resolver> MakeSystemResolver();

class HttpsClient : public HttpFetcher {
 public:
  // `loop` must outlive the client. Fetches still running when the client goes end with
  // kUnavailable; the destructor returns after the last `done`. Not to be destroyed on a loop
  // thread.
  HttpsClient(EventLoop& loop, std::shared_ptr<Resolver> resolver = MakeSystemResolver());
  ~HttpsClient() override;

  void Fetch(FetchRequest request, FetchDone done) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace strongroom::net
