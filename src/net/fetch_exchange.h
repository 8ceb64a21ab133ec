// FetchExchange: one request of an HttpsClient, from its URL to its end. Belongs to one loop
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/fetch.h"
#include "net/fetch_url.h"
#include "net/https_client.h"
#include "net/loop_thread.h"
#include "net/response_reader.h"
#include "net/tls_stream.h"
#include "net/trust.h"

namespace strongroom::net {

class FetchExchange final : public Watcher, public std::enable_shared_from_this<FetchExchange> {
 public:
  // What becomes of it; called once, and nothing of it is used afterwards.
  using Ended = std::function<void(FetchExchange&, base::Result<FetchResponse>)>;

  FetchExchange(std::shared_ptr<LoopThread> thread, FetchRequest request, TimePoint started,
                Ended ended);

  // `resolver` and `trust` must live until it has ended.
  void Start(Resolver& resolver, Trust& trust);
  void Cancel();

  void OnEvents(std::uint32_t events) override;

 private:
  enum class State { kResolving, kConnecting, kHandshake, kExchanging, kEnded };

  base::Status Prepare();
  bool MayReach(const IpAddress& address) const;
  void OnResolved(base::Result<std::vector<IpAddress>> addresses);
  void ConnectNext();
  void OnConnected();
  void Handshake();
  void Exchange();
  void OnRead(ResponseReader::Step step);
  void Watch(std::uint32_t events);
  void Expire();
  void CloseSocket();
  void End(base::Result<FetchResponse> result);
  base::Error Unavailable(const std::string& what) const;
  base::Error Unacceptable(const std::string& what) const;

  std::shared_ptr<LoopThread> thread_;
  FetchRequest request_;
  const TimePoint started_;
  Ended ended_;
  Trust* trust_ = nullptr;
  State state_ = State::kResolving;
  FetchUrl url_;
  std::string out_;  // to send, from sent_ on
  std::size_t sent_ = 0;
  std::vector<IpAddress> addresses_;  // that may be reached, from next_ on still to be tried
  std::size_t next_ = 0;
  Descriptor socket_;  // until TLS takes it
  std::optional<TlsStream> tls_;
  std::optional<ResponseReader> reader_;
  Timer timer_;
  std::uint32_t watched_ = 0;
};

}  // namespace strongroom::net
