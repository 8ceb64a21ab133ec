// What the ledger keeps between requests: the catalog, the key that seals cursors, and compiled
// tran codes. One per store.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "ledger/catalog/catalog.h"
#include "storage/store.h"

namespace strongroom::ledger {

class CursorSealer;
class IndexSetCache;
class TranCodeCache;

// Thread-safe. `random` outlives it.
class Engine {
 public:
  struct Options {
    // Clients with this principal are refused: its tokens name their principal by `sub` (SPEC 1).
    std::string own_issuer;
  };
  // Reads the cursor key from the installation's space, or makes it there, once.
  static base::Result<std::unique_ptr<Engine>> Open(storage::Store& store, base::Random& random,
                                                    Options options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const Catalog& catalog() const { return *catalog_; }
  const std::shared_ptr<const Catalog>& shared_catalog() const { return catalog_; }
  const Options& options() const { return options_; }
  base::Random& random() const { return random_; }
  // The time of an operation that begins to write: `clock_now`, or just after the last one. So what
  // is written later is never dated earlier, and no two operations share a time. In microseconds,
  // as it is shown.
  base::Timestamp NextTime(base::Timestamp clock_now);
  const CursorSealer& cursors() const { return *cursors_; }
  TranCodeCache& tran_codes() { return *tran_codes_; }
  IndexSetCache& index_sets() { return *index_sets_; }

 private:
  Engine(base::Random& random, Options options);
  std::shared_ptr<const Catalog> catalog_;
  base::Random& random_;
  Options options_;
  std::unique_ptr<const CursorSealer> cursors_;
  std::unique_ptr<TranCodeCache> tran_codes_;
  std::unique_ptr<IndexSetCache> index_sets_;
  std::atomic<std::int64_t> last_time_ = 0;  // microseconds since 1970
};

}  // namespace strongroom::ledger
