# Arguments: the directory of PostgreSQL's programs, an empty directory, the name of the superuser, and further options of the
# server. Each line of the standard input is a mode of pg_ctl, in which the server is restarted.
programs=$1 dir=$2 superuser=$3 options=$4
log=$dir/log

remove() { rm -rf "$dir"; }

# Nothing here has to survive a crash of the machine. Everything else is as in production: synchronous_commit is on.
{
  "$programs/initdb" -D "$dir/data" -U "$superuser" -A trust -E UTF8 --locale=C --no-sync --no-instructions &&
    "$programs/pg_ctl" -D "$dir/data" -l "$dir/server.log" -s -w -t 120 start -o "-c listen_addresses='' \
      -c unix_socket_directories='$dir' -c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=32MB \
      -c wal_level=minimal -c max_wal_senders=0 $options"
} >"$log" 2>&1 || {
  cat "$log" "$dir/server.log" 2>/dev/null
  remove
  exit 1
}

echo ready
while read -r mode; do # until the process of the tests has ended
  "$programs/pg_ctl" -D "$dir/data" -l "$dir/server.log" -s -w -t 120 -m "$mode" restart >"$log" 2>&1 || cat "$log"
  echo ready
done
"$programs/pg_ctl" -D "$dir/data" -s -m immediate stop >/dev/null 2>&1
remove
