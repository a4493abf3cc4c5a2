#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

// Of files first, then of replies.
constexpr KnownMistake kAnswerMistakes[] = {
    {"no-greeting",
     "the greeting did not come: the server speaks first, accio and CR LF, as soon as a client "
     "is there",
     R"(int fd = accept(listener, NULL, NULL);
send_all(fd, "accio\r\n", 7);)",
     R"(connection, address = listener.accept()
connection.sendall(b"accio\r\n"))"},
    {"second-greeting", "after confirm-accio a second accio and CR LF must come",
     R"(if (strcmp(line, "confirm-accio\r\n") == 0)
  send_all(fd, "accio\r\n", 7);  /* and then wait for confirm-accio-again */)",
     R"(if line == b"confirm-accio\r\n":
    connection.sendall(b"accio\r\n")   # and then wait for confirm-accio-again)"},
    {"confirm-in-file",
     "the confirmation was stored as a part of the file: what belongs to the protocol ends "
     "before "
     "the file begins",
     R"(char *end = strstr(buffer, "confirm-accio-again\r\n");
end += 21;
if (strncmp(end, "\r\n", 2) == 0) end += 2;  /* the empty line, if it is there */
fwrite(end, 1, buffer + used - end, file);   /* the file begins here */)",
     R"(before, _, rest = buffer.partition(b"confirm-accio-again\r\n")
rest = rest.removeprefix(b"\r\n")   # the empty line, if it is there
file.write(rest)                    # the file begins here)"},
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
    {"file-differs",
     "the file that arrived is not the one that was sent: open it for bytes (rb, wb), never read "
     "or "
     "write it as text or line by line, and use as many bytes as recv() told",
     R"(FILE *file = fopen(name, "wb");  /* b: bytes, nothing is changed */
while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, file);    /* n, not sizeof buffer */
fclose(file);)",
     R"(with open(name, "wb") as file:        # b: bytes, nothing is changed
    while piece := connection.recv(65536):
        file.write(piece))"},
    {"file-missing", "nothing was stored for this connection",
     R"(snprintf(name, sizeof name, "%s/%d.file", directory, ++count);
FILE *file = fopen(name, "wb");
if (!file) perror(name);  /* say what went wrong */)",
     R"(count += 1
with open(f"{directory}/{count}.file", "wb") as file:
    receive(connection, file))"},
    {"reply-without-ending",
     "a reply without its ending: nobody can tell where it stops; end it as the request was "
     "ended",
     R"(send_all(fd, "OK\n", 3);)", R"(connection.sendall(b"OK\n"))"},
    {"reply-split",
     "a short reply was sent in several pieces: many clients take one recv() for one message and "
     "see half of it; put it together and send it once",
     R"(int length = snprintf(reply, sizeof reply, "%s\n", value);
send_all(fd, reply, length);   /* not the value, and then the line feed */)",
     R"(connection.sendall(value + b"\n")   # not two calls)"},
    {"greeting-glued",
     "the process ID and the file came in one piece: clients that take one recv() for the ID and "
     "the next for the file write the ID into their file; pause 150 ms between the two",
     R"(send_all(fd, id, strlen(id));
usleep(150 * 1000);
send_file(fd, file);)",
     R"(connection.sendall(b"%d\n" % os.getpid())
time.sleep(0.15)
connection.sendall(content))"},
    {"other-ending", "the reply does not end as its request did",
     R"(const char *ending = had_cr ? "\r\n" : "\n";  /* as the request had it */
send_all(fd, reply, strlen(reply));
send_all(fd, ending, strlen(ending));)",
     R"(ending = b"\r\n" if line.endswith(b"\r") else b"\n"   # as the request had it
connection.sendall(reply + ending))"},
    {"other-words", "the words of the reply are not those of the specification",
     R"(#define KEY_NOT_FOUND "Key not found"  /* copied from the specification */
send_all(fd, KEY_NOT_FOUND "\n", sizeof KEY_NOT_FOUND);)",
     R"(KEY_NOT_FOUND = b"Key not found"   # copied from the specification
connection.sendall(KEY_NOT_FOUND + b"\n"))"},
    {"banner", "it says something before the first request",
     R"(int fd = accept(listener, NULL, NULL);
/* no send() here: the client speaks first */
serve(fd);)",
     R"(connection, address = listener.accept()
# no sendall() here: the client speaks first
serve(connection))"},
    {"wrong-reply", "this is not the reply that the specification gives",
     R"(printf("request: [%s]\n", line);  /* look at what really came, */
printf("reply: [%s]\n", reply);   /* and at what goes back */
send_all(fd, reply, strlen(reply));)",
     R"(print("request:", repr(line))   # look at what really came,
print("reply:", repr(reply))    # and at what goes back
connection.sendall(reply))"},
    {"no-reply", "no reply came to a request that was whole",
     R"(if (memchr(buffer, '\n', used)) {          /* it is whole: */
  answer(fd, buffer);                       /* answer now, */
  fflush(stream);                           /* where stdio is between */
})",
     R"(if b"\n" in buffer:          # it is whole:
    answer(connection)       # answer now,
    stream.flush()           # where a file object is between)"},
    {"overwrites", "put must not replace a value: the first one stays until it is deleted",
     R"(if (find(key) != NULL)
  return reply(fd, "Key already exists");
insert(key, value);
reply(fd, "OK");)",
     R"(if key in data:
    return reply(connection, b"Key already exists")
data[key] = value
reply(connection, b"OK"))"},
    {"value-cut",
     "a value is the rest of the line: scanf(\"%s\") and split() stop at the first blank",
     R"(char *value = strchr(line, ' ');           /* behind put */
value = value ? strchr(value + 1, ' ') : 0;  /* behind the key */
if (value) ++value;                          /* all the rest of the line */)",
     R"(command, key, value = line.split(" ", 2)   # not split())"},
    {"value-stripped",
     "blanks before and behind a value belong to it: take nothing off but the ending of the line",
     R"(size_t length = strcspn(line, "\r\n");   /* the ending, */
line[length] = 0;                        /* and no isspace() loop */)",
     R"(line = line.removesuffix(b"\n").removesuffix(b"\r")   # not strip()
command, key, value = line.split(b" ", 2))"},
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
    {"narrow-key",
     "a key has 64 bits: an int holds 32 of them and a double 53, and a key that does not fit is "
     "refused, or becomes another one",
     R"(errno = 0;
long long key = strtoll(word, &end, 10);   /* not int, not atoi(), not %d */
if (errno || *end || end == word) return invalid_key();)",
     R"(key = int(word)   # as it is: no float(), no struct.pack("i", key))"},
    {"not-shared",
     "what one client put another does not see: after fork() each process has a memory of its "
     "own; keep the data in the file, or serve all from one process",
     R"(flock(file, LOCK_EX);      /* one truth: database.txt */
read_database(file);       /* what others have put since */
answer(fd, request);
write_database(file);
flock(file, LOCK_UN);)",
     R"(data = {}                  # once, outside of the session; and threads, not fork()
threading.Thread(target=serve, args=(connection, data)).start())"},
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
    {"not-on-disk", "OK was said before the change was in database.txt",
     R"(fprintf(file, "%lld %s\n", key, value);
fflush(file);              /* to the system, */
fsync(fileno(file));       /* to the disk, */
send_all(fd, "OK\n", 3);   /* and only then */)",
     R"(file.write(b"%d %s\n" % (key, value))
file.flush()               # to the system,
os.fsync(file.fileno())    # to the disk,
connection.sendall(b"OK\n")   # and only then)"},
    {"traversal",
     "a name led out of the directory: refuse absolute names and every part that is ..",
     R"(if (name[0] == '/' || strstr(name, ".."))
  return answer_no(fd);)",
     R"(if name.startswith("/") or ".." in name.split("/"):
    return answer_no(connection))"},
    {"size-wrong", "the size that was told and the bytes that came do not agree",
     R"(struct stat status;
fstat(file, &status);      /* bytes, not characters; of the open file */
dprintf(fd, "%d OK %lld\n", getpid(), (long long)status.st_size);
send_file(fd, file, status.st_size);)",
     R"(content = open(name, "rb").read()   # bytes, not characters
connection.sendall(b"%d OK %d\n" % (os.getpid(), len(content)))
connection.sendall(content))"},
    {"no-missing", "a file that is not there must be answered with NO",
     R"(FILE *file = fopen(name, "rb");
if (!file) return send_all(fd, "NO", 2);)",
     R"(try:
    file = open(name, "rb")
except OSError:
    return connection.sendall(b"NO"))"},
    {"no-process-id", "the process ID must come first", R"(char id[24];
int length = snprintf(id, sizeof id, "%d\n", getpid());
send_all(fd, id, length);  /* before everything else */)",
     R"(connection.sendall(b"%d\n" % os.getpid())   # before everything else)"},
    {"same-process", "every session tells the same process ID: one process serves all",
     R"(int fd = accept(listener, NULL, NULL);
if (fork() == 0) {
  serve(fd);               /* getpid() is this child's own */
  _exit(0);
})",
     R"(connection, address = listener.accept()
if os.fork() == 0:
    serve(connection)        # os.getpid() is this child's own
    os._exit(0))"},
    {"no-exit", "a message that is exactly :exit ends the session and is not echoed",
     R"(if (length == 5 && memcmp(line, ":exit", 5) == 0) {
  close(fd);               /* not echoed */
  return;
})",
     R"(if line.rstrip(b"\r\n\0") == b":exit":
    connection.close()       # not echoed
    return)"},
    {"exit-prefix", "only a message that is exactly :exit is one: :exits is a word like others",
     R"(/* not strncmp(line, ":exit", 5), not strstr(line, ":exit") */
if (length == 5 && memcmp(line, ":exit", 5) == 0)
  return;)",
     R"(if line.rstrip(b"\r\n\0") == b":exit":   # not startswith(), not in
    return)"},
    {"echo-adds", "bytes came back that were not sent: every byte comes back, and nothing else",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer, 0);
send_all(fd, buffer, n);   /* no prompt, no "you said", not sizeof buffer */)",
     R"(data = connection.recv(4096)
connection.sendall(data)   # no prompt, no "you said")"},
    {"echo-loses", "bytes that were sent did not come back",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer, 0);
send_all(fd, buffer, n);   /* all n bytes: no trimming, no scanf() */)",
     R"(data = connection.recv(4096)
connection.sendall(data)   # all of it: no strip(), no split())"},
    {"no-bye", "Bye, in any case, is answered with Goodbye, and the connection is closed",
     R"(if (strcasecmp(line, "bye") == 0) {
  send_all(fd, "Goodbye\n", 8);
  close(fd);
  return;
})",
     R"(if line.lower() == b"bye":
    connection.sendall(b"Goodbye\n")
    connection.close()
    return)"},
    {"sends-commands", "what a stranger says was obeyed as a command of this side",
     R"(if (from_keyboard && line[0] == '/')
  obey(line);              /* only what was typed here */
else
  show(line);              /* what came is words */)",
     R"(if from_keyboard and line.startswith("/"):
    obey(line)               # only what was typed here
else:
    show(line)               # what came is words)"},
};

}  // namespace

std::span<const KnownMistake> answer_mistakes() { return kAnswerMistakes; }

}  // namespace talk::clinic
