#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

constexpr EnumValue kStatusValues[] = {
    {"ACTIVE", "Open."},
    {"LOCKED", "Closed: takes no postings and no changes."},
    {"INACTIVE", "Open, and soon to be locked."},
};
constexpr EnumValue kDebitOrCreditValues[] = {
    {"DEBIT", "The left side."},
    {"CREDIT", "The right side."},
};
constexpr EnumValue kLayerValues[] = {
    {"SETTLED", "Money that has moved."},
    {"PENDING", "Money that is held or on its way."},
    {"ENCUMBRANCE", "Money that is set aside or planned."},
};
constexpr EnumValue kParamDataTypeValues[] = {
    {"STRING", "Text."},
    {"INTEGER", "A 64-bit integer."},
    {"DECIMAL", "An exact decimal, as text."},
    {"BOOLEAN", "True or false."},
    {"UUID", "A UUID."},
    {"DATE", "A day, as YYYY-MM-DD."},
    {"TIMESTAMP", "A time, as RFC 3339."},
    {"JSON", "Any JSON value."},
};
constexpr EnumValue kMemberTypeValues[] = {
    {"ACCOUNT", "An account."},
    {"ACCOUNT_SET", "An account set."},
};
constexpr EnumValue kPolicyEffectValues[] = {
    {"ALLOW", "The policy permits."},
    {"DENY", "The policy forbids, whatever others permit."},
};
constexpr EnumValue kPolicyActionValues[] = {
    {"SELECT", "Read a document."},
    {"INSERT", "Create a document."},
    {"UPDATE", "Change properties of a document."},
    {"DELETE", "Remove a document."},
};

constexpr EnumValue kVelocityActionValues[] = {
    {"WARN", "It is posted, with a warning."},
    {"VOID", "It is posted, and voided at once."},
    {"REJECT", "It is refused."},
};
constexpr EnumValue kIndexOnValues[] = {
    {"Account", "Accounts."},         {"AccountSet", "Account sets."}, {"Balance", "Balances."},
    {"Transaction", "Transactions."}, {"TranCode", "Tran codes."},     {"Entry", "Entries."},
};
constexpr EnumValue kIndexDataTypeValues[] = {
    {"INT", "A 64-bit integer, signed."},
    {"UINT", "A 64-bit integer, not negative."},
    {"DOUBLE", "A binary floating-point number."},
    {"BOOL", "True or false."},
    {"STRING", "Text."},
    {"BYTES", "Bytes; base64 in filters."},
    {"DURATION", "A span of time, as 90s or 1h30m."},
    {"TIMESTAMP", "A time, as RFC 3339."},
    {"UUID", "A UUID."},
    {"DATE", "A day, as YYYY-MM-DD."},
    {"MONEY", "An amount, as 12.30 USD; by currency, then units."},
    {"DECIMAL", "An exact decimal."},
};
constexpr EnumValue kSortOrderValues[] = {
    {"ASC", "Smallest first."},
    {"DESC", "Largest first."},
};

}  // namespace

constinit const EnumSpec kAccountStatus = {"AccountStatus", "account status", kStatusValues,
                                           "Whether an account takes postings."};
constinit const EnumSpec kJournalStatus = {"Status", "journal status", kStatusValues,
                                           "Whether a record is open."};
constinit const EnumSpec kTranCodeStatus = {"Status", "tran code status", kStatusValues,
                                            "Whether a record is open."};
constinit const EnumSpec kDebitOrCredit = {"DebitOrCredit", "debit or credit", kDebitOrCreditValues,
                                           "A side of the ledger."};
constinit const EnumSpec kLayer = {"Layer", "layer", kLayerValues,
                                   "How far along the money of an entry is."};
constinit const EnumSpec kParamDataType = {"ParamDataType", "param data type", kParamDataTypeValues,
                                           "The type of a param."};
constinit const EnumSpec kAccountSetMemberType = {"AccountSetMemberType", "account set member type",
                                                  kMemberTypeValues,
                                                  "What a member of an account set is."};
constinit const EnumSpec kPolicyEffect = {"PolicyEffect", "policy effect", kPolicyEffectValues,
                                          "What a policy does when it applies."};
constinit const EnumSpec kPolicyAction = {"PolicyAction", "policy action", kPolicyActionValues,
                                          "What a policy speaks of."};

constinit const EnumSpec kVelocityAction = {"VelocityEnforcementAction",
                                            "velocity enforcement action", kVelocityActionValues,
                                            "What happens to a posting over a limit."};
constinit const EnumSpec kIndexOn = {"IndexOnEnum", "index on", kIndexOnValues,
                                     "The ledgers that can have custom indexes."};
constinit const EnumSpec kIndexDataType = {"IndexDataType", "index data type", kIndexDataTypeValues,
                                           "What the values of an index key are."};
constinit const EnumSpec kSortOrder = {"SortOrder", "sort order", kSortOrderValues, "A direction."};

}  // namespace strongroom::ledger
