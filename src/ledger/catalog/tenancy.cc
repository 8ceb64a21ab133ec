// What belongs to the organization and not to one tenant.
#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr std::string_view kKey[] = {"id"};

constexpr PropertySpec kOrganizationProperties[] = {
    {.name = "id", .type = kUuid, .output_type = "UUID!", .about = "Its id."},
    {.name = "name", .output_type = "String!", .about = "What people call it."},
    {.name = "description", .output_type = "String!", .fill_empty = true, .about = "What it is."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("Int!", "UUID!"),
};

constexpr PropertySpec kTenantProperties[] = {
    {.name = "id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "organization_id", .type = kUuid, .output_type = "UUID!", .about = "Its owner."},
    {.name = "account_id",
     .output_type = "String!",
     .create_type = "String!",
     .about = "The value of the header that addresses it; unique in the installation."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What people call it."},
    {.name = "description",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "What it is for."},
    // Clients of a tenant hold in the tenants made from it, unless those have their own (SPEC 3.4).
    {.name = "parent_id", .type = kUuid, .about = "The tenant it was created from."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("Int!", "UUID!"),
};
constexpr IndexKey kByAccountId[] = {{.property = "account_id"}};
constexpr IndexKey kByParent[] = {{.property = "parent_id"}};
constexpr IndexSpec kTenantIndexes[] = {
    {.name = "account_id", .sort = kByAccountId, .unique = true, .about = "Tenants by accountId."},
    {.name = "parent", .partition = kByParent, .sparse = true, .internal = true},
};
constexpr ReferenceSpec kTenantReferences[] = {
    {.property = "organization_id", .target = LedgerId::kOrganization, .about = "Its owner."},
    {.property = "parent_id", .target = LedgerId::kTenant, .about = "Where it was created from."},
};

constexpr PropertySpec kGroupProperties[] = {
    {.name = "id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "organization_id", .type = kUuid, .output_type = "UUID!", .about = "Its owner."},
    {.name = "name",
     .output_type = "String!",
     .create_type = "String!",
     .about = "Unique in the organization."},
    {.name = "description",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "Who it is for."},
    {.name = "policy",
     .output_type = "String!",
     .create_type = "String!",
     .update_type = "String",
     .about = "A JSON list of policies."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("Int!", "UUID!"),
};
constexpr IndexKey kByName[] = {{.property = "name"}};
constexpr IndexSpec kGroupIndexes[] = {
    {.name = "name", .sort = kByName, .unique = true, .about = "Groups by name."},
};
constexpr ReferenceSpec kGroupReferences[] = {
    {.property = "organization_id", .target = LedgerId::kOrganization, .about = "Its owner."},
};

constexpr PropertySpec kUserProperties[] = {
    {.name = "id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id that its creator chose."},
    {.name = "organization_id", .type = kUuid, .output_type = "UUID!", .about = "Its owner."},
    {.name = "group_ids",
     .type = kUuid,
     .list = true,
     .output_type = "[UUID!]!",
     .create_type = "[UUID!]!",
     .update_type = "[UUID!]",
     .about = "Its groups; their policies are decided together."},
    {.name = "email",
     .output_type = "String!",
     .create_type = "String!",
     .about = "Matched with the verified e-mail of a token of the console's issuer."},
    {.name = "mfa_enabled",
     .type = kBool,
     .output_type = "Boolean!",
     .fill = "false",
     .about = "Always false: the identity provider knows."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("Int!", "UUID!"),
};
constexpr IndexKey kByEmail[] = {{.property = "email"}};
constexpr IndexSpec kUserIndexes[] = {
    {.name = "email", .sort = kByEmail, .unique = true, .about = "Users by e-mail."},
};
constexpr ReferenceSpec kUserReferences[] = {
    {.property = "organization_id", .target = LedgerId::kOrganization, .about = "Its owner."},
    {.property = "group_ids", .target = LedgerId::kGroup, .about = "Its groups."},
};

}  // namespace

constinit const LedgerSpec kOrganizationLedger = {
    .id = LedgerId::kOrganization,
    .home = Home::kInstallation,
    .space = "tenancy",
    .name = "Organization",
    .properties = kOrganizationProperties,
    .key = kKey,
    .about = "The owner of tenants, users and groups; one per installation.",
};

constinit const LedgerSpec kTenantLedger = {
    .id = LedgerId::kTenant,
    .home = Home::kInstallation,
    .space = "tenancy",
    .name = "Tenant",
    .input_name = "CreateTenantInput",
    .update_name = "UpdateTenantInput",
    .update_finder = "account_id",
    .properties = kTenantProperties,
    .key = kKey,
    .indexes = kTenantIndexes,
    .references = kTenantReferences,
    .about = "An isolated environment with its own ledgers, clients and keys.",
};

constinit const LedgerSpec kGroupLedger = {
    .id = LedgerId::kGroup,
    .home = Home::kInstallation,
    .space = "tenancy",
    .name = "Group",
    .input_name = "CreateGroupInput",
    .update_name = "UpdateGroupInput",
    .update_finder = "name",
    .properties = kGroupProperties,
    .key = kKey,
    .indexes = kGroupIndexes,
    .references = kGroupReferences,
    .about = "Policies that users share.",
};

constinit const LedgerSpec kUserLedger = {
    .id = LedgerId::kUser,
    .home = Home::kInstallation,
    .space = "tenancy",
    .name = "User",
    .input_name = "CreateUserInput",
    .update_name = "UpdateUserInput",
    .update_finder = "email",
    .properties = kUserProperties,
    .key = kKey,
    .indexes = kUserIndexes,
    .references = kUserReferences,
    .about = "A person of the organization, who signs in at the console's issuer.",
};

}  // namespace strongroom::ledger
