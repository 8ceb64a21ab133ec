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

}  // namespace strongroom::ledger
