#include "ledger/posting/tran_code_cache.h"

#include "ledger/limits.h"
#include "ledger/posting/tran_code_program.h"

namespace strongroom::ledger {

TranCodeCache::TranCodeCache(const Catalog& catalog)
    : tran_code_env_(catalog), evaluate_env_(catalog) {}
TranCodeCache::~TranCodeCache() = default;

std::size_t TranCodeCache::KeyHash::operator()(const Key& key) const noexcept {
  // Record ids are random, so that the version and the tenant only have to make a difference.
  return std::hash<base::Uuid>{}(key.record) ^ std::hash<storage::SpaceId>{}(key.tenant) ^
         (static_cast<std::size_t>(key.version) * 0x9E3779B97F4A7C15U);
}

std::uint64_t TranCodeCache::compilations() const {
  const std::lock_guard lock(mutex_);
  return compilations_;
}

base::Result<std::shared_ptr<const TranCodeProgram>> TranCodeCache::Get(storage::SpaceId tenant,
                                                                        const Document& tran_code,
                                                                        base::Timestamp now) {
  const Key key{tenant, tran_code.record_id(), tran_code.version()};
  const bool keep = tran_code.modified() != now;
  if (keep) {
    const std::lock_guard lock(mutex_);
    if (const auto place = places_.find(key); place != places_.end()) {
      kept_.splice(kept_.begin(), kept_, place->second);
      return place->second->program;
    }
  }
  // Outside of the lock: two threads may compile the same version, and either result will do.
  STRONGROOM_ASSIGN(auto program, TranCodeProgram::Compile(tran_code_env_, tran_code));
  const std::lock_guard lock(mutex_);
  ++compilations_;
  if (!keep || places_.contains(key)) return program;
  kept_.push_front({key, program});
  places_.emplace(key, kept_.begin());
  if (kept_.size() > limits::kTranCodeCacheMax) {
    places_.erase(kept_.back().key);
    kept_.pop_back();
  }
  return program;
}

}  // namespace strongroom::ledger
