#include "storage/rocksdb/rewrite.h"

#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/status.h"
#include "storage/rocksdb/transaction.h"

namespace strongroom::storage {
namespace {

// A transaction of this size holds the turn of its space for about a millisecond.
constexpr std::size_t kRecordsMax = 128;
constexpr std::size_t kBytesMax = std::size_t{256} << 10;
constexpr std::size_t kLookedAtMax = 20000;
constexpr std::chrono::seconds kTurnWait{5};

class RecordWalk {
 public:
  RecordWalk(Engine& engine, SpaceId space, const std::string& from)
      : begin_(RecordKey(space, from)),
        end_(RecordsEnd(space)),
        begin_slice_(begin_),
        end_slice_(end_) {
    rocksdb::ReadOptions options = VerifiedReadOptions();
    options.fill_cache = false;  // what is read once should not push out what is read often
    options.iterate_lower_bound = &begin_slice_;
    options.iterate_upper_bound = &end_slice_;
    at_.reset(engine.db->NewIterator(options));
    at_->SeekToFirst();
  }
  bool Valid() const { return at_->Valid(); }
  void Next() { at_->Next(); }
  base::Status status() const {
    return at_->status().ok() ? base::Status() : base::Status(EngineError(at_->status()));
  }
  std::string_view key() const { return at_->key().ToStringView().substr(kRecordPrefixBytes); }
  std::string_view sealed() const { return at_->value().ToStringView(); }

 private:
  const std::string begin_;
  const std::string end_;
  const rocksdb::Slice begin_slice_;  // the iterator keeps pointers to them
  const rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

// What is no sealed value at all is left for who reads it to complain about.
bool IsOlder(std::string_view sealed, std::uint32_t epoch) {
  const auto own = SpaceCipher::EpochOf(sealed);
  return own.has_value() && *own < epoch;
}

}  // namespace

base::Result<OldRecords> FindOldRecords(Engine& engine, SpaceId space, std::uint32_t epoch,
                                        const std::string& from) {
  OldRecords found;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  RecordWalk walk(engine, space, from);
  for (; walk.Valid(); walk.Next()) {
    if (found.keys.size() == kRecordsMax || bytes >= kBytesMax || looked_at == kLookedAtMax) {
      found.next = walk.key();
      return found;
    }
    ++looked_at;
    if (!IsOlder(walk.sealed(), epoch)) continue;
    bytes += walk.sealed().size();
    found.keys.emplace_back(walk.key());
  }
  STRONGROOM_TRY(walk.status());
  found.end = true;
  return found;
}

base::Status RewriteRecords(Engine& engine, SpaceId space, const std::vector<std::string>& keys) {
  if (keys.empty()) return {};
  STRONGROOM_ASSIGN(
      const auto transaction,
      RocksTransaction::Begin(engine, {space}, std::chrono::steady_clock::now() + kTurnWait));
  for (const std::string& key : keys) {
    STRONGROOM_ASSIGN(const auto value, transaction->Get(space, key));
    if (value.has_value()) STRONGROOM_TRY(transaction->Put(space, key, *value));
  }
  return CommitAndWait(*transaction);
}

base::Result<OldSeals> CountSeals(Engine& engine, SpaceId space, std::uint32_t epoch) {
  OldSeals count;
  RecordWalk walk(engine, space, {});
  for (; walk.Valid(); walk.Next()) {
    ++count.all_records;
    count.all_bytes += walk.sealed().size();
    if (!IsOlder(walk.sealed(), epoch)) continue;
    ++count.records;
    count.bytes += walk.sealed().size();
  }
  STRONGROOM_TRY(walk.status());
  return count;
}

}  // namespace strongroom::storage
