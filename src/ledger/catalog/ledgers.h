// The declarations, one per file of this folder, and what they share.
#pragma once

#include "ledger/catalog/ledger_spec.h"

// What every document has besides its own properties. Their names are part of the public interface;
// `_recordId` keeps the underscore of the existing schema.
#define STRONGROOM_SYSTEM_PROPERTIES                                           \
  {.name = "created",                                                          \
   .type = PropertyType::kTimestamp,                                           \
   .output_type = "Timestamp!",                                                \
   .about = "The start of the operation that wrote the first version."},       \
      {.name = "modified",                                                     \
       .type = PropertyType::kTimestamp,                                       \
       .output_type = "Timestamp!",                                            \
       .about = "The start of the operation that wrote this version."},        \
      {.name = "version",                                                      \
       .type = PropertyType::kInt,                                             \
       .output_type = "Int!",                                                  \
       .about = "1, 2, 3 … without gaps."},                                    \
  {                                                                            \
    .name = "record_id", .type = PropertyType::kUuid, .output_type = "UUID!",  \
    .field = "_recordId", .about = "The same in all versions of the document." \
  }
// The same where the schema shows only version and record id, or none of them.
#define STRONGROOM_SYSTEM_PROPERTIES_AS(version_type, record_id_type)                \
  {.name = "created",                                                                \
   .type = PropertyType::kTimestamp,                                                 \
   .about = "The start of the operation that wrote the first version."},             \
      {.name = "modified",                                                           \
       .type = PropertyType::kTimestamp,                                             \
       .about = "The start of the operation that wrote this version."},              \
      {.name = "version",                                                            \
       .type = PropertyType::kInt,                                                   \
       .output_type = version_type,                                                  \
       .about = "1, 2, 3 … without gaps."},                                          \
  {                                                                                  \
    .name = "record_id", .type = PropertyType::kUuid, .output_type = record_id_type, \
    .field = "_recordId", .about = "The same in all versions of the document."       \
  }
#define STRONGROOM_HISTORY_JOIN(connection, ledger_id)                                         \
  {                                                                                            \
    .name = "history", .output_type = connection, .arguments = "(first: Int!, after: String)", \
    .kind = JoinKind::kHistory, .target = ledger_id, .about = "Its versions, newest first."    \
  }
#define STRONGROOM_GLOBAL_ID(key_names)                        \
  {                                                            \
    .field = "id", .output_type = "ID!", .sources = key_names, \
    .about = "The global id, for node(id:)."                   \
  }

// The member of create inputs that puts what is made into account sets at once.
#define STRONGROOM_ACCOUNT_SET_IDS                                                                 \
  {                                                                                                \
    .name = "account_set_ids", .type = PropertyType::kUuid, .list = true, .create_type = "[UUID]", \
    .about = "The account sets that it becomes a member of."                                       \
  }

namespace strongroom::ledger {

extern const EnumSpec kAccountStatus;
extern const EnumSpec kJournalStatus;   // GraphQL Status; its own label in messages
extern const EnumSpec kTranCodeStatus;  // GraphQL Status
extern const EnumSpec kDebitOrCredit;
extern const EnumSpec kLayer;
extern const EnumSpec kParamDataType;
extern const EnumSpec kAccountSetMemberType;
extern const EnumSpec kPolicyEffect;
extern const EnumSpec kPolicyAction;
extern const EnumSpec kVelocityAction;
extern const EnumSpec kIndexOn;
extern const EnumSpec kIndexDataType;
extern const EnumSpec kSortOrder;

extern const LedgerSpec kJournalLedger;
extern const LedgerSpec kAccountLedger;
extern const LedgerSpec kTranCodeLedger;
extern const LedgerSpec kTransactionLedger;
extern const LedgerSpec kEntryLedger;
extern const LedgerSpec kBalanceLedger;
extern const LedgerSpec kClientLedger;
extern const LedgerSpec kDecisionLedger;
extern const LedgerSpec kIndexLedger;
extern const LedgerSpec kOrganizationLedger;
extern const LedgerSpec kTenantLedger;
extern const LedgerSpec kGroupLedger;
extern const LedgerSpec kUserLedger;
extern const LedgerSpec kAccountSetLedger;
extern const LedgerSpec kAccountSetMemberLedger;

}  // namespace strongroom::ledger
