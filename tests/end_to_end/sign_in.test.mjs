// A person signs in at a certified OpenID provider as the console's users will: authorization code
// with PKCE by npm's openid-client. Strongroom takes the tokens, also after the provider's keys changed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import https from "node:https";
import { after, before, describe, it } from "node:test";
import { decodeProtectedHeader } from "jose";
import * as openid from "openid-client";
import { startServer } from "../server.mjs";
import { browse } from "./person.mjs";
import { consoleCallback, startProvider } from "./provider.mjs";

describe("a person who signs in", () => {
  let provider;
  let server;
  let client;

  // The global fetch cannot be told which CA to trust.
  const trusting = (url, { method, headers, body }) => new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers: Object.fromEntries(new Headers(headers)),
      ca: readFileSync(provider.caFile), agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve(new Response(text, { status: response.statusCode, headers: { "content-type": response.headers["content-type"] } }));
    });
    request.on("error", reject);
    request.end(body?.toString());
  });
  // Where the provider sends the browser of someone who has said yes, and the verifier for that.
  async function authorize(login) {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(client, { redirect_uri: consoleCallback, scope: "openid ledger", state,
      resource: "urn:ledger:ES256", code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" });
    const { url: back } = await browse(url.href, { ca: readFileSync(provider.caFile), answers: { login, password: "any" } });
    assert.ok(back.startsWith(`${consoleCallback}?`), back);
    return { back: new URL(back), verifier, state };
  }
  const redeem = ({ back, verifier, state }) =>
    openid.authorizationCodeGrant(client, back, { pkceCodeVerifier: verifier, expectedState: state });
  const discover = async () => {
    client = await openid.discovery(new URL(provider.issuer), "console", undefined, openid.None(), { [openid.customFetch]: trusting });
    openid.enableNonRepudiationChecks(client);
  };
  const whoami = (token) => server.request("{ auth { whoami { principal client } } }", {}, { authorization: `Bearer ${token}` });

  before(async () => {
    provider = await startProvider({ jarred: { email: "jarred@example.com", email_verified: true },
      michael: { email: "michael@elsewhere.example", email_verified: true } });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
    const made = await server.request(`mutation ($principal: String!) { auth { createClient(input: { principal: $principal name: "team"
      policies: [{ effect: ALLOW actions: [SELECT, INSERT] resources: ["*"] assertions: { team:
        "context.auth.claims.email.endsWith('@example.com') && context.auth.claims.email_verified && context.auth.claims.client_id == 'console'" } }]
    }) { principal } } }`, { principal: provider.issuer });
    assert.equal(made.body.errors, undefined, made.text);
    await discover();
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
  });

  const write = (token, code) => server.request(
    "mutation ($id: UUID!, $code: String!) { createJournal(input: {journalId: $id, name: \"A journal\", code: $code}) { code } }",
    { id: crypto.randomUUID(), code }, { authorization: `Bearer ${token}` });

  it("gets a token by authorization code with PKCE, and is judged by its claims", async () => {
    const { access_token: jarred } = await redeem(await authorize("jarred"));
    assert.equal(decodeProtectedHeader(jarred).alg, "ES256");
    assert.deepEqual((await whoami(jarred)).body.data?.auth.whoami, { principal: provider.issuer, client: "team" });
    assert.deepEqual((await write(jarred, "ONE")).body, { data: { createJournal: { code: "ONE" } } });
    const { access_token: michael } = await redeem(await authorize("michael"));
    const refused = await write(michael, "TWO");
    assert.ok(refused.body.errors?.length > 0, refused.text);
  });

  it("gets none without the verifier, or with a code that was used", async () => {
    const begun = await authorize("jarred");
    await assert.rejects(redeem({ ...begun, verifier: openid.randomPKCECodeVerifier() }), { error: "invalid_grant" });
    const again = await authorize("jarred");
    await redeem(again);
    await assert.rejects(redeem(again), { error: "invalid_grant" });
  });

  it("is known by the provider's new keys, and by the old ones no longer, once the keys were forgotten", async () => {
    const { access_token: old } = await redeem(await authorize("jarred"));
    assert.equal((await whoami(old)).status, 200);
    provider.rotate();
    await discover();
    const { access_token: fresh } = await redeem(await authorize("jarred"));
    assert.notEqual(decodeProtectedHeader(fresh).kid, decodeProtectedHeader(old).kid);
    process.kill(server.pid, "SIGUSR1");  // else an unknown key is asked for 30 seconds after the last fetch
    let answer = await whoami(fresh);
    for (let tries = 0; answer.status === 401 && tries < 40; tries += 1) {
      await new Promise((done) => setTimeout(done, 1000));
      answer = await whoami(fresh);
    }
    assert.equal(answer.body.data?.auth.whoami.principal, provider.issuer, answer.text);
    assert.equal((await whoami(old)).status, 401);
  });
});
