// The GraphQL schema of the server, as SDL text: the types of documents follow from the catalog,
// the rest stands in the other files sdl_*.cc.
#pragma once

#include <string>
#include <string_view>

#include "ledger/catalog/catalog.h"

namespace strongroom::api {

// The whole schema; graphql::BuildSchema reads it. Fields that are not built are absent.
std::string BuildSdl(const ledger::Catalog& catalog);

// The part that does not follow from the catalog: scalars, directives, root fields, pages, filters.
std::string_view RootsSdl();
std::string_view AccessSdl();  // auth, admin
std::string_view SchemaSdl();  // custom indexes
std::string_view StatementsSdl();

// accountId -> account_id, journalId -> journal_id.
std::string SnakeCase(std::string_view camel);

}  // namespace strongroom::api
