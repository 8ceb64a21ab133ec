#include "net/http1_reader.h"

#include <algorithm>

#include "base/check.h"

namespace strongroom::net {
namespace {

// Method, version and blanks around the longest target.
constexpr std::size_t kRequestLineRest = 32 + 8 + 4;
constexpr std::size_t kBodyReserveMax = std::size_t{64} << 10;

}  // namespace

Http1Reader::Step Http1Reader::Read(std::string_view& input) {
  STRONGROOM_CHECK(state_ != State::kComplete);
  if (state_ == State::kRefused) return Step::kRefused;
  const bool had_body = state_ == State::kBody;
  Step step = state_ == State::kHead ? ReadHead(input) : Step::kMore;
  if (state_ == State::kBody) step = ReadBody(input);
  if (step == Step::kMore && state_ == State::kBody && !had_body && framing_.expects_continue &&
      builder_.body_size() == 0)
    return Step::kContinue;
  return step;
}

Request Http1Reader::Take(std::shared_ptr<const Peer> peer) {
  STRONGROOM_CHECK(state_ == State::kComplete);
  state_ = State::kHead;
  skipped_line_ = false;
  return builder_.Finish(std::move(peer));
}

Http1Reader::Step Http1Reader::ReadHead(std::string_view& input) {
  SkipEmptyLine(input);
  if (input.empty()) return Step::kMore;
  const std::size_t before = head_.size();
  if (before > 0) head_.append(input);
  const std::string_view text = before > 0 ? std::string_view(head_) : input;
  const std::size_t size = FindHeadEnd(text);
  if (state_ == State::kRefused) return Step::kRefused;
  if (size == 0) {
    if (before == 0) head_ = input;
    input = {};
    return Step::kMore;
  }
  framing_ = Framing();
  if (const auto refusal = ParseRequestHead(text.substr(0, size), limits_, builder_, framing_))
    return Refuse(*refusal);
  input.remove_prefix(size - before);
  std::string().swap(head_);
  line_begin_ = searched_ = lines_ = 0;
  chunks_ = ChunkedBody();
  if (!framing_.chunked)
    builder_.ReserveBody(
        static_cast<std::size_t>(std::min<std::uint64_t>(framing_.body_bytes, kBodyReserveMax)));
  state_ = State::kBody;
  return Step::kMore;
}

// Some clients send one empty line before a request (rfc9112 2.2).
void Http1Reader::SkipEmptyLine(std::string_view& input) {
  const std::string_view rest = head_.empty() ? "\r\n" : "\n";
  if (skipped_line_ || (head_ != "\r" && !head_.empty()) || !input.starts_with(rest)) return;
  input.remove_prefix(rest.size());
  head_.clear();
  searched_ = 0;
  skipped_line_ = true;
}

std::size_t Http1Reader::FindHeadEnd(std::string_view text) {
  while (true) {
    const std::size_t end = text.find('\n', searched_);
    if (end == text.npos) break;
    if (end == 0 || text[end - 1] != '\r') {
      Refuse({400, base::ErrorCode::kBadRequest, "expected every line to end in CRLF"});
      return 0;
    }
    const bool empty = end - 1 == line_begin_;
    if (lines_++ == 0) request_line_bytes_ = end + 1;
    line_begin_ = searched_ = end + 1;
    if (empty) return end + 1;
    if (lines_ > limits_.header_count_max + 1) break;
  }
  searched_ = text.size();
  if (lines_ == 0 && text.size() > limits_.uri_bytes_max + kRequestLineRest) Refuse(kUriTooLong);
  if (lines_ > 0 && (text.size() - request_line_bytes_ > limits_.header_bytes_max + 1 ||
                     lines_ > limits_.header_count_max + 1))
    Refuse(kHeadersTooLarge);
  return 0;
}

Http1Reader::Step Http1Reader::ReadBody(std::string_view& input) {
  if (!framing_.chunked) {
    const std::size_t left = static_cast<std::size_t>(framing_.body_bytes) - builder_.body_size();
    const std::size_t size = std::min(left, input.size());
    builder_.AppendBody(input.substr(0, size));
    input.remove_prefix(size);
    if (size < left) return Step::kMore;
    state_ = State::kComplete;
    return Step::kRequest;
  }
  while (true) {
    std::string_view data;
    switch (chunks_.Read(input, data)) {
      case ChunkedBody::Step::kMore: return Step::kMore;
      case ChunkedBody::Step::kMalformed:
        return Refuse({400, base::ErrorCode::kBadRequest, "the chunked body is malformed"});
      case ChunkedBody::Step::kData:
        if (builder_.body_size() + data.size() > limits_.body_bytes_max)
          return Refuse(kBodyTooLarge);
        builder_.AppendBody(data);
        break;
      case ChunkedBody::Step::kEnd: state_ = State::kComplete; return Step::kRequest;
    }
  }
}

Http1Reader::Step Http1Reader::Refuse(Refusal refusal) {
  state_ = State::kRefused;
  refusal_ = refusal;
  return Step::kRefused;
}

}  // namespace strongroom::net
