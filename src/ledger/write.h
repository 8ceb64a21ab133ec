// Writing documents: rights, references, unique keys, versions and indexes, in one place. Internal:
// mutations are made of these.
//
// A new version keeps the key, `created` and `record_id`; `modified` is the scope's `now`. After an
// error the transaction has to be rolled back.
//
// Cost, in reads: an insert looks up its key, each unique index and each reference; an update
// looks up each unique index and reference that changes. `Known` leaves out what the caller has
// looked at.
#pragma once

#include <span>
#include <vector>

#include "authz/permit.h"
#include "ledger/document.h"
#include "ledger/read.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// What needs no look, because the caller knows.
struct Known {
  bool fresh_key = false;   // the key was made at random just now: no document has it
  bool references = false;  // the documents that it names have been read
};

// Writes version 1. Needs Insert on the properties in `set` and on the references among them.
base::Result<SharedDocument> Insert(const authz::Permit& permit, WriteScope& scope,
                                    Document document, std::span<const PropertyIndex> set,
                                    Known known = {});
// Without asking for rights: for what follows by itself (balances), and for the host.
base::Result<SharedDocument> InsertUnasked(WriteScope& scope, Document document, Known known = {});

// Writes `after` as the version that follows `before`, which has to be the current one. Needs
// Update on what differs and on what is in `set`, and on the references among them, for the
// document before and after. (Setting a property to the value it has needs the right too: else the
// answer would tell the value.)
base::Result<SharedDocument> Update(const authz::Permit& permit, WriteScope& scope,
                                    const SharedDocument& before, Document after,
                                    std::span<const PropertyIndex> set, Known known = {});
base::Result<SharedDocument> UpdateUnasked(WriteScope& scope, const SharedDocument& before,
                                           Document after, Known known = {});

// The rights that Insert, Update and a delete ask for, alone.
base::Status AskInsert(const authz::Permit& permit, const Document& document,
                       std::span<const PropertyIndex> set);
base::Status AskUpdate(const authz::Permit& permit, const Document& before, const Document& after,
                       std::span<const PropertyIndex> set);
base::Status AskDelete(const authz::Permit& permit, const Document& document);

// Stores the current version anew with another value of an internal property that stands in no
// index. Nobody sees a difference: no new version.
base::Result<SharedDocument> RewriteUnasked(WriteScope& scope, const SharedDocument& current,
                                            std::string_view internal_property, Value value);

// Removes the record with its versions and index entries: clients, tenants, groups, users, and
// memberships of account sets alone.
base::Status EraseUnasked(WriteScope& scope, const Document& document);

// The stored document that an update or delete names: kNotFound when it is missing or invisible,
// kAccessDenied for a ledger that could never be read.
base::Result<SharedDocument> RequireVisible(const authz::Permit& permit, ReadScope& scope,
                                            LedgerId ledger, const DocumentKey& key,
                                            std::string_view shown_key);

// kNotFound: "account `…` not found"
base::Error NotFound(const Ledger& ledger, std::string_view shown_key);
// kUniqueConstraintViolation in the wording of behaviour §3; tells the index and no more.
base::Error Taken(const Ledger& ledger, std::string_view index);

// What every tenant has from its beginning: the default journal (behaviour §7).
base::Status WriteDefaultJournal(WriteScope& scope);

}  // namespace strongroom::ledger
