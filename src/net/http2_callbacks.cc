#include "net/http2_callbacks.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace strongroom::net {
namespace {

std::string_view Text(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

Http2Session& Of(void* user) { return *static_cast<Http2Session*>(user); }

bool EndsStream(const nghttp2_frame& frame) {
  return (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA) &&
         (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

bool IsRequestHead(const nghttp2_frame& frame) {
  return frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST;
}

}  // namespace

const nghttp2_session_callbacks* Http2Session::Callbacks::All() {
  static const nghttp2_session_callbacks* const kAll = [] {
    nghttp2_session_callbacks* all = nullptr;
    STRONGROOM_CHECK(nghttp2_session_callbacks_new(&all) == 0);
    nghttp2_session_callbacks_set_on_begin_frame_callback(all, FrameBegin);
    nghttp2_session_callbacks_set_on_begin_headers_callback(all, HeadersBegin);
    nghttp2_session_callbacks_set_on_header_callback(all, Header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(all, FrameReceived);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all, Data);
    nghttp2_session_callbacks_set_on_frame_send_callback(all, FrameSent);
    nghttp2_session_callbacks_set_on_stream_close_callback(all, StreamClosed);
    return all;
  }();
  return kAll;
}

ssize_t Http2Session::Callbacks::ReadAnswer(nghttp2_session*, std::int32_t, std::uint8_t* out,
                                            std::size_t size, std::uint32_t* flags,
                                            nghttp2_data_source* source, void* user) {
  auto& stream = *static_cast<Http2Stream*>(source->ptr);
  const std::size_t count = std::min(size, stream.answer.size() - stream.sent);
  std::memcpy(out, stream.answer.data() + stream.sent, count);
  stream.sent += count;
  stream.since = Of(user).host_.now();
  if (stream.sent == stream.answer.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

ssize_t Http2Session::Callbacks::ReadExchange(nghttp2_session*, std::int32_t id, std::uint8_t* out,
                                              std::size_t size, std::uint32_t* flags,
                                              nghttp2_data_source* source, void* user) {
  auto& exchange = *static_cast<Http2Exchange*>(source->ptr);
  const std::ptrdiff_t taken = exchange.Read(out, size, flags);
  if (taken > 0) Of(user).OnExchangeRead(id, static_cast<std::size_t>(taken));
  return taken;
}

int Http2Session::Callbacks::FrameBegin(nghttp2_session*, const nghttp2_frame_hd* head,
                                        void* user) {
  return Of(user).OnFrameBegin(head->type, head->flags, head->length)
             ? 0
             : NGHTTP2_ERR_CALLBACK_FAILURE;
}

int Http2Session::Callbacks::HeadersBegin(nghttp2_session*, const nghttp2_frame* frame,
                                          void* user) {
  if (IsRequestHead(*frame)) Of(user).OnHeadBegin(frame->hd.stream_id);
  return 0;
}

int Http2Session::Callbacks::Header(nghttp2_session*, const nghttp2_frame* frame,
                                    const std::uint8_t* name, std::size_t name_size,
                                    const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                                    void* user) {
  // Trailers are dropped.
  if (!IsRequestHead(*frame)) return 0;
  return Of(user).OnHeader(frame->hd.stream_id, Text(name, name_size), Text(value, value_size))
             ? 0
             : NGHTTP2_ERR_CALLBACK_FAILURE;
}

int Http2Session::Callbacks::FrameReceived(nghttp2_session*, const nghttp2_frame* frame,
                                           void* user) {
  Of(user).OnFrameReceived(frame->hd.type, frame->hd.stream_id, EndsStream(*frame),
                           IsRequestHead(*frame));
  return 0;
}

int Http2Session::Callbacks::Data(nghttp2_session*, std::uint8_t, std::int32_t id,
                                  const std::uint8_t* bytes, std::size_t size, void* user) {
  Of(user).OnData(id, Text(bytes, size));
  return 0;
}

int Http2Session::Callbacks::FrameSent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
  const bool resets = frame->hd.type == NGHTTP2_RST_STREAM;
  const std::uint32_t error = resets ? frame->rst_stream.error_code : 0;
  Of(user).OnFrameSent(frame->hd.type, frame->hd.stream_id, EndsStream(*frame), frame->hd.length,
                       error);
  return 0;
}

int Http2Session::Callbacks::StreamClosed(nghttp2_session*, std::int32_t id, std::uint32_t,
                                          void* user) {
  Of(user).OnStreamClosed(id);
  return 0;
}

}  // namespace strongroom::net
