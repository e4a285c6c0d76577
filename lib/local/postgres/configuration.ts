/**
 * `postgresql.conf` of a development server: small, quiet, and as durable as in production. Everything else keeps PostgreSQL's defaults, including
 * `fsync`, `full_page_writes` and `synchronous_commit`, so that killing a process loses no committed row.
 */
export const configuration = (port: number): string => `# Written by endow at every start.
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'

# For many settings, each with its own pool. An unused connection costs about 20 KB.
max_connections = 200
# For our administrator when apps use all other connections.
superuser_reserved_connections = 12
# A client that hangs during login blocks every DROP DATABASE until this timeout.
authentication_timeout = '5s'
shared_buffers = '32MB'
max_wal_size = '256MB'
# In the data folder, so it is deleted with it. In /dev/shm it would outlive a killed server, and containers have little space there.
dynamic_shared_memory_type = 'mmap'

datestyle = 'iso, mdy'
timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'

# Statements and values are never logged, even if a statement fails: they may contain an application's data.
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_timezone = 'UTC'
`;

/** `pg_hba.conf`: logins only from this machine and only with a password. */
export const HOST_BASED_AUTHENTICATION = `# Written by endow at every start.
host all all 127.0.0.1/32 scram-sha-256
`;
