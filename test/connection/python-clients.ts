/** Pinned versions: the program below uses asyncpg's internal parser. */
export const packages = [
  "sqlalchemy==2.1.9",
  "asyncpg==0.32.0",
  "psycopg[binary]==3.3.9",
  "pydantic==2.14.3",
  "redis==8.1.0",
  "valkey==6.2.0",
  "dj-database-url==3.1.2",
  "pymongo==4.12.1",
  "pymysql==1.1.2",
];

/** Parses a URL with a Python library: `{ client, url }` to host, port, database, username, password and TLS. */
export const program = `
import inspect, ssl
from urllib.parse import unquote
import asyncpg, dj_database_url, pymysql, redis, valkey
from asyncpg.connect_utils import _parse_connect_dsn_and_args
from psycopg.conninfo import conninfo_to_dict
from pymongo.uri_parser import parse_uri
from pydantic import PostgresDsn, RedisDsn, TypeAdapter
from sqlalchemy import make_url

def parts(host, port, database, username, password, **more):
    return dict(host=host, port=int(port), database=database, username=username, password=password, **more)

def mode(context):
    if not context:
        return "off"
    if context.verify_mode == ssl.CERT_NONE:
        return "require"
    return "verify-full" if context.check_hostname else "verify-ca"

def sqlalchemy_url(url):
    u = make_url(url)
    return parts(u.host, u.port, u.database, u.username, u.password)

def sqlalchemy_asyncpg(url):
    u = make_url(url)
    _, arguments = u.get_dialect()().create_connect_args(u)
    # Raises TypeError for what asyncpg.connect() has no parameter for.
    inspect.signature(asyncpg.connect).bind(**arguments)
    a = arguments
    return parts(a["host"], a["port"], a["database"], a["user"], a["password"], mode=a.get("ssl", "off"))

def asyncpg_dsn(url):
    arguments = dict.fromkeys(inspect.signature(_parse_connect_dsn_and_args).parameters)
    addresses, p = _parse_connect_dsn_and_args(**{**arguments, "dsn": url})
    (host, port), = addresses
    prefer = p.sslmode.name == "prefer"
    return parts(host, port, p.database, p.user, p.password, mode="off" if prefer else mode(p.ssl), settings=p.server_settings)

def libpq(url):
    c = conninfo_to_dict(url)
    return parts(c["host"], c["port"], c["dbname"], c["user"], c["password"], mode=c.get("sslmode", "off"), ca=c.get("sslrootcert"))

def libpq_hosts(url):
    c = conninfo_to_dict(url)
    hosts = c["host"].split(",")
    ports = c.get("port", "").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return dict(hosts=[[h, int(p or 5432)] for h, p in zip(hosts, ports)], username=c.get("user"), password=c.get("password"))

def django(url):
    c = dj_database_url.parse(url)
    return parts(c["HOST"], c["PORT"], c["NAME"], c["USER"], c["PASSWORD"])

def mongo(url):
    c = parse_uri(url, validate=False)
    hosts = [list(node) for node in c["nodelist"]]
    return dict(hosts=hosts, username=c["username"], password=c["password"], database=c["database"] or "")

def sqlalchemy_pymysql(url):
    u = make_url(url)
    _, arguments = u.get_dialect()().create_connect_args(u)
    c = pymysql.connect(defer_connect=True, **arguments)
    return parts(c.host, c.port, c.db.decode() if isinstance(c.db, bytes) else c.db, c.user.decode() if isinstance(c.user, bytes) else c.user,
        c.password.decode("latin1") if isinstance(c.password, bytes) else c.password, mode=mode(c.ctx if c.ssl else None))

def pydantic_dsn(kind, url):
    u = TypeAdapter(kind).validate_python(url)
    h = u.hosts()[0] if kind is PostgresDsn else dict(host=u.host, port=u.port, username=u.username, password=u.password)
    # pydantic gives both as they are encoded.
    return parts(h["host"].strip("[]"), h["port"], u.path[1:], unquote(h["username"]), unquote(h["password"]))

def redis_client(library, url):
    pool = library.ConnectionPool.from_url(url)
    c = pool.make_connection()
    secure = isinstance(c, library.SSLConnection)
    tls = "off" if not secure else "require" if c.cert_reqs == ssl.CERT_NONE else "verify-full" if c.check_hostname else "verify-ca"
    return parts(c.host, c.port, c.db, c.username, c.password, mode=tls, ca=c.ca_certs if secure else None)

clients = {
    "sqlalchemy": sqlalchemy_url,
    "sqlalchemy+asyncpg": sqlalchemy_asyncpg,
    "asyncpg": asyncpg_dsn,
    "libpq": libpq,
    "libpq-hosts": libpq_hosts,
    "dj-database-url": django,
    "pymongo": mongo,
    "sqlalchemy+pymysql": sqlalchemy_pymysql,
    "PostgresDsn": lambda url: pydantic_dsn(PostgresDsn, url),
    "RedisDsn": lambda url: pydantic_dsn(RedisDsn, url),
    "redis-py": lambda url: redis_client(redis, url),
    "valkey-py": lambda url: redis_client(valkey, url),
}

def answer(question):
    return clients[question["client"]](question["url"])
`;
