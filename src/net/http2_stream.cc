#include "net/http2_stream.h"

#include "net/field_line.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;

constexpr std::size_t kHeaderOverhead = 32;  // rfc9113 6.5.2

constexpr Refusal Malformed(const char* message) { return {400, ErrorCode::kBadRequest, message}; }

}  // namespace

void Http2Stream::AddHeader(std::string_view name, std::string_view value,
                            const ServerLimits& limits) {
  header_bytes_ += name.size() + value.size() + kHeaderOverhead;
  if (name.starts_with(':')) return AddPseudoHeader(name, value, limits);
  if (header_bytes_ > limits.header_bytes_max || ++header_count_ > limits.header_count_max)
    return Refuse(kHeadersTooLarge);
  if (!head_charge_.Set(header_bytes_)) return Refuse(kBusy);
  if (!IsToken(name) || !IsFieldValue(value)) return Refuse(Malformed("a header is malformed"));
  if (name == "host") return AddHost(value);
  if (name == "cookie") has_cookies_ = true;
  if (name == "expect") expects_continue_ = EqualsIgnoringCase(value, "100-continue");
  if (name == "content-length") {
    const auto length = ParseDecimal(value);
    if (!length) return Refuse(Malformed("the content-length header is not a number"));
    if (*length > limits.body_bytes_max) Refuse(kBodyTooLarge);
  }
  builder_.AddHeader(name, value);
}

void Http2Stream::AddPseudoHeader(std::string_view name, std::string_view value,
                                  const ServerLimits& limits) {
  if (name == ":method") {
    if (value == "CONNECT") return Refuse({501, ErrorCode::kNotSupported, "this is not a proxy"});
    if (!IsMethod(value)) return Refuse(Malformed("the request method is malformed"));
    builder_.SetMethod(value);
  } else if (name == ":path") {
    has_target_ = true;
    if (value.size() > limits.uri_bytes_max) return Refuse(kUriTooLong);
    if (!IsTarget(value)) return Refuse(Malformed("the request target is not a path"));
    builder_.SetTarget(value);
  } else if (name == ":authority") {
    AddHost(value);
  }
  if (header_bytes_ > limits.header_bytes_max) Refuse(kHeadersTooLarge);
}

// rfc9113 8.3.1: :authority and host must not contradict each other.
void Http2Stream::AddHost(std::string_view value) {
  if (host_.empty()) {
    if (!IsAuthority(value)) return Refuse(Malformed("the host header is not a host"));
    host_ = value;
    builder_.AddHeader("host", value);
  } else if (host_ != value) {
    Refuse(Malformed("expected exactly one host header"));
  }
}

std::optional<Refusal> Http2Stream::FinishHead() {
  if (!has_target_) Refuse(Malformed("the request has no target"));
  if (host_.empty()) Refuse(Malformed("expected exactly one host header"));
  if (refusal_) {
    builder_ = RequestBuilder();  // nobody will ask for it
    head_charge_.Set(0);
    return refusal_;
  }
  if (has_cookies_) builder_.JoinHeaders("cookie", "; ");
  return std::nullopt;
}

std::optional<Refusal> Http2Stream::AppendBody(std::string_view bytes, const ServerLimits& limits) {
  if (body_bytes() + bytes.size() > limits.body_bytes_max) return kBodyTooLarge;
  if (!charge_.Set(body_bytes() + bytes.size())) return kBusy;
  builder_.AppendBody(bytes);
  return std::nullopt;
}

Request Http2Stream::Finish(std::shared_ptr<const Peer> peer) {
  charge_.Set(0);
  head_charge_.Set(0);
  is_head = builder_.request().is_head();
  return builder_.Finish(std::move(peer));
}

}  // namespace strongroom::net
