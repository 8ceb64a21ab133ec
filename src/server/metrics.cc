#include "server/metrics.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <iterator>

namespace strongroom::server {
namespace {

prometheus::Histogram::BucketBoundaries Seconds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10};
}

class Lines {
 public:
  void Add(std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name,
                   help, type, value);
  }
  std::string Take() && { return std::move(text_); }

 private:
  std::string text_;
};

// `of` is the listener: `net` for HTTPS, `grpc` for gRPC.
void AddNet(Lines& lines, std::string_view of, const net::ServerMetrics& net) {
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help,
                       std::uint64_t value) {
    lines.Add(fmt::format("strongroom_{}_{}", of, name), type, help, value);
  };
  add("connections_open", "gauge", "Open connections.", net.connections_open);
  add("connections_total", "counter", "Accepted connections.", net.connections_accepted);
  add("connections_refused_total", "counter", "Connections refused by the caps.",
      net.connections_refused);
  add("handshakes_total", "counter", "Completed TLS handshakes.", net.handshakes_completed);
  add("handshakes_failed_total", "counter", "Failed TLS handshakes.", net.handshakes_failed);
  add("requests_open", "gauge", "Requests or calls that are being answered.", net.requests_open);
  add("requests_refused_total", "counter", "Requests refused before a handler saw them.",
      net.requests_refused);
  add("timeouts_total", "counter", "Connections closed for being slow.", net.timeouts);
  add("http2_abuse_total", "counter", "Connections closed for flooding.", net.http2_abuse);
}

void AddStorage(Lines& lines, const storage::Stats& storage) {
  lines.Add("strongroom_storage_commits_total", "counter", "Transactions made durable.",
            storage.commits);
  lines.Add("strongroom_storage_syncs_total", "counter", "Syncs that they needed.", storage.groups);
  lines.Add("strongroom_storage_records_read_total", "counter", "Records opened.",
            storage.records_read);
  lines.Add("strongroom_storage_records_sealed_total", "counter", "Records sealed.",
            storage.records_sealed);
  lines.Add("strongroom_storage_integrity_failures_total", "counter",
            "Records that failed their integrity check.", storage.integrity_failures);
}

void AddKeys(Lines& lines, const storage::KeyStatus& keys) {
  lines.Add("strongroom_root_key_reachable", "gauge",
            "1 when the key provider answered for the last time it was asked.",
            keys.provider_reachable ? 1 : 0);
  lines.Add("strongroom_key_rotation_tenants_left", "gauge",
            "Tenants whose records are still to be rewritten.", keys.rotation.spaces_left);
  lines.Add("strongroom_key_rotation_paused", "gauge", "1 when the rewriting is paused.",
            keys.rotation.paused ? 1 : 0);
  lines.Add("strongroom_key_rotation_records_total", "counter", "Records rewritten.",
            keys.rotation.records_rewritten);
}

void AddAudit(Lines& lines, const Metrics::Readings& readings) {
  const ledger::audit::Keeper::Stats& sealed = readings.audit;
  lines.Add("strongroom_audit_records_total", "counter",
            "Records of denials and reads that were appended; those of writes are the commits.",
            sealed.appended);
  lines.Add("strongroom_audit_waiting", "gauge", "Such records that wait.", sealed.waiting);
  lines.Add("strongroom_audit_refused_total", "counter",
            "Requests that were refused because their denials could not be recorded.",
            sealed.refused);
  lines.Add("strongroom_audit_lost_total", "counter", "Records whose tenant went before them.",
            sealed.lost);
  lines.Add("strongroom_audit_checkpoints_total", "counter", "Signed checkpoints.",
            sealed.checkpoints);
  lines.Add("strongroom_audit_removed_total", "counter", "Records that retention removed.",
            sealed.trimmed);
  lines.Add("strongroom_request_log_lines_total", "counter", "Lines of the request log.",
            readings.request_log.written);
  lines.Add("strongroom_request_log_lost_total", "counter", "Lines that could not be written.",
            readings.request_log.lost);
  lines.Add("strongroom_request_log_waiting", "gauge", "Lines that wait.",
            readings.request_log.waiting);
  lines.Add("strongroom_decisions_dropped_total", "counter",
            "Decisions that were not kept to be explained.", readings.decisions_dropped);
}

// The counters of one family, by issuer. An issuer's name has no character that a label would have
// to escape: KeyCache asks nobody else.
class ByIssuer {
 public:
  ByIssuer(std::string& text, std::string_view name, std::string_view type, std::string_view help)
      : text_(text), name_(name) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  void Add(std::string_view issuer, std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_), "{}{{issuer=\"{}\"}} {}\n", name_, issuer, value);
  }

 private:
  std::string& text_;
  std::string_view name_;
};

constexpr std::size_t kIssuersShown = 1000;
constexpr const char* kOtherIssuers = "others";

using Figure = std::uint64_t (*)(const authn::IssuerStatus&);

// Security 2.54. Beyond kIssuersShown they are summed up.
void AddFamily(std::string& text, const std::vector<authn::IssuerStatus>& issuers,
               std::string_view name, std::string_view type, std::string_view help, Figure figure) {
  ByIssuer family(text, name, type, help);
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < issuers.size(); ++i) {
    if (i < kIssuersShown)
      family.Add(issuers[i].issuer, figure(issuers[i]));
    else
      others += figure(issuers[i]);
  }
  if (issuers.size() > kIssuersShown) family.Add(kOtherIssuers, others);
}

std::string IssuersText(const std::vector<authn::IssuerStatus>& issuers) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help,
                       Figure figure) { AddFamily(text, issuers, name, type, help, figure); };
  add("strongroom_authn_key_fetches_total", "counter", "Fetches of key sets.",
      [](const auto& issuer) { return issuer.fetches; });
  add("strongroom_authn_key_fetch_failures_total", "counter", "Failed ones.",
      [](const auto& issuer) { return issuer.failures; });
  add("strongroom_authn_unknown_kids_total", "counter", "Tokens with an unknown kid.",
      [](const auto& issuer) { return issuer.unknown_kids; });
  add("strongroom_authn_stale_key_uses_total", "counter",
      "Tokens verified with keys past their fresh time.",
      [](const auto& issuer) { return issuer.stale_uses; });
  add("strongroom_authn_keys", "gauge", "Usable keys; 0 when none were fetched.",
      [](const auto& issuer) { return std::uint64_t{issuer.keys}; });
  add("strongroom_authn_key_set_age_seconds", "gauge", "Since the keys were fetched.",
      [](const auto& issuer) {
        return static_cast<std::uint64_t>(issuer.age.value_or(std::chrono::seconds(0)).count());
      });
  add("strongroom_authn_issuer_failing", "gauge", "1 when the last fetch failed.",
      [](const auto& issuer) { return std::uint64_t{issuer.failing ? 1U : 0U}; });
  return text;
}

}  // namespace

Metrics::Metrics()
    : requests_(prometheus::BuildCounter()
                    .Name("strongroom_requests_total")
                    .Help("Answered requests by status.")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("strongroom_request_seconds")
                   .Help("From the last byte of a request to its answer.")
                   .Register(registry_)
                   .Add({}, Seconds())) {}

void Metrics::Count(int status, std::chrono::microseconds duration) {
  requests_.Add({{"status", std::to_string(status)}}).Increment();
  seconds_.Observe(static_cast<double>(duration.count()) / 1e6);
}

std::string Metrics::Text(const Readings& readings) {
  Lines lines;
  lines.Add("strongroom_ready", "gauge", "1 when requests are served.", readings.ready ? 1 : 0);
  lines.Add("strongroom_workers_waiting", "gauge", "Requests that wait for a worker.",
            readings.workers_waiting);
  AddNet(lines, "net", readings.net);
  AddNet(lines, "grpc", readings.grpc);
  AddStorage(lines, readings.storage);
  AddKeys(lines, readings.keys);
  AddAudit(lines, readings);
  return prometheus::TextSerializer().Serialize(registry_.Collect()) + std::move(lines).Take() +
         IssuersText(readings.issuers);
}

}  // namespace strongroom::server
