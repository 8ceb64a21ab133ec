// What CEL sees of the declarations: types of documents, records and enums. Internal.
#pragma once

#include <memory>

#include "cel/type.h"
#include "ledger/catalog/catalog.h"

namespace strongroom::cel {
class Env;
class EnvBuilder;
}  // namespace strongroom::cel

namespace strongroom::ledger {

// Field i is property i, the internal ones left out.
std::shared_ptr<const cel::StructType> MakeDocumentType(const Ledger& ledger);

// The type of a record that some ledger declares: always the same pointer.
const std::shared_ptr<const cel::StructType>& RecordType(const RecordSpec& record);

// The standard library, the scalars and the enums.
std::shared_ptr<const cel::Env> MakeExpressionEnv();

// Adds every enum that some ledger uses. Enums with the same values are one for CEL, so that
// `context.document.status == ACTIVE` means the same on all ledgers.
void AddEnums(cel::EnvBuilder& builder);
void AddRecordTypes(cel::EnvBuilder& builder);

// Every declaration, by LedgerId.
std::span<const LedgerSpec* const> AllLedgers();

}  // namespace strongroom::ledger
