// Http2Exchange: the Stream of one stream of an Http2Session.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/body_budget.h"
#include "net/stream.h"

namespace strongroom::net {

class Http2Session;

class Http2Exchange final : public Stream {
 public:
  Http2Exchange(Http2Session& session, std::int32_t id, std::shared_ptr<LoopThread> thread,
                BodyBudget& budget);
  ~Http2Exchange() override;

  // A shared pointer whose last copy may go on any thread: it is destroyed on its own.
  static std::shared_ptr<Http2Exchange> Make(Http2Session& session, std::int32_t id,
                                             std::shared_ptr<LoopThread> thread,
                                             BodyBudget& budget);

  void Post(Task task) override;
  void SendHead(const Response& head) override;
  void Write(std::string bytes) override;
  void Finish(std::vector<Header> trailers) override;
  void Reset(std::uint32_t error) override;
  void Consume(std::size_t bytes) override;
  bool Hold(std::size_t bytes) override;
  void SetTimer(TimePoint at) override;
  std::size_t unsent() const override { return unsent_; }
  bool closed() const override { return closed_; }

  // ---- For the session.

  void Attach(std::shared_ptr<StreamReceiver> receiver) { receiver_ = std::move(receiver); }
  StreamReceiver* receiver() const { return receiver_.get(); }
  // The stream is over.
  void Close();
  // The session is, too.
  void Forget();
  // Copies what is next; sets the flags of nghttp2's data source.
  std::ptrdiff_t Read(std::uint8_t* out, std::size_t size, std::uint32_t* flags);
  bool finished() const { return finished_; }

 private:
  // The handler does nothing more for it.
  void Release();

  Http2Session* session_;  // null: gone
  const std::int32_t id_;
  const std::shared_ptr<LoopThread> thread_;
  std::shared_ptr<StreamReceiver> receiver_;
  std::vector<std::string> pieces_;  // from first_ on
  std::size_t first_ = 0;
  std::size_t first_sent_ = 0;  // bytes of that piece
  std::size_t unsent_ = 0;
  std::vector<Header> trailers_;
  BodyCharge charge_;
  Timer timer_;
  bool head_sent_ = false;
  bool finished_ = false;
  bool waiting_ = false;  // nghttp2 waits for more to send
  bool closed_ = false;
  bool released_ = false;
};

}  // namespace strongroom::net
