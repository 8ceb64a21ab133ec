// Call: one call of a method, from its head to its status. Belongs to the thread of its connection,
// except where it says so.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "grpc/framing.h"
#include "grpc/status.h"
#include "net/server.h"
#include "net/stream.h"

namespace strongroom::grpc {

class Call;
using CallPtr = std::shared_ptr<Call>;

// What a method does with its messages. Called on the call's thread; must not block. Lives until
// the call is over.
class CallHandler {
 public:
  virtual ~CallHandler() = default;
  // The first message, and then each that Call::Next asked for. Methods that take one message get
  // it when the client has sent all.
  virtual void OnMessage(std::string message) = 0;
  // There is none: the client has sent all. Never called for methods that take one message.
  virtual void OnEnd() {}
  // What was sent has left: room for more.
  virtual void OnWritable() {}
  // The server is about to stop: what would wait for ever should finish.
  virtual void OnDrain() {}
  // The last call, when the call was not finished by its handler: cancelled, late, or refused.
  virtual void OnAbandoned() {}
};

struct Method {
  std::string path;  // "/grpc.health.v1.Health/Check"
  bool client_streams = false;
  bool server_streams = false;
  bool open = false;  // asks for no token
  std::function<std::shared_ptr<CallHandler>(const CallPtr&)> start;
};

// Finds a method by path; null when there is none.
using Router = std::function<const Method*(std::string_view path)>;
// The door: looks at the head of every call, and then calls Admit or Finish, now or later, on the
// call's thread. `method` may be null: who may come in is then told so.
using Door = std::function<void(const CallPtr&)>;

// A StreamHandler that serves calls.
net::StreamHandler Serve(Router router, Door door);

class Call final : public net::StreamReceiver, public std::enable_shared_from_this<Call> {
 public:
  Call(net::Request head, std::shared_ptr<net::Stream> stream, const Method* method);
  ~Call() override;

  const net::Request& head() const { return head_; }
  const Method* method() const { return method_; }
  using Deadline = std::chrono::steady_clock::time_point;
  Deadline deadline() const { return deadline_; }
  // Set when nobody waits any more. From any thread.
  const std::shared_ptr<const std::atomic<bool>>& cancelled() const { return cancelled_view_; }
  // Runs `task` on the call's thread, later. From any thread.
  void Post(net::Task task) { stream_->Post(std::move(task)); }

  // Of the door: what belongs to the caller, and who is told of the end, once, with its status.
  std::shared_ptr<void> session;
  std::function<void(const Status&)> on_over;
  // Headers of the answer; before anything is sent.
  std::vector<net::Header> answer_headers;
  void Admit();
  // Brings the deadline forward, for a caller whose leave to be here ends sooner.
  void EndBy(Deadline deadline);

  // Of the handler. They do nothing once the call is over.
  void Next();
  void Send(std::string_view message);
  void Finish(Status status);
  std::size_t unsent() const { return stream_->unsent(); }
  bool over() const { return over_; }

  void OnData(std::string_view bytes) override;
  void OnEnd() override;
  void OnWritable() override;
  void OnTimer() override;
  void OnDrain() override;
  void OnClosed() override;

 private:
  friend net::StreamHandler Serve(Router router, Door door);
  // The first look at the head; false if the call has been refused.
  bool Begin();
  void Advance();
  void Deliver();
  void Over(const Status& status);
  void Abandon(Status status);

  const net::Request head_;
  const std::shared_ptr<net::Stream> stream_;
  const Method* const method_;
  const std::shared_ptr<std::atomic<bool>> cancelled_;
  const std::shared_ptr<const std::atomic<bool>> cancelled_view_;
  Deadline deadline_;
  std::shared_ptr<CallHandler> handler_;
  Deframer deframer_;
  std::size_t unconsumed_ = 0;  // bytes whose place in the window the client does not have back
  bool gzip_in_ = false;
  bool gzip_out_ = false;
  bool wanted_ = false;  // the handler waits for a message
  bool advancing_ = false;
  bool all_received_ = false;
  bool ended_ = false;  // the handler knows that there is no more
  bool head_sent_ = false;
  bool over_ = false;
};

}  // namespace strongroom::grpc
