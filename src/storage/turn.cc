#include "storage/turn.h"

#include <algorithm>

#include "base/check.h"

namespace strongroom::storage {

bool Turn::Take(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!held_) {
    held_ = true;
    return true;
  }
  Waiter self;
  waiters_.push_back(&self);
  if (self.called.wait_until(lock, deadline, [&] { return self.has_turn; })) return true;
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &self));
  return false;
}

bool Turn::TryTake() {
  const std::lock_guard lock(mutex_);
  if (held_) return false;
  held_ = true;
  return true;
}

void Turn::Give() {
  const std::lock_guard lock(mutex_);
  STRONGROOM_CHECK(held_);
  if (waiters_.empty()) {
    held_ = false;
    return;
  }
  // INVARIANT: held_ stays true while waiters exist, so nobody overtakes them.
  Waiter* next = waiters_.front();
  waiters_.pop_front();
  next->has_turn = true;
  next->called.notify_one();
}

}  // namespace strongroom::storage
