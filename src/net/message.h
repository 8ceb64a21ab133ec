// Request and Response: one HTTP exchange, the same for HTTP/1.1 and HTTP/2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strongroom::net {

enum class HttpVersion { kHttp10, kHttp11, kHttp2 };

// What is known of the other side of a connection; shared by all its requests.
struct Peer {
  std::string address;  // textual, without port: "127.0.0.1", "2001:db8::1"
  std::uint16_t port = 0;
  // Subject (rfc4514) of the verified client certificate; empty if none was presented.
  std::string certificate_subject;
};

struct Header {
  std::string name;  // lower case
  std::string value;
};

struct HeaderView {
  std::string_view name;  // lower case
  std::string_view value;
};

// A complete request. The views live as long as the request, also after it was moved. Movable, not
// copyable.
class Request {
 public:
  // For tests and for callers that answer requests of their own making.
  static Request Make(std::string_view method, std::string_view target,
                      std::span<const HeaderView> headers = {}, std::string body = {});

  Request(Request&&) noexcept = default;
  Request& operator=(Request&&) noexcept = default;

  // Upper case. A HEAD request appears as "GET" with is_head(): the server leaves the body out.
  std::string_view method() const { return View(method_); }
  bool is_head() const { return is_head_; }
  // Path and query as received, not decoded. Starts with '/', or is "*" (OPTIONS).
  std::string_view target() const { return View(target_); }
  std::string_view path() const { return target().substr(0, target().find('?')); }
  // Without the '?'.
  std::string_view query() const;

  // In the order received; names in lower case. HTTP/2's :authority appears as "host", its cookies
  // joined; the other pseudo headers do not appear, nor do trailers.
  std::size_t header_count() const { return headers_.size(); }
  HeaderView header(std::size_t index) const;
  // The first value of a header; `lower_case_name` must be in lower case.
  std::optional<std::string_view> Find(std::string_view lower_case_name) const;
  // How often a header stands in the request (security 1.28: exactly one `authorization`).
  std::size_t Count(std::string_view lower_case_name) const;

  std::string_view body() const { return body_; }
  std::string TakeBody() { return std::move(body_); }

  HttpVersion version() const { return version_; }
  const Peer& peer() const { return *peer_; }

 private:
  friend class RequestBuilder;
  struct Slice {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  struct HeaderSlice {
    Slice name;
    Slice value;
  };
  Request() = default;
  std::string_view View(Slice slice) const {
    return std::string_view(head_).substr(slice.offset, slice.size);
  }

  std::string head_;  // method, target, names and values, one after another
  Slice method_;
  Slice target_;
  std::vector<HeaderSlice> headers_;
  std::string body_;
  std::shared_ptr<const Peer> peer_;
  HttpVersion version_ = HttpVersion::kHttp11;
  bool is_head_ = false;
};

// What a handler answers. The server adds `date`, `content-length`, `strict-transport-security` and
// what the connection needs; a handler must not set those.
struct Response {
  int status = 200;
  // A string literal or another string that is never freed; null = no content-type header.
  const char* content_type = "application/json";
  std::vector<Header> headers;  // lower-case names; values without CR, LF or NUL
  std::string body;
};

}  // namespace strongroom::net
