// `strongroom key`: root keys, data keys, and signing keys. Asks the server that has the store
// open, or opens the store itself when none does.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "server/cli/commands.h"
#include "server/cli/key_options.h"
#include "server/control.h"
#include "server/issuer_keys.h"
#include "server/key_commands.h"
#include "server/service.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
constexpr std::chrono::milliseconds kLookAgain{200};

struct KeyOptions {
  std::string data;
  storage::KeySettings keys;
  storage::KeySettings next;  // for rewrap
  std::string tenant;
  bool all = false;
  bool dry_run = false;
  bool pause = false;
  bool resume = false;
  bool wait = false;
  std::string output = "text";
  std::string algorithm = "ES256";  // of the issuer
};

base::Result<std::unique_ptr<storage::Store>> OpenStore(const KeyOptions& options) {
  storage::RocksDbOptions store;
  store.directory = options.data;
  store.create_if_missing = false;
  STRONGROOM_ASSIGN(store.key_provider,
                    storage::OpenKeyProvider(options.keys, base::SystemRandom()));
  return storage::OpenRocksDb(std::move(store));
}

// Whoever has the store open.
class Keeper {
 public:
  static base::Result<Keeper> Find(const KeyOptions& options) {
    Keeper keeper(options.data);
    STRONGROOM_ASSIGN(const auto running, AskControl(options.data, {{"command", "progress"}}));
    if (!running.has_value()) {
      STRONGROOM_ASSIGN(keeper.own_, OpenStore(options));
    }
    return keeper;
  }
  base::Result<json::object> Ask(const json::object& command) const {
    if (own_ != nullptr) return AnswerKeyCommand(*storage::KeysOf(*own_), command);
    STRONGROOM_ASSIGN(auto answer, AskControl(data_, command));
    if (answer.has_value()) return *std::move(answer);
    return base::MakeError(base::ErrorCode::kUnavailable, "the server has stopped meanwhile",
                           "run the command again");
  }
  bool running() const { return own_ == nullptr; }

 private:
  explicit Keeper(std::string data) : data_(std::move(data)) {}
  std::string data_;
  std::unique_ptr<storage::Store> own_;
};

std::string Text(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  return value.is_null() ? "-" : json::serialize(value);
}

void PrintStatus(const json::object& status) {
  const json::object& rotation = status.at("rotation").as_object();
  fmt::print("store      {}\nroot key   {}{}\nwrapped    {}\n", Text(status.at("store")),
             Text(status.at("root_key")),
             status.at("root_key_reachable").as_bool() ? "" : " (NOT REACHABLE)",
             Text(status.at("wrapped_at")));
  if (const auto* old = status.if_contains("old_seals"))
    fmt::print("old keys   {} of {} records, {} of {} bytes\n", Text(old->at("records")),
               Text(old->at("all_records")), Text(old->at("bytes")), Text(old->at("all_bytes")));
  const bool left = json::value_to<std::uint64_t>(rotation.at("tenants_left")) > 0;
  fmt::print("rotation   {}\n",
             !left
                 ? "none"
                 : fmt::format("{}: {} tenants left, {} records left of this one, {} rewritten",
                               rotation.at("paused").as_bool() ? "paused" : "running",
                               Text(rotation.at("tenants_left")), Text(rotation.at("records_left")),
                               Text(rotation.at("records_rewritten"))));
  if (!Text(rotation.at("problem")).empty())
    fmt::print("problem    {}\n", Text(rotation.at("problem")));
  fmt::print("\n{:<36}  {:<27}  {:>5}  {:<27}  {:>12}\n", "tenant", "key made", "epoch",
             "data key since", "seals");
  for (const json::value& tenant : status.at("tenants").as_array()) {
    const json::object& about = tenant.as_object();
    fmt::print("{:<36}  {:<27}  {:>5}  {:<27}  {:>12}{}\n", Text(about.at("tenant")),
               Text(about.at("key_made")), Text(about.at("epoch")), Text(about.at("epoch_since")),
               Text(about.at("seals_reserved")),
               about.contains("key_destroyed_at")
                   ? "  deleted; its key goes at " + Text(about.at("key_destroyed_at"))
               : about.at("rotating").as_bool() ? "  rotating"
                                                : "");
  }
}

void Print(const KeyOptions& options, const json::object& answer,
           void (*as_text)(const json::object&)) {
  if (options.output == "json")
    fmt::print("{}\n", json::serialize(answer));
  else
    as_text(answer);
}

base::Status Status(const KeyOptions& options) {
  STRONGROOM_ASSIGN(const Keeper keeper, Keeper::Find(options));
  STRONGROOM_ASSIGN(const json::object answer, keeper.Ask({{"command", "status"}}));
  Print(options, answer, PrintStatus);
  return {};
}

std::uint64_t TenantsLeft(const json::object& status) {
  return json::value_to<std::uint64_t>(status.at("rotation").at("tenants_left"));
}

// Nobody else would go on with it in a store that this command alone has open.
base::Status Await(const Keeper& keeper, json::object& status) {
  std::string shown;
  while (TenantsLeft(status) > 0) {
    const json::object& rotation = status.at("rotation").as_object();
    if (rotation.at("paused").as_bool())
      return base::MakeError(base::ErrorCode::kConflict, "the rotation is paused",
                             "go on with `strongroom key rotate data --resume`");
    const std::string line = fmt::format("{} tenants left, {} records left of this one",
                                         TenantsLeft(status), Text(rotation.at("records_left")));
    if (line != shown) fmt::print(stderr, "{}\n", shown = line);
    std::this_thread::sleep_for(kLookAgain);
    STRONGROOM_ASSIGN(status, keeper.Ask({{"command", "progress"}}));
  }
  return {};
}

base::Status RotateData(const KeyOptions& options) {
  const int chosen = (options.all ? 1 : 0) + (options.tenant.empty() ? 0 : 1) +
                     (options.pause ? 1 : 0) + (options.resume ? 1 : 0);
  if (chosen != 1)
    return base::MakeError(base::ErrorCode::kBadRequest, "it has to be said what is to be done",
                           "give one of --tenant ID, --all, --pause, --resume");
  STRONGROOM_ASSIGN(const Keeper keeper, Keeper::Find(options));
  json::object command{{"command", options.pause ? "pause" : options.resume ? "resume" : "rotate"}};
  if (!options.tenant.empty()) command["tenant"] = options.tenant;
  command["dry_run"] = options.dry_run;
  STRONGROOM_ASSIGN(json::object answer, keeper.Ask(command));
  if (answer.contains("dry_run")) {
    Print(options, answer, [](const json::object& count) {
      fmt::print("would rewrite {} records, {} bytes; nothing was changed\n",
                 Text(count.at("records")), Text(count.at("bytes")));
    });
    return {};
  }
  if (!options.pause && (options.wait || !keeper.running())) STRONGROOM_TRY(Await(keeper, answer));
  Print(options, answer, PrintStatus);
  return {};
}

base::Status Rewrap(const KeyOptions& options) {
  STRONGROOM_ASSIGN(const Keeper keeper, Keeper::Find(options));
  STRONGROOM_ASSIGN(const json::object answer,
                    keeper.Ask({{"command", "rewrap"}, {"keys", KeySettingsJson(options.next)}}));
  Print(options, answer, [](const json::object& done) {
    fmt::print("{} keys are wrapped by {} now, after {} ms\n", Text(done.at("keys")),
               Text(done.at("root_key")), Text(done.at("milliseconds")));
  });
  fmt::print(stderr,
             "name the new root key wherever the old one is named, before the next start\n");
  return {};
}

base::Status Verify(const KeyOptions& options) {
  STRONGROOM_ASSIGN(const Keeper keeper, Keeper::Find(options));
  STRONGROOM_ASSIGN(const json::object answer, keeper.Ask({{"command", "verify"}}));
  Print(options, answer, [](const json::object& done) {
    fmt::print("all {} keys unwrap with {}\n", Text(done.at("keys")), Text(done.at("root_key")));
  });
  return {};
}

base::Result<bool> MakeNextKey(const KeyOptions& options) {
  STRONGROOM_ASSIGN(const auto running, AskControl(options.data, {{"command", "rotate_issuer"}}));
  if (running.has_value()) {
    const json::value* made = running->if_contains("made");
    return made != nullptr && made->is_bool() && made->as_bool();
  }
  STRONGROOM_ASSIGN(const auto store, OpenStore(options));
  IssuerKeys keys(*store);
  authn::iam::IssuerOptions issuer_options;               // the schedule alone matters here
  issuer_options.keys.kept_after = std::chrono::days(1);  // whatever a server lets tokens last
  issuer_options.keys.algorithm = *crypto::ParseSignatureAlgorithm(options.algorithm);
  STRONGROOM_ASSIGN(const auto issuer,
                    authn::iam::Issuer::Open(std::move(issuer_options), keys, base::SystemClock(),
                                             base::SystemRandom()));
  return issuer->RotateNow();
}

base::Status RotateIssuer(const KeyOptions& options) {
  STRONGROOM_ASSIGN(const bool made, MakeNextKey(options));
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"made", made}}));
    return {};
  }
  fmt::print("{}\n", made ? "made the next key; it signs in an hour"
                          : "a next key waits already; nothing was changed");
  return {};
}

base::Status Create(const KeyOptions& options) {
  if (options.keys.provider == "pkcs11") return storage::CreatePkcs11Key(options.keys.pkcs11);
  if (options.keys.provider != "file")
    return base::MakeError(base::ErrorCode::kBadRequest, "keys of AWS KMS are made in AWS",
                           "see docs/howto/keys.md");
  if (options.keys.file.path.empty())
    return base::MakeError(base::ErrorCode::kBadRequest, "the file of the key is not named",
                           "strongroom key create /etc/strongroom/root.key");
  STRONGROOM_TRY(storage::CreateRootKeyFile(options.keys.file, base::SystemRandom()));
  fmt::print(stderr, "keep a copy: without it the data can't be read\n");
  return {};
}

using Run = base::Status (*)(const KeyOptions&);

std::shared_ptr<KeyOptions> Bind(CLI::App& command, Run run, int& exit) {
  auto options = std::make_shared<KeyOptions>();
  command.callback([options, run, &exit] {
    HardenProcess();
    const base::Status status = run(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
  return options;
}

std::shared_ptr<KeyOptions> BindToStore(CLI::App& command, Run run, int& exit) {
  auto options = Bind(command, run, exit);
  command.add_option("--data", options->data, "directory of the store")->required();
  AddKeyOptions(command, options->keys);
  AddOutput(command, options->output);
  return options;
}

void AddCreate(CLI::App& key, int& exit) {
  CLI::App* command = key.add_subcommand("create", "make a root key");
  const auto options = Bind(*command, Create, exit);
  command->add_option("FILE", options->keys.file.path, "where to; must not exist");
  AddKeyOptions(*command, options->keys);
  command->footer(
      "examples:\n"
      "  strongroom key create /etc/strongroom/root.key\n"
      "  strongroom key create root.key --root-key-passphrase-file /run/credentials/passphrase\n"
      "  strongroom key create --key-provider pkcs11 --pkcs11-module "
      "/usr/lib/softhsm/libsofthsm2.so \\\n"
      "    --pkcs11-token strongroom --pkcs11-key root --pkcs11-pin-file /etc/strongroom/pin");
}

void AddRotate(CLI::App& key, int& exit) {
  CLI::App* rotate = key.add_subcommand("rotate", "make a key follow another");
  rotate->require_subcommand(1);
  CLI::App* data = rotate->add_subcommand(
      "data", "begin new data keys, and rewrite in the background what older ones sealed");
  auto options = BindToStore(*data, RotateData, exit);
  data->add_option("--tenant", options->tenant, "UUID of a tenant");
  data->add_flag("--all", options->all, "all tenants, and what belongs to none");
  data->add_flag("--dry-run", options->dry_run, "say how much there would be to rewrite");
  data->add_flag("--pause", options->pause, "stop rewriting; holds over a restart");
  data->add_flag("--resume", options->resume, "go on with it");
  data->add_flag("--wait", options->wait, "wait for the end; always so with the server stopped");
  data->footer(
      "examples, with the server running (it needs no root key then):\n"
      "  strongroom key rotate data --data DIR --all --dry-run\n"
      "  strongroom key rotate data --data DIR --tenant d9d8f1c0-0299-4d5b-b2b6-85beafdda28b "
      "--wait");
  CLI::App* issuer = rotate->add_subcommand(
      "issuer", "make the next signing key of the IAM exchange before its time");
  options = BindToStore(*issuer, RotateIssuer, exit);
  issuer
      ->add_option("--algorithm", options->algorithm,
                   "of the next key, with the server stopped; a running one has iam-algorithm")
      ->check(CLI::IsMember({"ES256", "RS256"}));
  issuer->footer(
      "examples:\n"
      "  strongroom key rotate issuer --data DIR                    with the server running\n"
      "  strongroom key rotate issuer --data DIR --root-key FILE    with the server stopped");
}

void AddRewrap(CLI::App& key, int& exit) {
  CLI::App* command = key.add_subcommand("rewrap", "wrap all keys with another root key");
  const auto options = BindToStore(*command, Rewrap, exit);
  AddKeyOptions(*command, options->next, "new-");
  command->footer(
      "examples:\n"
      "  strongroom key rewrap --data DIR --root-key old.key --new-root-key new.key\n"
      "  strongroom key rewrap --data DIR --root-key old.key --new-key-provider aws-kms \\\n"
      "    --new-kms-key arn:aws:kms:eu-west-1:111122223333:key/ID\n"
      "With the server running, it does the work and the old root key need not be named.");
}

}  // namespace

void AddKey(CLI::App& app, int& exit) {
  CLI::App* key = app.add_subcommand("key", "root keys, data keys and signing keys");
  key->require_subcommand(1);
  AddCreate(*key, exit);
  CLI::App* status = key->add_subcommand("status", "which keys there are, their age and use");
  BindToStore(*status, Status, exit);
  status->footer("example:\n  strongroom key status --data DIR --output json");
  AddRotate(*key, exit);
  AddRewrap(*key, exit);
  CLI::App* verify = key->add_subcommand("verify", "unwrap every key again and compare");
  BindToStore(*verify, Verify, exit);
  verify->footer("example:\n  strongroom key verify --data DIR");
}

}  // namespace strongroom::server::cli
