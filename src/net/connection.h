// Connection: one client of a Server, from its handshake to its end. Belongs to its worker's
// thread.
#pragma once

#include <memory>
#include <string>

#include "net/session.h"
#include "net/tls_stream.h"
#include "net/worker.h"

namespace strongroom::net {

class Connection final : public Watcher, public SessionHost {
 public:
  Connection(Worker& worker, std::uint64_t id, Accepted accepted);
  ~Connection();

  void Open();
  // At once; it is destroyed at the end of the turn.
  void Close();
  void Drain();
  void Answer(std::int32_t stream, Response response);
  // Reads what was left unread for fairness or for lack of room.
  void ReadMore();
  // Sends what has gathered; closes if that was all.
  void Flush();
  std::size_t requests_open() const;

  void OnEvents(std::uint32_t events) override;

  const ServerLimits& limits() const override { return worker_.state().limits; }
  TimePoint now() const override { return worker_.thread().now(); }
  const std::shared_ptr<const Peer>& peer() const override { return peer_; }
  BodyBudget& body_budget() override { return worker_.state().body_budget; }
  std::string_view date() override { return worker_.date(); }
  void Dispatch(Request request, std::int32_t stream) override;
  bool streams() const override { return worker_.state().streams != nullptr; }
  std::shared_ptr<StreamReceiver> Open(Request head, std::shared_ptr<Stream> stream) override;
  void StreamReleased() override;
  const std::shared_ptr<LoopThread>& thread() override { return worker_.shared_thread(); }
  Response Refuse(const Refusal& refusal) override;
  void WakeOutput() override;
  void CountTimeout() override { worker_.counters().timeouts.Add(1); }
  void CountAbuse() override { worker_.counters().http2_abuse.Add(1); }

 private:
  enum class State { kHandshake, kOpen, kLingering, kClosed };

  void Handshake();
  void BeginSession();
  void Read();
  bool Send();
  void Linger();
  void Expire();
  void CountBytes();
  // Asks for the events and sets the timer that fit the state.
  void Settle();

  Worker& worker_;
  const std::uint64_t id_;
  State state_ = State::kHandshake;
  Admission::Ticket ticket_;
  TlsStream tls_;
  std::shared_ptr<const Peer> peer_;
  std::unique_ptr<Session> session_;  // from kOpen on
  Timer timer_;
  TimePoint moved_;  // when the state began, or when bytes of an answer were last taken
  std::string out_;  // to send, from sent_ on
  std::size_t sent_ = 0;
  std::uint32_t watched_ = 0;  // the events asked for
  bool handshake_writes_ = false;
  bool blocked_ = false;  // the socket takes no more
  bool flush_queued_ = false;
  bool read_queued_ = false;
  bool peer_closed_ = false;
  bool draining_ = false;
  std::size_t dispatched_ = 0;  // requests that are with the handler
  std::uint64_t counted_received_ = 0;
  std::uint64_t counted_sent_ = 0;
};

}  // namespace strongroom::net
