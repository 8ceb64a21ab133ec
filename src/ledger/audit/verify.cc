#include "ledger/audit/verify.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "base/encoding.h"
#include "base/json.h"
#include "storage/key.h"

namespace strongroom::ledger::audit {
namespace {

namespace json = boost::json;
using crypto::Sha256Digest;

// 0, where no record stands, for a key that is none of ours.
std::uint64_t SequenceOf(std::string_view key) {
  storage::KeyReader reader(key.substr(1));
  const auto sequence = reader.Uint64();
  return sequence.ok() && reader.AtEnd() ? *sequence : 0;
}

class Walk {
 public:
  Walk(storage::Reader& reader, storage::SpaceId chain, const AuditKeys& keys)
      : reader_(reader), keys_(keys) {
    report_.chain = chain;
  }

  base::Result<ChainReport> Run(const std::vector<Checkpoint>& carried) {
    auto head = ReadHead(reader_, report_.chain);
    if (!head.ok() && head.error().code == base::ErrorCode::kNotFound) return head.error();
    if (!head.ok()) {
      Find(0, "the head of the chain can't be read");
    } else if (!*head) {
      Find(0, "the chain is missing");
    } else {
      head_ = **head;
      report_.first = head_.floor + 1;
      report_.last = head_.sequence;
      STRONGROOM_TRY(ReadCheckpoints());
      TakeCarried(carried);
      WalkRecords();
      STRONGROOM_TRY(LookForStrays());
      CheckEnds();
    }
    return std::move(report_);
  }

 private:
  struct Claim {
    Sha256Digest hash;
    std::string_view whose;
  };

  // Keeps the one with the lowest sequence.
  void Find(std::uint64_t sequence, std::string what) {
    if (!report_.finding || sequence < report_.finding->sequence)
      report_.finding = Finding{sequence, std::move(what)};
  }

  base::Status ReadCheckpoints() {
    const auto range = storage::PrefixRange(storage::KeyWriter(kCheckpointTag).key());
    STRONGROOM_ASSIGN(const auto cursor, reader_.Scan(report_.chain, range, {.keys_only = true}));
    std::optional<std::uint64_t> before;
    while (true) {
      STRONGROOM_ASSIGN(const bool found, cursor->Next());
      if (!found) break;
      const std::uint64_t sequence = SequenceOf(cursor->key());
      ReadCheckpoint(sequence, std::string(cursor->key()), before);
      before = sequence;
      ++report_.checkpoints;
      report_.signed_to = sequence;
    }
    // Retention takes checkpoints with their records.
    const bool trimmed = report_.checkpoints == 0 && head_.checkpoint <= head_.floor;
    if (report_.signed_to != head_.checkpoint && !trimmed)
      Find(std::min(report_.signed_to, head_.checkpoint) + 1,
           "a checkpoint behind this record was removed or added");
    return {};
  }

  void ReadCheckpoint(std::uint64_t sequence, const std::string& key,
                      std::optional<std::uint64_t> before) {
    const auto text = reader_.Get(report_.chain, key);
    auto checkpoint = text.ok() && *text ? keys_.Verify(**text)
                                         : base::Result<Checkpoint>(base::MakeError(
                                               base::ErrorCode::kBadRequest, "can't be read"));
    if (!checkpoint.ok() || checkpoint->chain != report_.chain ||
        checkpoint->sequence != sequence || sequence <= head_.floor) {
      return Find(sequence, "the checkpoint of this record is not the one that was signed");
    }
    // The first that retention has left may name one that is gone.
    const bool follows = before ? checkpoint->previous == *before
                                : checkpoint->previous == 0 || checkpoint->previous <= head_.floor;
    if (!follows) Find(sequence, "a checkpoint before this record was removed");
    Claims(*checkpoint, "its checkpoint");
  }

  void TakeCarried(const std::vector<Checkpoint>& carried) {
    for (const Checkpoint& checkpoint : carried)
      if (checkpoint.chain == report_.chain && checkpoint.sequence >= head_.floor)
        Claims(checkpoint, "a checkpoint that was kept elsewhere");
  }

  void Claims(const Checkpoint& checkpoint, std::string_view whose) {
    if (checkpoint.sequence > head_.sequence) {
      return Find(head_.sequence + 1, fmt::format("records from here to {} are missing, as {} says",
                                                  checkpoint.sequence, whose));
    }
    if (checkpoint.sequence == head_.floor) {
      if (checkpoint.hash != head_.floor_hash)
        Find(head_.floor, fmt::format("the chain before is not the one of {}", whose));
      return;
    }
    claims_.emplace(checkpoint.sequence, Claim{checkpoint.hash, whose});
  }

  void WalkRecords() {
    Sha256Digest previous = head_.floor_hash;
    for (std::uint64_t sequence = head_.floor + 1; sequence <= head_.sequence; ++sequence) {
      const auto record = ReadRecord(reader_, report_.chain, sequence);
      if (!record.ok()) return Find(sequence, "the record can't be opened: it was changed");
      if (!*record) return Find(sequence, "the record is missing");
      if (HashOf(report_.chain, sequence, previous, (*record)->text) != (*record)->hash)
        return Find(sequence, "the record was changed, or does not follow the one before");
      previous = (*record)->hash;
      const auto [begin, end] = claims_.equal_range(sequence);
      for (auto claim = begin; claim != end; ++claim)
        if (claim->second.hash != previous)
          return Find(sequence, fmt::format("the chain up to here is not the one of {}",
                                            claim->second.whose));
      Note(**record);
    }
    if (previous != head_.hash) Find(head_.sequence, "the head is not that of the last record");
  }

  // What records say of the chain itself.
  void Note(const ChainRecord& record) {
    const auto parsed =
        base::ParseJson(record.text, {.depth_max = 64, .bytes_max = record.text.size()});
    if (!parsed.ok() || !parsed->is_object())
      return Find(record.sequence, "the record is not a JSON object");
    const json::object& object = parsed->get_object();
    const json::value* kind = object.if_contains("kind");
    if (kind == nullptr || !kind->is_string()) return;
    const auto text = [&](const char* name) {
      const json::value* value = object.if_contains(name);
      return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                    : std::string();
    };
    if (kind->get_string() == "opened") {
      if (record.sequence == 1) floor_claim_ = {0, text("seed")};
    } else if (kind->get_string() == "retention") {
      const json::value* to = object.if_contains("removed_to");
      if (to != nullptr && to->is_int64())
        floor_claim_ = {static_cast<std::uint64_t>(to->get_int64()), text("hash")};
    }
  }

  // Records before the floor and behind the head.
  base::Status LookForStrays() {
    const auto range = storage::PrefixRange(storage::KeyWriter(kRecordTag).key());
    STRONGROOM_ASSIGN(const auto cursor, reader_.Scan(report_.chain, range, {.keys_only = true}));
    while (true) {
      STRONGROOM_ASSIGN(const bool found, cursor->Next());
      if (!found) return {};
      const std::uint64_t sequence = SequenceOf(cursor->key());
      if (sequence <= head_.floor || sequence > head_.sequence)
        Find(sequence, "a record stands outside of the chain");
    }
  }

  // The floor is where the chain was opened, or where its last retention says.
  void CheckEnds() {
    if (!report_.whole()) return;
    const std::string hash = base::EncodeHex(base::AsChars(head_.floor_hash));
    if (floor_claim_.first != head_.floor || floor_claim_.second != hash)
      Find(head_.floor + 1, "records before this one are missing, and no retention removed them");
  }

  storage::Reader& reader_;
  const AuditKeys& keys_;
  ChainHead head_;
  std::multimap<std::uint64_t, Claim> claims_;
  std::pair<std::uint64_t, std::string> floor_claim_{~std::uint64_t{0}, {}};
  ChainReport report_;
};

}  // namespace

base::Result<ChainReport> VerifyChain(storage::Reader& reader, storage::SpaceId chain,
                                      const AuditKeys& keys,
                                      const std::vector<Checkpoint>& carried) {
  return Walk(reader, chain, keys).Run(carried);
}

}  // namespace strongroom::ledger::audit
