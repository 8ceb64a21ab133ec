#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "base/encoding.h"
#include "ledger/audit/append.h"
#include "ledger/audit/verify.h"
#include "ledger/engine.h"
#include "ledger/tenancy.h"
#include "server/cli/audit_lines.h"
#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/cli/remote.h"
#include "server/service.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;
using ledger::audit::AuditKeys;
using ledger::audit::ChainReport;
using ledger::audit::Checkpoint;
using storage::SpaceId;

constexpr std::string_view kInstallationName = "installation";
constexpr std::chrono::seconds kPoll{1};
constexpr std::int64_t kPage = 500;

struct AuditOptions {
  RemoteOptions remote;
  std::string data;
  storage::KeySettings keys;
  std::string chain;  // an accountId, or `installation`; empty: all
  std::string carried;
  std::string key;
  std::uint64_t from = 0;
  std::int64_t lines = 10;
  bool follow = false;
  std::string output = "text";
};

// ---- The store of a stopped server.

struct Chain {
  SpaceId space;
  std::string name;        // accountId, or `installation`
  std::string account_id;  // empty for the installation
};

struct Opened {
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<ledger::Engine> engine;
  std::unique_ptr<storage::Snapshot> snapshot;
  std::vector<Chain> chains;
};

base::Result<std::vector<Chain>> ChainsOf(Opened& opened, const std::string& wanted) {
  ledger::ReadScope scope{*opened.engine, *opened.snapshot, {}};
  STRONGROOM_ASSIGN(const auto tenants, ledger::LoadAll(scope, ledger::LedgerId::kTenant));
  std::vector<Chain> chains;
  const auto add = [&](SpaceId space, std::string name, std::string account_id) {
    if (wanted.empty() || wanted == name)
      chains.push_back({space, std::move(name), std::move(account_id)});
  };
  add(storage::kInstallation, std::string(kInstallationName), {});
  for (const auto& tenant : tenants) {
    const auto& account_id = tenant->At("account_id").Get<std::string>();
    add({tenant->At("id").Get<base::Uuid>()}, account_id, account_id);
  }
  if (!chains.empty()) return chains;
  return MakeError(ErrorCode::kNotFound, fmt::format("there is no tenant `{}`", wanted),
                   "name an accountId, or `installation`");
}

base::Result<Opened> Open(const AuditOptions& options) {
  storage::RocksDbOptions store;
  store.directory = options.data;
  store.create_if_missing = false;
  STRONGROOM_ASSIGN(store.key_provider,
                    storage::OpenKeyProvider(options.keys, base::SystemRandom()));
  Opened opened;
  STRONGROOM_ASSIGN(opened.store, storage::OpenRocksDb(std::move(store)));
  STRONGROOM_ASSIGN(opened.engine, ledger::Engine::Open(*opened.store, base::SystemRandom(), {}));
  STRONGROOM_ASSIGN(opened.snapshot, opened.store->Read());
  STRONGROOM_ASSIGN(opened.chains, ChainsOf(opened, options.chain));
  return opened;
}

base::Result<AuditKeys> KeysOf(const Opened& opened) {
  STRONGROOM_ASSIGN(auto keys, AuditKeys::Load(*opened.snapshot));
  if (keys) return *std::move(keys);
  return MakeError(ErrorCode::kNotFound, "the store has no audit log",
                   "one that was made before there was one gets it at the next start");
}

// ---- verify

std::string Describe(const ChainReport& report) {
  if (!report.whole())
    return report.finding->sequence == 0
               ? report.finding->what
               : fmt::format("at record {}: {}", report.finding->sequence, report.finding->what);
  std::string text = fmt::format("whole, records {} to {}", report.first, report.last);
  if (report.signed_to < report.last)
    return text + fmt::format("; {} behind the last checkpoint", report.last - report.signed_to);
  return text + ", signed to the end";
}

json::object AsJson(const Chain& chain, const ChainReport& report) {
  json::object object{{"chain", chain.space.id.ToString()},
                      {"name", chain.name},
                      {"whole", report.whole()},
                      {"first", report.first},
                      {"last", report.last},
                      {"checkpoints", report.checkpoints},
                      {"signed_to", report.signed_to}};
  if (!report.whole()) {
    object["bad_record"] = report.finding->sequence;
    object["finding"] = report.finding->what;
  }
  return object;
}

base::Status CheckKey(const AuditOptions& options, const AuditKeys& keys) {
  const auto ids = keys.Ids();
  if (options.key.empty() || std::find(ids.begin(), ids.end(), options.key) != ids.end()) return {};
  return MakeError(ErrorCode::kBadRequest, fmt::format("no key of the store is `{}`", options.key),
                   "the store was replaced, or this is not the one that was meant");
}

// Answers whether all is whole.
base::Result<bool> Verify(const AuditOptions& options) {
  STRONGROOM_ASSIGN(Opened opened, Open(options));
  STRONGROOM_ASSIGN(const AuditKeys keys, KeysOf(opened));
  STRONGROOM_TRY(CheckKey(options, keys));
  std::vector<Checkpoint> carried;
  if (!options.carried.empty()) {
    STRONGROOM_ASSIGN(carried, ReadCarried(options.carried, keys));
  }
  bool whole = true;
  json::array reports;
  for (const Chain& chain : opened.chains) {
    STRONGROOM_ASSIGN(const ChainReport report,
                      ledger::audit::VerifyChain(*opened.snapshot, chain.space, keys, carried));
    whole = whole && report.whole();
    if (options.output == "text") fmt::print("{}: {}\n", chain.name, Describe(report));
    reports.push_back(AsJson(chain, report));
  }
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"whole", whole},
                                                    {"keys", json::value_from(keys.Ids())},
                                                    {"carried", carried.size()},
                                                    {"chains", std::move(reports)}}));
  } else {
    fmt::print(stderr, "signed by {}\n", keys.Ids().front());
  }
  return whole;
}

// ---- export, tail

base::Status PrintStored(const Opened& opened, const Chain& chain, std::uint64_t from) {
  STRONGROOM_ASSIGN(const auto head, ledger::audit::ReadHead(*opened.snapshot, chain.space));
  if (!head) return MakeError(ErrorCode::kNotFound, "the chain of `" + chain.name + "` is missing");
  const std::string id = chain.space.id.ToString();
  for (std::uint64_t at = std::max(from, head->floor + 1); at <= head->sequence; ++at) {
    STRONGROOM_ASSIGN(const auto record,
                      ledger::audit::ReadRecord(*opened.snapshot, chain.space, at));
    if (!record)
      return MakeError(ErrorCode::kNotFound,
                       fmt::format("record {} of `{}` is missing", at, chain.name),
                       "strongroom audit verify tells more");
    fmt::print("{}\n",
               RecordLine(id, chain.account_id, base::EncodeHex(base::AsChars(record->hash)),
                          std::to_string(at), record->text));
    STRONGROOM_ASSIGN(const auto jws,
                      opened.snapshot->Get(chain.space, ledger::audit::CheckpointKey(at)));
    if (jws) fmt::print("{}\n", CheckpointLine(id, at, *jws));
  }
  return {};
}

base::Status ExportStored(const AuditOptions& options) {
  STRONGROOM_ASSIGN(const Opened opened, Open(options));
  STRONGROOM_ASSIGN(const AuditKeys keys, KeysOf(opened));
  fmt::print("{{\"keys\":{}}}\n", keys.JwksJson());
  for (const Chain& chain : opened.chains) STRONGROOM_TRY(PrintStored(opened, chain, options.from));
  return {};
}

base::Status TailStored(const AuditOptions& options) {
  STRONGROOM_ASSIGN(const Opened opened, Open(options));
  for (const Chain& chain : opened.chains) {
    STRONGROOM_ASSIGN(const auto head, ledger::audit::ReadHead(*opened.snapshot, chain.space));
    const auto lines = static_cast<std::uint64_t>(options.lines);
    const std::uint64_t last = head ? head->sequence : 0;
    STRONGROOM_TRY(PrintStored(opened, chain, last > lines ? last - lines + 1 : 1));
  }
  return {};
}

constexpr std::string_view kForwards = R"(query ($first: Int!, $after: String) {
  auth { whoami { accountId } auditLog(first: $first, after: $after) { sequence hash text } } })";
constexpr std::string_view kLast = R"(query ($last: Int!) {
  auth { whoami { accountId } auditLog(last: $last) { sequence hash text } } })";

// Answers the sequence of the last record that was printed, or `after`.
base::Result<std::string> PrintAnswer(const json::object& data, std::string after) {
  const json::object& auth = data.at("auth").as_object();
  const std::string_view account_id = auth.at("whoami").at("accountId").as_string();
  for (const json::value& item : auth.at("auditLog").as_array()) {
    const json::object& one = item.as_object();
    after = one.at("sequence").as_string();
    fmt::print("{}\n", RecordLine({}, account_id, std::string_view(one.at("hash").as_string()),
                                  after, std::string_view(one.at("text").as_string())));
  }
  std::fflush(stdout);
  return after;
}

base::Status ExportRemote(const AuditOptions& options) {
  STRONGROOM_ASSIGN(const auto remote, Remote::Connect(options.remote));
  std::string after = options.from > 0 ? std::to_string(options.from - 1) : "0";
  while (true) {
    STRONGROOM_ASSIGN(const json::object data,
                      remote->Ask(kForwards, {{"first", kPage}, {"after", after}}));
    STRONGROOM_ASSIGN(const std::string last, PrintAnswer(data, after));
    if (last == after) return {};
    after = last;
  }
}

base::Status TailRemote(const AuditOptions& options) {
  STRONGROOM_ASSIGN(const auto remote, Remote::Connect(options.remote));
  STRONGROOM_ASSIGN(json::object data, remote->Ask(kLast, {{"last", options.lines}}));
  STRONGROOM_ASSIGN(std::string after, PrintAnswer(data, "0"));
  while (options.follow) {
    std::this_thread::sleep_for(kPoll);
    STRONGROOM_ASSIGN(data, remote->Ask(kForwards, {{"first", kPage}, {"after", after}}));
    STRONGROOM_ASSIGN(after, PrintAnswer(data, after));
  }
  return {};
}

// ---- The command line.

void AddStore(CLI::App& command, AuditOptions& options) {
  command.add_option("--data", options.data, "directory of a stopped server's store");
  AddKeyOptions(command, options.keys);
}

void AddChain(CLI::App& command, AuditOptions& options) {
  command.add_option("--chain", options.chain,
                     "one chain of the store: an accountId, or `installation`");
}

void AddVerifyChains(CLI::App& audit, int& exit) {
  CLI::App* command = audit.add_subcommand(
      "verify", "whether no record was changed, removed, moved or cut off; the server is stopped");
  auto options = std::make_shared<AuditOptions>();
  AddStore(*command, *options);
  command->get_option("--data")->required();
  AddChain(*command, *options);
  command->add_option("--carried", options->carried,
                      "file with checkpoints that were kept elsewhere: a request log or an export");
  command->add_option("--key", options->key, "id that the signing key must have");
  AddOutput(*command, options->output);
  command->footer(
      "exit codes: 0 whole, 1 could not be read, 2 wrong usage, 3 a record is bad: it is named\n"
      "example:\n"
      "  strongroom audit verify --data /var/lib/strongroom --root-key root.key \\\n"
      "    --carried /var/log/strongroom/requests.log");
  command->callback([options, &exit] {
    HardenProcess();
    const auto whole = Verify(*options);
    exit = !whole.ok() ? Report(whole.error()) : *whole ? 0 : kInvalid;
  });
}

using Run = base::Status (*)(const AuditOptions&);

void AddReading(CLI::App& audit, const char* name, const char* about, const char* footer,
                Run stored, Run remote, const std::shared_ptr<AuditOptions>& options, int& exit) {
  CLI::App* command = audit.add_subcommand(name, about);
  AddStore(*command, *options);
  AddChain(*command, *options);
  AddRemote(*command, options->remote);
  command->footer(footer);
  command->callback([options, stored, remote, &exit] {
    HardenProcess();
    const base::Status status = options->data.empty() ? remote(*options) : stored(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace

void AddAudit(CLI::App& app, int& exit) {
  CLI::App* audit = app.add_subcommand("audit", "the sealed audit log");
  audit->require_subcommand(1);
  AddVerifyChains(*audit, exit);

  auto exporting = std::make_shared<AuditOptions>();
  AddReading(*audit, "export", "all records, as JSON Lines",
             "examples:\n"
             "  strongroom audit export --data DIR --root-key FILE > audit.jsonl   (stopped)\n"
             "  strongroom audit export --dev .strongroom/data --from 100          (running)",
             ExportStored, ExportRemote, exporting, exit);
  audit->get_subcommand("export")->add_option("--from", exporting->from, "the first sequence");

  auto tailing = std::make_shared<AuditOptions>();
  AddReading(*audit, "tail", "the last records, as JSON Lines",
             "examples:\n"
             "  strongroom audit tail --dev .strongroom/data --follow\n"
             "  strongroom audit tail --lines 100 --url https://ledger.example --account-id Main",
             TailStored, TailRemote, tailing, exit);
  CLI::App* tail = audit->get_subcommand("tail");
  tail->add_option("--lines", tailing->lines, "how many")->check(CLI::Range(0, 1000));
  tail->add_flag("--follow", tailing->follow, "go on with those to come, from a running server");
}

}  // namespace strongroom::server::cli
