from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from redis.asyncio import Redis
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from database import Base, Note
from settings import Settings

settings = Settings()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(str(settings.database_url))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.state.redis = Redis.from_url(str(settings.redis_url)) if settings.redis_url else None
    yield
    if app.state.redis:
        await app.state.redis.aclose()
    await engine.dispose()


app = FastAPI(title="Notes", lifespan=lifespan)


async def session_of(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(session_of)]


class NewNote(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class NoteOut(NewNote):
    model_config = ConfigDict(from_attributes=True)

    id: int


@app.get("/health")
async def health(session: Session) -> dict[str, bool]:
    await session.execute(text("select 1"))
    return {"database": True}


@app.post("/notes", status_code=201)
async def add_note(note: NewNote, session: Session) -> NoteOut:
    row = Note(text=note.text)
    session.add(row)
    await session.commit()
    return NoteOut.model_validate(row)


@app.get("/notes")
async def list_notes(session: Session) -> list[NoteOut]:
    rows = await session.scalars(select(Note).order_by(Note.id.desc()).limit(settings.page_size))
    return [NoteOut.model_validate(row) for row in rows]


@app.post("/visits")
async def count_visit(request: Request) -> dict[str, int | None]:
    redis: Redis | None = request.app.state.redis
    return {"visits": await redis.incr("visits") if redis else None}
