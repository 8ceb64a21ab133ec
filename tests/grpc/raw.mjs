// HTTP/2 frames written by hand, for what no honest client sends.
import tls from "node:tls";
import { once } from "node:events";

export const type = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7, window: 8, continuation: 9 };

export function frame(kind, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// One header, without an index and without Huffman coding (rfc7541 6.2.2).
export function field(name, value) {
  const text = (bytes) => {
    if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    let rest = bytes.length - 127;
    const size = [127];
    for (; rest >= 128; rest = Math.floor(rest / 128)) size.push((rest % 128) + 128);
    return Buffer.concat([Buffer.from([...size, rest]), bytes]);
  };
  return Buffer.concat([Buffer.from([0]), text(Buffer.from(name)), text(Buffer.from(value))]);
}

export const callHead = (server, path, more = {}) => Buffer.concat(Object.entries({
  ":method": "POST", ":scheme": "https", ":path": path, ":authority": server.grpc,
  "content-type": "application/grpc", te: "trailers", ...more }).map(([name, value]) => field(name, value)));

export const preface = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(type.settings, 0, 0)]);

// A connection that writes anything; `closed` resolves when the server has ended it.
export async function open(server, first = preface) {
  const [host, port] = server.grpc.split(":");
  const socket = tls.connect({ host, port: Number(port), servername: "localhost", ca: server.ca, ALPNProtocols: ["h2"] });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  let seen = Buffer.alloc(0);
  socket.on("data", (data) => { if (seen.length < 1 << 20) seen = Buffer.concat([seen, data]); });
  const closed = new Promise((done) => socket.once("close", done));
  socket.write(first);
  return { socket, closed, seen: () => seen,
           write: (bytes) => new Promise((done) => (socket.destroyed || socket.writableEnded ? done() : socket.write(bytes, () => done()))) };
}

// The error code of the GOAWAY that was seen; -1 without one.
export function goodbye(bytes) {
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes[at + 3] === type.goaway && bytes.readUInt32BE(at + 13) !== 0) return bytes.readUInt32BE(at + 13);
  }
  return -1;
}
