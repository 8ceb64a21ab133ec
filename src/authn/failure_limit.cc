#include "authn/failure_limit.h"

#include "net/address.h"

namespace strongroom::authn {
namespace {

// IPv4 addresses as they are, also when they come mapped into IPv6 (rfc4291 2.5.5.2).
std::string NetworkOf(std::string_view source) {
  if (source.find(':') == std::string_view::npos) return std::string(source);
  const auto address = net::IpAddress::Parse(source);
  if (!address.ok() || address->is_v4()) return std::string(source);
  static constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  const std::string_view bytes(reinterpret_cast<const char*>(address->bytes().data()), 16);
  if (bytes.starts_with(kMapped)) return std::string(bytes);
  return std::string(bytes.substr(0, 8));
}

}  // namespace

void FailureLimit::StartSecond(std::chrono::steady_clock::time_point now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  if (second == second_) return;
  second_ = second;
  failures_.clear();
}

// The name that a source is counted under: its own, or the shared "" when there is no room.
std::string FailureLimit::Slot(std::string_view source) const {
  std::string own = NetworkOf(source);
  if (failures_.size() >= sources_max_ && !failures_.contains(own)) return {};
  return own;
}

bool FailureLimit::IsExceeded(std::string_view source, std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  StartSecond(now);
  const auto at = failures_.find(Slot(source));
  return at != failures_.end() && at->second >= per_second_max_;
}

void FailureLimit::Count(std::string_view source, std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  StartSecond(now);
  ++failures_[Slot(source)];
}

}  // namespace strongroom::authn
