// RequestBuilder: makes a Request piece by piece, as a connection receives it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/message.h"

namespace strongroom::net {

class RequestBuilder {
 public:
  // Room for a head of `bytes`, so that it is allocated once.
  void Reserve(std::size_t bytes) { request_.head_.reserve(bytes); }

  // HEAD becomes GET with is_head().
  void SetMethod(std::string_view method);
  void SetTarget(std::string_view target) { request_.target_ = Append(target); }
  void SetVersion(HttpVersion version) { request_.version_ = version; }
  // The name is put into lower case.
  void AddHeader(std::string_view name, std::string_view value);
  // Values of all headers called `name` become one, with `separator` in between, where the first
  // one stood (rfc9113 8.2.3).
  void JoinHeaders(std::string_view name, std::string_view separator);

  void ReserveBody(std::size_t bytes) { request_.body_.reserve(bytes); }
  void AppendBody(std::string_view bytes) { request_.body_.append(bytes); }

  const Request& request() const { return request_; }
  std::size_t body_size() const { return request_.body_.size(); }

  // The request; the builder is empty again.
  Request Finish(std::shared_ptr<const Peer> peer);

 private:
  Request::Slice Append(std::string_view text);
  Request request_;
};

}  // namespace strongroom::net
