// Stream: one exchange of HTTP/2 whose bodies flow in both directions, under flow control, and
// whose answer may end in trailers. A server that is started with a StreamHandler
// (ServerOptions::streams) hands out every request this way, as soon as its head is there.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/loop_thread.h"
#include "net/message.h"

namespace strongroom::net {

// What became of a stream, on the thread of its connection. The stream keeps it until OnClosed.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;

  // More of the body. The client may send as much again only after Consume.
  virtual void OnData(std::string_view bytes) = 0;
  // The client has sent all of it.
  virtual void OnEnd() = 0;
  // Everything written has been passed on to the connection.
  virtual void OnWritable() = 0;
  // The time of SetTimer has come.
  virtual void OnTimer() = 0;
  // The server is about to stop: what would wait for ever should end.
  virtual void OnDrain() {}
  // The last call: all was sent, or the stream was reset, or the connection is gone. From now on
  // nothing reaches the client.
  virtual void OnClosed() = 0;
};

class Stream {
 public:
  virtual ~Stream() = default;

  // From any thread: runs `task` later on the thread of the connection, also when the stream has
  // closed meanwhile; not at all once the event loop has stopped.
  virtual void Post(Task task) = 0;

  // The rest belongs to that thread, and does nothing once the stream has closed.

  // The head of the answer; its body is not looked at. The server adds no header of its own.
  virtual void SendHead(const Response& head) = 0;
  // More of the answer, after the head. It is kept until the client takes it: write more when
  // OnWritable says so, or when unsent() is small.
  virtual void Write(std::string bytes) = 0;
  // The end of the answer, and of what the handler does for it. Without a head before, `trailers`
  // and a status 200 are the whole answer. Names in lower case.
  virtual void Finish(std::vector<Header> trailers) = 0;
  // Ends it without an end (rfc9113 7, such as 8 CANCEL).
  virtual void Reset(std::uint32_t error) = 0;

  // Bytes of OnData that the client may replace.
  virtual void Consume(std::size_t bytes) = 0;
  // Says how much of the request the receiver keeps in memory. False if the server has no room for
  // that, and then nothing is changed.
  virtual bool Hold(std::size_t bytes) = 0;
  // OnTimer, once. TimePoint::max() is never.
  virtual void SetTimer(TimePoint at) = 0;
  // Bytes written that the connection has not taken yet.
  virtual std::size_t unsent() const = 0;
  virtual bool closed() const = 0;
};

// A StreamHandler (net/server.h) is called on a loop thread, must not block, never answers null,
// and may use the stream at once. OnClosed comes only after it has returned.

}  // namespace strongroom::net
