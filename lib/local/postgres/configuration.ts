/**
 * `postgresql.conf` of a server for development: small, quiet, and as safe as in production. What is not said here is PostgreSQL's
 * default; so are `fsync`, `full_page_writes` and `synchronous_commit`, so that no committed row is lost when a process is killed.
 */
export const configuration = (port: number): string => `# Written by endow at every start.
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'

# For many settings, each with a pool of its own: one that is not used costs some 20 KB.
max_connections = 200
# For our administrator, also when apps have taken all others.
superuser_reserved_connections = 12
# A client that stops in the middle of its login holds up every DROP DATABASE until then.
authentication_timeout = '5s'
shared_buffers = '32MB'
max_wal_size = '256MB'
# In the data folder, with which it goes: in /dev/shm it stays when the server is killed, and a container has little room there.
dynamic_shared_memory_type = 'mmap'

datestyle = 'iso, mdy'
timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.english'

# Statements and values are never logged, also when a statement fails: they can hold an application's data.
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_timezone = 'UTC'
`;

/** `pg_hba.conf`: every login comes from this machine and proves its password; nobody is trusted. */
export const HOST_BASED_AUTHENTICATION = `# Written by endow at every start.
host all all 127.0.0.1/32 scram-sha-256
`;
