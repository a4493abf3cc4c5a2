// A service in C: says who called, and every line of theirs in capitals. cc -o greeter greeter.c
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char** argv) {
  const int connection = argc == 2 ? atoi(argv[1]) : -1;
  FILE* const in = fdopen(connection, "r");
  FILE* const out = fdopen(connection, "w");
  if (in == NULL || out == NULL) return 2;
  fprintf(out, "hello %s, you are visitor %s\n", getenv("TCPREMOTEIP"), getenv("TALK_SESSION"));
  fflush(out);
  for (int c; (c = getc(in)) != EOF;) {
    putc(toupper(c), out);
    if (c == '\n') fflush(out);
  }
  fflush(out);
  shutdown(connection, SHUT_RDWR);  // a relative may hold a copy of the connection
  return 0;
}
