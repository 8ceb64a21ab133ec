#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/commands.h"
#include "storage/key_provider.h"

namespace strongroom::server::cli {

void AddKey(CLI::App& app, int& exit) {
  CLI::App* key = app.add_subcommand("key", "root keys");
  key->require_subcommand(1);
  CLI::App* command = key->add_subcommand("create", "make a root key in a file");
  auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "where to; must not exist")->required();
  command->footer("example:\n  strongroom key create /etc/strongroom/root.key");
  command->callback([path, &exit] {
    const base::Status status = storage::CreateRootKeyFile(*path, base::SystemRandom());
    exit = status.ok() ? 0 : Report(status.error());
    if (status.ok()) fmt::print(stderr, "keep a copy: without it the data can't be read\n");
  });
}

}  // namespace strongroom::server::cli
