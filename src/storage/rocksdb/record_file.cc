#include "storage/rocksdb/record_file.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/check.h"
#include "storage/rocksdb/sealed_writer.h"

namespace strongroom::storage {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::size_t kDataBytesMax = std::size_t{64} << 10;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kSealedLengthBytes = kLengthBytes + FileCipher::kOverheadBytes;
// A file ends with so many zeros by chance once in 2^32, so they were never written.
constexpr std::size_t kUnwrittenBytes = 4;

IOStatus Corrupt() { return IOStatus::Corruption("an encrypted record is not authentic"); }

std::array<char, kLengthBytes> EncodeLength(std::size_t size) {
  return {static_cast<char>(size >> 24), static_cast<char>(size >> 16),
          static_cast<char>(size >> 8), static_cast<char>(size)};
}

std::size_t DecodeLength(const char* bytes) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    size = size << 8 | static_cast<unsigned char>(bytes[i]);
  return size;
}

// Goes through a file record by record.
class RecordWalk {
 public:
  static IOStatus Start(const EncryptedPlace& place, const FileOptions& options,
                        std::unique_ptr<RecordWalk>* out) {
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    const IOStatus status = place.files.NewSequentialFile(place.path, options, &file, nullptr);
    if (!status.ok()) return status;
    out->reset(new RecordWalk(std::move(file)));
    return (*out)->ReadHeader(place);
  }

  // Moves to the next record; `found` is false at the end of the file.
  IOStatus Next(bool* found) {
    *found = false;
    data_.clear();
    if (cipher_ == nullptr) return IOStatus::OK();
    IOStatus status = Take(kSealedLengthBytes);
    if (!status.ok() || sealed_.size() < kSealedLengthBytes) return status;
    std::array<char, kLengthBytes> length;
    if (!cipher_->Open(Piece::kLength, end_, sealed_, length.data())) return EndOrCorrupt();
    const std::size_t size = DecodeLength(length.data());
    if (size == 0 || size > kDataBytesMax) return Corrupt();
    status = Take(size + FileCipher::kOverheadBytes);
    if (!status.ok() || sealed_.size() < size + FileCipher::kOverheadBytes) return status;
    data_.resize(size);
    if (!cipher_->Open(Piece::kData, end_, sealed_, data_.data())) {
      data_.clear();
      return EndOrCorrupt();
    }
    end_ += kSealedLengthBytes + sealed_.size();
    *found = true;
    return IOStatus::OK();
  }

  const std::string& data() const { return data_; }
  // Behind the last whole record; 0 when not even the header is whole.
  std::uint64_t end() const { return end_; }
  std::unique_ptr<const FileCipher> TakeCipher() { return std::move(cipher_); }

 private:
  explicit RecordWalk(std::unique_ptr<rocksdb::FSSequentialFile> file) : file_(std::move(file)) {}

  IOStatus ReadHeader(const EncryptedPlace& place) {
    const IOStatus status = Take(FileCipher::kHeaderBytes);
    if (!status.ok() || sealed_.size() < FileCipher::kHeaderBytes) return status;
    auto cipher = FileCipher::Open(place.file_key, FileKind::kRecords, place.bound_name, sealed_);
    if (!cipher.ok()) return EndOrCorrupt();
    cipher_ = *std::move(cipher);
    end_ = FileCipher::kHeaderBytes;
    return IOStatus::OK();
  }

  // Reads `size` bytes into sealed_, or as many as there are.
  IOStatus Take(std::size_t size) {
    sealed_.resize(size);
    Slice read;
    const IOStatus status = file_->Read(size, IOOptions(), &read, sealed_.data(), nullptr);
    if (status.ok() && read.data() != sealed_.data())
      std::copy_n(read.data(), read.size(), sealed_.data());
    sealed_.resize(status.ok() ? read.size() : 0);
    return status;
  }

  // What was just read is not authentic. A file system may have kept the new length of a file
  // without the last bytes that were appended to it: they are zeros then, up to the end.
  IOStatus EndOrCorrupt() {
    std::string tail = sealed_;
    while (true) {
      const IOStatus status = Take(kDataBytesMax);
      if (!status.ok()) return status;
      if (sealed_.empty()) break;
      tail.append(sealed_);
      if (tail.size() > kUnwrittenBytes) tail.erase(0, tail.size() - kUnwrittenBytes);
    }
    if (tail.size() > kUnwrittenBytes) tail.erase(0, tail.size() - kUnwrittenBytes);
    cipher_ = nullptr;
    return std::ranges::all_of(tail, [](char byte) { return byte == '\0'; }) ? IOStatus::OK()
                                                                             : Corrupt();
  }

  const std::unique_ptr<rocksdb::FSSequentialFile> file_;
  std::unique_ptr<const FileCipher> cipher_;  // null: nothing more is to be read
  std::uint64_t end_ = 0;
  std::string sealed_;
  std::string data_;
};

class RecordWriter : public SealedWriter {
 public:
  RecordWriter(std::unique_ptr<rocksdb::FSWritableFile> target,
               std::unique_ptr<const FileCipher> cipher, base::Random& random,
               std::uint64_t physical, std::uint64_t logical)
      : SealedWriter(std::move(target), std::move(cipher), random, physical), written_(logical) {}

  using SealedWriter::Append;
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (failed_) return Failed();
    sealed_.clear();
    for (std::string_view rest = data.ToStringView(); !rest.empty();) {
      const std::string_view part = rest.substr(0, kDataBytesMax);
      rest.remove_prefix(part.size());
      const auto length = EncodeLength(part.size());
      const std::uint64_t position = size_ + sealed_.size();
      if (!cipher_->Seal(Piece::kLength, position, {length.data(), length.size()}, random_, sealed_)
               .ok() ||
          !cipher_->Seal(Piece::kData, position, part, random_, sealed_).ok())
        return Keep(IOStatus::IOError("a record can't be encrypted"));
    }
    if (sealed_.empty()) return IOStatus::OK();
    written_ += data.size();
    return Write(sealed_, options, debug);
  }
  // Nothing is held back, so a sync on one thread and an append on another don't meet here.
  bool IsSyncThreadSafe() const override { return target_->IsSyncThreadSafe(); }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return written_; }

 private:
  std::uint64_t written_;
  std::string sealed_;
};

class RecordReader : public rocksdb::FSSequentialFile {
 public:
  explicit RecordReader(std::unique_ptr<RecordWalk> walk) : walk_(std::move(walk)) {}

  // Fills up to `size` bytes: RocksDB takes fewer for the end of the file.
  IOStatus Read(std::size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    std::size_t done = 0;
    while (done < size) {
      if (used_ == walk_->data().size()) {
        bool found = false;
        used_ = 0;
        if (const IOStatus status = walk_->Next(&found); !status.ok()) return status;
        if (!found) break;
      }
      const std::size_t part = std::min(size - done, walk_->data().size() - used_);
      std::copy_n(walk_->data().data() + used_, part, scratch + done);
      used_ += part;
      done += part;
    }
    *result = Slice(scratch, done);
    return IOStatus::OK();
  }

  IOStatus Skip(std::uint64_t size) override {
    std::string scratch(kDataBytesMax, '\0');
    while (size > 0) {
      Slice read;
      const IOStatus status = Read(std::min<std::uint64_t>(size, scratch.size()), IOOptions(),
                                   &read, scratch.data(), nullptr);
      if (!status.ok() || read.empty()) return status;
      size -= read.size();
    }
    return IOStatus::OK();
  }

 private:
  const std::unique_ptr<RecordWalk> walk_;
  std::size_t used_ = 0;  // of the record that walk_ is at
};

class RecordContent : public rocksdb::FSRandomAccessFile {
 public:
  explicit RecordContent(std::string content) : content_(std::move(content)) {}
  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    const std::string_view part =
        std::string_view(content_).substr(std::min<std::uint64_t>(offset, content_.size()), size);
    std::copy(part.begin(), part.end(), scratch);
    *result = Slice(scratch, part.size());
    return IOStatus::OK();
  }

 private:
  const std::string content_;
};

// Walks to the end and adds up what there is.
IOStatus WalkToEnd(RecordWalk& walk, std::uint64_t* logical) {
  *logical = 0;
  for (bool found = true; found;) {
    if (const IOStatus status = walk.Next(&found); !status.ok()) return status;
    *logical += walk.data().size();
  }
  return IOStatus::OK();
}

}  // namespace

IOStatus NewRecordWriter(const EncryptedPlace& place, const FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* out) {
  std::string header;
  auto cipher =
      FileCipher::Make(place.file_key, FileKind::kRecords, place.bound_name, place.random, header);
  if (!cipher.ok()) return IOStatus::IOError("the key of a file can't be derived");
  std::unique_ptr<rocksdb::FSWritableFile> target;
  IOStatus status = place.files.NewWritableFile(place.path, options, &target, nullptr);
  if (status.ok()) status = target->Append(header, options.io_options, nullptr);
  if (!status.ok()) return status;
  *out = std::make_unique<RecordWriter>(std::move(target), *std::move(cipher), place.random,
                                        header.size(), 0);
  return status;
}

IOStatus ReopenRecordWriter(const EncryptedPlace& place, const FileOptions& options,
                            std::unique_ptr<rocksdb::FSWritableFile>* out) {
  std::unique_ptr<RecordWalk> walk;
  IOStatus status = RecordWalk::Start(place, options, &walk);
  if (status.IsNotFound() || status.IsPathNotFound()) return NewRecordWriter(place, options, out);
  std::uint64_t logical = 0;
  if (status.ok()) status = WalkToEnd(*walk, &logical);
  if (!status.ok()) return status;
  const std::uint64_t end = walk->end();
  if (end == 0) return NewRecordWriter(place, options, out);
  walk.reset();
  status = place.files.Truncate(place.path, end, options.io_options, nullptr);
  // The walk gave its cipher up at a torn end, so the header is read once more.
  if (status.ok()) status = RecordWalk::Start(place, options, &walk);
  std::unique_ptr<rocksdb::FSWritableFile> target;
  if (status.ok()) status = place.files.ReopenWritableFile(place.path, options, &target, nullptr);
  if (!status.ok()) return status;
  *out = std::make_unique<RecordWriter>(std::move(target), walk->TakeCipher(), place.random, end,
                                        logical);
  return status;
}

IOStatus NewRecordReader(const EncryptedPlace& place, const FileOptions& options,
                         std::unique_ptr<rocksdb::FSSequentialFile>* out) {
  std::unique_ptr<RecordWalk> walk;
  const IOStatus status = RecordWalk::Start(place, options, &walk);
  if (status.ok()) *out = std::make_unique<RecordReader>(std::move(walk));
  return status;
}

IOStatus NewRandomRecordReader(const EncryptedPlace& place, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out) {
  std::unique_ptr<RecordWalk> walk;
  IOStatus status = RecordWalk::Start(place, options, &walk);
  std::string content;
  for (bool found = true; status.ok() && found;) {
    status = walk->Next(&found);
    content.append(walk->data());
  }
  if (status.ok()) *out = std::make_unique<RecordContent>(std::move(content));
  return status;
}

IOStatus RecordFileSize(const EncryptedPlace& place, std::uint64_t* size) {
  std::unique_ptr<RecordWalk> walk;
  const IOStatus status = RecordWalk::Start(place, FileOptions(), &walk);
  return status.ok() ? WalkToEnd(*walk, size) : status;
}

}  // namespace strongroom::storage
