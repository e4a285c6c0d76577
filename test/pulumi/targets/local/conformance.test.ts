import { freePort } from "../../../../lib/local/ports";
import { postgres } from "../../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../../lib/local/postgres/logins";
import { app, local } from "../../../../lib/pulumi";
import { valuesIn } from "../../../../lib/pulumi/delivery";
import { count, insert, refused } from "../../../conformance/database";
import { describeTarget } from "../../../conformance/target";
import { testServer } from "../../../support/local-server";
import { registerSecret } from "../../../support/secrets";

const serve = `require("http").createServer((q, a) => a.end(JSON.stringify(Object.keys(process.env)))).listen(process.env.PORT, "127.0.0.1")`;

describeTarget({
  name: "local",
  stackName: "development",
  target: ({ app: root }) => local({ root }),
  environment: valuesIn,
  database: { insert, count, refused },
  isMadeForSettings: (type) => /^endow-local:index:(Server|Lease|RemoteLease)$/.test(type),
  isServer: (type) => type === "endow-local:index:Server",
  listsItsVariables: async (reads) => app({ command: [process.execPath, "-e", serve], port: await freePort(), reads }),
  givenServer: async () => {
    const theirs = await testServer("theirs", postgres, "17");
    await theirs.start();
    const { port, credentials } = theirs.server;
    const password = registerSecret(await credentials.get(ADMINISTRATOR));
    return {
      reference: { host: "127.0.0.1", port, administrator: { username: ADMINISTRATOR, password } },
      secrets: [password],
      remove: () => theirs.remove(),
    };
  },
});
