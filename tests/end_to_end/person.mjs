// A person at a browser, as far as the pages of npm oidc-provider need one: keeps cookies, follows
// redirects, fills in the one form of each page and sends it.
import https from "node:https";

const stepsMax = 20;

const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];

// The form of a page: where it goes, and its fields with what they hold already.
function formOf(page) {
  const form = page.match(/<form\b[^>]*>/)?.[0];
  if (form === undefined) return undefined;
  const fields = new Map();
  for (const [tag] of page.matchAll(/<input\b[^>]*>/g)) fields.set(attribute(tag, "name"), attribute(tag, "value") ?? "");
  return { action: attribute(form, "action"), fields };
}

// Goes to `url` and on from there until a page has no form, or until it would leave the provider.
// `answers` fill fields by their names. Answers {url, page}: the last page, or the foreign URL.
export async function browse(url, { ca, answers }) {
  const home = new URL(url).origin;
  const cookies = new Map();
  const go = (target, body) => new Promise((resolve, reject) => {
    const request = https.request(target, { method: body === undefined ? "GET" : "POST", ca, agent: false, headers: {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    } }, async (response) => {
      let page = "";
      for await (const chunk of response) page += chunk;
      for (const line of response.headers["set-cookie"] ?? []) {
        const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
        if (value === "") cookies.delete(name);
        else cookies.set(name, value);
      }
      resolve({ status: response.statusCode, location: response.headers.location, page });
    });
    request.on("error", reject);
    request.end(body);
  });

  let at = url;
  let body;
  for (let step = 0; step < stepsMax; step += 1) {
    const { status, location, page } = await go(at, body);
    body = undefined;
    if (location !== undefined) {
      at = new URL(location, at).href;
      if (new URL(at).origin !== home) return { url: at, page: "" };
      continue;
    }
    const form = formOf(page);
    if (status !== 200 || form === undefined) return { url: at, page, status };
    for (const [name, value] of Object.entries(answers)) if (form.fields.has(name)) form.fields.set(name, value);
    at = new URL(form.action, at).href;
    body = new URLSearchParams([...form.fields]).toString();
  }
  throw new Error(`no end of pages at ${at}`);
}
