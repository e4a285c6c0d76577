import assert from "node:assert/strict";
import { makeApp, pythonPackages, type RealApp } from "./support";

const files = {
  "settings.ts": `import { postgresUrl, settings } from "endow";
export const library = settings("library", { databaseUri: postgresUrl({ env: "SQLALCHEMY_DATABASE_URI", scheme: "postgresql+asyncpg" }) });
`,
  "alembic.ini": `[alembic]
script_location = migrations
prepend_sys_path = .
`,
  "models.py": `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
`,
  "migrations/env.py": `import asyncio
import os

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

from models import Base

config = context.config
config.set_main_option("sqlalchemy.url", os.environ["SQLALCHEMY_DATABASE_URI"])


def migrate(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = async_engine_from_config(config.get_section("alembic", {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(main())
`,
  "migrations/script.py.mako": `"""\${message}"""
from alembic import op
import sqlalchemy as sa

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}


def upgrade():
    \${upgrades if upgrades else "pass"}


def downgrade():
    \${downgrades if downgrades else "pass"}
`,
  "migrations/versions/.keep": "",
  "add.py": `import asyncio
import os

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from models import Book


async def main():
    engine = create_async_engine(os.environ["SQLALCHEMY_DATABASE_URI"])
    async with AsyncSession(engine) as session, session.begin():
        session.add(Book(title="On Growth and Form"))
        await session.flush()
        print("books:", [(book.id, book.title) for book in await session.scalars(select(Book))])
    await engine.dispose()


asyncio.run(main())
`,
};

describe("Alembic with asyncpg", () => {
  let app: RealApp | undefined;
  let python = "";

  before(async function () {
    python = await pythonPackages(this);
    app = makeApp(files);
  });
  after(() => app?.clean());

  it("generates and applies a revision with the URL as SQLAlchemy writes it", async () => {
    assert.ok(app);
    const alembic = (...args: readonly string[]) => app?.dev([python, "-m", "alembic", ...args]);
    await alembic("revision", "--autogenerate", "-m", "first");
    await alembic("upgrade", "head");
    assert.match((await alembic("check")) ?? "", /No new upgrade operations detected/);
    assert.match(await app.dev([python, "add.py"]), /books: \[\(1, 'On Growth and Form'\)\]/);
  });
});
