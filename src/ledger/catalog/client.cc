#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kPolicyFields[] = {
    {.name = "effect",
     .type = kEnum,
     .enumeration = &kPolicyEffect,
     .output_type = "PolicyEffect!",
     .create_type = "PolicyEffect!",
     .update_type = "PolicyEffect!",
     .about = "What it does when it applies."},
    {.name = "actions",
     .type = kEnum,
     .list = true,
     .enumeration = &kPolicyAction,
     .output_type = "[PolicyAction]!",
     .create_type = "[PolicyAction]!",
     .update_type = "[PolicyAction]!",
     .about = "What it speaks of."},
    {.name = "resources",
     .list = true,
     .output_type = "[String]!",
     .create_type = "[String]!",
     .update_type = "[String]!",
     .about = "Patterns of resources; * is any run of characters."},
    {.name = "assertions",
     .type = kJson,
     .output_type = "ExpressionMap",
     .create_type = "ExpressionMap",
     .update_type = "ExpressionMap",
     .about = "Named CEL expressions; it applies when all are true."},
};
constexpr RecordSpec kPolicy = {.name = "Policy",
                                .input_name = "PolicyInput",
                                .fields = kPolicyFields,
                                .about = "A rule of who may do what."};

constexpr PropertySpec kProperties[] = {
    {.name = "principal",
     .output_type = "String!",
     .create_type = "String!",
     .about = "The issuer of its tokens, or the AWS identity."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What people call it; unique in the tenant."},
    {.name = "policies",
     .type = kRecord,
     .list = true,
     .record = &kPolicy,
     .output_type = "[Policy]!",
     .create_type = "[PolicyInput]!",
     .update_type = "[PolicyInput]!",
     .about = "Its policies; an update replaces them all."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("", ""),
};

constexpr std::string_view kKey[] = {"principal"};
constexpr IndexKey kByPrincipal[] = {{.property = "principal"}};
constexpr IndexKey kByName[] = {{.property = "name"}};
constexpr IndexSpec kIndexes[] = {
    {.name = "principal",
     .sort = kByPrincipal,
     .unique = true,
     .primary = true,
     .about = "Clients by principal."},
    {.name = "name", .sort = kByName, .unique = true, .about = "Keeps names unique."},
};
constexpr DerivedSpec kDerived[] = {STRONGROOM_GLOBAL_ID(kKey)};

}  // namespace

constinit const LedgerSpec kClientLedger = {
    .id = LedgerId::kClient,
    .space = "system",
    .name = "Client",
    .input_name = "CreateClientInput",
    .update_name = "UpdateClientInput",
    .id_prefix = "cl",
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .derived = kDerived,
    .about = "What a tenant knows about one principal: its policies.",
};

}  // namespace strongroom::ledger
