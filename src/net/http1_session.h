// Http1Session: HTTP/1.1 over one connection, with keep-alive and pipelining. One request at a time
// is with the handler; those behind it wait in a bounded buffer, and then in the client's.
#pragma once

#include "net/http1_reader.h"
#include "net/session.h"

namespace strongroom::net {

class Http1Session final : public Session {
 public:
  explicit Http1Session(SessionHost& host);

  void Receive(std::string_view bytes) override;
  void PeerClosed() override;
  void Continue() override;
  bool has_work() const override { return CanStart() && !waiting_.empty(); }
  bool wants_input() const override;
  void Answer(std::int32_t stream, Response response) override;
  void Produce(std::string& out) override;
  bool finished() const override { return closing_ && !in_flight_ && !has_output(); }
  std::size_t requests_open() const override { return in_flight_ || has_output() ? 1 : 0; }
  TimePoint deadline() const override;
  void Expire() override;
  void Drain() override;

 private:
  enum class Phase { kIdle, kHead, kBody };

  Phase phase() const;
  bool has_output() const { return !out_.empty() || !body_.empty(); }
  bool CanStart() const;
  void Process(std::string_view input);
  // Answers by itself and ends the connection: what follows can't be told from the rest of this.
  void RefuseAndClose(const Refusal& refusal);
  void Write(Response response, bool close);

  SessionHost& host_;
  Http1Reader reader_;
  BodyCharge charge_;
  TimePoint since_;      // when this phase began
  std::string waiting_;  // received, not read yet
  std::string out_;      // to send, and then body_ from body_sent_ on
  std::string body_;
  std::size_t body_sent_ = 0;
  bool in_flight_ = false;
  bool is_head_ = false;  // of the request in flight
  bool peer_closed_ = false;
  bool draining_ = false;
  bool closing_ = false;
};

}  // namespace strongroom::net
