#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "server/cli/commands.h"
#include "server/issuer_keys.h"
#include "server/service.h"
#include "storage/key_provider.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

struct RotateOptions {
  std::string data;
  std::string root_key;
  std::string algorithm = "ES256";
};

base::Status RotateIssuer(const RotateOptions& options) {
  storage::RocksDbOptions store_options;
  store_options.directory = options.data;
  store_options.create_if_missing = false;
  STRONGROOM_ASSIGN(store_options.key_provider,
                    storage::OpenFileKeyProvider(options.root_key, base::SystemRandom()));
  STRONGROOM_ASSIGN(const auto store, storage::OpenRocksDb(std::move(store_options)));
  IssuerKeys keys(*store);
  authn::iam::IssuerOptions issuer_options;  // the schedule alone matters here
  issuer_options.keys.kept_after = std::chrono::days(1);  // whatever a server lets tokens last
  issuer_options.keys.algorithm = *crypto::ParseSignatureAlgorithm(options.algorithm);
  STRONGROOM_ASSIGN(const auto issuer,
                    authn::iam::Issuer::Open(std::move(issuer_options), keys, base::SystemClock(),
                                             base::SystemRandom()));
  STRONGROOM_ASSIGN(const bool made, issuer->RotateNow());
  fmt::print("{}\n", made ? "made the next key; it signs in an hour"
                          : "a next key waits already; nothing was changed");
  return {};
}

void AddCreate(CLI::App& key, int& exit) {
  CLI::App* command = key.add_subcommand("create", "make a root key in a file");
  auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "where to; must not exist")->required();
  command->footer("example:\n  strongroom key create /etc/strongroom/root.key");
  command->callback([path, &exit] {
    const base::Status status = storage::CreateRootKeyFile(*path, base::SystemRandom());
    exit = status.ok() ? 0 : Report(status.error());
    if (status.ok()) fmt::print(stderr, "keep a copy: without it the data can't be read\n");
  });
}

void AddRotate(CLI::App& key, int& exit) {
  CLI::App* rotate = key.add_subcommand("rotate", "make a key follow another");
  rotate->require_subcommand(1);
  CLI::App* command = rotate->add_subcommand(
      "issuer", "make the next signing key of the IAM exchange before its time");
  auto options = std::make_shared<RotateOptions>();
  command->add_option("--data", options->data, "directory of the store")->required();
  command->add_option("--root-key", options->root_key, "file of the root key")->required();
  command->add_option("--algorithm", options->algorithm, "of the next key, as iam-algorithm says")
      ->check(CLI::IsMember({"ES256", "RS256"}));
  command->footer(
      "example, with the server stopped:\n"
      "  strongroom key rotate issuer --data DIR --root-key FILE");
  command->callback([options, &exit] {
    HardenProcess();
    const base::Status status = RotateIssuer(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace

void AddKey(CLI::App& app, int& exit) {
  CLI::App* key = app.add_subcommand("key", "root keys, and signing keys");
  key->require_subcommand(1);
  AddCreate(*key, exit);
  AddRotate(*key, exit);
}

}  // namespace strongroom::server::cli
