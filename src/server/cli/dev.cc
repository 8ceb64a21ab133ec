#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "base/log.h"
#include "server/cli/commands.h"
#include "server/development.h"
#include "server/iam.h"
#include "server/service.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
constexpr std::chrono::hours kTokenLifetime{12};

struct DevOptions {
  std::string data = ".strongroom/data";
  bool ephemeral = false;
  std::uint16_t port = 8443;
  std::uint16_t admin_port = 9443;
  std::uint16_t grpc_port = 50051;
  std::string issuer_ca;
  std::string console_issuer;
  std::vector<std::string> sts_endpoints;
  std::string sts_ca;
  std::string iam_algorithm = "ES256";
  std::string audit_log;
  std::string audited_reads = "none";
  std::string output = "text";
  std::string log_level = "warning";
};

// A directory that goes when the server does.
class EphemeralDirectory {
 public:
  EphemeralDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "strongroom.XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~EphemeralDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Started {
  std::string graphql, grpc, admin, ca, account_id, token, data, iam;
};

void PrintJson(const Started& started) {
  const json::object line{{"graphql", started.graphql}, {"grpc", started.grpc},
                          {"admin", started.admin},     {"ca", started.ca},
                          {"iam", started.iam},         {"account_id", started.account_id},
                          {"token", started.token}};
  fmt::print("{}\n", json::serialize(line));
  std::fflush(stdout);
}

void PrintText(const Started& started) {
  const std::string iam = started.iam.empty() ? "off, for want of a chosen --port"
                                              : started.iam + " (tokens for AWS identities)";
  fmt::print(
      "strongroom is ready, on loopback and for development only\n"
      "  graphql  {}\n  grpc     {} (TLS, with reflection)\n  admin    {} (/healthz /readyz "
      "/metrics)\n  tenant   {}\n  ca       {}\n"
      "  iam      {}\n"
      "  data     {}\n  issuer   {} (any audience is taken)\n"
      "a first request, with a token for {} hours that may do everything:\n\n"
      "curl --cacert {} \\\n  -H 'authorization: Bearer {}' \\\n"
      "  -H 'x-twisp-account-id: {}' -H 'content-type: application/json' \\\n"
      "  -d '{{\"query\":\"{{ auth {{ whoami {{ principal accountId client }} }} }}\"}}' \\\n"
      "  {}\n\n"
      "another token: strongroom token dev --data {} --claim email=you@example.com\n"
      "ctrl-c stops the server\n",
      started.graphql, started.grpc, started.admin, started.account_id, started.ca, iam,
      started.data, kDevIssuer, kTokenLifetime.count(), started.ca, started.token,
      started.account_id, started.graphql, started.data);
  std::fflush(stdout);
}

ledger::BootstrapRequest FirstTenant() {
  ledger::BootstrapRequest request;
  request.organization = "Development";
  request.account_id = std::string(kDevAccountId);
  request.tenant_name = "development";
  request.principal = std::string(kDevIssuer);
  request.client_name = "developer";
  return request;
}

base::Result<Started> Describe(const Service& service, const Development& made) {
  Started started;
  started.graphql = fmt::format("https://localhost:{}/financial/v1/graphql", service.port());
  started.grpc = fmt::format("localhost:{}", service.grpc_port());
  started.admin = fmt::format("https://localhost:{}", service.admin_port());
  started.ca = made.ca_path;
  started.data = made.directory;
  started.iam = IssuerOf(made.settings.iam);
  started.account_id = service.account_id();
  STRONGROOM_ASSIGN(started.token, DevToken(*made.issuer, {}, kTokenLifetime));
  return started;
}

base::Status Serve(const DevOptions& options, const std::string& directory) {
  STRONGROOM_ASSIGN(Development made, PrepareDevelopment(directory));
  Settings& settings = made.settings;
  settings.main.port = options.port;
  // Several servers on one machine: who chooses a port for one of them gets any for the other.
  settings.admin.port =
      options.port != 8443 && options.admin_port == 9443 ? std::uint16_t{0} : options.admin_port;
  settings.grpc.port =
      options.port != 8443 && options.grpc_port == 50051 ? std::uint16_t{0} : options.grpc_port;
  settings.grpc_reflection = true;
  settings.issuer_ca = options.issuer_ca;
  settings.console_issuer = options.console_issuer;
  settings.audit_log = options.audit_log;
  settings.audited_reads = options.audited_reads;
  // The auth URL has the port in it, so the exchange needs a port that was chosen.
  if (options.port != 0) {
    settings.iam.auth_url = fmt::format("https://localhost:{}/", options.port);
    settings.iam.sts_endpoints = options.sts_endpoints;
    settings.iam.sts_ca = options.sts_ca;
    settings.iam.sts_loopback = true;
    settings.iam.algorithm = options.iam_algorithm;
  }
  Service::Options start;
  start.settings = settings;
  start.local_issuers = {{made.issuer->issuer(), made.issuer->Keys(), false}};
  start.bootstrap = FirstTenant();
  STRONGROOM_ASSIGN(const auto service, Service::Start(std::move(start)));
  STRONGROOM_ASSIGN(const Started started, Describe(*service, made));
  options.output == "json" ? PrintJson(started) : PrintText(started);
  WaitForSignal(*service);
  service->Stop();
  return {};
}

int Run(const DevOptions& options) {
  HardenProcess();
  BlockSignals();
  base::SetLogLevel(options.log_level == "debug"  ? base::LogLevel::kDebug
                    : options.log_level == "info" ? base::LogLevel::kInfo
                                                  : base::LogLevel::kWarning);
  std::unique_ptr<EphemeralDirectory> ephemeral;
  if (options.ephemeral) ephemeral = std::make_unique<EphemeralDirectory>();
  const std::string directory =
      std::filesystem::absolute(ephemeral ? ephemeral->path() : options.data).string();
  const base::Status status = Serve(options, directory);
  return status.ok() ? 0 : Report(status.error());
}

}  // namespace

void AddDev(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("dev", "start a development server on loopback");
  auto options = std::make_shared<DevOptions>();
  command->add_option("--data", options->data, "directory that keeps everything");
  command->add_flag("--ephemeral", options->ephemeral, "keep nothing after the server stops");
  command->add_option("--port", options->port, "of HTTPS; 0 takes a free one");
  command->add_option("--admin-port", options->admin_port, "of health and metrics");
  command->add_option("--grpc-port", options->grpc_port, "of gRPC");
  command->add_option("--issuer-ca", options->issuer_ca,
                      "PEM file with a CA that is trusted for issuers");
  command->add_option("--console-issuer", options->console_issuer,
                      "issuer whose verified e-mails name users");
  command->add_option("--sts-endpoint", options->sts_endpoints,
                      "host=https://address of a stand-in of AWS STS; may be repeated");
  command->add_option("--sts-ca", options->sts_ca, "PEM file with a CA that is trusted for it");
  command->add_option("--iam-algorithm", options->iam_algorithm, "that signs vended tokens")
      ->check(CLI::IsMember({"ES256", "RS256"}));
  command->add_option("--audit-log", options->audit_log, "file of the request log; - is stderr");
  command
      ->add_option("--audited-reads", options->audited_reads,
                   "which queries the sealed log tells of, besides denials")
      ->check(CLI::IsMember({"none", "sampled", "all"}));
  command->add_option("--log-level", options->log_level, "debug, info or warning")
      ->check(CLI::IsMember({"debug", "info", "warning"}));
  AddOutput(*command, options->output);
  command->footer(
      "examples:\n"
      "  strongroom dev\n"
      "  strongroom dev --ephemeral --port 0 --output json\n"
      "  strongroom dev --data ./data --issuer-ca my-idp-ca.pem");
  command->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace strongroom::server::cli
