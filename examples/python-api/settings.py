from pydantic import Field, PostgresDsn, RedisDsn
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Plain environment variables, independent of endow."""

    database_url: PostgresDsn
    redis_url: RedisDsn | None = None
    page_size: int = Field(default=20, ge=1, le=100)
