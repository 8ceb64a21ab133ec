#include "ledger/account_set_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

bool IsSet(const Document& member) { return member.ledger().id() == LedgerId::kAccountSet; }

const base::Uuid& IdOf(const Document& member) {
  return member.At(member.ledger().key().front()).Get<base::Uuid>();
}

Values SetIds(const Document& member) {
  const auto* list = member.At("set_ids").As<ListValue>();
  return list == nullptr ? Values() : *list->items;
}

base::Result<SharedDocument> LoadSet(ReadScope& scope, const base::Uuid& id) {
  return Load(scope, LedgerId::kAccountSet, DocumentKey::Of(id));
}

base::Error NoSuch(std::string_view reference, std::string_view what) {
  return base::MakeError(
      ErrorCode::kForeignKeyViolation,
      fmt::format("foreign key violation\nAccountSetMember.references.{} foreign key violation",
                  reference),
      fmt::format("create the {} first, or correct its id", what));
}

Document MakeMembership(const Catalog& catalog, const base::Uuid& set, const base::Uuid& member,
                        std::int64_t type) {
  Document membership(catalog.At(LedgerId::kAccountSetMember));
  membership.Set("account_set_id", set);
  membership.Set("member_id", member);
  membership.Set("member_type", type);
  return membership;
}

// Asks for what the caller sets.
base::Status AskMembership(const authz::Permit& permit, const Document& membership,
                           MemberType type) {
  const Ledger& ledger = membership.ledger();
  std::vector<PropertyIndex> set{ledger.At("account_set_id"), ledger.At("member_id")};
  if (type == MemberType::kNamed) set.push_back(ledger.At("member_type"));
  return AskInsert(permit, membership, set);
}

// behaviour §8: what may become a member of `set`.
base::Status CheckMember(const Document& set, const Document& member) {
  if (set.At("deleted").Get<bool>())
    return base::MakeError(ErrorCode::kBadRequest,
                           fmt::format("the account set is deleted: {}", IdOf(set).ToString()),
                           "use another set");
  if (!IsSet(member)) return {};
  if (IdOf(member) == IdOf(set))
    return base::MakeError(ErrorCode::kBadRequest, "an account set can't be a member of itself");
  if (member.At("has_members").Get<bool>()) {
    // As existing clients know it (behaviour §3).
    base::Error error = base::MakeError(ErrorCode::kUnknownError, "sub account set must be empty");
    error.retriable = true;
    return error;
  }
  if (!Identical(member.At("journal_id"), set.At("journal_id")))
    return base::MakeError(ErrorCode::kBadRequest,
                           "an account set takes only sets of its own journal");
  return {};
}

base::Status CheckSetsAbove(WriteScope& scope, const Document& set, const Document& member) {
  STRONGROOM_ASSIGN(const Value above,
                    SetTree(scope).Above(member, set.At("journal_id").Get<base::Uuid>()));
  const std::size_t direct = SetIds(member).size();
  const std::size_t all = above.IsNull() ? 0 : above.Get<ListValue>().items->size();
  if (std::max(direct, all) <= limits::kAccountSetsMax) return {};
  return base::MakeError(
      ErrorCode::kLimitExceeded,
      fmt::format("more than {} account sets above one member", limits::kAccountSetsMax));
}

base::Result<SharedDocument> SetHasMembers(WriteScope& scope, const SharedDocument& set,
                                           bool has_members) {
  if (set->At("has_members").Get<bool>() == has_members) return set;
  Document after = *set;
  after.Set("has_members", has_members);
  return UpdateUnasked(scope, set, std::move(after));
}

base::Result<bool> HasAny(ReadScope& scope, LedgerId id, std::string_view key_prefix) {
  const Ledger& ledger = scope.catalog().At(id);
  STRONGROOM_ASSIGN(
      const auto cursor,
      scope.reader.Scan(scope.SpaceOf(ledger), storage::PrefixRange(CurrentKey(ledger, key_prefix)),
                        {.keys_only = true}));
  return cursor->Next();
}

// What the caller says about a member, by its id and type.
struct Named {
  base::Uuid id;
  std::optional<std::int64_t> type;
};

base::Result<Named> ReadMember(const Catalog& catalog, const boost::json::object& member) {
  auto draft = ReadCreateInput(catalog.At(LedgerId::kAccountSetMember), member);
  if (!draft.ok()) {
    base::Error error = std::move(draft).error();
    if (!error.argument_path.empty()) error.argument_path.front() = "member";
    return error;
  }
  Named named{draft->document.At("member_id").Get<base::Uuid>(), {}};
  if (const auto* type = draft->document.At("member_type").As<std::int64_t>(); type != nullptr)
    named.type = *type;
  return named;
}

// The account or set of that id; null when there is none of that type.
base::Result<SharedDocument> LoadMember(ReadScope& scope, const Named& named) {
  STRONGROOM_ASSIGN(SharedDocument set, LoadSet(scope, named.id));
  // The account under a set is no member by itself.
  const std::int64_t type = set != nullptr ? kMemberAccountSet : kMemberAccount;
  if (named.type.value_or(type) != type) return SharedDocument();
  if (set != nullptr) return set;
  return Load(scope, LedgerId::kAccount, DocumentKey::Of(named.id));
}

base::Result<VisibleDocument> Answer(const authz::Permit& permit, ReadScope& scope,
                                     const base::Uuid& id) {
  STRONGROOM_ASSIGN(SharedDocument set, LoadSet(scope, id));
  return VisibleDocument::Judge(permit, std::move(set));
}

}  // namespace

base::Result<std::vector<base::Uuid>> ReadAccountSetIds(const boost::json::object& input) {
  std::vector<base::Uuid> ids;
  const auto* given = input.if_contains("accountSetIds");
  if (given == nullptr || !given->is_array()) return ids;
  for (const boost::json::value& item : given->get_array()) {
    if (item.is_null()) continue;
    auto id = item.is_string() ? base::ParseUuid(item.get_string()) : base::ParseUuid("");
    if (!id.ok()) return Within("input", Within("accountSetIds", std::move(id).error()));
    ids.push_back(*id);
  }
  return ids;
}

bool IsOfAccountSet(const Document& account) {
  enum : std::size_t { kConcurrent, kIsAccountSet };  // of AccountConfig, catalog/account.cc
  const auto* config = account.At("config").As<RecordValue>();
  const bool* is_set = config == nullptr ? nullptr : (*config->fields)[kIsAccountSet].As<bool>();
  return is_set != nullptr && *is_set;
}

DocumentKey MembershipKey(const base::Uuid& set, const base::Uuid& member) {
  return DocumentKey::FromBytes(DocumentKey::Of(set).bytes() + DocumentKey::Of(member).bytes());
}

base::Status AddMember(const authz::Permit& permit, WriteScope& scope, const base::Uuid& id,
                       SharedDocument& member, MemberType type) {
  Document membership = MakeMembership(scope.catalog(), id, IdOf(*member),
                                       IsSet(*member) ? kMemberAccountSet : kMemberAccount);
  STRONGROOM_TRY(AskMembership(permit, membership, type));
  STRONGROOM_ASSIGN(const SharedDocument set, LoadSet(scope, id));
  // One that can't be seen is one that isn't there.
  STRONGROOM_ASSIGN(const auto visible, VisibleDocument::JudgeFound(permit, set));
  if (!visible) return NoSuch("account_set_id", "account set");
  STRONGROOM_TRY(CheckMember(*set, *member));
  STRONGROOM_TRY(InsertUnasked(scope, std::move(membership), {.references = true}));
  Values sets = SetIds(*member);
  sets.emplace_back(id);
  STRONGROOM_ASSIGN(member, RewriteUnasked(scope, member, "set_ids", MakeList(std::move(sets))));
  STRONGROOM_TRY(CheckSetsAbove(scope, *set, *member));
  STRONGROOM_TRY(SetHasMembers(scope, set, true));
  return {};
}

base::Result<VisibleDocument> AddToAccountSet(const authz::Permit& permit, WriteScope& scope,
                                              const base::Uuid& id,
                                              const boost::json::object& member) {
  STRONGROOM_ASSIGN(const Named named, ReadMember(scope.catalog(), member));
  STRONGROOM_TRY(
      RequireVisible(permit, scope, LedgerId::kAccountSet, DocumentKey::Of(id), id.ToString()));
  const MemberType type = named.type ? MemberType::kNamed : MemberType::kFoundOut;
  STRONGROOM_ASSIGN(SharedDocument found, LoadMember(scope, named));
  if (found == nullptr) {
    // Rights first: whether it is there is not told to those who may not put it into the set.
    STRONGROOM_TRY(AskMembership(
        permit, MakeMembership(scope.catalog(), id, named.id, named.type.value_or(kMemberAccount)),
        type));
    return NoSuch("member_id", "member");
  }
  STRONGROOM_TRY(AddMember(permit, scope, id, found, type));
  return Answer(permit, scope, id);
}

base::Result<VisibleDocument> RemoveFromAccountSet(const authz::Permit& permit, WriteScope& scope,
                                                   const base::Uuid& id,
                                                   const boost::json::object& member) {
  STRONGROOM_ASSIGN(const Named named, ReadMember(scope.catalog(), member));
  STRONGROOM_ASSIGN(const SharedDocument set, RequireVisible(permit, scope, LedgerId::kAccountSet,
                                                             DocumentKey::Of(id), id.ToString()));
  STRONGROOM_ASSIGN(const SharedDocument membership,
                    RequireVisible(permit, scope, LedgerId::kAccountSetMember,
                                   MembershipKey(id, named.id), named.id.ToString()));
  const auto type = membership->At("member_type").Get<std::int64_t>();
  if (named.type.value_or(type) != type) return NotFound(membership->ledger(), named.id.ToString());
  STRONGROOM_TRY(AskDelete(permit, *membership));
  // What was counted stays counted: a member that has a balance in the journal has entries there.
  const auto& journal = set->At("journal_id").Get<base::Uuid>();
  STRONGROOM_ASSIGN(const bool has_entries,
                    HasAny(scope, LedgerId::kBalance, MembershipKey(named.id, journal).bytes()));
  if (has_entries) return base::MakeError(ErrorCode::kNotSupported, "unsupported");
  STRONGROOM_TRY(EraseUnasked(scope, *membership));
  STRONGROOM_ASSIGN(const SharedDocument found, LoadMember(scope, {named.id, type}));
  STRONGROOM_CHECK(found != nullptr);
  Values sets = SetIds(*found);
  std::erase_if(sets, [&](const Value& one) { return one.Get<base::Uuid>() == id; });
  Value left = sets.empty() ? Value() : MakeList(std::move(sets));
  STRONGROOM_TRY(RewriteUnasked(scope, found, "set_ids", std::move(left)));
  STRONGROOM_ASSIGN(const bool some,
                    HasAny(scope, LedgerId::kAccountSetMember, DocumentKey::Of(id).bytes()));
  STRONGROOM_TRY(SetHasMembers(scope, set, some));
  return Answer(permit, scope, id);
}

// ---- SetTree.

base::Result<SharedDocument> SetTree::At(const base::Uuid& id) {
  const auto [place, added] = sets_.try_emplace(id);
  if (!added) return place->second;
  STRONGROOM_ASSIGN(place->second, LoadSet(scope_, id));
  if (place->second == nullptr)
    return base::MakeError(ErrorCode::kInternalServerError,
                           "a member names an account set that isn't there");
  return place->second;
}

base::Result<Value> SetTree::Above(const Document& member, const base::Uuid& journal) {
  const auto* direct = member.At("set_ids").As<ListValue>();
  if (direct == nullptr) return Value();
  Values found;
  Values next = *direct->items;
  // Appended to while it is walked over: level by level.
  for (std::size_t i = 0; i < next.size(); ++i) {
    const base::Uuid id = next[i].Get<base::Uuid>();
    const auto same = [&](const Value& one) { return one.Get<base::Uuid>() == id; };
    if (std::ranges::any_of(found, same)) continue;
    STRONGROOM_ASSIGN(const SharedDocument set, At(id));
    // A set's own sets are of its journal.
    if (set->At("journal_id").Get<base::Uuid>() != journal) continue;
    found.emplace_back(id);
    std::ranges::copy(SetIds(*set), std::back_inserter(next));
  }
  return found.empty() ? Value() : MakeList(std::move(found));
}

}  // namespace strongroom::ledger
