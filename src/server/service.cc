#include "server/service.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/secret_memory.h"
#include "ledger/audit/keeper.h"
#include "net/certificate.h"
#include "net/https_client.h"
#include "server/admin.h"
#include "server/control.h"
#include "server/grpc_path.h"
#include "server/iam.h"
#include "server/key_commands.h"
#include "server/read_file.h"
#include "server/request.h"
#include "server/token_settings.h"
#include "storage/backup/backup.h"
#include "storage/rocksdb/open.h"

namespace strongroom::server {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kWorkersQueueMax = 4096;
constexpr std::chrono::milliseconds kTick{250};

base::Result<net::TlsServerOptions> LoadTls(const Settings& settings) {
  STRONGROOM_ASSIGN(net::CertificatePair pair,
                    net::LoadPair(settings.tls_certificate, settings.tls_key));
  net::TlsServerOptions tls;
  tls.certificate_pem = std::move(pair.certificate_pem);
  tls.private_key_pem = std::move(pair.private_key_pem);
  return tls;
}

std::size_t WorkerCount(const Settings& settings) {
  if (settings.workers != 0) return settings.workers;
  return 4 * std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

// Calls `tick` every kTick until it is destroyed.
class Ticker {
 public:
  explicit Ticker(std::function<void()> tick)
      : tick_(std::move(tick)), thread_([this] { Run(); }) {}
  ~Ticker() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kTick, [this] { return stopped_; })) {
      lock.unlock();
      tick_();
      lock.lock();
    }
  }

  std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

// Taken down in the reverse order: listeners first, the store last.
struct Service::State {
  Settings settings;
  std::string account_id;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<ledger::Engine> ledger;
  std::unique_ptr<ledger::AccessDirectory> directory;
  std::unique_ptr<ledger::audit::Keeper> keeper;
  std::unique_ptr<net::EventLoop> loop;
  // The exchange outlives what it asked the fetcher for.
  std::unique_ptr<Iam> iam;
  std::unique_ptr<net::HttpFetcher> fetcher;
  std::unique_ptr<authn::TokenVerifier> verifier;
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<api::GraphqlApi> graphql;
  TenantShares shares;
  Metrics metrics;
  std::unique_ptr<Door> door;
  std::unique_ptr<RequestPath> path;
  std::unique_ptr<GrpcPath> calls;
  std::unique_ptr<Ticker> ticker;
  std::unique_ptr<Control> control;
  std::unique_ptr<net::Server> main;
  std::unique_ptr<net::Server> admin;
  std::unique_ptr<net::Server> grpc;
  std::atomic<bool> draining = false;

  base::Status OpenLedger(const Options& options);
  base::Status OpenApi(Options& options);
  bool IsRegistered(std::string_view principal) const;
  void WarmKeys();
  base::Status Listen();
  base::Status TakeCommands();
  base::Result<boost::json::object> RotateIssuer();
  base::Status OpenAudit();
  base::Status MayWrite() const;
  std::string NotReady() const;
  std::string MetricsText();
};

base::Status Service::State::OpenLedger(const Options& options) {
  base::Random& random = base::SystemRandom();
  storage::RocksDbOptions store_options;
  store_options.directory = settings.data;
  store_options.cache_bytes = settings.cache_bytes;
  store_options.create_if_missing = options.bootstrap.has_value();
  store_options.destruction_grace = std::chrono::hours(settings.tenant_deletion_grace_hours);
  STRONGROOM_ASSIGN(store_options.key_provider, storage::OpenKeyProvider(settings.keys, random));
  STRONGROOM_ASSIGN(store, storage::OpenRocksDb(std::move(store_options)));
  STRONGROOM_ASSIGN(ledger, ledger::Engine::Open(*store, random, {IssuerOf(settings.iam)}));
  if (options.bootstrap) {
    STRONGROOM_ASSIGN(const auto made,
                      ledger::Bootstrap(*store, *ledger, options.clock->Now(), *options.bootstrap));
    account_id = made.account_id;
  }
  STRONGROOM_ASSIGN(const auto reader, store->Read());
  STRONGROOM_ASSIGN(const bool bootstrapped, ledger::IsBootstrapped(*reader));
  if (!bootstrapped) {
    return MakeError(ErrorCode::kBadRequest, "the store has no organization yet",
                     "run `strongroom init` first");
  }
  STRONGROOM_ASSIGN(directory, ledger::AccessDirectory::Open(*store, *ledger));
  return OpenAudit();
}

base::Status Service::State::OpenAudit() {
  constexpr std::uint64_t kRetentionDaysMax = 36500;
  if (settings.audit_retention_days > kRetentionDaysMax)
    return MakeError(ErrorCode::kBadRequest, "audit records are kept for at most 36500 days",
                     "change audit-retention-days; 0 keeps them for ever");
  ledger::audit::Keeper::Options options;
  options.retention = std::chrono::days(settings.audit_retention_days);
  options.on_checkpoint = [this](const std::string& jws) { audit->WriteCheckpoint(jws); };
  STRONGROOM_ASSIGN(keeper, ledger::audit::Keeper::Open(*store, *ledger, base::SystemClock(),
                                                        std::move(options)));
  return {};
}

base::Status Service::State::MayWrite() const {
  if (audit->Healthy()) return keeper->Ready();
  base::Error error = MakeError(ErrorCode::kUnavailable,
                                "nothing is written while the request log can't be written",
                                "free space for the file that `audit-log` names, or move it away");
  error.retriable = true;
  return error;
}

// The console's issuer was registered by the operator (SPEC 3.4), all others by a client.
bool Service::State::IsRegistered(std::string_view principal) const {
  const std::string& console = settings.console_issuer;
  return (!console.empty() && principal == console) || directory->IsRegisteredPrincipal(principal);
}

// So that no stranger's token has to cause the first fetch (security 2.35).
void Service::State::WarmKeys() {
  for (const std::string& principal : directory->Principals()) verifier->Warm(principal);
  verifier->Warm(settings.console_issuer);
}

base::Status Service::State::OpenApi(Options& from) {
  const base::Clock& clock = *from.clock;
  loop = net::EventLoop::Start(std::max(1U, std::thread::hardware_concurrency()));
  fetcher = std::move(from.fetcher);
  if (fetcher == nullptr) fetcher = std::make_unique<net::HttpsClient>(*loop);
  STRONGROOM_ASSIGN(authn::VerifierOptions options, VerifierOptionsOf(settings));
  options.local_issuers = std::move(from.local_issuers);
  const auto is_registered = [this](std::string_view name) { return IsRegistered(name); };
  options.is_registered = is_registered;
  STRONGROOM_ASSIGN(
      iam, Iam::Open(settings.iam, *store, *fetcher, clock, base::SystemRandom(), is_registered));
  if (iam) iam->Configure(options);
  verifier = std::make_unique<authn::TokenVerifier>(std::move(options), *fetcher, clock);
  WarmKeys();
  workers = std::make_unique<WorkerPool>(WorkerCount(settings), kWorkersQueueMax);
  api::GraphqlApi::Options api_options;
  api_options.introspection = settings.introspection;
  api_options.may_write = [this] { return MayWrite(); };
  if (settings.audited_reads == "sampled") api_options.audited_reads = api::AuditedReads::kSampled;
  if (settings.audited_reads == "all") api_options.audited_reads = api::AuditedReads::kAll;
  api_options.on_principal = [this](const std::string& principal) { verifier->Warm(principal); };
  STRONGROOM_ASSIGN(
      graphql, api::GraphqlApi::Make(
                   {*store, *ledger, *directory, clock, keeper.get()}, std::move(api_options),
                   [this](std::function<void()> task) { workers->SubmitAlways(std::move(task)); }));
  door =
      std::make_unique<Door>(Door::Parts{*verifier, base::SystemRandom(), settings.console_issuer});
  path = std::make_unique<RequestPath>(RequestPath::Parts{
      *door, *graphql, *workers, shares, *audit, metrics, clock, [this] { return MayWrite(); },
      iam ? &iam->endpoint() : nullptr, settings.request_bytes_max});
  calls = std::make_unique<GrpcPath>(
      GrpcPath::Parts{*door, *graphql,
                      [this](const std::string& tenant, std::function<void()> task) {
                        return workers->Submit(shares.Of(tenant), std::move(task));
                      },
                      shares, *audit, metrics, clock, settings.grpc_reflection,
                      std::chrono::seconds(settings.token_skew_seconds)});
  ticker = std::make_unique<Ticker>([this] {
    verifier->Tick();
    if (iam) iam->Tick(*verifier);
    calls->health().SetServing(NotReady().empty());
  });
  return {};
}

base::Status Service::State::Listen() {
  const auto options_of = [&](const server::Listen& listen) -> base::Result<net::ServerOptions> {
    net::ServerOptions options;
    options.host = listen.host;
    options.port = listen.port;
    STRONGROOM_ASSIGN(options.tls, LoadTls(settings));
    return options;
  };
  const auto start = [&](const server::Listen& listen,
                         net::Handler handler) -> base::Result<std::unique_ptr<net::Server>> {
    STRONGROOM_ASSIGN(auto options, options_of(listen));
    return net::Server::Start(std::move(options), std::move(handler), *loop);
  };
  STRONGROOM_ASSIGN(main,
                    start(settings.main, [this](net::Request request, net::Responder responder) {
                      path->Handle(std::move(request), std::move(responder));
                    }));
  STRONGROOM_ASSIGN(admin, start(settings.admin, AdminHandler({[this] { return NotReady(); },
                                                               [this] { return MetricsText(); }})));
  STRONGROOM_ASSIGN(auto grpc_options, options_of(settings.grpc));
  STRONGROOM_ASSIGN(grpc,
                    net::Server::StartStreams(std::move(grpc_options), calls->handler(), *loop));
  return {};
}

base::Status Service::State::TakeCommands() {
  const auto answer =
      [this](const boost::json::object& command) -> base::Result<boost::json::object> {
    if (IsRotateIssuer(command)) return RotateIssuer();
    const auto* name = command.if_contains("command");
    if (name != nullptr && *name == "checkpoint") {  // of `strongroom backup`
      STRONGROOM_TRY(storage::MakeCheckpoint(*store));
      return boost::json::object();
    }
    return AnswerKeyCommand(*storage::KeysOf(*store), command);
  };
  STRONGROOM_ASSIGN(control, Control::Start(settings.data, answer));
  return {};
}

base::Result<boost::json::object> Service::State::RotateIssuer() {
  if (!iam)
    return base::MakeError(base::ErrorCode::kBadRequest, "this server vends no tokens",
                           "set iam-auth-url");
  STRONGROOM_ASSIGN(const bool made, iam->RotateNow(*verifier));
  return boost::json::object{{"made", made}};
}

std::string Service::State::NotReady() const {
  if (draining) return "the server is stopping";
  if (const storage::Health health = store->GetHealth(); !health.ready) return health.reason;
  if (!audit->Healthy()) return "the request log can't be written: nothing else is written either";
  if (const base::Status sealed = keeper->Ready(); !sealed.ok()) return sealed.error().message;
  const std::size_t defects = directory->Defects().size();
  if (defects > 0) return fmt::format("{} stored policies are not valid and deny", defects);
  return {};
}

std::string Service::State::MetricsText() {
  Metrics::Readings readings;
  readings.net = main->Metrics();
  if (grpc) readings.grpc = grpc->Metrics();
  readings.storage = store->GetStats();
  readings.keys = storage::KeysOf(*store)->Status();
  readings.issuers = verifier->keys().Status();
  readings.workers_waiting = workers->waiting();
  readings.ready = NotReady().empty();
  readings.audit = keeper->GetStats();
  readings.request_log = audit->GetStats();
  readings.decisions_dropped = graphql->decisions_dropped();
  return metrics.Text(readings);
}

base::Result<std::unique_ptr<Service>> Service::Start(Options options) {
  auto state = std::make_unique<State>();
  state->settings = options.settings;
  STRONGROOM_TRY(VerifierOptionsOf(options.settings));  // before anything is made
  STRONGROOM_ASSIGN(state->audit, AuditLog::Open(options.settings.audit_log, *options.clock));
  STRONGROOM_TRY(state->OpenLedger(options));
  STRONGROOM_TRY(state->OpenApi(options));
  if (base::SecretsMaySwap())
    base::Log(base::LogLevel::kWarning, "keys can be swapped to disk",
              {{"hint", "raise LimitMEMLOCK of the service, or turn swap off"}});
  std::unique_ptr<Service> service(new Service(std::move(state)));
  STRONGROOM_TRY(service->state_->Listen());
  STRONGROOM_TRY(service->state_->TakeCommands());
  service->state_->graphql->ResumeIndexWork();
  return service;
}

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() { Stop(); }

std::uint16_t Service::port() const { return state_->main->port(); }
std::uint16_t Service::admin_port() const { return state_->admin->port(); }
std::uint16_t Service::grpc_port() const { return state_->grpc->port(); }
const std::string& Service::account_id() const { return state_->account_id; }

std::size_t Service::Stop() {
  if (state_->draining.exchange(true)) return 0;
  std::size_t cut = 0;
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds(state_->settings.drain_seconds);
  for (net::Server* server : {state_->grpc.get(), state_->main.get()}) {
    if (server == nullptr) continue;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    cut += server->Drain(std::max(left, std::chrono::milliseconds(0)));
  }
  if (state_->admin) state_->admin->Drain(std::chrono::seconds(1));
  state_->control.reset();
  state_->ticker.reset();
  state_->grpc.reset();
  state_->main.reset();
  state_->admin.reset();
  if (state_->graphql) state_->graphql->BeginStop();
  // What still runs answers into the void, and may still tell the verifier of new principals; after
  // that nothing refers to what is taken down next.
  if (state_->workers) state_->workers->Stop();
  if (state_->graphql) state_->graphql->WaitIdle();
  state_->graphql.reset();  // keeps what it has to keep, and the keeper signs what it wrote
  state_->keeper.reset();
  state_->verifier.reset();
  state_->fetcher.reset();  // exchanges that wait for STS are answered while the path is there
  return cut;
}

void Service::FlushKeys() { state_->verifier->keys().Flush(); }

base::Status Service::ReloadCertificate() {
  STRONGROOM_ASSIGN(net::TlsServerOptions tls, LoadTls(state_->settings));
  STRONGROOM_TRY(state_->main->ReloadCertificate(std::move(tls)));
  STRONGROOM_ASSIGN(net::TlsServerOptions again, LoadTls(state_->settings));
  STRONGROOM_TRY(state_->admin->ReloadCertificate(std::move(again)));
  STRONGROOM_ASSIGN(net::TlsServerOptions third, LoadTls(state_->settings));
  return state_->grpc->ReloadCertificate(std::move(third));
}

}  // namespace strongroom::server
