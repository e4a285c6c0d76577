from pydantic import Field, PostgresDsn, RedisDsn
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Plain environment variables: this program does not know who sets them."""

    database_url: PostgresDsn
    redis_url: RedisDsn | None = None
    page_size: int = Field(default=20, ge=1, le=100)
