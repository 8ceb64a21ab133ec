// Decisions of the past, kept so that they can be explained (SPEC 4.1.12): in each tenant's space,
// sealed as everything there, in a ring of the newest kDecisionsMax.
//
// Keeping is beside the way of a request: it takes a place in a bounded queue, and a thread of its
// own writes. What finds the queue full, or the store failing, is dropped and counted.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "authz/decision.h"
#include "base/uuid.h"
#include "storage/store.h"

namespace strongroom::ledger {

// Thread-safe. `store` outlives it.
class DecisionLog {
 public:
  explicit DecisionLog(storage::Store& store);
  ~DecisionLog();  // writes what waits, then stops
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;

  // Their ids are UUIDs. Never blocks on the store.
  void Keep(storage::SpaceId tenant, std::vector<authz::Decision> decisions);

  // A decision of this tenant, from the moment Keep has returned; null when there is none, or none
  // any more. Blocks while it reads.
  base::Result<std::shared_ptr<const authz::Decision>> Find(storage::SpaceId tenant,
                                                            const base::Uuid& id) const;

  // Decisions that were not kept.
  std::uint64_t dropped() const;

 private:
  struct Waiting {
    storage::SpaceId tenant;
    base::Uuid id;
    std::shared_ptr<const authz::Decision> decision;
    std::size_t bytes;  // that it quotes
  };

  void Run();
  // Of the tenant of the first that waits.
  std::vector<Waiting> NextBatch() const;
  base::Status Write(const std::vector<Waiting>& batch);
  base::Status WriteOne(storage::Transaction& transaction, const Waiting& one,
                        std::uint64_t number);
  void Forget(const std::vector<Waiting>& batch, bool written);

  storage::Store& store_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;  // until it is durable
  std::size_t traces_ = 0;     // of all that wait
  std::size_t bytes_ = 0;      // the same
  std::uint64_t dropped_ = 0;
  bool stopped_ = false;
  std::thread writer_;
};

}  // namespace strongroom::ledger
