// Decisions of the past, kept so that they can be explained (SPEC 4.1.12): in each tenant's space,
// sealed as everything there, in a ring of the newest kDecisionsMax.
//
// Keeping is beside the way of a request: it takes a place in a bounded queue, and a thread of its
// own writes. A tenant has a share of the queue; what is more makes its own oldest go, counted.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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
  // Writes what waits, then stops; what takes longer than five seconds in all is dropped.
  ~DecisionLog();
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
  using Steady = std::chrono::steady_clock;
  struct Waiting {
    base::Uuid id;
    std::shared_ptr<const authz::Decision> decision;
    std::size_t bytes;  // that it quotes
  };
  using Queue = std::deque<Waiting>;
  struct Text {
    base::Uuid id;
    std::string text;
  };

  void Run();
  // With the lock.
  void Add(storage::SpaceId tenant, authz::Decision decision);
  bool IsFull(std::size_t traces, std::size_t bytes) const;
  void DropOldest(storage::SpaceId tenant);
  storage::SpaceId Fullest() const;
  // The tenant after the one that was served last.
  storage::SpaceId Next() const;
  void Remove(storage::SpaceId tenant, Queue::iterator at);

  base::Status Write(storage::SpaceId tenant, const std::vector<Waiting>& batch);
  static base::Status WriteOne(storage::Transaction& transaction, storage::SpaceId tenant,
                               const Text& one, std::uint64_t number);
  void Forget(storage::SpaceId tenant, const std::vector<Waiting>& batch, bool written);

  storage::Store& store_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<storage::SpaceId, Queue> queues_;  // until it is durable; none is empty
  storage::SpaceId served_;                   // last
  std::size_t waiting_ = 0;
  std::size_t traces_ = 0;  // of all that wait
  std::size_t bytes_ = 0;   // the same
  std::uint64_t dropped_ = 0;
  std::optional<Steady::time_point> stop_by_;
  std::thread writer_;
};

}  // namespace strongroom::ledger
