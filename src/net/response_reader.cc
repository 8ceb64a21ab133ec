#include "net/response_reader.h"

#include <algorithm>

#include "base/limits.h"
#include "net/field_line.h"

namespace strongroom::net {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr int kInterimMax = 8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "HTTP/1.1 200 OK"; 0 if it is malformed.
int ParseStatus(std::string_view line) {
  const bool fits = line.size() >= 12 &&
                    (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) &&
                    IsDigit(line[9]) && IsDigit(line[10]) && IsDigit(line[11]) &&
                    (line.size() == 12 || line[12] == ' ');
  if (!fits) return 0;
  const int status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return status >= 100 && status <= 599 ? status : 0;
}

}  // namespace

std::optional<std::string_view> FetchResponse::Find(std::string_view lower_case_name) const {
  for (const Header& header : headers)
    if (header.name == lower_case_name) return header.value;
  return std::nullopt;
}

ResponseReader::Step ResponseReader::Fail(const char* why) {
  why_ = why;
  return Step::kFailed;
}

ResponseReader::Step ResponseReader::Read(std::string_view input) {
  while (state_ == State::kHead) {
    const Step step = ReadHead(input);
    if (step != Step::kDone) return step;
  }
  switch (state_) {
    case State::kHead:
    case State::kDone: break;
    case State::kLength: {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      response_.body.append(input.substr(0, size));
      left_ -= size;
      if (left_ > 0) return Step::kMore;
      break;
    }
    case State::kUntilEnd: return Append(input) ? Step::kMore : Step::kFailed;
    case State::kChunks: return ReadChunks(input);
  }
  state_ = State::kDone;
  return Step::kDone;
}

ResponseReader::Step ResponseReader::ReadEnd() {
  if (state_ == State::kDone || state_ == State::kUntilEnd) return Step::kDone;
  return Fail("was cut off");
}

// kDone: a head was read, perhaps an interim one.
ResponseReader::Step ResponseReader::ReadHead(std::string_view& input) {
  const std::size_t before = head_.size();
  head_.append(input);
  const std::size_t end = head_.find(kHeadEnd, searched_);
  if (std::min(end, head_.size()) > base::limits::kHttpHeaderBytesMax)
    return Fail("has headers that are too large");
  if (end == head_.npos) {
    searched_ = head_.size() - std::min(head_.size(), kHeadEnd.size() - 1);
    return Step::kMore;
  }
  const std::size_t size = end + kHeadEnd.size();
  input.remove_prefix(size - before);
  const std::string head = std::exchange(head_, {}).substr(0, end + 2);
  searched_ = 0;
  response_ = FetchResponse();
  return ParseHead(head) ? Step::kDone : Step::kFailed;
}

bool ResponseReader::ParseHead(std::string_view head) {
  const std::size_t first = head.find("\r\n");
  response_.status = ParseStatus(head.substr(0, first));
  if (response_.status == 0 || response_.status == 101) {
    Fail("has a malformed status line");
    return false;
  }
  head.remove_prefix(first + 2);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const auto field = ParseFieldLine(head.substr(0, end));
    if (!field || response_.headers.size() >= base::limits::kHttpHeaderCountMax) {
      Fail("has malformed or too many headers");
      return false;
    }
    Header& header =
        response_.headers.emplace_back(Header{std::string(field->name), std::string(field->value)});
    std::ranges::transform(header.name, header.name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    head.remove_prefix(end + 2);
  }
  if (response_.status >= 200) return JudgeFraming();
  if (++interim_ <= kInterimMax) return true;
  Fail("has too many interim parts");
  return false;
}

// rfc9112 6.3
bool ResponseReader::JudgeFraming() {
  const auto count = [&](std::string_view name) {
    return std::ranges::count(response_.headers, name, &Header::name);
  };
  const auto encoding = response_.Find("content-encoding");
  if (encoding && !EqualsIgnoringCase(*encoding, "identity")) {
    Fail("is compressed");
    return false;
  }
  if (to_head_ || response_.status == 204 || response_.status == 304) {
    state_ = State::kDone;
    return true;
  }
  const auto coding = response_.Find("transfer-encoding");
  const auto length = response_.Find("content-length");
  if (count("transfer-encoding") > 1 || count("content-length") > 1 || (coding && length) ||
      (coding && !EqualsIgnoringCase(*coding, "chunked"))) {
    Fail("has contradictory lengths");
    return false;
  }
  state_ = coding ? State::kChunks : length ? State::kLength : State::kUntilEnd;
  if (!length) return true;
  const auto size = ParseDecimal(*length);
  if (!size || *size > body_bytes_max_) {
    Fail(size ? "is too large" : "has a malformed length");
    return false;
  }
  left_ = *size;
  return true;
}

bool ResponseReader::Append(std::string_view bytes) {
  if (response_.body.size() + bytes.size() > body_bytes_max_) {
    Fail("is too large");
    return false;
  }
  response_.body.append(bytes);
  return true;
}

ResponseReader::Step ResponseReader::ReadChunks(std::string_view input) {
  while (true) {
    std::string_view data;
    switch (chunks_.Read(input, data)) {
      case ChunkedBody::Step::kMore: return Step::kMore;
      case ChunkedBody::Step::kMalformed: return Fail("has malformed chunks");
      case ChunkedBody::Step::kData:
        if (!Append(data)) return Step::kFailed;
        break;
      case ChunkedBody::Step::kEnd: state_ = State::kDone; return Step::kDone;
    }
  }
}

}  // namespace strongroom::net
