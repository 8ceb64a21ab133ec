#include "server/audit_log.h"

#include <fcntl.h>
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

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

base::Result<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path,
                                                       const base::Clock& clock) {
  if (path.empty()) return std::unique_ptr<AuditLog>(new AuditLog(-1, false, clock));
  if (path == "-") return std::unique_ptr<AuditLog>(new AuditLog(STDERR_FILENO, false, clock));
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::MakeError(base::ErrorCode::kBadRequest, "the audit log can't be opened",
                           "check that its directory exists and may be written");
  }
  return std::unique_ptr<AuditLog>(new AuditLog(descriptor, true, clock));
}

AuditLog::~AuditLog() {
  if (owned_) ::close(descriptor_);
}

void AuditLog::Write(const AuditRecord& record) {
  if (descriptor_ < 0) return;
  const std::string line = json::serialize(ToJson(record, clock_.Now())) + "\n";
  const std::lock_guard lock(mutex_);
  if (!WriteAll(descriptor_, line)) healthy_ = false;
}

bool AuditLog::Healthy() const {
  const std::lock_guard lock(mutex_);
  return healthy_;
}

}  // namespace strongroom::server
