// The mutations of the financial ledgers. `input` is the coerced GraphQL input object under its
// GraphQL names, holding ONLY what the caller gave: defaults are filled in here, so that they do
// not count as set (SPEC 4.1.5). Enums are their names, other scalars text or JSON as they came.
//
// The answer is judged for Select: what may not be selected is refused when its field is read.
// Errors carry the argument's path below the field ("input", "accountId"). After an error the
// transaction must be rolled back.
//
// Rights (SPEC 4): create needs Insert on the properties set and the references made; update needs
// Update on the properties changed, on the document before and after; delete needs Delete on every
// property. To update or delete a document it has to be visible, otherwise it is kNotFound.
#pragma once

#include <boost/json/fwd.hpp>

#include "ledger/read.h"

namespace strongroom::ledger {

// behaviour §7. The default journal (nil UUID) exists in every tenant until it is created.
base::Result<VisibleDocument> CreateJournal(const authz::Permit& permit, WriteScope& scope,
                                            const boost::json::object& input);
base::Result<VisibleDocument> UpdateJournal(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id, const boost::json::object& input);
// Locks.
base::Result<VisibleDocument> DeleteJournal(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id);

// behaviour §8.
base::Result<VisibleDocument> CreateAccount(const authz::Permit& permit, WriteScope& scope,
                                            const boost::json::object& input);
base::Result<VisibleDocument> UpdateAccount(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id, const boost::json::object& input);
// Locks; again is fine.
base::Result<VisibleDocument> DeleteAccount(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id);

// behaviour §8. A set comes with an account of the same id, which nobody posts to; that follows by
// itself and needs no right on Account (SPEC 4.1.7).
base::Result<VisibleDocument> CreateAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const boost::json::object& input);
base::Result<VisibleDocument> UpdateAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const base::Uuid& id,
                                               const boost::json::object& input);
// The set takes no changes and no members any more, and its account is locked. It stays readable,
// and what is posted to its members goes on to count. Again is fine.
base::Result<VisibleDocument> DeleteAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const base::Uuid& id);
// Need Insert and Delete on AccountSetMember; answer the set. `member`: {memberId, memberType}.
// Entries that the member has already don't count for the set. A member with entries in the set's
// journal can't be removed (kNotSupported).
base::Result<VisibleDocument> AddToAccountSet(const authz::Permit& permit, WriteScope& scope,
                                              const base::Uuid& id,
                                              const boost::json::object& member);
base::Result<VisibleDocument> RemoveFromAccountSet(const authz::Permit& permit, WriteScope& scope,
                                                   const base::Uuid& id,
                                                   const boost::json::object& member);

// behaviour §9. Every expression is compiled, and the entries must balance for sample values.
base::Result<VisibleDocument> CreateTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const boost::json::object& input);
base::Result<VisibleDocument> UpdateTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const base::Uuid& id,
                                             const boost::json::object& input);
// Locks.
base::Result<VisibleDocument> DeleteTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const base::Uuid& id);

// behaviour §10. Writes a transaction, its entries and the balances they lead to, or nothing.
base::Result<VisibleDocument> PostTransaction(const authz::Permit& permit, WriteScope& scope,
                                              const boost::json::object& input);
base::Result<VisibleDocument> UpdateTransaction(const authz::Permit& permit, WriteScope& scope,
                                                const base::Uuid& id,
                                                const boost::json::object& input);
// Posts the opposite entries (the same sides, negated amounts, `_VOID` behind the entry type) under
// the id uuidv5(id, "void") and ties both together. Voiding twice and voiding a void are refused.
// Answers the new transaction. Needs the rights of a posting, and Update on what changes on the
// original and its entries.
base::Result<VisibleDocument> VoidTransaction(const authz::Permit& permit, WriteScope& scope,
                                              const base::Uuid& id);
base::Result<VisibleDocument> UpdateEntry(const authz::Permit& permit, WriteScope& scope,
                                          const base::Uuid& id, const boost::json::object& input);

// behaviour §13, SPEC 4.1.11: needs Insert on the resource of the index,
// `financial.Account.indexes. my_index`. What is there already is added to it: all of it at once
// when it is little, else after the operation (WriteScope::index_work). A unique key that is there
// twice is refused.
base::Result<VisibleDocument> CreateIndex(const authz::Permit& permit, WriteScope& scope,
                                          const boost::json::object& input, bool historical);
// Needs Delete on that resource. `on` is a value of IndexOnEnum.
base::Result<VisibleDocument> DeleteIndex(const authz::Permit& permit, WriteScope& scope,
                                          std::string_view on, std::string_view name);

// behaviour §12. Needs a permit, and no right (SPEC 4.1.8). `document` may be null.
base::Result<boost::json::value> Evaluate(const authz::Permit& permit, ReadScope& scope,
                                          const boost::json::value& expressions,
                                          const boost::json::value& document);

}  // namespace strongroom::ledger
