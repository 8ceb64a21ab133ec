#include "net/chunked_body.h"

#include <algorithm>
#include <charconv>

#include "net/field_line.h"

namespace strongroom::net {
namespace {

// Sizes of one byte each would otherwise cost us more than they cost the sender.
constexpr std::size_t kLineBytesMax = 4096;
constexpr std::size_t kSizeDigitsMax = 8;

}  // namespace

ChunkedBody::Step ChunkedBody::Read(std::string_view& input, std::string_view& data) {
  while (!input.empty()) {
    if (state_ == State::kData) {
      data =
          input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
      input.remove_prefix(data.size());
      left_ -= data.size();
      if (left_ == 0) state_ = State::kDataEnd;
      return Step::kData;
    }
    if (!TakeLine(input)) return malformed_ ? Step::kMalformed : Step::kMore;
    if (state_ == State::kDataEnd) {
      if (!line_.empty()) return Step::kMalformed;
      state_ = State::kSize;
    } else if (state_ == State::kSize) {
      if (!ParseSize()) return Step::kMalformed;
      state_ = left_ > 0 ? State::kData : State::kTrailer;
    } else {
      if (line_.empty()) return Step::kEnd;
      if (!ParseFieldLine(line_)) return Step::kMalformed;
    }
    line_.clear();
  }
  return Step::kMore;
}

bool ChunkedBody::TakeLine(std::string_view& input) {
  const std::size_t end = input.find('\n');
  const std::string_view piece = input.substr(0, end == input.npos ? input.size() : end + 1);
  // Plain sizes are free, extensions and trailers are not.
  if (state_ == State::kTrailer || line_.size() + piece.size() > kSizeDigitsMax + 2)
    line_bytes_ += piece.size();
  if (line_bytes_ > kLineBytesMax) malformed_ = true;
  if (malformed_) return false;
  line_.append(piece);
  input.remove_prefix(piece.size());
  if (end == input.npos && !line_.ends_with('\n')) return false;
  // A bare line feed is where readers disagree.
  if (!line_.ends_with("\r\n")) {
    malformed_ = true;
    return false;
  }
  line_.resize(line_.size() - 2);
  return true;
}

bool ChunkedBody::ParseSize() {
  const std::string_view line = line_;
  const std::size_t digits = std::min(line.find(';'), line.size());
  if (digits == 0 || digits > kSizeDigitsMax) return false;
  const auto [end, error] = std::from_chars(line.data(), line.data() + digits, left_, 16);
  return error == std::errc() && end == line.data() + digits && IsFieldValue(line.substr(digits));
}

}  // namespace strongroom::net
