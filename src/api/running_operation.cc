#include "api/running_operation.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "ledger/audit/keeper.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using graphql::OperationKind;

// Go's notation, as far as a retry needs it: `30s`, `500ms`, `2m`. Nothing else retries.
std::chrono::milliseconds ReadDuration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || number < 0 || number > 3600) return std::chrono::milliseconds(0);
  if (unit == "ms") return std::chrono::milliseconds(number);
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "m") return std::chrono::minutes(number);
  return std::chrono::milliseconds(0);
}

// As in errors: digits are the index of a list.
json::array PathJson(const std::vector<std::string>& path) {
  json::array list;
  for (const std::string& segment : path) {
    std::int64_t index = 0;
    const char* const end = segment.data() + segment.size();
    const auto [at, error] = std::from_chars(segment.data(), end, index);
    if (error == std::errc() && at == end)
      list.emplace_back(index);
    else
      list.emplace_back(segment);
  }
  return list;
}

json::array WarningsJson(const std::vector<authz::Warning>& warnings) {
  json::array list;
  for (const authz::Warning& warning : warnings) {
    json::object item{{"code", authz::WarningCodeName(warning.code)}, {"message", warning.message}};
    if (!warning.hint.empty()) item["hint"] = warning.hint;
    if (warning.policy >= 0) item["policy"] = warning.policy;
    if (!warning.argument_path.empty()) item["path"] = PathJson(warning.argument_path);
    list.push_back(std::move(item));
  }
  return list;
}

// What an attempt may take of a thread that others wait for.
constexpr std::chrono::milliseconds kAttemptMax{1};

// No document that names neither field has any of those below them.
bool NamesAdministration(std::string_view text) {
  return memmem(text.data(), text.size(), "auth", 4) != nullptr ||
         memmem(text.data(), text.size(), "admin", 5) != nullptr;
}

bool Has(const std::vector<ErrorCode>& codes, ErrorCode code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

OperationAnswer RefusalOf(const base::Error& error) {
  OperationAnswer answer;
  answer.codes = {error.code};
  if (error.code == ErrorCode::kAccessDenied) {
    answer.status = 403;
    answer.body = ErrorBody(error);
    return answer;
  }
  answer.status = 503;
  answer.retry_later = true;
  answer.codes = {ErrorCode::kUnavailable};
  base::Error unavailable =
      base::MakeError(ErrorCode::kUnavailable, "the ledger is not available", "try again later");
  unavailable.retriable = true;
  answer.body = ErrorBody(unavailable);
  return answer;
}

void RunningOperation::Run(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done) {
  const std::shared_ptr<RunningOperation> running(
      new RunningOperation(api, std::move(request), std::move(done), storage::Reach::kAll));
  running->Begin();
}

bool RunningOperation::Attempt(GraphqlApi& api, OperationRequest& request,
                               const GraphqlApi::Done& done) {
  const std::string_view text = request.graphql.query;
  if (NamesAdministration(text) || !api.engine_->IsPrepared(text)) return false;
  const std::shared_ptr<RunningOperation> running(
      new RunningOperation(api, std::move(request), done, storage::Reach::kMemory));
  running->BeginAttempt();
  if (!running->HasGivenUp()) return true;
  request = std::move(running->request_);
  return false;
}

RunningOperation::RunningOperation(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done,
                                   storage::Reach reach)
    : counted_(api.running_),
      api_(api),
      request_(std::move(request)),
      done_(std::move(done)),
      reach_(reach),
      now_(api.parts_.clock.Now()),
      deadline_(
          std::min(request_.deadline,
                   api.parts_.clock.Steady() +
                       (reach == storage::Reach::kMemory ? kAttemptMax : api.options_.deadline))) {
  answer_.media_type = request_.graphql.media_type;
  context_.claims = request_.claims.get();
  context_.decisions = &api.decisions_;
}

base::Result<RunningOperation::Entry> RunningOperation::Enter(storage::Reader& reader) {
  Entry entry;
  STRONGROOM_ASSIGN(entry.access, api_.parts_.directory.Resolve(
                                      reader, {request_.account_id, request_.claims->principal(),
                                               request_.email}));
  STRONGROOM_ASSIGN(auto folded, api_.folds_.Fold(*request_.claims, *entry.access));
  entry.permit.emplace(Permit(std::move(folded)));
  return entry;
}

authz::Permit RunningOperation::Permit(std::shared_ptr<const authz::FoldedPolicies> folded) {
  authz::Permit::Options options;
  options.decision_id = [this] {
    return base::NewTimeOrderedUuid(api_.parts_.ledger.random(), now_).ToString();
  };
  options.notes = api_.parts_.audit != nullptr;
  return authz::Permit::Grant(std::move(folded), now_, options);
}

void RunningOperation::Begin() {
  if (const auto status = CheckDeadline(); !status.ok()) return Fail(status.error());
  auto snapshot = api_.parts_.store.Read();
  if (!snapshot.ok()) return Fail(snapshot.error());
  snapshot_ = std::move(snapshot).value();
  auto entry = Enter(*snapshot_);
  if (!entry.ok()) return Fail(entry.error());
  entry_ = std::move(entry).value();
  Operate();
}

// Like Begin, with nothing but what is known already.
void RunningOperation::BeginAttempt() {
  given_up_ = true;
  auto snapshot = api_.parts_.store.Read(reach_);
  if (!snapshot.ok()) return;
  snapshot_ = std::move(snapshot).value();
  entry_.access = api_.parts_.directory.Known(
      *snapshot_, {request_.account_id, request_.claims->principal(), request_.email});
  if (entry_.access == nullptr) return;
  auto folded = api_.folds_.Known(*request_.claims, *entry_.access);
  if (folded == nullptr) return;
  entry_.permit.emplace(Permit(std::move(folded)));
  given_up_ = false;
  Operate();
}

void RunningOperation::Operate() {
  answer_.client = entry_.access->client;
  const graphql::HttpGraphqlRequest& asked = request_.graphql;
  auto prepared = api_.engine_->Prepare(asked.query, asked.operation_name);
  if (const auto* errors = std::get_if<graphql::RequestErrors>(&prepared)) return Refuse(*errors);
  operation_ = std::get<graphql::Operation>(std::move(prepared));
  answer_.operation = operation_->kind() == OperationKind::kMutation ? "mutation" : "query";
  if (!operation_->name().empty()) answer_.operation += " " + std::string(operation_->name());
  if (const auto problem = graphql::CheckMethod(asked, operation_->kind())) {
    answer_.allow = problem->allow;
    answer_.codes = {problem->error.code};
    return Answer(problem->status, graphql::RefusalText({problem->error}, true));
  }

  if (reach_ == storage::Reach::kMemory && operation_->kind() != OperationKind::kQuery) {
    given_up_ = true;
    return;
  }
  scope_.emplace(ledger::ReadScope{api_.parts_.ledger, *snapshot_, entry_.access->tenant,
                                   [this] { return CheckDeadline(); }});
  context_.scope = &*scope_;
  context_.permit = &*entry_.permit;
  context_.access = entry_.access.get();
  auto bound = api_.engine_->BindVariables(*operation_, asked.variables.get(), &context_);
  if (const auto* errors = std::get_if<graphql::RequestErrors>(&bound)) return Refuse(*errors);
  variables_ = std::get<graphql::Variables>(std::move(bound));
  for (const auto& sent : request_.repeats) {
    auto repeat = api_.engine_->BindVariables(*operation_, sent.get(), &context_);
    if (const auto* errors = std::get_if<graphql::RequestErrors>(&repeat)) {
      answer_.executed = repeats_.size() + 1;
      return Refuse(*errors);
    }
    repeats_.push_back(std::get<graphql::Variables>(std::move(repeat)));
  }
  return operation_->kind() == OperationKind::kMutation ? Mutate() : Query();
}

base::Status RunningOperation::CheckDeadline() const {
  if (request_.cancelled && request_.cancelled->load(std::memory_order_relaxed)) {
    return base::MakeError(ErrorCode::kInterrupted, "the caller has gone");
  }
  if (api_.parts_.clock.Steady() < deadline_) return {};
  given_up_ = reach_ == storage::Reach::kMemory;
  return base::MakeError(ErrorCode::kInterrupted, "the request took too long",
                         "ask for less at a time");
}

graphql::Response RunningOperation::Execute(OperationContext& context) {
  graphql::ExecutionOptions options;
  options.request = &context;
  options.every_field = context.plan != nullptr;
  options.interrupted = [this] { return CheckDeadline(); };
  return api_.engine_->Execute(*operation_, *variables_, options);
}

void RunningOperation::Query() { Finish(Execute(context_)); }

// Changes of clients, tenants, groups and users are also written in the installation's space, and
// a new or deleted tenant brings its own.
base::Result<std::vector<storage::SpaceId>> RunningOperation::PlanSpaces() {
  std::vector<storage::SpaceId> spaces{entry_.access->tenant};
  if (!NamesAdministration(operation_->document())) return spaces;
  SpacePlan plan;
  OperationContext planning;
  planning.plan = &plan;
  planning.permit = &*entry_.permit;
  planning.scope = &*scope_;
  Execute(planning);
  if (plan.installation) spaces.push_back(storage::kInstallation);
  spaces.insert(spaces.end(), plan.tenants.begin(), plan.tenants.end());
  for (const std::string& account_id : plan.deleted_account_ids) {
    STRONGROOM_ASSIGN(const auto tenant, api_.parts_.directory.FindTenant(*snapshot_, account_id));
    if (tenant) spaces.push_back(*tenant);
  }
  std::sort(spaces.begin(), spaces.end());
  spaces.erase(std::unique(spaces.begin(), spaces.end()), spaces.end());
  return spaces;
}

base::Result<std::unique_ptr<storage::Transaction>> RunningOperation::BeginTransaction(
    const std::vector<storage::SpaceId>& spaces) {
  Steady until = api_.parts_.clock.Steady();
  if (const graphql::Arguments* retry = operation_->FindDirective("retry")) {
    until += ReadDuration(retry->Find("for")->AsString());
  }
  // A transaction that has its turn meets no conflict: the turn is all there is to wait for.
  while (true) {
    auto begun = api_.parts_.store.Begin(spaces);
    if (begun.ok() || !begun.error().retriable) return begun;
    if (api_.parts_.clock.Steady() >= std::min(until, deadline_)) return begun;
  }
}

void RunningOperation::Mutate() {
  if (const auto& may_write = api_.options_.may_write) {
    if (const base::Status door = may_write(); !door.ok()) return Close(door.error());
  }
  auto spaces = PlanSpaces();
  if (!spaces.ok()) return Fail(spaces.error());
  snapshot_.reset();
  auto transaction = BeginTransaction(*spaces);
  if (!transaction.ok()) return Fail(transaction.error());
  ExecuteMutation(std::move(transaction).value());
}

void RunningOperation::ExecuteMutation(std::unique_ptr<storage::Transaction> transaction) {
  // Operations write in turn, and what they write is dated in that order. Policies may have changed
  // meanwhile.
  now_ = api_.parts_.ledger.NextTime(api_.parts_.clock.Now());
  auto entry = Enter(*transaction);
  if (!entry.ok()) return Fail(entry.error());
  if (entry->access->tenant != entry_.access->tenant) {
    return Fail(base::MakeError(ErrorCode::kUnavailable, "the tenant is being replaced"));
  }
  entry_ = std::move(entry).value();
  ledger::WriteScope scope(api_.parts_.ledger, *transaction, entry_.access->tenant, now_);
  scope.deadline = [this] { return CheckDeadline(); };
  scope.forced = operation_->FindDirective("force") != nullptr;
  context_.scope = &scope;
  context_.write = &scope;
  context_.permit = &*entry_.permit;
  context_.access = entry_.access.get();
  auto response = std::make_shared<graphql::Response>(Execute(context_));
  for (graphql::Variables& repeat : repeats_) {
    if (response->HasErrors()) break;
    variables_ = std::move(repeat);
    ++answer_.executed;
    *response = Execute(context_);
  }
  context_.scope = context_.write = nullptr;

  bool keep = !response->HasErrors() && operation_->FindDirective("dryRun") == nullptr;
  if (keep) {
    if (const base::Status audited = Audit(scope); !audited.ok()) {
      response->Fail(audited.error());
      keep = false;
    }
  }
  const bool access_changed = keep && scope.access_changed;
  const bool index_work = keep && scope.index_work;
  auto ended = [self = shared_from_this(), response, access_changed,
                index_work](base::Status status) {
    if (index_work && status.ok()) self->api_.WorkOnIndexes(self->entry_.access->tenant);
    self->Ended(std::move(*response), std::move(status), access_changed);
  };
  if (keep) {
    transaction->Commit(std::move(ended));
  } else {
    transaction->Rollback(std::move(ended));
  }
}

void RunningOperation::Ended(graphql::Response response, base::Status status, bool access_changed) {
  if (!status.ok()) response.Fail(status.error());
  if (status.ok() && !audited_.empty()) api_.parts_.audit->Committed(audited_);
  if (!access_changed || !status.ok()) return Finish(std::move(response));
  // The directory reads the store, which the committing thread must not wait for.
  auto shared = std::make_shared<graphql::Response>(std::move(response));
  api_.defer_([self = shared_from_this(), shared] {
    if (auto refreshed = self->api_.parts_.directory.Refresh(); !refreshed.ok()) {
      shared->Fail(refreshed.error());
    }
    if (const auto& tell = self->api_.options_.on_principal) {
      for (const std::string& principal : self->context_.principals) tell(principal);
    }
    self->Finish(std::move(*shared));
  });
}

void RunningOperation::Finish(graphql::Response response) {
  answer_.codes = response.codes();
  json::object extensions;
  if (!context_.warnings.empty()) extensions["warnings"] = WarningsJson(context_.warnings);
  answer_.retry_later = Has(answer_.codes, ErrorCode::kUnavailable);
  const int status = answer_.retry_later ? 503 : 200;
  Answer(status, std::move(response).Finish(extensions.empty() ? nullptr : &extensions));
}

void RunningOperation::Close(const base::Error& error) {
  answer_.codes = {error.code};
  answer_.retry_later = true;
  Answer(503, ErrorBody(error));
}

void RunningOperation::Refuse(const graphql::RequestErrors& errors) {
  for (const graphql::RequestError& error : errors) answer_.codes.push_back(error.code);
  const bool with_data = request_.graphql.media_type == graphql::MediaType::kJson;
  Answer(graphql::StatusOf(request_.graphql.media_type, errors),
         graphql::RefusalText(errors, with_data));
}

void RunningOperation::Fail(const base::Error& error) {
  OperationAnswer refusal = RefusalOf(error);
  answer_.retry_later = refusal.retry_later;
  answer_.codes = std::move(refusal.codes);
  Answer(refusal.status, std::move(refusal.body));
}

void RunningOperation::Answer(int status, std::string body) {
  if (HasGivenUp()) return;
  answer_.status = status;
  answer_.body = std::move(body);
  if (!Record()) {
    base::Error error = base::MakeError(ErrorCode::kUnavailable,
                                        "the audit log can't take the request's decisions now",
                                        "try again in a moment");
    error.retriable = true;
    answer_.status = 503;
    answer_.retry_later = true;
    answer_.codes = {error.code};
    answer_.body = ErrorBody(error);
  }
  // Before the answer, so that its decision ids can be asked for; they are written later.
  if (entry_.permit) api_.decisions_.Keep(entry_.access->tenant, entry_.permit->TakeKept());
  done_(std::move(answer_));
}

}  // namespace strongroom::api
