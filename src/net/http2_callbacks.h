// What nghttp2 calls, translated into Http2Session's own functions.
#pragma once

#include <nghttp2/nghttp2.h>

#include "net/http2_session.h"

namespace strongroom::net {

struct Http2Session::Callbacks {
  // Shared by all sessions; lives as long as the program.
  static const nghttp2_session_callbacks* All();
  // Reads the body of an answer; its source is the Http2Stream.
  static ssize_t ReadAnswer(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t size,
                            std::uint32_t* flags, nghttp2_data_source* source, void* user);

  // Of a stream that flows; its source is the Http2Exchange.
  static ssize_t ReadExchange(nghttp2_session*, std::int32_t id, std::uint8_t* out,
                              std::size_t size, std::uint32_t* flags, nghttp2_data_source* source,
                              void* user);

 private:
  static int FrameBegin(nghttp2_session*, const nghttp2_frame_hd* head, void* user);
  static int HeadersBegin(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int Header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                    std::uint8_t, void* user);
  static int FrameReceived(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int Data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                  std::size_t size, void* user);
  static int FrameSent(nghttp2_session*, const nghttp2_frame* frame, void* user);
  static int StreamClosed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user);
};

}  // namespace strongroom::net
