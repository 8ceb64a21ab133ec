#include "ledger/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

#include "ledger/indexes/index_set.h"
#include "ledger/installation.h"
#include "ledger/policies.h"
#include "ledger/records.h"
#include "ledger/tenancy.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using SharedPolicies = std::shared_ptr<const authz::PolicySet>;

// One text for both, so that tenants can't be enumerated (SPEC 3).
base::Error NoAccess() {
  return base::MakeError(
      base::ErrorCode::kAccessDenied, "access denied: the token has no client in this account",
      "check the header x-twisp-account-id, or ask for a client for the token's principal");
}

// What the client and the groups are, for as long as none of them changes.
struct Holders {
  NearestClient nearest;
  std::vector<SharedDocument> groups;

  // Names these very versions.
  std::string Identity() const {
    std::string identity;
    const auto add = [&](const Document& document) {
      identity += fmt::format("{}:{}:{}/", document.record_id().ToString(), document.version(),
                              document.modified().time_since_epoch().count());
    };
    if (nearest.client != nullptr) add(*nearest.client);
    for (const SharedDocument& group : groups) add(*group);
    return identity;
  }
};

base::Status FindGroups(ReadScope& scope, std::string_view email, Holders& holders) {
  if (email.empty()) return {};
  STRONGROOM_ASSIGN(const SharedDocument user,
                    LoadBy(scope, LedgerId::kUser, "email", {Value(email)}));
  if (user == nullptr) return {};
  for (const Value& id : *user->At("group_ids").Get<ListValue>().items) {
    STRONGROOM_ASSIGN(SharedDocument group,
                      Load(scope, LedgerId::kGroup, DocumentKey::Of(id.Get<base::Uuid>())));
    if (group != nullptr) holders.groups.push_back(std::move(group));
  }
  return {};
}

// Stored policies that can't be read deny everything: nobody is let in by mistake.
authz::Policy DenyEverything(const Document& holder) {
  authz::Policy policy;
  policy.effect = authz::Effect::kDeny;
  policy.actions = {"*"};
  policy.resources = {"*"};
  policy.origin = fmt::format("unreadable policies of {} \"{}\"", holder.ledger().spec().name,
                              holder.At("name").Get<std::string>());
  return policy;
}

std::string AccessKey(const AccessRequest& request) {
  return storage::KeyWriter()
      .Text(request.account_id)
      .Text(request.principal)
      .Text(request.email)
      .Take();
}

}  // namespace

struct AccessDirectory::State {
  State(storage::Store& store_in, Engine& engine_in) : store(store_in), engine(engine_in) {}

  SharedPolicies PoliciesFor(const Holders& holders, const IndexSet& indexes);
  SharedPolicies Compile(const Holders& holders, const IndexSet& indexes,
                         std::vector<std::string>& found);
  std::shared_ptr<const Access> Find(const std::string& key, std::uint64_t epoch);
  void Keep(const std::string& key, std::shared_ptr<const Access> access);

  storage::Store& store;
  Engine& engine;
  std::shared_mutex mutex;
  // All below by `mutex`.
  std::unordered_set<std::string> principals;
  std::unordered_map<std::string, std::shared_ptr<const Access>> accesses;  // by request
  std::unordered_map<std::string, SharedPolicies> policies;                 // by Holders::Identity
  std::unordered_map<std::string, std::vector<std::string>> defects;        // by the same
};

SharedPolicies AccessDirectory::State::Compile(const Holders& holders, const IndexSet& indexes,
                                               std::vector<std::string>& found) {
  std::vector<authz::Policy> all;
  const auto add = [&](const Document& holder) {
    auto read = PoliciesOf(holder);
    if (!read.ok()) {
      found.push_back(read.error().message);
      all.push_back(DenyEverything(holder));
      return;
    }
    std::ranges::move(*read, std::back_inserter(all));
  };
  if (holders.nearest.client != nullptr) add(*holders.nearest.client);
  for (const SharedDocument& group : holders.groups) add(*group);
  auto set = authz::PolicySet::Compile(std::move(all), indexes.rights,
                                       {authz::PolicySet::BadPolicy::kCountAsDeny});
  if (!set.ok()) {
    // More than may be held together: nothing is allowed.
    found.push_back(set.error().message);
    set = authz::PolicySet::Compile({}, indexes.rights);
    STRONGROOM_CHECK(set.ok());
  }
  for (const base::Error& defect : (*set)->defects()) found.push_back(defect.message);
  return *std::move(set);
}

SharedPolicies AccessDirectory::State::PoliciesFor(const Holders& holders,
                                                   const IndexSet& indexes) {
  // The tenant's custom indexes are resources too.
  const std::string identity = holders.Identity() + indexes.id.ToString();
  {
    const std::shared_lock lock(mutex);
    if (const auto known = policies.find(identity); known != policies.end()) return known->second;
  }
  std::vector<std::string> found;
  SharedPolicies compiled = Compile(holders, indexes, found);
  const std::unique_lock lock(mutex);
  if (policies.size() >= limits::kAccessCacheMax) {
    policies.clear();
    defects.clear();
  }
  const auto [place, added] = policies.emplace(identity, compiled);
  if (added && !found.empty()) defects.emplace(identity, std::move(found));
  return place->second;
}

void AccessDirectory::State::Keep(const std::string& key, std::shared_ptr<const Access> access) {
  const std::unique_lock lock(mutex);
  if (accesses.size() >= limits::kAccessCacheMax) accesses.clear();
  accesses[key] = std::move(access);
}

AccessDirectory::AccessDirectory(std::unique_ptr<State> state) : state_(std::move(state)) {}
AccessDirectory::~AccessDirectory() = default;

base::Result<std::unique_ptr<AccessDirectory>> AccessDirectory::Open(storage::Store& store,
                                                                     Engine& engine) {
  std::unique_ptr<AccessDirectory> directory(
      new AccessDirectory(std::make_unique<State>(store, engine)));
  STRONGROOM_TRY(directory->Refresh());
  return directory;
}

bool AccessDirectory::IsRegisteredPrincipal(std::string_view principal) const {
  const std::shared_lock lock(state_->mutex);
  return state_->principals.contains(std::string(principal));
}

std::vector<std::string> AccessDirectory::Principals() const {
  const std::shared_lock lock(state_->mutex);
  return {state_->principals.begin(), state_->principals.end()};
}

std::shared_ptr<const Access> AccessDirectory::State::Find(const std::string& key,
                                                           std::uint64_t epoch) {
  const std::shared_lock lock(mutex);
  const auto known = accesses.find(key);
  return known != accesses.end() && known->second->epoch == epoch ? known->second : nullptr;
}

std::shared_ptr<const Access> AccessDirectory::Known(storage::Reader& reader,
                                                     const AccessRequest& request) const {
  const auto epoch = PolicyEpoch(reader);
  if (!epoch.ok()) return nullptr;
  auto known = state_->Find(AccessKey(request), *epoch);
  if (known == nullptr) return nullptr;
  const auto indexes = IndexSetId(reader, known->tenant);
  return indexes.ok() && *indexes == known->index_set ? known : nullptr;
}

base::Result<std::shared_ptr<const Access>> AccessDirectory::Resolve(
    storage::Reader& reader, const AccessRequest& request) const {
  STRONGROOM_ASSIGN(const std::uint64_t epoch, PolicyEpoch(reader));
  const std::string key = AccessKey(request);
  if (auto known = state_->Find(key, epoch)) {
    STRONGROOM_ASSIGN(const base::Uuid indexes, IndexSetId(reader, known->tenant));
    if (indexes == known->index_set) return known;
  }
  ReadScope scope{state_->engine, reader, {}};
  STRONGROOM_ASSIGN(const SharedDocument tenant, LoadTenant(scope, request.account_id));
  if (tenant == nullptr) return NoAccess();
  Holders holders;
  STRONGROOM_ASSIGN(holders.nearest, FindClient(scope, tenant, request.principal));
  STRONGROOM_TRY(FindGroups(scope, request.email, holders));
  if (holders.nearest.client == nullptr && holders.groups.empty()) return NoAccess();

  Access access;
  access.tenant = {tenant->At("id").Get<base::Uuid>()};
  access.account_id = std::string(request.account_id);
  if (holders.nearest.client != nullptr) {
    access.client = holders.nearest.client->At("name").Get<std::string>();
    access.client_home = holders.nearest.home;
    access.client_version = holders.nearest.client->version();
  }
  for (const SharedDocument& group : holders.groups)
    access.groups.push_back(group->At("name").Get<std::string>());
  ReadScope inside{state_->engine, reader, access.tenant};
  STRONGROOM_ASSIGN(const auto indexes, IndexesOf(inside));
  access.index_set = indexes->id;
  access.policies = state_->PoliciesFor(holders, *indexes);
  access.epoch = epoch;
  auto shared = std::make_shared<const Access>(std::move(access));
  state_->Keep(key, shared);
  return std::shared_ptr<const Access>(std::move(shared));
}

base::Result<std::optional<storage::SpaceId>> AccessDirectory::FindTenant(
    storage::Reader& reader, std::string_view account_id) const {
  ReadScope scope{state_->engine, reader, {}};
  STRONGROOM_ASSIGN(const SharedDocument tenant, LoadTenant(scope, account_id));
  if (tenant == nullptr) return std::optional<storage::SpaceId>();
  return std::optional(storage::SpaceId{tenant->At("id").Get<base::Uuid>()});
}

base::Status AccessDirectory::Refresh() {
  STRONGROOM_ASSIGN(const auto snapshot, state_->store.Read());
  STRONGROOM_ASSIGN(const std::uint64_t epoch, PolicyEpoch(*snapshot));
  STRONGROOM_ASSIGN(auto principals, RegisteredPrincipals(*snapshot));
  const std::unique_lock lock(state_->mutex);
  state_->principals = {std::make_move_iterator(principals.begin()),
                        std::make_move_iterator(principals.end())};
  std::erase_if(state_->accesses, [&](const auto& one) { return one.second->epoch != epoch; });
  return {};
}

std::vector<std::string> AccessDirectory::Defects() const {
  std::vector<std::string> all;
  const std::shared_lock lock(state_->mutex);
  for (const auto& [identity, found] : state_->defects)
    all.insert(all.end(), found.begin(), found.end());
  std::ranges::sort(all);
  return all;
}

}  // namespace strongroom::ledger
