import assert from "node:assert/strict";
import { postgres } from "../../../../lib/local/postgres";
import { ADMINISTRATOR } from "../../../../lib/local/postgres/logins";
import { remoteLease } from "../../../../lib/pulumi/provider/handlers/remote-lease";
import type { ResourceState } from "../../../../lib/pulumi/provider/handler";
import type { RemoteLeaseInputs, RemoteLeaseOutputs } from "../../../../lib/pulumi/provider/schemas";
import { testServer, type TestServer } from "../../../support/local-server";
import { created, makeStack, type LocalStack } from "../../../support/local-stack";
import { sql } from "../../../support/postgres-server";

type RemoteState = ResourceState<RemoteLeaseInputs, RemoteLeaseOutputs>;

/** An existing PostgreSQL server for the tests of a suite; each test has its own stack and database name. */
export const existingServer = () => {
  let theirs: TestServer;
  let administrator: { readonly username: string; readonly password: string };
  let stack: LocalStack;
  let number = 0;
  before(async () => {
    theirs = await testServer("theirs", postgres, "17");
    await theirs.start();
    administrator = { username: ADMINISTRATOR, password: await theirs.server.credentials.get(ADMINISTRATOR) };
  });
  after(() => theirs?.remove());
  beforeEach(async () => {
    stack = await makeStack("remote");
    number += 1;
  });
  afterEach(() => stack.clean());

  const database = (more: object = {}) => ({
    environment: stack.environment,
    server: { kind: "postgres", host: "127.0.0.1", port: theirs.server.port },
    administrator,
    setting: "shared.databaseUrl",
    name: `shop_${number}`,
    options: { version: "17" },
    ...more,
  });
  const query = ({ outputs }: RemoteState, text: string) => sql(outputs as unknown as Parameters<typeof sql>[0], text);
  const loginAs = (username: string, password: string, name: string) => ({ port: theirs.server.port, username, password, database: name });
  return {
    theirs: () => theirs,
    port: () => theirs.server.port,
    administrator: () => administrator,
    stack: () => stack,
    /** Name of this test's database. */
    name: () => `shop_${number}`,
    /** Inputs of this test's lease. */
    database,
    create: (more: object = {}) => created(remoteLease, database(more), stack.context),
    query,
    loginAs,
    asAdministrator: (text: string) => sql(loginAs(administrator.username, administrator.password, "postgres"), text),
    keep: (state: RemoteState) => query(state, "create table kept as select 1 as row"),
    kept: (state: RemoteState) => query(state, "select row from kept"),
  };
};

/** The error of a refused operation. */
export const refusalOf = (work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> =>
  work.then(
    () => assert.fail("nothing was refused"),
    (error: { code: string; message: string }) => error,
  );
