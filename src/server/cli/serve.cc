#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/log.h"
#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/service.h"
#include "server/token_settings.h"

namespace strongroom::server::cli {
namespace {

struct ServeOptions {
  Settings settings;
  bool file_key = false;
};

base::Status Serve(const ServeOptions& options) {
  if (options.settings.keys.provider == "file" && !options.file_key) {
    return base::MakeError(base::ErrorCode::kBadRequest, "a root key in a file is for development",
                           "choose --key-provider aws-kms or pkcs11, or accept the file with "
                           "--allow-file-root-key once you have secured it");
  }
  for (const std::string& issuer : TakenForAnyAudience(options.settings)) {
    base::Log(base::LogLevel::kWarning, "tokens are taken whatever audience they are for",
              {{"issuer", issuer.empty() ? "every one without a list of its own" : issuer}});
  }
  Service::Options start;
  start.settings = options.settings;
  STRONGROOM_ASSIGN(const auto service, Service::Start(std::move(start)));
  fmt::print(stderr, "strongroom is ready on {}:{}, gRPC on {}:{}, admin on {}:{}\n",
             options.settings.main.host, service->port(), options.settings.grpc.host,
             service->grpc_port(), options.settings.admin.host, service->admin_port());
  WaitForSignal(*service);
  service->Stop();
  return {};
}

void AddIamOptions(CLI::App& command, IamSettings& iam) {
  command.add_option("--iam-auth-url", iam.auth_url,
                     "https://host[:port]/ of the exchange of AWS identities; without it there "
                     "is none");
  command.add_option("--iam-partition", iam.partitions,
                     "aws, aws-cn or aws-us-gov; may be repeated");
  command.add_option("--iam-audience", iam.audience, "aud of vended tokens; the auth URL");
  command.add_option("--iam-token-seconds", iam.token_seconds, "how long vended tokens last");
  command.add_option("--iam-algorithm", iam.algorithm, "that signs vended tokens")
      ->check(CLI::IsMember({"ES256", "RS256"}));
  command.add_option("--iam-rotation-days", iam.rotation_days, "how long a signing key signs");
  command.add_option("--iam-allow-root", iam.allow_root, "take root users of AWS accounts");
  command.add_option("--iam-allow-federated-users", iam.allow_federated_users,
                     "take federated users, whose names others choose");
  command.add_option("--sts-endpoint", iam.sts_endpoints,
                     "host=https://address of a VPC endpoint of STS; may be repeated");
  command.add_option("--sts-ca", iam.sts_ca, "PEM file trusted for these endpoints");
  command.add_option("--sts-network", iam.sts_networks,
                     "private network that these endpoints may live in, as CIDR; may be repeated");
}

void AddTokenOptions(CLI::App& command, Settings& settings) {
  command.add_option("--token-seconds-max", settings.token_seconds_max,
                     "the longest lifetime of a token");
  command.add_option("--token-skew-seconds", settings.token_skew_seconds,
                     "by how much clocks may differ, 0 to 300");
  command.add_option("--token-algorithm", settings.token_algorithms,
                     "of signatures that are taken; may be repeated, all without");
  command.add_option("--issuer-audience", settings.issuer_audiences,
                     "https://issuer=audience, for this issuer instead of --audience; may be "
                     "repeated");
  command.add_option("--issuer-token-seconds-max", settings.issuer_token_seconds,
                     "https://issuer=seconds, the longest lifetime of its tokens; may be repeated");
  command.add_option("--issuer-ca", settings.issuer_ca, "PEM file trusted for issuers");
  command.add_option("--issuer-own-ca", settings.issuer_cas,
                     "https://issuer=PEM file, trusted for this one instead; may be repeated");
  command.add_option("--issuer-pattern", settings.issuer_patterns,
                     "issuers that may be asked for keys, with *; may be repeated");
  command.add_option("--issuer-network", settings.issuer_networks,
                     "private network that issuers may live in, as CIDR; may be repeated");
  command.add_option("--token-failures-per-second", settings.token_failures_per_second,
                     "wrong signatures that one source may send");
  command.add_option("--token-cache-entries", settings.token_cache_entries,
                     "verified tokens that are kept; 0 keeps none");
  command.add_option("--keys-fresh-seconds", settings.keys_fresh_seconds,
                     "how long keys are fresh whose issuer does not say; 300 to 86400");
  command.add_option("--keys-stale-hours", settings.keys_stale_hours,
                     "how long keys are used of an issuer that fails");
  command.add_option("--console-issuer", settings.console_issuer,
                     "issuer whose verified e-mails name users");
}

void AddOptions(CLI::App& command, ServeOptions& options) {
  Settings& settings = options.settings;
  command.set_config("--config", "", "file with these options as `name = value` lines");
  command.allow_config_extras(CLI::config_extras_mode::error);
  command.add_option("--data", settings.data, "directory of the store")->required();
  AddKeyOptions(command, settings.keys);
  command.add_flag("--allow-file-root-key", options.file_key,
                   "accept that the root key is a file on this machine");
  command.add_option("--tenant-deletion-grace-hours", settings.tenant_deletion_grace_hours,
                     "how long the key of a deleted tenant is kept");
  command.add_option("--host", settings.main.host, "address to serve on");
  command.add_option("--port", settings.main.port, "of HTTPS");
  command.add_option("--admin-host", settings.admin.host, "address of health and metrics");
  command.add_option("--admin-port", settings.admin.port, "of health and metrics");
  command.add_option("--grpc-host", settings.grpc.host, "address of gRPC");
  command.add_option("--grpc-port", settings.grpc.port, "of gRPC");
  command.add_option("--grpc-reflection", settings.grpc_reflection,
                     "tell tools which services there are");
  command.add_option("--tls-certificate", settings.tls_certificate, "PEM file, with its chain")
      ->required();
  command.add_option("--tls-key", settings.tls_key, "PEM file")->required();
  command.add_option("--audience", settings.audiences,
                     "what a token's aud must name, or the word any; may be repeated");
  AddTokenOptions(command, settings);
  AddIamOptions(command, settings.iam);
  command.add_option("--audit-log", settings.audit_log, "file of the request log; - is stderr");
  command.add_option("--audited-reads", settings.audited_reads,
                     "which queries the sealed log tells of, besides denials")
      ->check(CLI::IsMember({"none", "sampled", "all"}));
  command.add_option("--audit-retention-days", settings.audit_retention_days,
                     "how long the sealed log keeps records; 0 keeps them for ever");
  command.add_option("--introspection", settings.introspection, "answer introspection");
  command.add_option("--workers", settings.workers, "threads for requests; 0 chooses");
  command.add_option("--request-bytes-max", settings.request_bytes_max,
                     "memory for requests that wait or run, in all");
  command.add_option("--cache-bytes", settings.cache_bytes, "memory for opened blocks");
  command.add_option("--drain-seconds", settings.drain_seconds, "how long a stop may take");
}

// A program of its own in the eyes of the command line library, which reads configuration files for
// whole programs only.
int Run(std::vector<std::string> arguments) {
  ServeOptions options;
  CLI::App command{"serve a store that `strongroom init` has made", "strongroom serve"};
  AddOptions(command, options);
  command.footer(
      "examples:\n"
      "  strongroom serve --config /etc/strongroom/strongroom.toml\n"
      "  strongroom serve --data /var/lib/strongroom --key-provider aws-kms \\\n"
      "    --kms-key arn:aws:kms:eu-west-1:111122223333:key/ID \\\n"
      "    --tls-certificate tls.pem --tls-key tls.key --audience ledger\n"
      "signals: HUP reads the certificate again, USR1 forgets the keys of all issuers");
  try {
    std::reverse(arguments.begin(), arguments.end());  // as the library wants them
    command.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : kUsage;
  }
  HardenProcess();
  BlockSignals();
  const base::Status status = Serve(options);
  return status.ok() ? 0 : Report(status.error());
}

}  // namespace

void AddServe(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("serve", "serve a store that `init` has made");
  command->prefix_command();
  command->set_help_flag();
  command->callback([command, &exit] { exit = Run(command->remaining()); });
}

}  // namespace strongroom::server::cli
