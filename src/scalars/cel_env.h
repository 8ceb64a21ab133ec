// The scalars and the functions of the ledger in CEL (behaviour §18), added to an Env from outside
// the engine. docs/reference/cel-functions.md lists them.
//
//   cel::EnvBuilder builder(*cel::StandardEnv());
//   scalars::AddScalarTypes(builder);
//   scalars::AddLedgerFunctions(builder);
#pragma once

namespace strongroom::cel {
class EnvBuilder;
}

namespace strongroom::scalars {

// The types uuid, decimal, date and money with their constructors, conversions, methods and
// operators. Pure.
void AddScalarTypes(cel::EnvBuilder& builder);

// strings.*, decimal.*, money.*, math.* (Go's names), cal.*, time.Now, date.Today, uuid.*, rand.*,
// hashes, hex, html, url, json, path, finance.*, system.*, print. Needs AddScalarTypes; those that
// depend on the time or on chance read CelHost (cel_host.h).
void AddLedgerFunctions(cel::EnvBuilder& builder);

}  // namespace strongroom::scalars
