// Publishes one event and prints its receipt: node publish.mjs theater.creds nats://localhost:4222
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { connect, credsAuthenticator, headers, StringCodec } from "nats";

const EVENT = {
  "@context": "https://schema.org",
  "@type": "TheaterEvent",
  identifier: "2027-nachtfaehre-03-06",
  name: "Nachtfähre",
  startDate: "2027-03-06T19:30:00+01:00",
  endDate: "2027-03-06T21:45:00+01:00",
  location: { "@type": "Place", name: "Kleines Haus", address: "Glockengasse 3" },
  keywords: ["Theater"],
};

const [credentials, server] = process.argv.slice(2);
const text = StringCodec();
const connection = await connect({
  servers: server,
  authenticator: credsAuthenticator(readFileSync(credentials)),
});
const receipts = connection.subscribe("receipts.>", { max: 1, timeout: 10_000 });

const about = headers();
about.set("ce-specversion", "1.0");
about.set("ce-id", "1");
about.set("ce-type", "event");
about.set("ce-source", basename(credentials, ".creds"));
about.set("ce-datacontenttype", "application/ld+json");

const stored = await connection
  .jetstream()
  .publish("publish.event", text.encode(JSON.stringify(EVENT)), { headers: about });
console.log("stored as", stored.seq);
for await (const receipt of receipts) console.log(text.decode(receipt.data));
await connection.close();
