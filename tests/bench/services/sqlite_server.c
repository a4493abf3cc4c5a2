/* The smallest server that keeps keys in SQLite (WAL, FULL): a process a connection, lines
 * `put KEY VALUE` and `get KEY`. Arguments: port, database. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int connection, const char *path) {
  sqlite3 *db;
  sqlite3_stmt *put, *get;
  char line[4096], reply[4096];
  if (sqlite3_open(path, &db) != SQLITE_OK) exit(1);
  sqlite3_busy_timeout(db, 60000);
  sqlite3_exec(db, "pragma journal_mode=wal; pragma synchronous=full", 0, 0, 0);
  sqlite3_prepare_v2(db, "insert into pairs values(?, ?)", -1, &put, 0);
  sqlite3_prepare_v2(db, "select value from pairs where key = ?", -1, &get, 0);
  for (ssize_t n; (n = read(connection, line, sizeof line - 1)) > 0;) {
    line[line[n - 1] == '\n' ? n - 1 : n] = 0;
    char *key = line + 4, *value = strchr(key, ' ');
    if (line[0] == 'p' && value) {
      sqlite3_bind_int64(put, 1, atoll(key));
      sqlite3_bind_text(put, 2, value + 1, -1, SQLITE_STATIC);
      strcpy(reply, sqlite3_step(put) == SQLITE_DONE ? "OK\n" : "Key already exists\n");
      sqlite3_reset(put);
    } else {
      sqlite3_bind_int64(get, 1, atoll(key));
      if (sqlite3_step(get) == SQLITE_ROW)
        snprintf(reply, sizeof reply, "%s\n", (const char *)sqlite3_column_text(get, 0));
      else
        strcpy(reply, "Key not found\n");
      sqlite3_reset(get);
    }
    if (write(connection, reply, strlen(reply)) < 0) break;
  }
  exit(0);
}

int main(int argc, char **argv) {
  sqlite3 *db;
  int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (argc != 3) return 2;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) return 1;
  sqlite3_open(argv[2], &db);
  sqlite3_exec(db, "pragma journal_mode=wal;"
               "create table if not exists pairs(key integer primary key, value text)", 0, 0, 0);
  sqlite3_close(db);
  signal(SIGCHLD, SIG_IGN);
  for (int connection; (connection = accept(listener, 0, 0)) >= 0; close(connection)) {
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fork() == 0) serve(connection, argv[2]);
  }
  return 1;
}
