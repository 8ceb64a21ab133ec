#include "net/message.h"

#include <algorithm>

#include "base/check.h"
#include "net/request_builder.h"

namespace strongroom::net {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

Request Request::Make(std::string_view method, std::string_view target,
                      std::span<const HeaderView> headers, std::string body) {
  RequestBuilder builder;
  builder.SetMethod(method);
  builder.SetTarget(target);
  for (const HeaderView& header : headers) builder.AddHeader(header.name, header.value);
  static const auto kNobody = std::make_shared<const Peer>();
  Request request = builder.Finish(kNobody);
  request.body_ = std::move(body);
  return request;
}

std::string_view Request::query() const {
  const std::string_view whole = target();
  const std::size_t mark = whole.find('?');
  return mark == whole.npos ? std::string_view() : whole.substr(mark + 1);
}

HeaderView Request::header(std::size_t index) const {
  STRONGROOM_CHECK(index < headers_.size());
  return {View(headers_[index].name), View(headers_[index].value)};
}

std::optional<std::string_view> Request::Find(std::string_view lower_case_name) const {
  for (const HeaderSlice& header : headers_)
    if (View(header.name) == lower_case_name) return View(header.value);
  return std::nullopt;
}

std::size_t Request::Count(std::string_view lower_case_name) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      headers_, [&](const HeaderSlice& header) { return View(header.name) == lower_case_name; }));
}

void RequestBuilder::SetMethod(std::string_view method) {
  request_.is_head_ = method == "HEAD";
  request_.method_ = Append(request_.is_head_ ? "GET" : method);
}

void RequestBuilder::AddHeader(std::string_view name, std::string_view value) {
  const Request::Slice name_slice = Append(name);
  std::ranges::transform(name, request_.head_.begin() + name_slice.offset, Lower);
  request_.headers_.push_back({name_slice, Append(value)});
}

void RequestBuilder::JoinHeaders(std::string_view name, std::string_view separator) {
  if (request_.Count(name) < 2) return;
  std::string joined;
  bool first = true;
  for (const auto& header : request_.headers_) {
    if (request_.View(header.name) != name) continue;
    if (!std::exchange(first, false)) joined.append(separator);
    joined.append(request_.View(header.value));
  }
  const Request::Slice value = Append(joined);
  first = true;
  std::erase_if(request_.headers_, [&](Request::HeaderSlice& header) {
    if (request_.View(header.name) != name) return false;
    if (!std::exchange(first, false)) return true;
    header.value = value;
    return false;
  });
}

Request RequestBuilder::Finish(std::shared_ptr<const Peer> peer) {
  request_.peer_ = std::move(peer);
  return std::exchange(request_, Request());
}

Request::Slice RequestBuilder::Append(std::string_view text) {
  const Request::Slice slice{static_cast<std::uint32_t>(request_.head_.size()),
                             static_cast<std::uint32_t>(text.size())};
  request_.head_.append(text);
  return slice;
}

}  // namespace strongroom::net
