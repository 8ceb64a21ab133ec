// Session: what one protocol makes of a connection's bytes. Http1Session and Http2Session know
// neither sockets nor TLS; Connection knows neither protocol.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/body_budget.h"
#include "net/loop_thread.h"
#include "net/message.h"
#include "net/request_head.h"
#include "net/server.h"
#include "net/stream.h"

namespace strongroom::net {

// The connection, as its session sees it.
class SessionHost {
 public:
  virtual const ServerLimits& limits() const = 0;
  virtual TimePoint now() const = 0;
  virtual const std::shared_ptr<const Peer>& peer() const = 0;
  virtual BodyBudget& body_budget() = 0;
  // The value of the `date` header.
  virtual std::string_view date() = 0;
  // Hands a request to the handler. Session::Answer follows once, perhaps within this call.
  virtual void Dispatch(Request request, std::int32_t stream) = 0;
  // Whether requests are handed out as streams instead, and how: the receiver of one.
  virtual bool streams() const = 0;
  virtual std::shared_ptr<StreamReceiver> Open(Request head, std::shared_ptr<Stream> stream) = 0;
  // The handler has done what it does for one stream.
  virtual void StreamReleased() = 0;
  virtual const std::shared_ptr<LoopThread>& thread() = 0;
  // The answer to a request that no handler shall see; counted.
  virtual Response Refuse(const Refusal& refusal) = 0;
  // There is something to Produce, or the session has finished.
  virtual void WakeOutput() = 0;
  virtual void CountTimeout() = 0;
  virtual void CountAbuse() = 0;

 protected:
  ~SessionHost() = default;
};

class Session {
 public:
  virtual ~Session() = default;

  // Bytes of the client, decrypted.
  virtual void Receive(std::string_view bytes) = 0;
  // The client will send no more.
  virtual void PeerClosed() = 0;
  // Goes on with what was received but had to wait; to be called while has_work().
  virtual void Continue() = 0;
  virtual bool has_work() const = 0;
  // False holds the client back.
  virtual bool wants_input() const = 0;

  virtual void Answer(std::int32_t stream, Response response) = 0;
  // Puts the next bytes to send into `out`, which is empty; leaves it empty if there are none.
  virtual void Produce(std::string& out) = 0;
  // Whether the connection is over as soon as all that was produced has been sent.
  virtual bool finished() const = 0;
  // Requests that are with the handler or whose answer is not all produced yet.
  virtual std::size_t requests_open() const = 0;

  // Expire is to be called once this has passed. TimePoint::max() is never.
  virtual TimePoint deadline() const = 0;
  virtual void Expire() = 0;
  // Finishes what has begun, and then the connection.
  virtual void Drain() = 0;
};

}  // namespace strongroom::net
