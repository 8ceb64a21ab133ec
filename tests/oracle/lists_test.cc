// Lists against the naive filter: everything there is, judged one by one, ordered, cut (security
// 6.18).
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>

#include "cases.h"
#include "ledger/list.h"
#include "ledger/testing.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

// RapidCheck's own ranges grow with the size of a case, so that small cases would all be alike.
template <typename T>
T InRange(T begin, T end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(begin, end));
}

using Operator = FilterValue::Operator;

struct IndexCase {
  std::string_view name;
  std::string_view property;
  bool partition = false;
};
constexpr IndexCase kIndexCases[] = {{"name", "name"},
                                     {"code", "code"},
                                     {"status", "status"},
                                     {"external_id", "external_id", true},
                                     {"account_id", "account_id", true},
                                     {"code_unique", "code", true}};

// What policies say of single documents and properties; each may be there or not.
constexpr std::string_view kPolicies[] = {
    R"({"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account"]})",
    R"({"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account"],
        "assertions":{"a":"context.document.status == ACTIVE"}})",
    R"({"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account.document"],
        "assertions":{"a":"context.document.code < 'b'"}})",
    R"({"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account.indexes.*"],
        "assertions":{"a":"context.document.name != 'a'"}})",
    R"({"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account.document.name",
        "financial.Account.document.account_id"]})",
    R"({"effect":"DENY","actions":["db:Select"],"resources":["financial.Account.document.code"],
        "assertions":{"a":"context.document.metadata.secret"}})",
    R"({"effect":"DENY","actions":["*"],"resources":["financial.Account.indexes.code"],
        "assertions":{"a":"context.document.name == 'aa'"}})",
    R"p({"effect":"DENY","actions":["*"],"resources":["financial.Account"],
        "assertions":{"a":"context.document.external_id.startsWith('b')"}})p"};

std::string AnyWord() {
  return *rc::gen::element<std::string>("a", "aa", "ab", "b", "ba", "bb", "", "c\x01");
}

std::string AnyPolicies() {
  std::string list;
  for (const std::string_view policy : kPolicies) {
    if (InRange<int>(0, 2) == 0) continue;
    list += (list.empty() ? "" : ",") + std::string(policy);
  }
  return "[" + list + "]";
}

Document AnyAccount(const Ledger& ledger, std::uint8_t number, int external) {
  Document account(ledger);
  account.Set("account_id", Id(number));
  account.Set("name", AnyWord());
  account.Set("code", AnyWord());
  account.Set("external_id", external == 0 ? "" : AnyWord() + std::to_string(number));
  account.Set("normal_balance_type", 0);
  account.Set("description", "");
  account.Set("status", InRange<std::int64_t>(0, 3));
  if (InRange<int>(0, 2) == 0)
    account.Set("metadata", MakeJson(boost::json::object{{"secret", *rc::gen::arbitrary<bool>()}}));
  account.Set("config", MakeRecord({Value(false), Value(false)}));
  return account;
}

std::vector<SharedDocument> AnyAccounts(WriteScope& scope) {
  std::vector<SharedDocument> accounts;
  const int count = InRange<int>(0, 25);
  for (int i = 0; i < count; ++i) {
    Document account =
        AnyAccount(scope.catalog().At(LedgerId::kAccount),
                   static_cast<std::uint8_t>(InRange<int>(0, 256)), InRange<int>(0, 3));
    auto written = InsertUnasked(scope, std::move(account));
    if (written.ok()) accounts.push_back(*written);
  }
  return accounts;
}

FilterValue AnyFilter(const IndexCase& index, const std::vector<SharedDocument>& accounts) {
  FilterValue filter;
  filter.op = index.partition ? Operator::kEq
                              : *rc::gen::element(Operator::kEq, Operator::kLike, Operator::kLt,
                                                  Operator::kLte, Operator::kGt, Operator::kGte,
                                                  Operator::kBetween, Operator::kAll);
  const auto word = [&]() -> std::string {
    if (index.property == "status")
      return *rc::gen::element<std::string>("ACTIVE", "LOCKED", "INACTIVE");
    if (accounts.empty()) return index.property == "account_id" ? Id(1).ToString() : AnyWord();
    const SharedDocument account = *rc::gen::elementOf(accounts);
    if (index.property == "account_id")
      return account->At("account_id").Get<base::Uuid>().ToString();
    return index.partition ? account->At(index.property).Get<std::string>() : AnyWord();
  };
  filter.value = word();
  filter.end = word();
  return filter;
}

// The text that a value is compared and ordered by.
std::string KeyOf(const Document& account, const IndexCase& index) {
  const Value& value = account.At(index.property);
  if (const auto* id = value.As<base::Uuid>(); id != nullptr) return id->ToString();
  if (const auto* number = value.As<std::int64_t>(); number != nullptr)
    return std::to_string(*number);
  return value.Get<std::string>();
}

std::string FilterKey(const IndexCase& index, const std::string& text) {
  if (index.property != "status") return text;
  return text == "ACTIVE" ? "0" : text == "LOCKED" ? "1" : "2";
}

bool NaiveMatch(const Document& account, const IndexCase& index, const FilterValue& filter) {
  const std::string key = KeyOf(account, index);
  const std::string value = FilterKey(index, filter.value);
  switch (filter.op) {
    case Operator::kEq: return key == value;
    case Operator::kLt: return key < value;
    case Operator::kLte: return key <= value;
    case Operator::kGt: return key > value;
    case Operator::kGte: return key >= value;
    case Operator::kBetween: return key >= value && key <= FilterKey(index, filter.end);
    case Operator::kLike:
      if (index.property == "status") {
        constexpr std::string_view kNames[] = {"ACTIVE", "LOCKED", "INACTIVE"};
        return kNames[key[0] - '0'].starts_with(filter.value);
      }
      return key.starts_with(value);
    case Operator::kAll: break;
  }
  return true;
}

// Whether the document may be found this way, by the specification's own words.
bool NaiveAllowed(const authz::Permit& permit, const SharedDocument& account,
                  const IndexCase& index) {
  const Ledger& ledger = account->ledger();
  const auto verdict = permit.Judge(authz::Action::kSelect, ledger.rights(), *account).value();
  return verdict.Visible() && verdict.Allows(ledger.Right(*ledger.FindIndex(index.name))) &&
         verdict.Allows(Ledger::Right(ledger.At(index.property)));
}

std::vector<std::string> IdsOf(const std::vector<SharedDocument>& accounts) {
  std::vector<std::string> ids;
  for (const SharedDocument& account : accounts)
    ids.push_back(account->At("account_id").Get<base::Uuid>().ToString());
  return ids;
}

std::vector<std::string> IdsOf(const Page& page) {
  std::vector<SharedDocument> accounts;
  for (const Edge& edge : page.edges) accounts.push_back(edge.node.Unjudged());
  return IdsOf(accounts);
}

std::vector<std::string> NaiveList(const authz::Permit& permit,
                                   std::vector<SharedDocument> accounts, const IndexCase& index,
                                   const std::optional<FilterValue>& filter, bool descending) {
  std::erase_if(accounts, [&](const SharedDocument& account) {
    if (index.name == "external_id" && KeyOf(*account, index).empty()) return true;
    return (filter && !NaiveMatch(*account, index, *filter)) ||
           !NaiveAllowed(permit, account, index);
  });
  std::ranges::sort(accounts, [&](const SharedDocument& a, const SharedDocument& b) {
    return std::pair(KeyOf(*a, index), a->At("account_id").Get<base::Uuid>()) <
           std::pair(KeyOf(*b, index), b->At("account_id").Get<base::Uuid>());
  });
  if (descending) std::ranges::reverse(accounts);
  return IdsOf(accounts);
}

constexpr int kListsPerDatabase = 10;

class ListTest : public BootstrappedTest {
 protected:
  // All pages of this size, forward or backward, each compared with its part of `expected`.
  void ComparePages(const authz::Permit& permit, ReadScope& scope, ListRequest request,
                    const std::vector<std::string>& expected, std::size_t size, bool backward) {
    std::size_t seen = 0;
    std::optional<std::string> cursor;
    while (true) {
      request.page = {};
      (backward ? request.page.last : request.page.first) = static_cast<std::int64_t>(size);
      (backward ? request.page.before : request.page.after) = cursor;
      auto page = List(permit, scope, request);
      ++pages_;
      RC_ASSERT(page.ok());
      const std::size_t count = std::min(size, expected.size() - seen);
      const std::size_t begin = backward ? expected.size() - seen - count : seen;
      const std::vector<std::string> part(
          expected.begin() + static_cast<std::ptrdiff_t>(begin),
          expected.begin() + static_cast<std::ptrdiff_t>(begin + count));
      RC_ASSERT(IdsOf(*page) == part);
      RC_ASSERT(page->has_previous_page == (begin > 0));
      RC_ASSERT(page->has_next_page == (begin + count < expected.size()));
      seen += count;
      if (seen == expected.size()) return;
      cursor = backward ? page->edges.front().cursor : page->edges.back().cursor;
    }
  }

  // One random list under random policies.
  void CompareList(ReadScope& scope, const std::vector<SharedDocument>& accounts) {
    const authz::Permit permit = PermitOf(AnyPolicies());
    const IndexCase index = kIndexCases[InRange<std::size_t>(0, std::size(kIndexCases))];
    ListRequest request{.ledger = LedgerId::kAccount, .index = index.name};
    request.descending = *rc::gen::arbitrary<bool>();
    std::optional<FilterValue> filter;
    if (index.partition || *rc::gen::arbitrary<bool>()) {
      filter = AnyFilter(index, accounts);
      if (index.name == "external_id" && filter->value.empty()) filter->value = "none";
      const std::string name(index.name == "code_unique" ? "code_unique" : index.property);
      request.filters.push_back({name, *filter});
    }
    request.page.first = 1;
    ++lists_;
    if (permit.NeverAllows(authz::Action::kSelect,
                           engine_->catalog().At(LedgerId::kAccount).rights())) {
      RC_ASSERT(Outcome(List(permit, scope, request)) ==
                "ACCESS_DENIED: access denied: db:Select on financial.Account");
      ++denied_;
      return;
    }
    const auto expected = NaiveList(permit, accounts, index, filter, request.descending);
    filtered_ += expected.size() < accounts.size() ? 1 : 0;
    long_ += expected.size() > 3 ? 1 : 0;
    const auto size = InRange<std::size_t>(1, 8);
    ComparePages(permit, scope, request, expected, size, false);
    ComparePages(permit, scope, request, expected, size, true);
  }

  std::uint64_t lists_ = 0;
  std::uint64_t denied_ = 0;
  std::uint64_t filtered_ = 0;
  std::uint64_t long_ = 0;
  std::uint64_t pages_ = 0;
};

TEST_F(ListTest, Line18PagesAreThoseOfTheNaiveFilterInBothDirections) {
  oracle::CheckMany(oracle::Cases(150, 60'000), [&] {
    Work work = Begin();
    const auto accounts = AnyAccounts(work.scope);
    for (int i = 0; i < kListsPerDatabase; ++i) CompareList(work.scope, accounts);
  });
  std::cout << lists_ << " lists, " << denied_ << " denied, " << filtered_
            << " without some of the documents, " << long_ << " of more than three; " << pages_
            << " pages" << std::endl;
  EXPECT_GT(filtered_, lists_ / 4);
  EXPECT_GT(long_, lists_ / 20);
}

}  // namespace
}  // namespace strongroom::ledger
