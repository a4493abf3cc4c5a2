// A handler in ten lines: says who called, then answers every line in capitals.
//   g++ -o greeter greeter.cc && talk_server --handler ./greeter 1234
#include <sys/socket.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>

int main(int, char** argv) {
  const int connection = std::atoi(argv[1]);
  FILE* const in = fdopen(connection, "r");
  dprintf(connection, "hello %s, you are visitor %s\n", getenv("TCPREMOTEIP"),
          getenv("TALK_SESSION"));
  for (char line[1000]; fgets(line, sizeof line, in) != nullptr;) {
    for (char* c = line; *c != '\0'; ++c) *c = static_cast<char>(toupper(*c));
    dprintf(connection, "%s", line);
  }
  shutdown(connection, SHUT_RDWR);
}
