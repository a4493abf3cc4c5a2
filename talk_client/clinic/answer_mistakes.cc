#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

// Of files first, then of replies.
constexpr Mistake kAnswerMistakes[] = {
    {"no-greeting",
     "the greeting did not come: the server speaks first, accio and CR LF, as soon as a client "
     "is there",
     R"(int fd = accept(listener, NULL, NULL);
send_all(fd, "accio\r\n", 7);)",
     R"(connection, address = listener.accept()
connection.sendall(b"accio\r\n"))"},
    {"second-greeting", "after confirm-accio a second accio and CR LF must come", "", ""},
    {"confirm-in-file",
     "the confirmation was stored as a part of the file: what belongs to the protocol ends "
     "before "
     "the file begins",
     "", ""},
    {"glued-to-handshake",
     "file bytes that came in the same packet as the confirmation were lost: keep what stands "
     "behind the message in the buffer, it is the file's beginning",
     R"(fwrite(end, 1, buffer + used - end, file);  /* first what is here already */
while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, file);)",
     R"(file.write(buffer[end:])   # first what is here already
while piece := connection.recv(65536):
    file.write(piece))"},
    {"error-not-written",
     "a client that fell silent or was cut off must leave a file that holds ERROR and nothing "
     "else",
     R"(file = freopen(name, "wb", file);  /* drop what had come */
fputs("ERROR", file);
fclose(file);)",
     R"(except OSError:            # TimeoutError and ConnectionResetError are such
    with open(name, "wb") as file:
        file.write(b"ERROR"))"},
    {"half-kept",
     "half a file was left under its name: write to another name and rename() when all has come, "
     "or replace it by ERROR",
     R"(FILE *file = fopen("3.part", "wb");
/* … and only after recv() has returned 0: */
fclose(file);
rename("3.part", "3.file");)",
     R"(with open("3.part", "wb") as file:
    receive(connection, file)
os.replace("3.part", "3.file")   # only after the orderly end)"},
    {"file-differs", "what was stored is not what was sent", "", ""},
    {"file-missing", "nothing was stored for this connection", "", ""},
    {"reply-without-ending",
     "a reply without its ending: nobody can tell where it stops; end it as the request was "
     "ended",
     R"(send_all(fd, "OK\n", 3);)", R"(connection.sendall(b"OK\n"))"},
    {"greeting-glued",
     "the process ID and the file came in one piece: clients that take one recv() for the ID and "
     "the next for the file write the ID into their file; pause 150 ms between the two",
     R"(send_all(fd, id, strlen(id));
usleep(150 * 1000);
send_file(fd, file);)",
     R"(connection.sendall(b"%d\n" % os.getpid())
time.sleep(0.15)
connection.sendall(content))"},
    {"other-ending", "the reply does not end as its request did", "", ""},
    {"other-words", "the words of the reply are not those of the specification", "", ""},
    {"banner", "it says something before the first request", "", ""},
    {"wrong-reply", "this is not the reply that the specification gives", "", ""},
    {"no-reply", "no reply came to a request that was whole", "", ""},
    {"overwrites", "put must not replace a value: the first one stays until it is deleted", "", ""},
    {"value-cut",
     "a value is the rest of the line: scanf(\"%s\") and split() stop at the first blank",
     R"(char *value = strchr(line, ' ');           /* behind put */
value = value ? strchr(value + 1, ' ') : 0;  /* behind the key */
if (value) ++value;                          /* all the rest of the line */)",
     R"(command, key, value = line.split(" ", 2)   # not split())"},
    {"key-as-text", "007 and 7 are one key: compare numbers, not their spelling",
     R"(errno = 0;
long long key = strtoll(word, &end, 10);
if (errno || *end || end == word) return invalid_key();)",
     R"(key = int(word))"},
    {"atoi", "a key that is no number, or too large, was taken: atoi() never says that",
     R"(errno = 0;
long long key = strtoll(word, &end, 10);
if (errno || *end || end == word) return invalid_key();)",
     R"(if not re.fullmatch(r"-?\d+", word) or not -2**63 <= int(word) < 2**63:
    return b"Invalid key")"},
    {"not-shared",
     "what one client put another does not see: after fork() each process has a memory of its "
     "own; keep the data in the file, or serve all from one process",
     "", ""},
    {"not-atomic",
     "several clients put the same key at once and more than one was told OK: looking and "
     "putting must be one step (flock(), a mutex)",
     R"(pthread_mutex_lock(&lock);
int taken = find(key) != NULL;
if (!taken) insert(key, value);
pthread_mutex_unlock(&lock);)",
     R"(with lock:
    taken = key in data
    if not taken:
        data[key] = value)"},
    {"not-on-disk", "OK was said before the change was in database.txt", "", ""},
    {"traversal",
     "a name led out of the directory: refuse absolute names and every part that is ..",
     R"(if (name[0] == '/' || strstr(name, ".."))
  return answer_no(fd);)",
     R"(if name.startswith("/") or ".." in name.split("/"):
    return answer_no(connection))"},
    {"size-wrong", "the size that was told and the bytes that came do not agree", "", ""},
    {"no-missing", "a file that is not there must be answered with NO",
     R"(FILE *file = fopen(name, "rb");
if (!file) return send_all(fd, "NO", 2);)",
     R"(try:
    file = open(name, "rb")
except OSError:
    return connection.sendall(b"NO"))"},
    {"no-process-id", "the process ID must come first", "", ""},
    {"same-process", "every session tells the same process ID: one process serves all", "", ""},
    {"no-exit", "a message that is exactly :exit ends the session and is not echoed", "", ""},
    {"echo-adds", "bytes came back that were not sent: every byte comes back, and nothing else", "",
     ""},
    {"echo-loses", "bytes that were sent did not come back", "", ""},
    {"no-bye", "Bye, in any case, is answered with Goodbye, and the connection is closed", "", ""},
    {"sends-commands", "what a stranger says was obeyed as a command of this side", "", ""},
};

}  // namespace

std::span<const Mistake> answer_mistakes() { return kAnswerMistakes; }

}  // namespace talk::clinic
