#include "ledger/engine.h"

#include <algorithm>

#include "ledger/cursors.h"
#include "ledger/indexes/index_set.h"
#include "ledger/installation.h"
#include "ledger/posting/tran_code_cache.h"
#include "ledger/scope.h"

namespace strongroom::ledger {
namespace {

// The key that is there, or a new one.
base::Result<base::SecretBytes> CursorKey(storage::Store& store, base::Random& random) {
  STRONGROOM_ASSIGN(auto transaction, store.Begin({storage::kInstallation}));
  STRONGROOM_ASSIGN(auto stored, ReadCursorKey(*transaction));
  if (stored) return *std::move(stored);
  base::SecretBytes key(CursorSealer::kKeyBytes);
  random.Fill(key.ExposeMutable());
  STRONGROOM_TRY(WriteCursorKey(*transaction, key));
  STRONGROOM_TRY(storage::CommitAndWait(*transaction));
  return key;
}

}  // namespace

Engine::Engine(base::Random& random, Options options)
    : catalog_(Catalog::Make()),
      random_(random),
      options_(std::move(options)),
      tran_codes_(std::make_unique<TranCodeCache>(*catalog_)),
      index_sets_(std::make_unique<IndexSetCache>(*catalog_)) {}

Engine::~Engine() = default;

base::Result<std::unique_ptr<Engine>> Engine::Open(storage::Store& store, base::Random& random,
                                                   Options options) {
  std::unique_ptr<Engine> engine(new Engine(random, std::move(options)));
  STRONGROOM_ASSIGN(const base::SecretBytes key, CursorKey(store, random));
  STRONGROOM_ASSIGN(CursorSealer sealer, CursorSealer::New(key));
  engine->cursors_ = std::make_unique<const CursorSealer>(std::move(sealer));
  return engine;
}

base::Timestamp Engine::NextTime(base::Timestamp clock_now) {
  using std::chrono::microseconds;
  const std::int64_t now = std::chrono::floor<microseconds>(clock_now.time_since_epoch()).count();
  std::int64_t last = last_time_;
  while (!last_time_.compare_exchange_weak(last, std::max(now, last + 1))) {
  }
  return base::Timestamp(microseconds(std::max(now, last + 1)));
}

const Catalog& ReadScope::catalog() const { return engine.catalog(); }

}  // namespace strongroom::ledger
