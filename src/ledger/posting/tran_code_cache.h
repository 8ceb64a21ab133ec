// Compiled tran codes of all tenants: each version is compiled once, and kept while it is used.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/document.h"
#include "ledger/posting/expression_env.h"
#include "storage/store.h"

namespace strongroom::ledger {

class TranCodeProgram;

// Thread-safe. Holds at most limits::kTranCodeCacheMax programs; the one unused for longest goes
// first.
class TranCodeCache {
 public:
  explicit TranCodeCache(const Catalog& catalog);
  ~TranCodeCache();

  // The program of that version of a tran code. A version that the operation of `now` may have
  // written itself is compiled and not kept: a rollback would leave its number to another text.
  base::Result<std::shared_ptr<const TranCodeProgram>> Get(storage::SpaceId tenant,
                                                           const Document& tran_code,
                                                           base::Timestamp now);

  const TranCodeEnv& tran_code_env() const { return tran_code_env_; }
  const EvaluateEnv& evaluate_env() const { return evaluate_env_; }
  // Programs compiled so far: for metrics.
  std::uint64_t compilations() const;

 private:
  struct Key {
    storage::SpaceId tenant;
    base::Uuid record;
    std::int64_t version = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Kept {
    Key key;
    std::shared_ptr<const TranCodeProgram> program;
  };

  const TranCodeEnv tran_code_env_;
  const EvaluateEnv evaluate_env_;
  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // the last used first
  std::unordered_map<Key, std::list<Kept>::iterator, KeyHash> places_;
  std::uint64_t compilations_ = 0;
};

}  // namespace strongroom::ledger
