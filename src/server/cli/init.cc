#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "base/log.h"
#include "ledger/bootstrap.h"
#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/service.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

struct InitOptions {
  std::string data;
  storage::KeySettings keys;
  ledger::BootstrapRequest request;
  std::vector<std::string> assertions;
  std::string output = "text";
};

base::Status ReadAssertions(InitOptions& options) {
  for (const std::string& text : options.assertions) {
    const std::size_t at = text.find('=');
    if (at == 0 || at == text.npos) {
      return base::MakeError(base::ErrorCode::kBadRequest,
                             fmt::format("`{}` is no assertion", text),
                             "write --assert 'name=expression'");
    }
    options.request.assertions.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  return {};
}

base::Result<std::unique_ptr<storage::Store>> OpenStore(const InitOptions& options, bool create) {
  storage::RocksDbOptions store;
  store.directory = options.data;
  store.create_if_missing = create;
  STRONGROOM_ASSIGN(store.key_provider,
                    storage::OpenKeyProvider(options.keys, base::SystemRandom()));
  return storage::OpenRocksDb(std::move(store));
}

base::Status Init(InitOptions& options) {
  STRONGROOM_TRY(ReadAssertions(options));
  STRONGROOM_ASSIGN(const auto store, OpenStore(options, true));
  STRONGROOM_ASSIGN(const auto engine, ledger::Engine::Open(*store, base::SystemRandom(), {}));
  STRONGROOM_ASSIGN(const auto made,
                    ledger::Bootstrap(*store, *engine, base::SystemClock().Now(), options.request));
  if (options.output == "json") {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"made", made.made}, {"account_id", made.account_id}}));
  } else if (made.made) {
    fmt::print("made the organization and the tenant {}\n", made.account_id);
  } else {
    fmt::print("an organization is there already; nothing was changed\n");
  }
  return {};
}

base::Status Recover(InitOptions& options) {
  STRONGROOM_TRY(ReadAssertions(options));
  STRONGROOM_ASSIGN(const auto store, OpenStore(options, false));
  STRONGROOM_ASSIGN(const auto engine, ledger::Engine::Open(*store, base::SystemRandom(), {}));
  STRONGROOM_TRY(ledger::Recover(*store, *engine, base::SystemClock().Now(), options.request));
  base::Log(base::LogLevel::kWarning, "access was recovered on the host",
            {{"account_id", options.request.account_id}, {"principal", options.request.principal}});
  fmt::print("{} has all rights in {} again\n", options.request.principal,
             options.request.account_id);
  return {};
}

void AddCommon(CLI::App& command, InitOptions& options) {
  command.add_option("--data", options.data, "directory of the store")->required();
  AddKeyOptions(command, options.keys);
  command.add_option("--account-id", options.request.account_id, "accountId of the tenant")
      ->required();
  command
      .add_option("--principal", options.request.principal,
                  "issuer of the administrators' tokens, or an AWS identity")
      ->required();
  command.add_option("--assert", options.assertions,
                     "CEL assertion as name=expression, for an issuer that others share");
  command.add_option("--client-name", options.request.client_name, "name of the client");
  AddOutput(command, options.output);
}

void Bind(CLI::App& command, std::shared_ptr<InitOptions> options,
          base::Status (*run)(InitOptions&), int& exit) {
  command.callback([options, run, &exit] {
    HardenProcess();
    const base::Status status = run(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace

void AddInit(CLI::App& app, int& exit) {
  auto init = std::make_shared<InitOptions>();
  CLI::App* command = app.add_subcommand("init", "make a store with its first tenant, once");
  AddCommon(*command, *init);
  init->request.organization = "Organization";
  command->add_option("--organization", init->request.organization, "name of the organization");
  command->add_option("--tenant-name", init->request.tenant_name, "name of the tenant");
  command->footer(
      "example:\n"
      "  strongroom key create /etc/strongroom/root.key\n"
      "  strongroom init --data /var/lib/strongroom --root-key /etc/strongroom/root.key \\\n"
      "    --account-id Main --principal https://accounts.google.com \\\n"
      "    --assert \"admin=context.auth.claims.email == 'ops@example.com'\"\n"
      "  strongroom init --data /var/lib/strongroom --key-provider aws-kms \\\n"
      "    --kms-key arn:aws:kms:eu-west-1:111122223333:key/ID --account-id Main --principal "
      "ISSUER");
  Bind(*command, init, Init, exit);

  auto recover = std::make_shared<InitOptions>();
  recover->request.client_name = "recovered";
  command = app.add_subcommand("recover", "give a principal all rights in a tenant again");
  AddCommon(*command, *recover);
  command->footer(
      "example, with the server stopped:\n"
      "  strongroom recover --data DIR --root-key FILE --account-id Main --principal ISSUER");
  Bind(*command, recover, Recover, exit);
}

}  // namespace strongroom::server::cli
