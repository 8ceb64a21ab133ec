#include "authn/failure_limit.h"

namespace strongroom::authn {

void FailureLimit::StartSecond(std::chrono::steady_clock::time_point now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  if (second == second_) return;
  second_ = second;
  failures_.clear();
}

// The name that a source is counted under: its own, or the shared "" when there is no room.
std::string FailureLimit::Slot(std::string_view source) const {
  std::string own(source);
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
