// Streams that flow: what a session does for them, and what exchanges ask of it.
#include "net/http2_callbacks.h"

namespace strongroom::net {
namespace {

nghttp2_nv Pair(std::string_view name, std::string_view value) {
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
          value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

void Http2Session::OpenExchange(Http2Stream& stream) {
  guard_.OnRequest();
  ++with_handler_;
  stream.phase = Http2Stream::Phase::kFlow;
  stream.since = host_.now();
  stream.exchange = Http2Exchange::Make(*this, stream.id, host_.thread(), host_.body_budget());
  exchanges_.insert(stream.exchange.get());
  const std::shared_ptr<Http2Exchange> exchange = stream.exchange;
  const bool ended = stream.received_all;
  exchange->Attach(host_.Open(stream.Finish(host_.peer()), exchange));
  if (ended) exchange->receiver()->OnEnd();
}

// Not from within nghttp2, for receivers write at once.
void Http2Session::TellWritable() {
  for (const std::int32_t id : std::exchange(drained_, {})) {
    Http2Stream* stream = Find(id);
    if (stream == nullptr || !stream->exchange) continue;
    const std::shared_ptr<Http2Exchange> exchange = stream->exchange;
    if (exchange->unsent() == 0 && !exchange->finished()) exchange->receiver()->OnWritable();
  }
}

void Http2Session::SubmitHead(std::int32_t id, const Response& head, bool more) {
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return;
  const std::string status = std::to_string(head.status);
  std::vector<nghttp2_nv> fields{Pair(":status", status)};
  if (head.content_type != nullptr) fields.push_back(Pair("content-type", head.content_type));
  for (const Header& header : head.headers) fields.push_back(Pair(header.name, header.value));
  nghttp2_data_provider provider{{.ptr = stream->exchange.get()}, Callbacks::ReadExchange};
  nghttp2_submit_response(session_, id, fields.data(), fields.size(), more ? &provider : nullptr);
  host_.WakeOutput();
}

void Http2Session::SubmitTrailers(std::int32_t id, const std::vector<Header>& trailers) {
  std::vector<nghttp2_nv> fields;
  for (const Header& header : trailers) fields.push_back(Pair(header.name, header.value));
  nghttp2_submit_trailer(session_, id, fields.data(), fields.size());
}

void Http2Session::ResetStream(std::int32_t id, std::uint32_t error) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, error);
  host_.WakeOutput();
}

void Http2Session::Resume(std::int32_t id) {
  nghttp2_session_resume_data(session_, id);
  host_.WakeOutput();
}

void Http2Session::ConsumeStream(std::int32_t id, std::size_t bytes) {
  nghttp2_session_consume_stream(session_, id, bytes);
  host_.WakeOutput();
}

void Http2Session::OnExchangeWrote(std::int32_t id, std::size_t bytes) {
  answer_bytes_ += bytes;
  Http2Stream* stream = Find(id);
  if (stream != nullptr && stream->exchange->unsent() == bytes) stream->since = host_.now();
}

void Http2Session::OnExchangeRead(std::int32_t id, std::size_t bytes) {
  answer_bytes_ -= bytes;
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return;
  stream->since = host_.now();
  if (stream->exchange->unsent() == 0) drained_.push_back(id);
}

void Http2Session::OnExchangeReleased() {
  --with_handler_;
  host_.StreamReleased();
}

}  // namespace strongroom::net
