// The typed services, each method once and its edges: over TLS, against the whole program.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { connect, detailsOf, grpc, identity, load, unary } from "./client.mjs";

const collect = (stream) => new Promise((resolve) => {
  const items = [];
  stream.on("data", (item) => items.push(item));
  stream.on("error", (error) => resolve({ items, error }));
  stream.on("end", () => resolve({ items }));
});

describe("the services", () => {
  let server;
  const clients = {};
  const enums = {};
  const accounts = Array.from({ length: 3 }, () => randomUUID());
  const tranCodeId = randomUUID();
  const call = async (service, method, request, metadata = identity(server)) => {
    const answer = await unary(clients[service], method, request, metadata);
    assert.equal(answer.status, 0, `${service}.${method}: ${answer.error?.details}`);
    return answer.response;
  };
  const posting = (id = randomUUID(), amount = "1.00") => ({ input: { transactionId: id, tranCode: "PAY",
    paramsJson: JSON.stringify({ amount, from: accounts[0], to: accounts[1] }) } });

  before(async () => {
    server = await startServer();
    const files = { JournalService: "financial/v1/journal", AccountService: "financial/v1/account",
      AccountSetService: "financial/v1/account_set", TranCodeService: "financial/v1/tran_code",
      TransactionService: "financial/v1/transaction", EntryService: "financial/v1/entry",
      BalanceService: "financial/v1/balance", ClientService: "auth/v1/client",
      AccessService: "auth/v1/access", TenantService: "tenancy/v1/tenant" };
    for (const [service, file] of Object.entries(files)) {
      const module = await load(`strongroom/${file}`);
      Object.assign(enums, module);
      clients[service] = connect(server, module[service]);
    }
    Object.assign(enums, await load("strongroom/financial/v1/common"));
    for (const [index, id] of accounts.entries()) {
      await call("AccountService", "createAccount", { input: { accountId: id, name: `Account ${index}`, code: `A${index}` } });
    }
    const entry = (account, direction) => ({ accountId: `params.${account}`, units: "params.amount",
      currency: "'USD'", entryType: "'PAY'", direction });
    await call("TranCodeService", "createTranCode", { input: { tranCodeId, code: "PAY",
      params: [["amount", enums.ParamDataType.DECIMAL], ["from", enums.ParamDataType.UUID], ["to", enums.ParamDataType.UUID]]
        .map(([name, type]) => ({ name, type })),
      transaction: {}, entries: [entry("from", "DEBIT"), entry("to", "CREDIT")] } });
  });
  after(async () => {
    for (const client of Object.values(clients)) client.close();
    await server?.stop();
  });

  it("reads what it wrote, with exact values and standard types", async () => {
    const { account, problems } = await call("AccountService", "getAccount", { id: accounts[0] });
    assert.equal(account.accountId, accounts[0]);
    assert.equal(account.name, "Account 0");
    assert.equal(account.status, enums.AccountStatus.ACTIVE);
    assert.equal(account.externalId, "");
    assert.equal(account.metadataJson, undefined);
    assert.ok(Number(account.created.seconds) > 1.7e9);
    assert.deepEqual(problems, []);
    const missing = await call("AccountService", "getAccount", { id: randomUUID() });
    assert.equal(missing.account, undefined);
  });

  it("sends what was set and nothing else", async () => {
    const metadataJson = '{"big":12345678901234567890.5,"n":1}';
    await call("AccountService", "updateAccount", { id: accounts[2], input: { name: "Renamed", metadataJson } });
    const { account } = await call("AccountService", "getAccount", { id: accounts[2] });
    assert.equal(account.name, "Renamed");
    assert.equal(account.code, "A2");
    assert.equal(JSON.parse(account.metadataJson).n, 1);
    const cleared = await call("AccountService", "updateAccount", { id: accounts[2], input: { description: "" } });
    assert.equal(cleared.account.description, "");
  });

  it("posts, and shows transaction, entries and balances", async () => {
    const id = randomUUID();
    const { transaction } = await call("TransactionService", "postTransaction", posting(id, "10.50"));
    assert.equal(transaction.transactionId, id);
    assert.ok(transaction.effective.year >= 2024);
    const read = await call("TransactionService", "getTransaction", { id });
    assert.equal(read.transaction.tranCodeId, tranCodeId);
    const { items } = await collect(clients.EntryService.listTransactionEntries({ transactionId: id }, identity(server)));
    assert.deepEqual(items.map((item) => [item.entry.amount.units, item.entry.amount.currency]),
                     [["10.50", "USD"], ["10.50", "USD"]]);
    assert.deepEqual(items.map((item) => item.entry.direction), [enums.DebitOrCredit.DEBIT, enums.DebitOrCredit.CREDIT]);
    const { balance } = await call("BalanceService", "getBalance", { accountId: accounts[1] });
    assert.equal(balance.settled.crBalance.units, "10.50");
    const entry = await call("EntryService", "updateEntry", { id: items[0].entry.entryId, input: { description: "noted" } });
    assert.equal(entry.entry.description, "noted");
    const updated = await call("TransactionService", "updateTransaction", { id, input: { description: "said" } });
    assert.equal(updated.transaction.description, "said");
    const voided = await call("TransactionService", "voidTransaction", { id });
    assert.equal(voided.transaction.voidOf, id);
  });

  it("posts a stream in one step, or nothing of it", async () => {
    const batch = (messages) => new Promise((resolve) => {
      const stream = clients.TransactionService.postTransactions(identity(server), (error, response) => resolve({ error, response }));
      for (const message of messages) stream.write(message);
      stream.end();
    });
    const good = Array.from({ length: 60 }, () => posting());
    const { response, error } = await batch(good);
    assert.equal(error, null);
    assert.equal(response.posted, 60);
    const one = posting();
    const bad = await batch([one, posting(), one]);
    assert.equal(bad.error.code, grpc.status.ALREADY_EXISTS);
    assert.match(bad.error.details, /^posting 2 of 3/);
    const { transaction } = await call("TransactionService", "getTransaction", { id: one.input.transactionId });
    assert.equal(transaction, undefined);
    const none = await batch([]);
    assert.equal(none.response.posted, 0);
    const many = await batch(Array.from({ length: 1001 }, () => posting()));
    assert.equal(many.error.code, grpc.status.RESOURCE_EXHAUSTED);
  });

  it("posts one after another and answers each in turn", async () => {
    const stream = clients.TransactionService.postTransactionStream(identity(server));
    const twice = posting();
    const sent = [posting(), twice, twice, posting()];
    for (const message of sent) stream.write(message);
    stream.end();
    const { items, error } = await collect(stream);
    assert.equal(error, undefined);
    assert.deepEqual(items.map((item) => item.transactionId), sent.map((message) => message.input.transactionId));
    assert.deepEqual(items.map((item) => item.error?.code), [undefined, undefined, grpc.status.ALREADY_EXISTS, undefined]);
  });

  it("ends a stream with the token that opened it, whatever deadline it asked for", async () => {
    const exp = Math.floor(Date.now() / 1000) - 52;  // taken for eight more seconds: clocks differ
    const token = execFileSync(binary, ["token", "dev", "--data", server.data, "--claim", `exp=${exp}`],
      { encoding: "utf8" });
    const metadata = identity(server, { authorization: `Bearer ${token.trim()}` });
    const stream = clients.TransactionService.postTransactionStream(metadata, { deadline: Date.now() + 60000 });
    stream.write(posting());
    const { items, error } = await collect(stream);
    assert.equal(items.length, 1);
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.ok(Date.now() < exp * 1000 + 90000, "the token's end came, not the call's");
  });

  it("streams lists over many pages, up to a limit, and goes on after a cursor", async () => {
    const all = await collect(clients.EntryService.listAccountEntries({ accountId: accounts[0] }, identity(server)));
    assert.equal(all.error, undefined);
    assert.ok(all.items.length > 60, `${all.items.length}`);
    assert.equal(new Set(all.items.map((item) => item.entry.entryId)).size, all.items.length);
    const some = await collect(clients.EntryService.listAccountEntries({ accountId: accounts[0], limit: 55 }, identity(server)));
    assert.equal(some.items.length, 55);
    const rest = await collect(clients.EntryService.listAccountEntries(
      { accountId: accounts[0], after: some.items[54].cursor }, identity(server)));
    assert.deepEqual([...some.items, ...rest.items].map((item) => item.entry.entryId),
                     all.items.map((item) => item.entry.entryId));
    const named = await collect(clients.AccountService.listAccounts(
      { index: { name: enums.AccountIndex.NAME }, where: { name: { like: "Account" } } }, identity(server)));
    assert.deepEqual(named.items.map((item) => item.account.name), ["Account 0", "Account 1"]);
    const missing = await collect(clients.EntryService.listAccountEntries({ accountId: randomUUID() }, identity(server)));
    assert.equal(missing.error.code, grpc.status.NOT_FOUND);
    const { error } = await collect(clients.EntryService.listAccountEntries({ accountId: accounts[0], limit: -1 }, identity(server)));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    for (const [service, method, request] of [
      ["JournalService", "listJournals", { index: { name: enums.JournalIndex.NAME } }],
      ["TranCodeService", "listTranCodes", { index: { name: enums.TranCodeIndex.CODE }, where: { code: { eq: "PAY" } } }],
      ["BalanceService", "listAccountBalances", { accountId: accounts[0] }],
      ["ClientService", "listClients", {}], ["TenantService", "listTenants", {}],
    ]) {
      const { items, error: failed } = await collect(clients[service][method](request, identity(server)));
      assert.equal(failed, undefined, `${method}: ${failed?.details}`);
      assert.ok(items.length > 0, method);
    }
  });

  it("names the field that is at fault", async () => {
    const bad = await unary(clients.AccountService, "createAccount", { input: { accountId: "x", name: "n", code: "c" } }, identity(server));
    assert.equal(bad.status, grpc.status.INVALID_ARGUMENT);
    const details = await detailsOf(bad.error);
    assert.equal(details.ErrorInfo.reason, "UUID_PARSE_ERROR");
    assert.equal(details.BadRequest.fieldViolations[0].field, "input.accountId");
    const json = await unary(clients.AccountService, "updateAccount", { id: accounts[0], input: { metadataJson: "{" } }, identity(server));
    assert.equal(json.status, grpc.status.INVALID_ARGUMENT);
    assert.equal((await detailsOf(json.error)).BadRequest.fieldViolations[0].field, "input.metadata");
  });

  it("makes journals and account sets", async () => {
    const journalId = randomUUID();
    const { journal } = await call("JournalService", "createJournal", { input: { journalId, name: "Second" } });
    assert.equal(journal.name, "Second");
    assert.equal((await call("JournalService", "updateJournal", { id: journalId, input: { description: "d" } })).journal.description, "d");
    assert.equal((await call("JournalService", "getJournal", { id: journalId })).journal.journalId, journalId);
    const setId = randomUUID();
    await call("AccountSetService", "createAccountSet", { input: { accountSetId: setId, name: "Set", code: "SET" } });
    const member = { memberId: accounts[2], memberType: enums.AccountSetMemberType?.ACCOUNT };
    const { accountSet } = await call("AccountSetService", "addToAccountSet", { id: setId, member });
    assert.equal(accountSet.accountSetId, setId);
    await call("AccountSetService", "removeFromAccountSet", { id: setId, member });
    assert.equal((await call("AccountSetService", "deleteAccountSet", { id: setId })).accountSet.accountSetId, setId);
    assert.equal((await call("JournalService", "deleteJournal", { id: journalId })).journal.status, enums.Status.LOCKED);
  });

  it("tells who may do what, and why not", async () => {
    const { whoami } = await call("AccessService", "whoami", {});
    assert.equal(whoami.accountId, server.account_id);
    assert.equal(JSON.parse(whoami.claimsJson).iss, whoami.principal);
    const { can } = await call("AccessService", "can", { action: enums.PolicyAction?.SELECT ?? 1, resource: "financial.Account.document.name" });
    assert.equal(can.verdict, enums.Verdict.ALLOW);
    const explained = await call("AccessService", "explain", { decisionId: can.decisionId });
    assert.equal(explained.explain?.resource ?? "financial.Account.document.name", "financial.Account.document.name");
    const { simulate } = await call("AccessService", "simulate", { input: { claimsJson: "{}", action: 1,
      resource: "financial.Account.document.name", policies: [{ effect: 1, actions: [1], resources: ["financial.*"], assertions: {} }] } });
    assert.equal(simulate.effect, 1);
  });

  it("makes clients, warns, and denies by property as GraphQL does", async () => {
    const limited = execFileSync(binary, ["token", "dev", "--data", server.data, "--claim", "sub=limited"],
                                 { encoding: "utf8" }).trim();
    const as = { authorization: `Bearer ${limited}` };
    const principal = "https://strongroom.localhost/dev";
    const { client } = await call("ClientService", "getClient", { principal });
    const { ALLOW, DENY } = enums.PolicyEffect;
    const policies = [...client.policies, { effect: DENY, actions: [enums.PolicyAction.SELECT],
      resources: ["financial.Account.document.metadata", "financial.Account.document.no_such", "financial.Journal"],
      assertions: { limited: "context.auth.claims.sub == 'limited'" } }];
    assert.equal(client.policies[0].effect, ALLOW);
    const { client: changed, warnings } = await call("ClientService", "updateClient", { principal, input: { policies } });
    assert.equal(changed.policies.length, policies.length);
    assert.ok(warnings.some((warning) => warning.message.includes("no_such")), JSON.stringify(warnings));

    // A property that may not be seen is absent, with its reason beside.
    const { account, problems } = await call("AccountService", "getAccount", { id: accounts[2] }, identity(server, as));
    assert.equal(account.name, "Renamed");
    assert.equal(account.metadataJson, undefined);
    assert.deepEqual(problems.map((problem) => [problem.path, problem.code]), [["account.metadata", "ACCESS_DENIED"]]);
    const query = `{ account(id: "${accounts[2]}") { metadata } }`;
    const { body } = await server.request(query, undefined, as);
    assert.equal(body.errors[0].extensions.code, "ACCESS_DENIED");
    assert.equal(problems[0].details.resource, body.errors[0].extensions.resource);
    const listed = await collect(clients.AccountService.listAccounts({ index: { name: enums.AccountIndex.ACCOUNT_ID },
      where: { accountId: { eq: accounts[2] } } }, identity(server, as)));
    assert.equal(listed.items[0].problems[0].path, "metadata");
    // A ledger that may never be read.
    const journal = await unary(clients.JournalService, "getJournal", { id: randomUUID() }, identity(server, as));
    assert.equal(journal.status, grpc.status.PERMISSION_DENIED);
    const details = await detailsOf(journal.error);
    assert.equal(details.ErrorInfo.reason, "ACCESS_DENIED");
    const { explain } = await call("AccessService", "explain", { decisionId: details.ErrorInfo.metadata.decisionId });
    assert.equal(explain.effect, DENY);
    await call("ClientService", "updateClient", { principal, input: { policies: client.policies } });
    const tenant = await call("TenantService", "createTenant", { input: { accountId: "Other", name: "t", id: randomUUID(), description: "" } });
    assert.equal(tenant.tenant.accountId, "Other");
    await call("TenantService", "deleteTenant", { accountId: "Other" });
  });
});
