#include "net/request_head.h"

#include "net/field_line.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;

constexpr Refusal Malformed(const char* message) { return {400, ErrorCode::kBadRequest, message}; }

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

bool IsVersion(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 8 && text.starts_with("HTTP/") && digit(text[5]) && text[6] == '.' &&
         digit(text[7]);
}

// What the headers say, gathered until all of them are known.
struct Gathered {
  int hosts = 0;
  std::string_view host;
  int content_lengths = 0;
  std::string_view content_length;
  int transfer_encodings = 0;
  std::string_view transfer_encoding;
  std::string_view expect;
  bool close = false;
};

bool HasListMember(std::string_view list, std::string_view lower_case) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view member = list.substr(0, comma);
    while (!member.empty() && (member.front() == ' ' || member.front() == '\t'))
      member.remove_prefix(1);
    while (!member.empty() && (member.back() == ' ' || member.back() == '\t'))
      member.remove_suffix(1);
    if (EqualsIgnoringCase(member, lower_case)) return true;
    list.remove_prefix(std::min(list.size(), comma + 1));
  }
  return false;
}

void Gather(const HeaderView& header, Gathered& gathered) {
  switch (header.name.size()) {
    case 4:
      if (!EqualsIgnoringCase(header.name, "host")) return;
      ++gathered.hosts;
      gathered.host = header.value;
      return;
    case 6:
      if (EqualsIgnoringCase(header.name, "expect")) gathered.expect = header.value;
      return;
    case 10:
      if (EqualsIgnoringCase(header.name, "connection"))
        gathered.close = gathered.close || HasListMember(header.value, "close");
      return;
    case 14:
      if (!EqualsIgnoringCase(header.name, "content-length")) return;
      ++gathered.content_lengths;
      gathered.content_length = header.value;
      return;
    case 17:
      if (!EqualsIgnoringCase(header.name, "transfer-encoding")) return;
      ++gathered.transfer_encodings;
      gathered.transfer_encoding = header.value;
      return;
    default: return;
  }
}

// rfc9112 3.2.2: a server must accept the absolute form; its authority then has to be the host.
std::optional<Refusal> ReduceTarget(std::string_view& target, std::string_view& authority) {
  constexpr std::string_view kScheme = "https://";
  if (target.size() > kScheme.size() &&
      EqualsIgnoringCase(target.substr(0, kScheme.size()), kScheme)) {
    const std::string_view rest = target.substr(kScheme.size());
    const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
    authority = rest.substr(0, slash);
    target = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
  }
  if (!IsTarget(target)) return Malformed("the request target is not a path");
  return std::nullopt;
}

std::optional<Refusal> JudgeHost(const Gathered& gathered, std::string_view authority,
                                 HttpVersion version) {
  if (gathered.hosts > 1 || (gathered.hosts == 0 && version == HttpVersion::kHttp11))
    return Malformed("expected exactly one host header");
  if (gathered.hosts == 1 && !IsAuthority(gathered.host))
    return Malformed("the host header is not a host");
  if (!authority.empty() && gathered.hosts == 1 && authority != gathered.host)
    return Malformed("the request target names another host than the host header");
  return std::nullopt;
}

// rfc9112 6: either a length or chunks, and never room for two opinions.
std::optional<Refusal> JudgeFraming(const Gathered& gathered, const ServerLimits& limits,
                                    HttpVersion version, Framing& framing) {
  if (gathered.transfer_encodings > 0) {
    if (gathered.content_lengths > 0)
      return Malformed("content-length and transfer-encoding exclude each other");
    if (version == HttpVersion::kHttp10 || gathered.transfer_encodings > 1)
      return Malformed("the transfer-encoding header is out of place");
    if (!EqualsIgnoringCase(gathered.transfer_encoding, "chunked"))
      return Refusal{501, ErrorCode::kNotSupported, "the only transfer-encoding is chunked"};
    framing.chunked = true;
  }
  if (gathered.content_lengths > 1) return Malformed("expected at most one content-length header");
  if (gathered.content_lengths == 1) {
    const auto length = ParseDecimal(gathered.content_length);
    if (!length) return Malformed("the content-length header is not a number");
    if (*length > limits.body_bytes_max) return kBodyTooLarge;
    framing.body_bytes = *length;
  }
  if (!gathered.expect.empty() && version == HttpVersion::kHttp11) {
    if (!EqualsIgnoringCase(gathered.expect, "100-continue"))
      return Refusal{417, ErrorCode::kBadRequest, "the only expectation is 100-continue"};
    framing.expects_continue = framing.chunked || framing.body_bytes > 0;
  }
  framing.keep_alive = version == HttpVersion::kHttp11 && !gathered.close;
  return std::nullopt;
}

struct RequestLine {
  std::string_view method;
  std::string_view target;
  HttpVersion version = HttpVersion::kHttp11;
};

std::optional<Refusal> ParseRequestLine(std::string_view line, const ServerLimits& limits,
                                        RequestLine& parsed) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return Malformed("the request line is malformed");
  parsed.method = line.substr(0, first);
  parsed.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsMethod(parsed.method)) return Malformed("the request method is malformed");
  if (parsed.target.size() > limits.uri_bytes_max) return kUriTooLong;
  if (!IsVersion(version)) return Malformed("the request line is malformed");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return Refusal{505, ErrorCode::kNotSupported, "the protocol version is not supported here"};
  if (parsed.method == "CONNECT")
    return Refusal{501, ErrorCode::kNotSupported, "this is not a proxy"};
  parsed.version = version == "HTTP/1.1" ? HttpVersion::kHttp11 : HttpVersion::kHttp10;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> ParseRequestHead(std::string_view head, const ServerLimits& limits,
                                        RequestBuilder& builder, Framing& framing) {
  RequestLine line;
  std::string_view rest = head;
  if (auto refusal = ParseRequestLine(TakeLine(rest), limits, line)) return refusal;
  if (rest.size() > limits.header_bytes_max + 2) return kHeadersTooLarge;
  std::string_view authority;
  if (auto refusal = ReduceTarget(line.target, authority)) return refusal;

  builder.Reserve(head.size());
  builder.SetMethod(line.method);
  builder.SetTarget(line.target);
  builder.SetVersion(line.version);
  Gathered gathered;
  for (std::size_t count = 0;; ++count) {
    const std::string_view text = TakeLine(rest);
    if (text.empty()) break;
    if (count >= limits.header_count_max) return kHeadersTooLarge;
    const auto header = ParseFieldLine(text);
    if (!header) return Malformed("a header line is malformed");
    builder.AddHeader(header->name, header->value);
    Gather(*header, gathered);
  }
  if (auto refusal = JudgeHost(gathered, authority, line.version)) return refusal;
  return JudgeFraming(gathered, limits, line.version, framing);
}

}  // namespace strongroom::net
