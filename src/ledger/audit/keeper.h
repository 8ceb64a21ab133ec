// Keeper: what the audit log needs besides the records that travel with writes. A thread of its own
// appends denials and reads in batches, signs checkpoints, and removes what retention lets go.
//
// A record waits in memory until its batch is durable: a crash can lose the denials of the last
// moments, and never a write's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ledger/audit/limits.h"
#include "ledger/engine.h"
#include "storage/store.h"

namespace strongroom::ledger::audit {

// Thread-safe. Store, engine and clock outlive it.
class Keeper {
 public:
  struct Options {
    // How old records may grow; 0: for ever.
    std::chrono::hours retention{0};
    // Told of every checkpoint, after it is durable: to be kept elsewhere. On the keeper's thread;
    // may be empty.
    std::function<void(const std::string& jws)> on_checkpoint = {};
    std::chrono::milliseconds checkpoint_after = kCheckpointAfter;
  };
  struct Stats {
    std::uint64_t appended = 0;  // records, besides those of writes
    std::uint64_t lost = 0;      // records whose tenant went, or that a stop did not wait for
    std::uint64_t refused = 0;   // Offer answered false
    std::uint64_t checkpoints = 0;
    std::uint64_t trimmed = 0;  // records that retention removed
    std::size_t waiting = 0;
  };

  // Prepares the store when it has no audit log yet.
  static base::Result<std::unique_ptr<Keeper>> Open(storage::Store& store, Engine& engine,
                                                    const base::Clock& clock, Options options);
  // Writes what waits and signs what was written, for at most kStopWait in all.
  virtual ~Keeper() = default;
  Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Takes a record to be appended to the chain of a space. False when too much waits already: then
  // what the record tells must not be answered. Never blocks on the store.
  virtual bool Offer(storage::SpaceId space, std::string text) = 0;
  // A transaction has appended records to these spaces and is durable.
  virtual void Committed(const std::vector<storage::SpaceId>& spaces) = 0;
  // kUnavailable while records can't be written, with the reason: writes are refused then.
  virtual base::Status Ready() const = 0;
  virtual Stats GetStats() const = 0;
};

}  // namespace strongroom::ledger::audit
