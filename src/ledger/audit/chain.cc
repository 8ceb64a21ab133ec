#include "ledger/audit/chain.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json.h"
#include "ledger/audit/limits.h"
#include "storage/key.h"

namespace strongroom::ledger::audit {
namespace {

using crypto::Sha256Digest;
using storage::KeyReader;
using storage::KeyWriter;

constexpr std::uint8_t kHeadTag = 0x41;
constexpr std::string_view kLabel = "strongroom audit record 1";

base::Error Malformed(std::string_view what) {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         fmt::format("a stored {} of the audit log is malformed", what));
}

base::Error NoChain() {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         "the audit log of the tenant is missing",
                         "stop the server and run `strongroom audit verify`");
}

std::string_view Bytes(const Sha256Digest& digest) { return base::AsChars(digest); }

base::Result<Sha256Digest> ReadDigest(KeyReader& reader) {
  STRONGROOM_ASSIGN(const std::string bytes, reader.Raw(sizeof(Sha256Digest)));
  Sha256Digest digest;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(digest.data()));
  return digest;
}

std::string Hex(const Sha256Digest& digest) { return base::EncodeHex(Bytes(digest)); }

void Extend(ChainHead& head, storage::SpaceId space, std::string_view text) {
  head.hash = HashOf(space, head.sequence + 1, head.hash, text);
  ++head.sequence;
}

base::Status PutRecord(storage::Transaction& transaction, storage::SpaceId space,
                       const ChainHead& head, std::string_view text) {
  return transaction.Put(space, RecordKey(head.sequence),
                         KeyWriter().Raw(Bytes(head.hash)).Raw(text).Take());
}

// When the record was written, as its text says.
base::Result<std::string> TimeOf(const ChainRecord& record) {
  const auto parsed =
      base::ParseJson(record.text, {.depth_max = 64, .bytes_max = record.text.size()});
  if (!parsed.ok() || !parsed->is_object()) return Malformed("record");
  const auto* time = parsed->get_object().if_contains("time");
  if (time == nullptr || !time->is_string()) return Malformed("record");
  return std::string(time->get_string());
}

}  // namespace

std::string RecordKey(std::uint64_t sequence) {
  return KeyWriter(kRecordTag).Uint64(sequence).Take();
}
std::string HeadKey() { return KeyWriter(kHeadTag).Take(); }
std::string CheckpointKey(std::uint64_t sequence) {
  return KeyWriter(kCheckpointTag).Uint64(sequence).Take();
}

Sha256Digest HashOf(storage::SpaceId space, std::uint64_t sequence, const Sha256Digest& previous,
                    std::string_view text) {
  return crypto::Sha256(KeyWriter()
                            .Raw(kLabel)
                            .Uuid(space.id)
                            .Uint64(sequence)
                            .Raw(Bytes(previous))
                            .Raw(text)
                            .Take());
}

base::Status OpenChain(storage::Transaction& transaction, storage::SpaceId space,
                       base::Random& random, base::Timestamp now) {
  STRONGROOM_ASSIGN(const auto there, ReadHead(transaction, space));
  if (there)
    return base::MakeError(base::ErrorCode::kAlreadyExists, "the audit log was opened before");
  ChainHead head;
  random.Fill(head.floor_hash);
  head.hash = head.floor_hash;
  // So that records of a former chain with the same ids don't fit.
  const std::string text = fmt::format(R"({{"kind":"opened","time":"{}","seed":"{}"}})",
                                       base::FormatTimestamp(now), Hex(head.floor_hash));
  Extend(head, space, text);
  STRONGROOM_TRY(PutRecord(transaction, space, head, text));
  return WriteHead(transaction, space, head);
}

base::Status AppendRecords(storage::Transaction& transaction, storage::SpaceId space,
                           std::span<const std::string> texts) {
  STRONGROOM_ASSIGN(auto head, ReadHead(transaction, space));
  if (!head) return NoChain();
  for (const std::string& text : texts) {
    Extend(*head, space, text);
    STRONGROOM_TRY(PutRecord(transaction, space, *head, text));
  }
  return WriteHead(transaction, space, *head);
}

base::Result<std::optional<ChainHead>> ReadHead(storage::Reader& reader, storage::SpaceId space) {
  STRONGROOM_ASSIGN(const auto value, reader.Get(space, HeadKey()));
  if (!value) return std::optional<ChainHead>();
  KeyReader rest(*value);
  ChainHead head;
  STRONGROOM_ASSIGN(head.sequence, rest.Uint64());
  STRONGROOM_ASSIGN(head.hash, ReadDigest(rest));
  STRONGROOM_ASSIGN(head.floor, rest.Uint64());
  STRONGROOM_ASSIGN(head.floor_hash, ReadDigest(rest));
  STRONGROOM_ASSIGN(head.checkpoint, rest.Uint64());
  if (!rest.AtEnd()) return Malformed("head");
  return std::optional<ChainHead>(head);
}

base::Status WriteHead(storage::Transaction& transaction, storage::SpaceId space,
                       const ChainHead& head) {
  return transaction.Put(space, HeadKey(),
                         KeyWriter()
                             .Uint64(head.sequence)
                             .Raw(Bytes(head.hash))
                             .Uint64(head.floor)
                             .Raw(Bytes(head.floor_hash))
                             .Uint64(head.checkpoint)
                             .Take());
}

base::Result<std::optional<ChainRecord>> ReadRecord(storage::Reader& reader, storage::SpaceId space,
                                                    std::uint64_t sequence) {
  STRONGROOM_ASSIGN(const auto value, reader.Get(space, RecordKey(sequence)));
  if (!value) return std::optional<ChainRecord>();
  KeyReader rest(*value);
  ChainRecord record;
  record.sequence = sequence;
  STRONGROOM_ASSIGN(record.hash, ReadDigest(rest));
  record.text = std::string(rest.rest());
  return std::optional<ChainRecord>(std::move(record));
}

base::Result<std::uint64_t> TrimChain(storage::Transaction& transaction, storage::SpaceId space,
                                      base::Timestamp until, base::Timestamp now) {
  STRONGROOM_ASSIGN(auto head, ReadHead(transaction, space));
  if (!head) return NoChain();
  const std::string limit = base::FormatTimestamp(until);
  std::uint64_t gone = 0;
  while (gone < kTrimmedAtOnce && head->floor + 1 < head->sequence) {
    STRONGROOM_ASSIGN(const auto record, ReadRecord(transaction, space, head->floor + 1));
    // What is damaged stays, to be found.
    if (!record || HashOf(space, record->sequence, head->floor_hash, record->text) != record->hash)
      return Malformed("record");
    STRONGROOM_ASSIGN(const std::string time, TimeOf(*record));
    if (time >= limit) break;
    STRONGROOM_TRY(transaction.Delete(space, RecordKey(record->sequence)));
    STRONGROOM_TRY(transaction.Delete(space, CheckpointKey(record->sequence)));
    head->floor = record->sequence;
    head->floor_hash = record->hash;
    ++gone;
  }
  if (gone == 0) return gone;
  const std::string text =
      fmt::format(R"({{"kind":"retention","time":"{}","removed_to":{},"hash":"{}"}})",
                  base::FormatTimestamp(now), head->floor, Hex(head->floor_hash));
  Extend(*head, space, text);
  STRONGROOM_TRY(PutRecord(transaction, space, *head, text));
  STRONGROOM_TRY(WriteHead(transaction, space, *head));
  return gone;
}

}  // namespace strongroom::ledger::audit
