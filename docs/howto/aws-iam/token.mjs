// A token of Strongroom for the AWS identity of this process.
//   npm install @aws-sdk/credential-provider-node @smithy/signature-v4 @smithy/protocol-http @aws-crypto/sha256-js
//   AUTH_URL=https://auth.example.com/ node token.mjs
import { Sha256 } from "@aws-crypto/sha256-js";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";

// A GetCallerIdentity request of STS that is good for a minute, and for this auth URL alone.
async function presign(authUrl, region) {
  const host = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ credentials: defaultProvider(), region, service: "sts", sha256: Sha256 });
  const { query } = await signer.presign(new HttpRequest({
    method: "GET", protocol: "https:", hostname: host, path: "/",
    headers: { host, "x-twisp-aws-id": authUrl },
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
  }), { expiresIn: 60 });
  const pairs = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `https://${host}/?${pairs.join("&")}`;
}

export async function token(authUrl, region = process.env.AWS_REGION ?? "us-east-1") {
  const url = await presign(authUrl, region);
  const answer = await fetch(`${authUrl}token/iam`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ Token: `twisp-aws-v1.${Buffer.from(url).toString("base64url")}` }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return text;  // the JWT itself: no quotes, no newline
}

console.log(await token(process.env.AUTH_URL));
