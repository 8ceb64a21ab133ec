#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "crypto/hash.h"
#include "net/descriptor.h"
#include "storage/backup/backup.h"
#include "storage/backup/frame.h"
#include "storage/backup/limits.h"
#include "storage/key.h"

namespace strongroom::storage {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::MakeError;
using net::Descriptor;

base::Error CannotRead() {
  return MakeError(ErrorCode::kDependencyError, "the checkpoint of the store can't be read",
                   "run this as the user of the server, and once more");
}

base::Error CannotWrite() {
  return MakeError(ErrorCode::kUnavailable, "the backup can't be written",
                   "look for room on the disk and at the rights of its directory");
}

struct PlannedFile {
  std::string name;
  std::uint64_t size = 0;
};

struct Plan {
  std::string directory;  // of the checkpoint
  BackupHead head;
  std::vector<PlannedFile> files;
  std::uint64_t bytes = 0;
};

base::Result<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good() && bytes.empty()) return CannotRead();
  return bytes;
}

base::Result<Plan> MakePlan(const std::string& directory) {
  Plan plan;
  plan.directory = directory + "/" + kCheckpointName;
  STRONGROOM_ASSIGN(plan.head.keyring, ReadWhole(plan.directory + "/KEYRING"));
  std::error_code failed;
  for (fs::directory_iterator at(plan.directory + "/db", failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::uint64_t size = at->file_size(failed);
    plan.files.push_back({"db/" + at->path().filename().string(), size});
    plan.bytes += size;
  }
  if (failed) return CannotRead();
  std::sort(plan.files.begin(), plan.files.end(),
            [](const PlannedFile& a, const PlannedFile& b) { return a.name < b.name; });
  // The sealed CURRENT has a random salt of its own in each checkpoint.
  STRONGROOM_ASSIGN(const std::string current, ReadWhole(plan.directory + "/db/CURRENT"));
  KeyWriter all;
  all.Text(current);
  for (const PlannedFile& file : plan.files) all.Text(file.name).Uint64(file.size);
  const auto digest = crypto::Sha256(all.key());
  plan.head.checkpoint.assign(digest.begin(), digest.end());
  return plan;
}

// Which frame of the plan comes next; the same in every run.
class Steps {
 public:
  explicit Steps(const Plan& plan) : plan_(plan) {}

  FrameKind kind() const {
    if (file_ == plan_.files.size()) return FrameKind::kEnd;
    return announced_ ? FrameKind::kData : FrameKind::kFile;
  }
  base::Result<Frame> Read() {
    KeyWriter about;
    switch (kind()) {
      case FrameKind::kEnd:
        return Frame{kind(), about.Uint64(plan_.files.size()).Uint64(plan_.bytes).Take()};
      case FrameKind::kFile:
        return Frame{kind(), about.Text(file().name).Uint64(file().size).Take()};
      case FrameKind::kData: break;
    }
    if (!open_) {
      open_.Reset(open((plan_.directory + "/" + file().name).c_str(), O_RDONLY | O_CLOEXEC));
      if (!open_ || lseek(open_.get(), static_cast<off_t>(at_), SEEK_SET) < 0) return CannotRead();
    }
    Frame frame{kind(), {}};
    const std::size_t size = DataSize();
    if (!ReadUpTo(open_.get(), size, frame.content) || frame.content.size() != size)
      return CannotRead();
    return frame;
  }
  // Past the frame, whether it was read or not.
  void Advance() {
    if (kind() == FrameKind::kData) {
      done_ += DataSize();
      at_ += DataSize();
    } else {
      announced_ = true;
      at_ = 0;
    }
    if (at_ < file().size) return;
    open_.Reset();
    announced_ = false;
    ++file_;
  }
  std::uint64_t done() const { return done_; }
  std::uint64_t files() const { return file_; }

 private:
  const PlannedFile& file() const { return plan_.files[file_]; }
  std::size_t DataSize() const {
    return std::min<std::uint64_t>(limits::kBackupFrameBytesMax, file().size - at_);
  }
  const Plan& plan_;
  std::size_t file_ = 0;
  bool announced_ = false;
  std::uint64_t at_ = 0;
  std::uint64_t done_ = 0;
  Descriptor open_;
};

struct Output {
  Descriptor file;
  FrameCipher cipher;
  std::uint64_t number = 0;
};

// What an earlier run has written of this plan; what it left half-written is cut off.
base::Result<Output> GoOn(Descriptor part, FrameReader reader, Steps& steps) {
  while (steps.kind() != FrameKind::kEnd) {
    const auto frame = reader.Next();
    if (!frame.ok() || !frame->has_value()) break;
    steps.Advance();
  }
  const std::uint64_t number = reader.number();
  const auto position = static_cast<off_t>(reader.position());
  if (ftruncate(part.get(), position) != 0 || lseek(part.get(), position, SEEK_SET) < 0)
    return CannotWrite();
  return Output{std::move(part), reader.TakeCipher(), number};
}

base::Result<Output> Begin(const std::string& path, std::shared_ptr<KeyProvider> provider,
                           Plan& plan, Steps& steps, base::Random& random) {
  Descriptor part(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!part) return CannotWrite();
  if (auto reader = FrameReader::Open(part.get(), provider);
      reader.ok() && reader->head().checkpoint == plan.head.checkpoint)
    return GoOn(std::move(part), std::move(reader).value(), steps);
  STRONGROOM_ASSIGN(const base::SecretBytes key, FileKeyOf(plan.head.keyring, provider));
  STRONGROOM_ASSIGN(FrameCipher cipher, FrameCipher::Make(key, random, plan.head));
  if (ftruncate(part.get(), 0) != 0 || lseek(part.get(), 0, SEEK_SET) < 0 ||
      !WriteAll(part.get(), plan.head.bytes))
    return CannotWrite();
  return Output{std::move(part), std::move(cipher), 0};
}

// The whole file in its place, durably.
base::Status Finish(Descriptor file, const std::string& part, const std::string& path) {
  if (fsync(file.get()) != 0) return CannotWrite();
  // Not over a file that appeared meanwhile.
  if (link(part.c_str(), path.c_str()) != 0 || unlink(part.c_str()) != 0) return CannotWrite();
  const std::string parent = fs::path(path).parent_path().string();
  const Descriptor directory(
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || fsync(directory.get()) != 0) return CannotWrite();
  return {};
}

}  // namespace

bool CanResume(const std::string& directory, const std::string& path,
               std::shared_ptr<KeyProvider> provider) {
  const Descriptor part(open((path + ".part").c_str(), O_RDONLY | O_CLOEXEC));
  if (!part) return false;
  const auto plan = MakePlan(directory);
  const auto reader = FrameReader::Open(part.get(), std::move(provider));
  return plan.ok() && reader.ok() && reader->head().checkpoint == plan->head.checkpoint;
}

base::Result<BackupReport> WriteBackup(const std::string& directory, const std::string& path,
                                       std::shared_ptr<KeyProvider> provider, base::Random& random,
                                       const BackupWatch& watch) {
  if (access(path.c_str(), F_OK) == 0)
    return MakeError(ErrorCode::kAlreadyExists, "there is a file where the backup should be",
                     "choose another name; a backup never replaces one");
  STRONGROOM_ASSIGN(Plan plan, MakePlan(directory));
  Steps steps(plan);
  const std::string part = path + ".part";
  STRONGROOM_ASSIGN(Output output, Begin(part, std::move(provider), plan, steps, random));
  BackupReport report;
  report.bytes_total = plan.bytes;
  report.bytes_resumed = steps.done();
  while (true) {
    const bool last = steps.kind() == FrameKind::kEnd;
    STRONGROOM_ASSIGN(const Frame frame, steps.Read());
    STRONGROOM_ASSIGN(const std::string sealed, output.cipher.Seal(output.number++, frame, random));
    if (!WriteAll(output.file.get(), sealed)) return CannotWrite();
    if (last) break;
    steps.Advance();
    report.bytes = steps.done();
    report.files = steps.files();
    watch(report);
  }
  STRONGROOM_TRY(Finish(std::move(output.file), part, path));
  report.bytes = plan.bytes;
  report.files = plan.files.size();
  std::error_code ignored;
  fs::remove_all(plan.directory, ignored);
  return report;
}

}  // namespace strongroom::storage
