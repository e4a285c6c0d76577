import assert from "node:assert/strict";
import { Client } from "pg";
import type { PostgresConnection } from "../../lib/index";

const query = async (connection: PostgresConnection, ...statements: readonly string[]): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new Client({ connectionString: connection.reveal() });
  await client.connect();
  try {
    let rows: ReadonlyArray<Record<string, unknown>> = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
};

/** Writes a row that must not be lost. */
export const insert = async (connection: PostgresConnection): Promise<void> =>
  void (await query(connection, "create table kept (id int)", "insert into kept values (1)"));

/** The number of rows that `insert` wrote. */
export const count = async (connection: PostgresConnection): Promise<number> => (await query(connection, "select from kept")).length;

/** Asserts that logins with this connection are rejected. */
export const refused = (connection: PostgresConnection): Promise<void> =>
  assert.rejects(query(connection, "select 1"), (error: Error) => !error.message.includes(connection.password.reveal()));
