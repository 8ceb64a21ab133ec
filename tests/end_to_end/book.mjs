// A small book that the end-to-end tests keep: one journal, two accounts, one tran code, postings.
import { randomUUID } from "node:crypto";

export const ids = {
  journal: "822cb59f-ce51-4837-8391-2af3b7a5fc51",
  cash: "8cd11607-1104-4270-9482-ae4b8053fd5a",
  customer: "63e766a5-4a04-4aee-a4d6-aa49350f13c6",
  transfer: "0a2fb5cf-6b0c-4c0b-9d0b-6b2a4ab1d2f1",
};

export const makeBook = `mutation MakeBook {
  createJournal(input: {journalId: "${ids.journal}", name: "GL", description: "General ledger"}) { journalId }
  cash: createAccount(input: {accountId: "${ids.cash}", name: "Cash", code: "CASH", normalBalanceType: DEBIT}) { accountId }
  customer: createAccount(input: {accountId: "${ids.customer}", name: "Customer", code: "CUST"}) { accountId }
  createTranCode(input: {
    tranCodeId: "${ids.transfer}", code: "DEPOSIT", description: "Money comes in"
    params: [
      {name: "amount", type: DECIMAL}
      {name: "currency", type: STRING, default: "USD"}
      {name: "effective", type: DATE}
    ]
    transaction: {journalId: "uuid('${ids.journal}')", effective: "params.effective"}
    entries: [
      {accountId: "uuid('${ids.cash}')", units: "params.amount", currency: "params.currency",
       direction: "DEBIT", entryType: "'DEPOSIT_DR'", layer: "SETTLED"}
      {accountId: "uuid('${ids.customer}')", units: "params.amount", currency: "params.currency",
       direction: "CREDIT", entryType: "'DEPOSIT_CR'", layer: "SETTLED"}
    ]
  }) { tranCodeId }
}`;

export const post = `mutation Post($id: UUID!, $amount: String!) {
  postTransaction(input: {transactionId: $id, tranCode: "DEPOSIT",
    params: {amount: $amount, effective: "2026-01-28"}}) {
    transactionId effective
    entries(first: 10) { nodes { direction units currency sequence } }
  }
}`;

export const deposit = (amount, id = randomUUID()) => ({ id, amount });

export const readBalance = `{
  balance(accountId: "${ids.customer}", journalId: "${ids.journal}") {
    version settled { crBalance { units } drBalance { units } normalBalance { units formatted } }
  }
}`;

export const codesOf = (answer) => (answer.body?.errors ?? []).map((e) => e.extensions.code);
