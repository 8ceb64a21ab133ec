// The oracle against the real catalog and the real store: who brings which policies (the nearest
// client on the tenant chain, and all groups together), and what they decide on real documents.
#include <rapidcheck.h>

#include <boost/json.hpp>

#include "books.h"
#include "cases.h"
#include "expressions.h"
#include "ledger/access_testing.h"

namespace strongroom::oracle {
namespace {

namespace json = boost::json;

const PolicyStyle& StyleOf(const Books& books) {
  static const PolicyStyle style{kAllActions, books.leaves, false};
  return style;
}

// What a client or group is written with.
json::array InputOf(const std::vector<Policy>& policies, bool of_client) {
  json::array list = json::parse(authz::FormatPolicies(ToPolicies(policies))).as_array();
  if (!of_client) return list;
  for (json::value& policy : list)
    for (json::value& action : policy.as_object()["actions"].as_array())
      action =
          authz::ActionGraphqlName(*authz::ActionFromName(std::string_view(action.as_string())));
  return list;
}

class InstallationTest : public ledger::AccessTest {
 protected:
  using Scope = ledger::WriteScope;

  InstallationTest() : books_(engine_->catalog()) {}

  // What is invalid is never stored. The Root tenant has the client of the bootstrap.
  Installation AnyStorable(Choices& choices) const {
    Installation made = AnyInstallation(choices, books_.ledgers, StyleOf(books_));
    std::erase_if(made.clients, [](const Client& client) {
      return client.tenant == 0 && client.principal == kPrincipals[0];
    });
    const auto store = [&](auto& holder) {
      std::erase_if(holder.policies, &Policy::invalid);
      for (Policy& policy : holder.policies)
        if (choices.Chance(50)) policy.actions = kAllActions;
    };
    std::ranges::for_each(made.clients, store);
    std::ranges::for_each(made.groups, store);
    made.clients.push_back({0, kPrincipals[0], {{true, {"*"}, {"*"}, {}}}});
    return made;
  }

  storage::SpaceId SpaceOf(std::size_t tenant) const {
    return tenant == 0 ? tenant_ : storage::SpaceId{ledger::Id(static_cast<std::uint8_t>(tenant))};
  }

  void Write(const Installation& made, storage::Transaction& transaction) {
    const auto scope_of = [&](std::size_t tenant) {
      return Scope(*engine_, transaction, SpaceOf(tenant), now_);
    };
    for (std::size_t i = 1; i < made.tenants.size(); ++i) {
      Scope parent = scope_of(*made.tenants[i].parent);
      ledger::Must(CreateTenant(all_, parent,
                                {{"id", SpaceOf(i).id.ToString()},
                                 {"accountId", made.tenants[i].account_id},
                                 {"name", "n"},
                                 {"description", "d"}}));
      Scope own = scope_of(i);
      // Somebody has to be able to write clients, whatever becomes of the others.
      ledger::Must(CreateClient(all_, own,
                                {{"principal", ledger::kRole},
                                 {"name", "manager"},
                                 {"policies", json::parse(ledger::kManages)}}));
    }
    for (const Client& client : made.clients) {
      if (client.tenant == 0 && client.principal == kPrincipals[0]) continue;
      Scope scope = scope_of(client.tenant);
      ledger::Must(CreateClient(all_, scope,
                                {{"principal", client.principal},
                                 {"name", client.principal},
                                 {"policies", InputOf(client.policies, true)}}));
    }
    WriteGroups(made, scope_of(0));
  }

  void WriteGroups(const Installation& made, Scope scope) {
    const auto id = [](std::size_t number) {
      return ledger::Id(static_cast<std::uint8_t>(100 + number)).ToString();
    };
    for (std::size_t i = 0; i < made.groups.size(); ++i)
      ledger::Must(
          CreateGroup(all_, scope,
                      {{"id", id(i)},
                       {"name", made.groups[i].name},
                       {"description", "d"},
                       {"policy", json::serialize(InputOf(made.groups[i].policies, false))}}));
    for (const User& user : made.users) {
      json::array groups;
      for (const std::size_t number : user.groups) groups.emplace_back(id(number));
      ledger::Must(CreateUser(
          all_, scope, {{"id", id(50)}, {"email", user.email}, {"groupIds", std::move(groups)}}));
    }
  }

  // Both sides on every resource of an account.
  void CompareAccount(const authz::Permit& permit, const std::vector<Policy>& policies,
                      Request request, Choices& choices) const {
    const Values account = AnyAccount(choices);
    const ledger::Document document = ToDocument(engine_->catalog(), account);
    request.action = choices.Pick(kAllActions);
    request.document = account;
    const Ledger& ledger = books_.ledgers[kAccount];
    const auto verdict =
        permit.Judge(*authz::ActionFromName(request.action), document.ledger().rights(), document);
    RC_ASSERT(verdict.ok());
    for (std::size_t i = 0; i < ledger.identifiers.size(); ++i) {
      request.resource = ledger.identifiers[i];
      if (verdict->Allows({static_cast<std::uint16_t>(i)}) != Allowed(policies, ledger, request))
        RC_FAIL(Describe(policies, request));
    }
  }

  Books books_;
};

TEST_F(InstallationTest, RequestsBringTheNearestClientAndAllGroupsTogether) {
  int requests = 0;
  int refused = 0;
  CheckMany(Cases(100, 5'000), [&] {
    Choices choices(*AnyTape(1000));
    const Installation made = AnyStorable(choices);
    Work work = BeginIn(tenant_, {SpaceOf(1), SpaceOf(2), SpaceOf(3)});
    Write(made, *work.transaction);
    const auto directory = ledger::Must(ledger::AccessDirectory::Open(*store_, *engine_));
    Choices asked(AnySeed());
    for (int i = 0; i < 20; ++i) {
      const Caller caller = AnyCaller(asked, made);
      const auto policies = PoliciesFor(made, caller.account_id, caller.principal, caller.email);
      const auto access = directory->Resolve(*work.transaction,
                                             {caller.account_id, caller.principal, caller.email});
      ++requests;
      RC_ASSERT(access.ok() == policies.has_value());
      if (!policies) {
        RC_ASSERT(ledger::Outcome(access) == ledger::kNobody);
        ++refused;
        continue;
      }
      RC_ASSERT((*access)->policies->policies().size() == policies->size());
      Request request;
      request.account_id = caller.account_id;
      request.claims = AnyClaims(asked);
      const auto permit = MakePermit((*access)->policies, caller, request.claims);
      RC_ASSERT(permit.ok());
      for (int n = 0; n < 3; ++n) CompareAccount(*permit, *policies, request, asked);
    }
  });
  std::cout << requests << " requests, " << refused << " of them without a client" << std::endl;
  EXPECT_GT(refused, requests / 50);
  EXPECT_LT(refused, requests * 9 / 10);
}

}  // namespace
}  // namespace strongroom::oracle
