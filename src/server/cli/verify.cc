#include "ledger/verify/verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/service.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct VerifyCommand {
  std::string data;
  storage::KeySettings keys;
  std::string output = "text";
};

// On a terminal one line that is written over; else a line of JSON.
base::Status ShowProgress(const std::string& account_id, const ledger::VerifyReport& report) {
  if (isatty(STDERR_FILENO) != 0) {
    fmt::print(stderr, "\r{} records, {} documents, {} wrong; tenant {}\x1b[K", report.records,
               report.documents, report.found, account_id.empty() ? "-" : account_id);
  } else {
    fmt::print(stderr, "{}\n",
               json::serialize(json::object{{"verifying", account_id},
                                            {"records", report.records},
                                            {"documents", report.documents},
                                            {"found", report.found}}));
  }
  return {};
}

void PrintJson(const ledger::VerifyReport& report) {
  json::array findings;
  for (const ledger::Finding& one : report.findings)
    findings.push_back(
        json::object{{"account_id", one.account_id}, {"check", one.check}, {"text", one.text}});
  fmt::print("{}\n", json::serialize(json::object{{"ok", report.ok()},
                                                  {"tenants", report.tenants},
                                                  {"records", report.records},
                                                  {"documents", report.documents},
                                                  {"entries", report.entries},
                                                  {"found", report.found},
                                                  {"findings", std::move(findings)}}));
}

void PrintText(const ledger::VerifyReport& report) {
  for (const ledger::Finding& one : report.findings)
    fmt::print("{}: {}: {}\n", one.account_id.empty() ? "installation" : one.account_id, one.check,
               one.text);
  if (report.found > report.findings.size())
    fmt::print("… and {} more\n", report.found - report.findings.size());
  fmt::print("{}: {} tenants, {} records, {} documents, {} entries\n",
             report.ok() ? "good" : fmt::format("{} wrong", report.found), report.tenants,
             report.records, report.documents, report.entries);
}

base::Result<ledger::VerifyReport> Run(const VerifyCommand& command) {
  storage::RocksDbOptions options;
  options.directory = command.data;
  options.create_if_missing = false;
  STRONGROOM_ASSIGN(options.key_provider,
                    storage::OpenKeyProvider(command.keys, base::SystemRandom()));
  STRONGROOM_ASSIGN(const auto store, storage::OpenRocksDb(std::move(options)));
  STRONGROOM_ASSIGN(const auto engine, ledger::Engine::Open(*store, base::SystemRandom(), {}));
  STRONGROOM_ASSIGN(const auto snapshot, store->Read());
  ledger::VerifyOptions verify;
  verify.audited = true;
  verify.progress = ShowProgress;
  auto report = ledger::Verify(*snapshot, *engine, verify);
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
  return report;
}

}  // namespace

void AddVerify(CLI::App& app, int& exit) {
  CLI::App* command =
      app.add_subcommand("verify", "check that what is stored is whole: seals, indexes, sums");
  auto options = std::make_shared<VerifyCommand>();
  command->add_option("--data", options->data, "directory of the store")->required();
  AddKeyOptions(*command, options->keys);
  AddOutput(*command, options->output);
  command->footer(
      "examples, with the server stopped:\n"
      "  strongroom verify --data /var/lib/strongroom --root-key /etc/strongroom/root.key\n"
      "  strongroom verify --data .strongroom/data/store --root-key .strongroom/data/root.key\n"
      "exit codes: 0 all is good, 1 it could not be looked at, 3 something is wrong");
  command->callback([options, &exit] {
    HardenProcess();
    const auto report = Run(*options);
    if (!report.ok()) {
      exit = Report(report.error());
      return;
    }
    options->output == "json" ? PrintJson(*report) : PrintText(*report);
    exit = report->ok() ? 0 : kInvalid;
  });
}

}  // namespace strongroom::server::cli
