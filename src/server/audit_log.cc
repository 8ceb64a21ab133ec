#include "server/audit_log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>

#include "base/encoding.h"

namespace strongroom::server {
namespace {

namespace json = boost::json;

// Headers may hold any bytes, and what was cut ends anywhere: a line that is no JSON text would
// hide its request from whoever reads the log.
std::string AsUtf8(std::string text) {
  if (base::IsUtf8(text)) return text;
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

json::object ToJson(const AuditRecord& record, base::Timestamp now) {
  json::object line{{"time", base::FormatTimestamp(now)},
                    {"request_id", record.request_id},
                    {"source", record.source},
                    {"status", record.status},
                    {"micros", record.duration.count()}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) line[name] = AsUtf8(value);
  };
  add("grpc_status", record.grpc_status);
  add("account_id", record.account_id);
  add("issuer", record.issuer);
  add("principal", record.principal);
  add("sub", record.subject);
  add("jti", record.jwt_id);
  add("kid", record.key_id);
  add("client", record.client);
  add("operation", record.operation);
  add("refusal", record.refusal);
  for (const auto& [name, value] : record.aws) add(name, value);
  if (!record.codes.empty()) {
    json::array codes;
    for (const base::ErrorCode code : record.codes) codes.emplace_back(base::ErrorCodeName(code));
    line["codes"] = std::move(codes);
  }
  return line;
}

constexpr std::size_t kWaitingBytesMax = std::size_t{16} << 20;
constexpr std::size_t kWrittenAtOnce = std::size_t{64} << 10;
// What a pipe takes at once when it takes anything (pipe(7)).
constexpr std::size_t kPipeBytes = 4096;
constexpr std::chrono::milliseconds kRetry{100};
constexpr std::chrono::seconds kStopWait{5};

int OpenFile(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

bool IsRegular(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// A reader that does not read must not hold up a stop.
bool Takes(int descriptor) {
  pollfd one{descriptor, POLLOUT, 0};
  return ::poll(&one, 1, static_cast<int>(kRetry.count())) > 0;
}

}  // namespace

base::Result<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path,
                                                       const base::Clock& clock) {
  if (path.empty()) return std::unique_ptr<AuditLog>(new AuditLog({}, -1, clock));
  if (path == "-") return std::unique_ptr<AuditLog>(new AuditLog({}, STDERR_FILENO, clock));
  const int descriptor = OpenFile(path);
  if (descriptor < 0) {
    return base::MakeError(base::ErrorCode::kBadRequest, "the audit log can't be opened",
                           "check that its directory exists and may be written");
  }
  return std::unique_ptr<AuditLog>(new AuditLog(path, descriptor, clock));
}

AuditLog::AuditLog(std::string path, int descriptor, const base::Clock& clock)
    : path_(std::move(path)), descriptor_(descriptor), clock_(clock) {
  if (descriptor_ >= 0) writer_ = std::thread([this] { Run(); });
}

AuditLog::~AuditLog() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kStopWait, [this] { return waiting_ == 0 || failing_; });
    stopped_ = true;
  }
  changed_.notify_all();
  if (writer_.joinable()) writer_.join();
  if (!path_.empty()) ::close(descriptor_);
}

void AuditLog::Write(const AuditRecord& record) {
  if (writer_.joinable()) Push(json::serialize(ToJson(record, clock_.Now())) + "\n");
}

void AuditLog::WriteCheckpoint(const std::string& jws) {
  if (!writer_.joinable()) return;
  const json::object line{{"time", base::FormatTimestamp(clock_.Now())}, {"checkpoint", jws}};
  Push(json::serialize(line) + "\n");
}

void AuditLog::Push(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (bytes_ + line.size() > kWaitingBytesMax) {
      ++stats_.lost;
      ++untold_;
      return;
    }
    bytes_ += line.size();
    ++waiting_;
    lines_.push_back(std::move(line));
  }
  changed_.notify_all();
}

bool AuditLog::Healthy() const {
  const std::lock_guard lock(mutex_);
  return !failing_ && untold_ == 0;
}

AuditLog::Stats AuditLog::GetStats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = stats_;
  stats.waiting = waiting_;
  return stats;
}

bool AuditLog::Flush(std::chrono::milliseconds wait_max) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait_max, [this] { return waiting_ == 0; });
}

// ---- The writer.

void AuditLog::Run() {
  std::string batch;
  std::size_t lines = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || !lines_.empty(); });
    if (lines_.empty()) return;
    while (!lines_.empty() && batch.size() < kWrittenAtOnce) {
      batch += lines_.front();
      bytes_ -= lines_.front().size();
      lines_.pop_front();
      ++lines;
    }
    const std::uint64_t untold = lines_.empty() ? untold_ : 0;
    lock.unlock();
    if (untold > 0) batch += json::serialize(json::object{{"lost", untold}}) + "\n";
    ReopenIfMoved();
    std::size_t written = 0;
    while (written < batch.size()) {
      const std::size_t more = WriteSome(std::string_view(batch).substr(written));
      written += more;
      lock.lock();
      failing_ = more == 0;
      // What is left is tried again until the stop.
      if (failing_ && changed_.wait_for(lock, kRetry, [this] { return stopped_; })) return;
      lock.unlock();
      // From the begin of a line, when it goes to another file.
      if (more == 0 && ReopenIfMoved())
        written = written == 0 ? 0 : batch.rfind('\n', written - 1) + 1;
    }
    lock.lock();
    untold_ -= untold;
    stats_.written += lines;
    waiting_ -= lines;
    lines = 0;
    batch.clear();
    changed_.notify_all();
  }
}

bool AuditLog::ReopenIfMoved() {
  if (path_.empty()) return false;
  struct stat at_path {
  }, open{};
  const bool there = ::stat(path_.c_str(), &at_path) == 0;
  if (there && ::fstat(descriptor_, &open) == 0 && at_path.st_ino == open.st_ino &&
      at_path.st_dev == open.st_dev)
    return false;
  const int descriptor = OpenFile(path_);
  if (descriptor < 0) return false;
  ::close(descriptor_);
  descriptor_ = descriptor;
  return true;
}

std::size_t AuditLog::WriteSome(std::string_view bytes) {
  if (!IsRegular(descriptor_)) {
    if (!Takes(descriptor_)) return 0;
    bytes = bytes.substr(0, kPipeBytes);
  }
  while (true) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) return static_cast<std::size_t>(written);
    if (errno != EINTR) return 0;
  }
}

}  // namespace strongroom::server
