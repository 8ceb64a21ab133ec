// Writes what a posting came to: one transaction, its entries, and the balances that follow.
#pragma once

#include <optional>

#include "authz/permit.h"
#include "ledger/document.h"
#include "ledger/posting/draft.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

struct Posting {
  base::Uuid transaction_id;
  base::Uuid tran_code_id;
  const DraftTransaction& draft;
  std::optional<base::Uuid> void_of = {};
  // Why it may not be, found before: told only to who has the rights and brings a fresh id.
  std::optional<base::Error> refusal = {};
  PostingProperties properties = {};
};

// Rights (SPEC 4): Insert on the transaction and on every entry as they are written, with their
// references; none on balances. Then kUniqueConstraintViolation for an id that is taken,
// kForeignKeyViolation for a journal or account that isn't there, kBadRequest for one that takes no
// postings. After an error the transaction has to be rolled back.
//
// Reads: the transaction's id, the journal, and per account and currency the account and the
// balance. Of an account in account sets: each set above it, and the set's balance.
base::Result<SharedDocument> WritePosting(const authz::Permit& permit, WriteScope& scope,
                                          const Posting& posting);

}  // namespace strongroom::ledger
