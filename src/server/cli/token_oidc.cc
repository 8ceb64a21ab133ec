#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/commands.h"
#include "server/cli/oidc_flow.h"
#include "server/read_file.h"
#include "server/service.h"

namespace strongroom::server::cli {
namespace {

struct OidcTokenOptions {
  OidcRequest request;
  std::string secret_file;
  std::string ca;
  bool device = false;
  bool cache = false;
  std::string output = "text";
};

// Never on the command line, where every user of the machine can read it.
base::Result<std::string> SecretOf(const OidcTokenOptions& options) {
  if (options.secret_file.empty()) {
    const char* value = secure_getenv("STRONGROOM_CLIENT_SECRET");
    return std::string(value == nullptr ? "" : value);
  }
  STRONGROOM_ASSIGN(std::string secret, ReadFile(options.secret_file));
  while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
  return secret;
}

base::Status Run(OidcTokenOptions options) {
  OidcRequest& request = options.request;
  STRONGROOM_ASSIGN(request.client_secret, SecretOf(options));
  if (!options.device && request.client_secret.empty()) {
    return base::MakeError(base::ErrorCode::kBadRequest, "there is no secret of the client",
                           "give --client-secret-file or STRONGROOM_CLIENT_SECRET, or --device");
  }
  const TokenCache cache(fmt::format("oidc\n{}\n{}\n{}\n{}\n{}\n{}{}", request.issuer,
                                     request.client_id, request.scope, request.audience,
                                     request.resource, request.id_token, options.device));
  if (options.cache) {
    if (const auto kept = cache.Find(base::SystemClock().Now())) {
      PrintToken(*kept, true, options.output);
      return {};
    }
  }
  STRONGROOM_ASSIGN(const auto client, TokenClient::Make(options.ca));
  const auto tell = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  STRONGROOM_ASSIGN(const KeptToken token, options.device ? FetchWithDevice(request, *client, tell)
                                                          : FetchWithSecret(request, *client));
  if (options.cache) STRONGROOM_TRY(cache.Keep(token));
  PrintToken(token, false, options.output);
  return {};
}

}  // namespace

void AddTokenOidc(CLI::App& token, int& exit) {
  CLI::App* command = token.add_subcommand("oidc", "a token of an OpenID provider");
  auto options = std::make_shared<OidcTokenOptions>();
  OidcRequest& request = options->request;
  command->add_option("--issuer", request.issuer, "as its tokens name it in iss")->required();
  command->add_option("--client-id", request.client_id, "of the client at the provider")
      ->required();
  command->add_option("--client-secret-file", options->secret_file,
                      "file with the client's secret; else STRONGROOM_CLIENT_SECRET");
  command->add_flag("--device", options->device,
                    "let a person say yes in a browser, on any device (rfc8628)");
  command->add_option("--scope", request.scope, "what is asked for, separated by spaces");
  command->add_option("--audience", request.audience, "whom the token is for, as Auth0 wants it");
  command->add_option("--resource", request.resource, "whom the token is for (rfc8707)");
  command->add_flag("--id-token", request.id_token, "print the ID token, not the access token");
  command->add_option("--ca", options->ca, "PEM file that is trusted for the provider");
  command->add_flag("--cache", options->cache,
                    "keep the token in ~/.cache/strongroom, and print it while it is good");
  AddOutput(*command, options->output);
  command->footer(
      "examples:\n"
      "  strongroom token oidc --issuer https://login.example.com --client-id billing \\\n"
      "    --client-secret-file secret.txt --scope ledger\n"
      "  strongroom token oidc --issuer https://accounts.google.com --client-id ID --device \\\n"
      "    --scope 'openid email' --id-token --cache");
  command->callback([options, &exit] {
    HardenProcess();
    const base::Status status = Run(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace strongroom::server::cli
