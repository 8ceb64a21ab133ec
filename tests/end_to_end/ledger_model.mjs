// A reference ledger: what the server should answer and hold, in the most obvious way, with big
// integers for money. One journal (the default one), accounts, account sets, postings, voids. Not fast,
// and knows nothing of how the server does it.
//
// Every operation is a method that answers {code} when it is refused (the error code of
// docs/reference/errors.md), or {data} as the selection in `fields` reads it. `attempt` runs a list of
// them as one document: all or nothing.
import { createHash } from "node:crypto";

// ---- Exact decimals: {n: BigInt, scale}.

export const decimal = (text) => {
  const [whole, fraction = ""] = text.replace("-", "").split(".");
  const n = BigInt(whole + fraction);
  return { n: text.startsWith("-") ? -n : n, scale: fraction.length };
};
const zero = { n: 0n, scale: 0 };
const scaled = (a, scale) => a.n * 10n ** BigInt(scale - a.scale);
export const add = (a, b) => {
  const scale = Math.max(a.scale, b.scale);
  return { n: scaled(a, scale) + scaled(b, scale), scale };
};
const negated = (a) => ({ n: -a.n, scale: a.scale });
export const text = ({ n, scale }) => {
  const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, "0");
  const sign = n < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

// rfc7396
const merge = (old, patch) => {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const merged = old !== null && typeof old === "object" && !Array.isArray(old) ? { ...old } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key] ?? null, value);
  }
  return merged;
};

// rfc9562 5.5: uuidv5(id, "void")
export const voidId = (id) => {
  const namespace = Buffer.from(id.replaceAll("-", ""), "hex");
  const digest = createHash("sha1").update(namespace).update("void").digest().subarray(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x50;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const hex = digest.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const layers = ["SETTLED", "PENDING", "ENCUMBRANCE"];
class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// ---- What the answers are read with.

const balanceFields = `version ${layers
  .map((layer) => `${layer.toLowerCase()} { drBalance { units } crBalance { units } normalBalance { units } }`)
  .join(" ")} available(layer: ENCUMBRANCE) { normalBalance { units } }`;
export const fields = {
  account: "accountId name status description metadata version",
  set: "accountSetId name version members(first: 100) { nodes { __typename } }",
  transaction: `transactionId voidedBy voidOf version entries(first: 20) { nodes {
    sequence entryType direction layer units currency accountId parentAccountIds } }`,
  balance: balanceFields,
};

export class Book {
  accounts = new Map();
  sets = new Map();
  transactions = new Map();
  balances = new Map();

  // `shared` accounts and sets are posted to by others too: their balances are not this book's alone.
  addShared(account, set) {
    this.sets.set(set, { name: "shared", normal: "CREDIT", sets: [], members: [account], version: 2, shared: true });
    this.accounts.set(account, { name: "shared", normal: "CREDIT", status: "ACTIVE", description: "", metadata: null,
      sets: [set], version: 1, shared: true });
  }

  // Runs operations as one document. Answers their results up to the first refusal; then nothing of
  // them has happened.
  attempt(operations) {
    const kept = { accounts: this.accounts, sets: this.sets, transactions: this.transactions, balances: this.balances };
    for (const name of Object.keys(kept)) this[name] = new Overlay(kept[name]);
    const results = [];
    for (const [name, ...parameters] of operations) {
      try {
        results.push({ data: this[name](...parameters) });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        results.push({ code: error.code });
        Object.assign(this, kept);
        return results;
      }
    }
    for (const name of Object.keys(kept)) this[name] = this[name].merged();
    return results;
  }

  // ---- Accounts.

  accountData(id) {
    const { name, status, description, metadata, version } = this.accounts.get(id);
    return { accountId: id, name, status, description, metadata, version };
  }

  createAccount(id, name, normal, setIds) {
    if (this.accounts.has(id)) throw new Refused("UNIQUE_CONSTRAINT_VIOLATION");
    this.accounts.set(id, { name, normal, status: "ACTIVE", description: "", metadata: null, sets: [], version: 1 });
    for (const set of setIds) this.join(set, id);
    return this.accountData(id);
  }

  updateAccount(id, change) {
    const account = this.accounts.get(id);
    if (account === undefined) throw new Refused("NOT_FOUND");
    if (this.sets.has(id)) throw new Refused("BAD_REQUEST");
    if (account.status === "LOCKED" && change.status !== "ACTIVE") throw new Refused("BAD_REQUEST");
    const changed = { ...account, ...change, version: account.version + 1 };
    if ("metadata" in change)
      changed.metadata = account.metadata === null ? change.metadata : merge(account.metadata, change.metadata);
    this.accounts.set(id, changed);
    return this.accountData(id);
  }

  deleteAccount(id) {
    const account = this.accounts.get(id);
    if (account === undefined) throw new Refused("NOT_FOUND");
    if (this.sets.has(id)) throw new Refused("BAD_REQUEST");
    if (account.status !== "LOCKED")
      this.accounts.set(id, { ...account, status: "LOCKED", version: account.version + 1 });
    return this.accountData(id);
  }

  // ---- Account sets.

  setData(id) {
    const { name, version, members } = this.sets.get(id);
    const nodes = [...members].sort().reverse()
      .map((member) => ({ __typename: this.sets.has(member) ? "AccountSet" : "Account" }));
    return { accountSetId: id, name, version, members: { nodes } };
  }

  createAccountSet(id, name, normal) {
    if (this.sets.has(id)) throw new Refused("UNIQUE_CONSTRAINT_VIOLATION");
    if (this.accounts.has(id)) throw new Refused("UNIQUE_CONSTRAINT_VIOLATION");
    this.sets.set(id, { name, normal, sets: [], members: [], version: 1 });
    this.accounts.set(id, { name, normal, status: "ACTIVE", description: "", metadata: null, sets: [], version: 1 });
    return this.setData(id);
  }

  join(id, member) {
    const set = this.sets.get(id);
    if (set === undefined) throw new Refused("FOREIGN_KEY_VIOLATION");
    const isSet = this.sets.has(member);
    if (isSet && member === id) throw new Refused("BAD_REQUEST");
    if (isSet && this.sets.get(member).members.length > 0) throw new Refused("UNKNOWN_ERROR");
    if (set.members.includes(member)) throw new Refused("UNIQUE_CONSTRAINT_VIOLATION");
    const version = set.version + (set.members.length === 0 ? 1 : 0);  // has_members changes
    this.sets.set(id, { ...set, members: [...set.members, member], version });
    const home = isSet ? this.sets : this.accounts;
    home.set(member, { ...home.get(member), sets: [...home.get(member).sets, id] });
  }

  addToAccountSet(id, member) {
    if (!this.sets.has(id)) throw new Refused("NOT_FOUND");
    if (!this.accounts.has(member)) throw new Refused("FOREIGN_KEY_VIOLATION");
    this.join(id, member);
    return this.setData(id);
  }

  removeFromAccountSet(id, member) {
    const set = this.sets.get(id);
    if (set === undefined) throw new Refused("NOT_FOUND");
    if (!set.members.includes(member)) throw new Refused("NOT_FOUND");
    const posted = [...this.balances.keys()].some((key) => key.startsWith(`${member}|`));
    if (posted) throw new Refused("NOT_SUPPORTED");
    const members = set.members.filter((one) => one !== member);
    this.sets.set(id, { ...set, members, version: set.version + (members.length === 0 ? 1 : 0) });
    const home = this.sets.has(member) ? this.sets : this.accounts;
    const old = home.get(member);
    home.set(member, { ...old, sets: old.sets.filter((one) => one !== id) });
    return this.setData(id);
  }

  // All sets above an account, nearer ones first, each once.
  above(id) {
    const found = [];
    const next = [...this.accounts.get(id).sets];
    for (let i = 0; i < next.length; i += 1) {
      if (found.includes(next[i])) continue;
      found.push(next[i]);
      next.push(...this.sets.get(next[i]).sets);
    }
    return found;
  }

  // ---- Postings.

  transactionData(id) {
    const { voidedBy, voidOf, version, entries } = this.transactions.get(id);
    const nodes = entries.map((entry, i) => ({ sequence: i + 1, entryType: entry.type, direction: entry.direction,
      layer: entry.layer, units: text(entry.units), currency: entry.currency, accountId: entry.account,
      parentAccountIds: entry.sets.length === 0 ? null : entry.sets }));
    return { transactionId: id, voidedBy, voidOf, version, entries: { nodes } };
  }

  write(id, entries, voidOf) {
    if (this.transactions.has(id)) throw new Refused("UNIQUE_CONSTRAINT_VIOLATION");
    const touched = new Set();
    for (const entry of entries) {
      const account = this.accounts.get(entry.account);
      if (account === undefined) throw new Refused("FOREIGN_KEY_VIOLATION");
      if (this.sets.has(entry.account) || account.status === "LOCKED") throw new Refused("BAD_REQUEST");
      entry.sets ??= this.above(entry.account);
      for (const owner of [entry.account, ...entry.sets]) {
        const key = `${owner}|${entry.currency}`;
        const old = this.balances.get(key) ?? { version: 0, layers: layers.map(() => ({ DEBIT: zero, CREDIT: zero })) };
        const at = layers.indexOf(entry.layer);
        const sums = old.layers.map((layer, i) =>
          i === at ? { ...layer, [entry.direction]: add(layer[entry.direction], entry.units) } : layer);
        this.balances.set(key, { version: old.version + (touched.has(key) ? 0 : 1), layers: sums });
        touched.add(key);
      }
    }
    this.transactions.set(id, { entries, voidedBy: null, voidOf, version: 1 });
  }

  post(id, from, to, units, currency, layer) {
    const amount = decimal(units);
    this.write(id, [
      { account: from, direction: "DEBIT", units: amount, currency, layer, type: "MODEL_DR" },
      { account: to, direction: "CREDIT", units: amount, currency, layer, type: "MODEL_CR" },
    ], null);
    return this.transactionData(id);
  }

  voidTransaction(id) {
    const original = this.transactions.get(id);
    if (original === undefined) throw new Refused("NOT_FOUND");
    if (original.voidedBy !== null || original.voidOf !== null) throw new Refused("BAD_REQUEST");
    const by = voidId(id);
    this.write(by, original.entries.map((entry) => ({ ...entry, units: negated(entry.units), type: `${entry.type}_VOID` })), id);
    this.transactions.set(id, { ...original, voidedBy: by, version: 2 });
    return this.transactionData(by);
  }

  // ---- Reading.

  balanceData(owner, currency) {
    const balance = this.balances.get(`${owner}|${currency}`);
    if (balance === undefined) return null;
    const { normal } = this.sets.get(owner) ?? this.accounts.get(owner);
    const normalOf = ({ DEBIT: dr, CREDIT: cr }) => (normal === "DEBIT" ? add(dr, negated(cr)) : add(cr, negated(dr)));
    const data = { version: balance.version };
    let available = zero;
    balance.layers.forEach((layer, i) => {
      available = add(available, normalOf(layer));
      data[layers[i].toLowerCase()] = { drBalance: { units: text(layer.DEBIT) }, crBalance: { units: text(layer.CREDIT) },
        normalBalance: { units: text(normalOf(layer)) } };
    });
    data.available = { normalBalance: { units: text(available) } };
    return data;
  }
}

// A map over another one, which stays as it is.
class Overlay {
  #under;
  #own = new Map();
  constructor(under) {
    this.#under = under;
  }
  get(key) {
    return this.#own.has(key) ? this.#own.get(key) : this.#under.get(key);
  }
  has(key) {
    return this.#own.has(key) || this.#under.has(key);
  }
  set(key, value) {
    this.#own.set(key, value);
  }
  *keys() {
    yield* this.#under.keys();
    for (const key of this.#own.keys()) if (!this.#under.has(key)) yield key;
  }
  merged() {
    for (const [key, value] of this.#own) this.#under.set(key, value);
    return this.#under;
  }
}
