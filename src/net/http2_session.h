// Http2Session: HTTP/2 (rfc9113) over one connection, by nghttp2 for frames, HPACK and flow
// control.
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/http2_guard.h"
#include "net/http2_stream.h"
#include "net/session.h"

struct nghttp2_session;

namespace strongroom::net {

class Http2Session final : public Session {
 public:
  explicit Http2Session(SessionHost& host);
  ~Http2Session() override;

  void Receive(std::string_view bytes) override;
  void PeerClosed() override;
  void Continue() override {}
  bool has_work() const override { return false; }
  bool wants_input() const override { return !dead_ && !terminated_ && !peer_closed_; }
  void Answer(std::int32_t stream, Response response) override;
  void Produce(std::string& out) override;
  bool finished() const override;
  std::size_t requests_open() const override { return streams_.size(); }
  TimePoint deadline() const override;
  void Expire() override;
  void Drain() override;

  // ---- For exchanges (http2_exchange.h), as long as they are not closed.

  // `more`: a body or trailers follow.
  void SubmitHead(std::int32_t id, const Response& head, bool more);
  void SubmitTrailers(std::int32_t id, const std::vector<Header>& trailers);
  void ResetStream(std::int32_t id, std::uint32_t error);
  void Resume(std::int32_t id);
  void ConsumeStream(std::int32_t id, std::size_t bytes);
  void OnExchangeWrote(std::int32_t id, std::size_t bytes);
  // Bytes will not be sent any more.
  void OnExchangeDropped(std::size_t bytes) { answer_bytes_ -= bytes; }
  void OnExchangeReleased();
  void OnExchangeGone(Http2Exchange& exchange) { exchanges_.erase(&exchange); }

 private:
  struct Callbacks;  // nghttp2's, which call the functions below

  // A frame has begun; false ends the connection.
  bool OnFrameBegin(std::uint8_t type, std::uint8_t flags, std::size_t size);
  void OnHeadBegin(std::int32_t id);
  bool OnHeader(std::int32_t id, std::string_view name, std::string_view value);
  void OnFrameReceived(std::uint8_t type, std::int32_t id, bool ends_stream, bool is_request_head);
  void OnData(std::int32_t id, std::string_view bytes);
  void OnFrameSent(std::uint8_t type, std::int32_t id, bool ends_stream, std::size_t size,
                   std::uint32_t error);
  void OnStreamClosed(std::int32_t id);
  void OnExchangeRead(std::int32_t id, std::size_t bytes);

  Http2Stream* Find(std::int32_t id);
  void OnHeadComplete(Http2Stream& stream);
  void Dispatch(Http2Stream& stream);
  void OpenExchange(Http2Stream& stream);
  void TellWritable();
  void FinishDrain();
  void Refuse(Http2Stream& stream, const Refusal& refusal);
  void Submit(Http2Stream& stream, Response response);
  void CheckStream(Http2Stream& stream);
  void StopSender(const Http2Stream& stream);
  // Says goodbye with an error code, and ends the connection.
  void Terminate(std::uint32_t error);
  void OnFlood();
  bool OnPing(TimePoint now);

  SessionHost& host_;
  nghttp2_session* session_ = nullptr;
  Http2Guard guard_;
  KeepaliveGuard keepalive_;
  std::unordered_map<std::int32_t, std::unique_ptr<Http2Stream>> streams_;
  std::unordered_set<Http2Exchange*> exchanges_;  // all there are, also of streams that are gone
  std::vector<std::int32_t> drained_;             // streams whose answer has been taken so far
  std::size_t with_handler_ = 0;                  // requests, also of streams that are gone
  std::size_t answer_bytes_ = 0;                  // of all answers that are being sent
  std::size_t block_bytes_ = 0;                   // of the header block that is arriving
  TimePoint block_since_ = TimePoint::max();      // max: none is arriving
  TimePoint idle_since_;
  TimePoint checked_;
  bool greeted_ = false;     // the client's first SETTINGS have come
  bool terminated_ = false;  // the last GOAWAY is on its way
  bool dead_ = false;        // nothing can be sent any more
  bool peer_closed_ = false;
  bool drain_pending_ = false;  // the first of two GOAWAYs is out
};

}  // namespace strongroom::net
