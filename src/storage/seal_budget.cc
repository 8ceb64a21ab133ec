#include "storage/seal_budget.h"

#include <algorithm>

#include "base/check.h"

namespace strongroom::storage {
namespace {

constexpr std::uint64_t kBlock = std::uint64_t{1} << 20;

std::uint64_t Block(std::uint64_t limit) { return std::clamp<std::uint64_t>(limit / 8, 1, kBlock); }

}  // namespace

SealBudget::SealBudget(Reservation stored, std::uint64_t limit) : limit_(limit), granted_(stored) {
  STRONGROOM_CHECK(limit >= 2);
}

std::optional<std::uint32_t> SealBudget::Take() {
  const std::lock_guard lock(mutex_);
  if (left_ == 0) return std::nullopt;
  --left_;
  return granted_.epoch;
}

std::optional<SealBudget::Reservation> SealBudget::Due(bool now) {
  const std::lock_guard lock(mutex_);
  if (on_its_way_ || (!now && left_ > Block(limit_) / 2)) return std::nullopt;
  on_its_way_ = true;
  return Next();
}

std::optional<SealBudget::Reservation> SealBudget::DueOfNextEpoch() {
  const std::lock_guard lock(mutex_);
  if (on_its_way_) return std::nullopt;
  on_its_way_ = true;
  return NextEpoch();
}

SealBudget::Reservation SealBudget::Next() const {
  const std::uint64_t block = Block(limit_);
  if (granted_.reserved + block <= limit_) return {granted_.epoch, granted_.reserved + block};
  return NextEpoch();
}

SealBudget::Reservation SealBudget::NextEpoch() const {
  STRONGROOM_CHECK(granted_.epoch != UINT32_MAX);
  return {granted_.epoch + 1, Block(limit_)};
}

void SealBudget::Granted(const Reservation& reservation) {
  const std::lock_guard lock(mutex_);
  STRONGROOM_CHECK(on_its_way_ && (reservation == Next() || reservation == NextEpoch()));
  answered_.notify_all();
  on_its_way_ = false;
  // What is left of a finished epoch is given up.
  left_ = (reservation.epoch == granted_.epoch ? left_ : 0) + Block(limit_);
  granted_ = reservation;
}

void SealBudget::Refused() {
  const std::lock_guard lock(mutex_);
  STRONGROOM_CHECK(on_its_way_);
  on_its_way_ = false;
  answered_.notify_all();
}

void SealBudget::AwaitAnswer() {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return !on_its_way_; });
}

SealBudget::Reservation SealBudget::granted() const {
  const std::lock_guard lock(mutex_);
  return granted_;
}

}  // namespace strongroom::storage
