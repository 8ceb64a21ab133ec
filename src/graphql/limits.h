// What a document may ask for. Defaults: base/limits.h; an operator may change each.
#pragma once

#include "base/limits.h"

namespace strongroom::graphql {

struct Limits {
  std::size_t document_bytes_max = base::limits::kGraphqlDocumentBytesMax;
  std::size_t tokens_max = base::limits::kGraphqlTokensMax;
  std::size_t depth_max = base::limits::kGraphqlDepthMax;  // of fields, fragments expanded
  std::size_t aliases_max = base::limits::kGraphqlAliasesMax;
  std::size_t root_fields_max = base::limits::kGraphqlRootFieldsMax;  // fragments expanded
  std::size_t directives_max = base::limits::kGraphqlDirectivesMax;
  std::size_t variables_max = base::limits::kGraphqlVariablesMax;
  std::size_t list_literal_max = base::limits::kGraphqlListLiteralMax;
  std::size_t input_depth_max = base::limits::kGraphqlInputDepthMax;
  std::size_t cost_max = base::limits::kGraphqlCostMax;
  std::size_t errors_max = base::limits::kGraphqlErrorsMax;
  std::size_t response_bytes_max = base::limits::kGraphqlResponseBytesMax;
};

}  // namespace strongroom::graphql
