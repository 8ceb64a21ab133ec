// The oracle's view of some real ledgers: their resources, documents, and assertions about them.
#pragma once

#include "ledger/catalog/catalog.h"
#include "ledger/document.h"
#include "subject.h"

namespace strongroom::oracle {

// In the order of Books::ledgers.
enum Book : std::size_t { kAccount, kTransaction, kEntry };

struct Books {
  explicit Books(const ledger::Catalog& catalog);

  std::vector<Ledger> ledgers;
  std::vector<Expression> leaves;  // about documents of these ledgers
};

// An account of the ledger, as both sides see it.
Values AnyAccount(Choices& choices);
ledger::Document ToDocument(const ledger::Catalog& catalog, const Values& account);

inline std::string AccountIdOf(std::size_t number) {
  return "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaa" + std::to_string(number);
}

}  // namespace strongroom::oracle
