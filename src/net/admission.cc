#include "net/admission.h"

namespace strongroom::net {

std::optional<Admission::Ticket> Admission::Enter(const IpAddress& address) {
  std::string source(reinterpret_cast<const char*>(address.bytes().data()),
                     address.is_v4() ? 4 : 8);
  std::lock_guard lock(mutex_);
  if (total_ >= total_max_) return std::nullopt;
  std::size_t& count = each_[source];
  if (count >= per_source_max_) return std::nullopt;
  ++count;
  ++total_;
  return Ticket(shared_from_this(), std::move(source));
}

void Admission::Leave(const std::string& source) {
  std::lock_guard lock(mutex_);
  const auto entry = each_.find(source);
  if (--entry->second == 0) each_.erase(entry);
  if (--total_ == 0) empty_.notify_all();
}

std::size_t Admission::open() const {
  std::lock_guard lock(mutex_);
  return total_;
}

bool Admission::WaitUntilEmpty(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, wait, [this] { return total_ == 0; });
}

}  // namespace strongroom::net
