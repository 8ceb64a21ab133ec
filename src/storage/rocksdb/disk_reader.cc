#include "storage/rocksdb/disk_reader.h"

#include "base/log.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

rocksdb::ReadOptions At(const DiskSnapshot& snapshot) {
  rocksdb::ReadOptions options = VerifiedReadOptions();
  options.snapshot = snapshot.get();
  if (snapshot.reach() == Reach::kMemory) options.read_tier = rocksdb::kBlockCacheTier;
  return options;
}

base::Error OutOfReach() {
  return base::MakeError(base::ErrorCode::kUnavailable, "the record is not in memory");
}

base::Error ReadError(const DiskSnapshot& at, const rocksdb::Status& status) {
  if (!status.IsIncomplete() || at.reach() == Reach::kAll) return EngineError(status);
  at.GiveUp();
  return OutOfReach();
}

base::Result<std::string> OpenRecord(Engine& engine, const SpaceSeal& seal, std::string_view key,
                                     const rocksdb::Slice& sealed) {
  engine.records_read.fetch_add(1, std::memory_order_relaxed);
  auto value = seal.Open(key, sealed.ToStringView());
  if (!value.ok()) {
    ++engine.integrity_failures;
    base::Log(base::LogLevel::kError, "a stored record failed its integrity check");
  }
  return value;
}

class RocksCursor : public DiskCursor {
 public:
  RocksCursor(Engine& engine, const DiskSnapshot& at, std::shared_ptr<const SpaceSeal> seal,
              SpaceId space, const KeyRange& range, bool reverse)
      : engine_(engine),
        at_(at),
        seal_(std::move(seal)),
        reverse_(reverse),
        begin_(RecordKey(space, range.begin)),
        end_(range.end.empty() ? RecordsEnd(space) : RecordKey(space, range.end)),
        begin_slice_(begin_),
        end_slice_(end_) {
    rocksdb::ReadOptions options = At(at);
    options.iterate_lower_bound = &begin_slice_;
    options.iterate_upper_bound = &end_slice_;
    iterator_.reset(engine.db->NewIterator(options));
  }

  base::Result<bool> Next() override {
    if (!at_.MayRead()) return OutOfReach();
    if (!started_) {
      started_ = true;
      reverse_ ? iterator_->SeekToLast() : iterator_->SeekToFirst();
    } else {
      reverse_ ? iterator_->Prev() : iterator_->Next();
    }
    if (iterator_->Valid()) return true;
    // The end of the list and a failure look alike until the status is read.
    if (!iterator_->status().ok()) return ReadError(at_, iterator_->status());
    return false;
  }

  std::string_view key() const override {
    return iterator_->key().ToStringView().substr(kRecordPrefixBytes);
  }
  base::Result<std::string> Value() const override {
    return OpenRecord(engine_, *seal_, iterator_->key().ToStringView(), iterator_->value());
  }

 private:
  Engine& engine_;
  const DiskSnapshot& at_;
  const std::shared_ptr<const SpaceSeal> seal_;
  const bool reverse_;
  const std::string begin_;
  const std::string end_;
  const rocksdb::Slice begin_slice_;  // the iterator keeps pointers to them
  const rocksdb::Slice end_slice_;
  bool started_ = false;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

class DurableReader : public Snapshot {
 public:
  DurableReader(Engine& engine, Reach reach) : engine_(engine), at_(*engine.db, reach) {}

  bool has_given_up() const override { return at_.has_given_up(); }

  base::Result<std::optional<std::string>> Get(SpaceId space, std::string_view key) override {
    STRONGROOM_ASSIGN(const auto seal, SealOf(space));
    return GetFromDisk(engine_, at_, *seal, space, key);
  }

  base::Result<std::unique_ptr<Cursor>> Scan(SpaceId space, const KeyRange& range,
                                             ScanOptions options) override {
    STRONGROOM_ASSIGN(auto seal, SealOf(space));
    MergedCursor::Layers layers;
    layers.disk = ScanDisk(engine_, at_, std::move(seal), space, range, options.reverse);
    return std::unique_ptr<Cursor>(
        std::make_unique<MergedCursor>(std::move(layers), range, options));
  }

 private:
  base::Result<std::shared_ptr<const SpaceSeal>> SealOf(SpaceId id) const {
    const auto space = engine_.spaces.Find(id);
    auto seal = space == nullptr ? nullptr : space->DurableSeal();
    if (seal == nullptr) return NoSuchSpace();
    return std::shared_ptr<const SpaceSeal>(std::move(seal));
  }

  Engine& engine_;
  const DiskSnapshot at_;
};

}  // namespace

base::Error NoSuchSpace() {
  return base::MakeError(base::ErrorCode::kNotFound, "there is no such space in the store");
}

base::Result<std::optional<std::string>> GetFromDisk(Engine& engine, const DiskSnapshot& at,
                                                     const SpaceSeal& seal, SpaceId space,
                                                     std::string_view key) {
  if (!at.MayRead()) return OutOfReach();
  const std::string full = RecordKey(space, key);
  rocksdb::PinnableSlice sealed;
  const auto status = engine.db->Get(At(at), engine.db->DefaultColumnFamily(), full, &sealed);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return ReadError(at, status);
  STRONGROOM_ASSIGN(std::string value, OpenRecord(engine, seal, full, sealed));
  return std::optional<std::string>(std::move(value));
}

std::unique_ptr<DiskCursor> ScanDisk(Engine& engine, const DiskSnapshot& at,
                                     std::shared_ptr<const SpaceSeal> seal, SpaceId space,
                                     const KeyRange& range, bool reverse) {
  return std::make_unique<RocksCursor>(engine, at, std::move(seal), space, range, reverse);
}

std::unique_ptr<Snapshot> MakeSnapshot(Engine& engine, Reach reach) {
  return std::make_unique<DurableReader>(engine, reach);
}

}  // namespace strongroom::storage
