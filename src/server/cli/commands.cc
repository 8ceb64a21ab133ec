#include "server/cli/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace strongroom::server::cli {

int Report(const base::Error& error) {
  fmt::print(stderr, "error: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "hint: {}\n", error.hint);
  return kFailed;
}

void AddOutput(CLI::App& command, std::string& output) {
  command.add_option("--output", output, "how results are printed: text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

int Main(int argc, char** argv) {
  CLI::App app{"a self-hosted, encrypted, multi-tenant financial ledger", "strongroom"};
  app.set_version_flag("--version", "strongroom " STRONGROOM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "examples:\n"
      "  strongroom dev                                  a server to try, on loopback\n"
      "  strongroom token dev --claim email=a@b.example  a token of its issuer\n"
      "  strongroom serve --config /etc/strongroom.toml  a server for production\n"
      "`strongroom COMMAND --help` has more of them.");
  int exit = 0;
  AddDev(app, exit);
  AddServe(app, exit);
  AddInit(app, exit);
  AddToken(app, exit);
  AddPolicy(app, exit);
  AddExplain(app, exit);
  AddAudit(app, exit);
  AddKey(app, exit);
  AddCel(app, exit);
  AddVerify(app, exit);
  AddBackup(app, exit);
  AddBook(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return exit;
}

}  // namespace strongroom::server::cli
