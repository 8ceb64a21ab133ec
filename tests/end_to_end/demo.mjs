// An OpenID provider to try things with: tools/demo-issuer starts it.
import path from "node:path";
import { secret, startProvider } from "./provider.mjs";

const people = {
  jarred: { email: "jarred@example.com", email_verified: true },
  michael: { email: "michael@example.com", email_verified: true },
  eve: { email: "eve@example.com", email_verified: true },
};
const directory = path.resolve(".strongroom", "issuer");
const provider = await startProvider(people, { port: 9543, directory });
console.log(`issuer  ${provider.issuer}
ca      ${provider.caFile}
people  ${Object.keys(people).join(", ")}; the secret of each is ${secret}
ctrl-c stops it`);
