// The right to call the ledger. Every call of the ledger takes a const Permit&; only authz makes
// one, from verified claims and compiled policies, so a forgotten check does not compile. STYLE.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "authz/decision.h"
#include "authz/folded_policies.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"

namespace strongroom::cel {
class ObjectView;
}

namespace strongroom::authz {

struct FoldedLedger;   // policy_plan.h, internal
struct PermitRequest;  // permit_request.h, internal

// A write that was allowed: which policies let these resources of one document be written.
struct GrantedWrite {
  std::string id;
  Action action = Action::kInsert;
  LedgerId ledger;
  std::string key;                     // of the document, for people
  std::vector<ResourceId> resources;   // asked for; none: that some property may be written
  std::vector<std::uint32_t> reasons;  // the ALLOW policies that apply to any of them
  bool complete = true;                // false: the budget ended before all reasons were found
};

// What was denied, however often: the caller was told so.
struct DeniedAsk {
  std::string id;  // of the first decision; empty when it was not kept
  Action action = Action::kSelect;
  std::string resource;
  std::vector<std::uint32_t> reasons;  // the DENY policies; none: denied by default
  std::vector<std::uint32_t> errors;   // policies with an assertion that failed
  std::uint64_t count = 1;
};

// What one request did with its permit, for the audit log.
struct PermitNotes {
  std::vector<GrantedWrite> granted;
  std::vector<DeniedAsk> denied;
  std::uint64_t denied_more = 0;        // denials of further resources
  std::vector<std::uint64_t> selected;  // documents that were judged for Select, by ledger
};

// What one action may do with one document. Lives no longer than the Permit it came from.
class DocumentVerdict {
 public:
  // One bit test. `resource` is of the ledger that was judged: a property to read or write, the
  // index that yielded the document, a join that starts from it, a reference that is set.
  bool Allows(ResourceId resource) const;
  // Whether the document exists for the caller: at least one property is allowed (SPEC 4).
  bool Visible() const;
  // Whether every property is allowed: what a delete asks.
  bool AllowsEveryProperty() const;

 private:
  friend class Permit;
  explicit DocumentVerdict(const FoldedLedger& ledger);
  void Allow(std::size_t number);

  const FoldedLedger* ledger_;
  std::uint64_t bits_ = 0;           // of classes 0 to 63
  std::vector<std::uint64_t> more_;  // of classes from 64 on; mostly empty
};

// One request's permit: folded policies, the instant `now`, and the cost that assertions may still
// use. Used by one thread at a time. Decisions do not depend on order or on earlier decisions,
// except that a spent budget fails the request with kLimitExceeded (security 6.10).
class Permit {
 public:
  struct Options {
    std::uint64_t cost_max = base::limits::kCelRequestCostMax;
    // Makes the ids of decisions that are kept; without it none are.
    std::function<std::string()> decision_id = {};
    // Keeps PermitNotes.
    bool notes = false;
  };
  // `now` is the one value of context.now for the whole request.
  static Permit Grant(std::shared_ptr<const FoldedPolicies> policies, base::Timestamp now,
                      const Options& options);
  static Permit Grant(std::shared_ptr<const FoldedPolicies> policies, base::Timestamp now) {
    return Grant(std::move(policies), now, Options{});
  }
  // May do everything. For what the host itself does before or outside any policy (bootstrap,
  // recovery, migrations, background jobs); never for a request. `account_id` may be empty.
  static Permit UnrestrictedForHost(std::shared_ptr<const Catalog> catalog, std::string account_id,
                                    base::Timestamp now);

  Permit(Permit&&) noexcept;
  Permit& operator=(Permit&&) noexcept;
  ~Permit();

  // Judges a document: the stored one for Select and Delete, the new one for Insert; for Update
  // call it twice, with the document before and after, and ask both (SPEC 4). Conditions that the
  // document decides run once each, whatever the number of properties asked for later.
  // Errors are failures of the engine (kLimitExceeded): the request fails, nothing is left out.
  base::Result<DocumentVerdict> Judge(Action action, LedgerId ledger,
                                      const cel::ObjectView& document) const;

  // Without a document: whether no document of the ledger could have any property allowed, so that
  // ACCESS_DENIED is the answer instead of an empty list (SPEC 4.1.3).
  bool NeverAllows(Action action, LedgerId ledger) const;
  // What is known of one resource before any document is seen. ALLOW and DENY are for good.
  Verdict Standing(Action action, LedgerId ledger, ResourceId resource) const;

  // A right that is asked where there is no document, by identifier, which need not be in the
  // catalog (Insert on `financial.Account.indexes.my_new_index`). Assertions that look at
  // context.document fail here: an ALLOW is skipped, a DENY applies.
  base::Result<bool> AllowsWithoutDocument(Action action, std::string_view resource) const;

  // `auth { can }`: of a resource identifier or a leading part of one (`financial.Account`), for
  // which all resources below it are asked. Without a document kDepends says that only one can
  // tell.
  base::Result<Verdict> Can(Action action, std::string_view resource,
                            const cel::ObjectView* document) const;

  // The whole story of one decision, through the same programs: every policy with its outcome.
  // Without a document, assertions that look at it fail. Of a leading part of identifiers
  // (`financial.Account`) it tells of every policy that covers a resource below it.
  // Slow: for denials, audit and people.
  base::Result<Decision> Explain(std::string id, Action action, std::string_view resource,
                                 const cel::ObjectView* document) const;

  // Explains a decision that was made, with the document at hand (or null), and keeps it; answers
  // its id. Empty when no more are kept (kDecisionsKeptMax). Explaining has a budget of its own:
  // it never makes the request fail, and what is over the budget is kept as not complete.
  std::string Keep(Action action, std::string_view resource, const cel::ObjectView* document) const;
  // The decisions kept so far, for whoever records them.
  std::vector<Decision> TakeKept() const;

  // Notes that a write was allowed, and by which policies; of one document and action once.
  // Finding the reasons has the budget of explaining. Nothing without Options::notes.
  void NoteGranted(Action action, LedgerId ledger, std::string key,
                   std::vector<ResourceId> resources, const cel::ObjectView& document) const;
  // Notes that the caller is told of a denial; `id` is what Keep answered just now.
  void NoteDenied(Action action, std::string_view resource, const std::string& id) const;
  PermitNotes TakeNotes() const;

  const TokenContext& token() const;
  const Catalog& catalog() const;
  base::Timestamp now() const;
  const PolicySet& policy_set() const;
  // Documents judged so far: for metrics.
  std::uint64_t decisions() const;

 private:
  explicit Permit(std::unique_ptr<PermitRequest> request);
  std::unique_ptr<PermitRequest> request_;
};

}  // namespace strongroom::authz
