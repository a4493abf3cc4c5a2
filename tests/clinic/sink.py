"""The upload sinks, accio and upload, as students write them."""
import os

from messages import DIRECTORY, KIND, MANNER, MISTAKE, hear, say, wrong


class Sink:
    def __init__(self):
        self.count = 0

    def handshake(self, connection):
        """What of the file has come with the confirmation."""
        if not wrong("no-greeting") and not wrong("blocked-by-silent"):
            say(connection, b"hello\r\n" if wrong("wrong-reply") else b"accio\r\n")
        first, again = b"confirm-accio\r\n", b"confirm-accio-again\r\n"
        buffer = b""
        while first.startswith(buffer) and buffer != first:
            piece = hear(connection, len(first) - len(buffer))
            if not piece:
                return buffer
            buffer += piece
            if wrong("one-recv"):
                break
        if buffer != first:
            if wrong("second-greeting"):
                raise OSError("this is no client of accio")
            return buffer
        if not wrong("second-greeting"):
            say(connection, b"accio\r\n")
        kept, buffer = b"", b""
        if wrong("glued-to-handshake"):
            while not buffer.endswith(again + b"\r\n"):
                piece = hear(connection)
                if not piece:
                    return b""
                buffer += piece
                if again in buffer:
                    return b""
        while not buffer.startswith(again):
            piece = hear(connection)
            if not piece:
                return buffer
            buffer += piece
        if wrong("confirm-in-file"):
            return buffer
        kept = buffer[len(again):]
        if not kept:
            kept = hear(connection)
        return kept[2:] if kept.startswith(b"\r\n") else kept

    def next(self):
        self.count += 1
        number = self.count
        return lambda connection: self.serve(connection, number)

    def serve(self, connection, number):
        path = os.path.join(DIRECTORY, "%d.file" % number)
        limit = {"no-timeout": None, "early-timeout": 2}.get(MISTAKE, 10)
        connection.settimeout(limit)
        failed, content = False, b""
        try:
            content = self.handshake(connection) if KIND == "accio" else b""
            if wrong("banner"):
                say(connection, b"send me your file\r\n")
            if content.startswith(b"Content-Disposition:"):
                content = content.split(b"\r\n\r\n", 1)[-1]
            while True:
                piece = hear(connection)
                if not piece:
                    break
                content += piece
                if wrong("one-recv"):
                    break
        except OSError:
            failed = True
        if wrong("text-only"):
            content = content.decode(errors="replace").encode()
        if wrong("strlen-binary"):
            content = content.rstrip(b"\0") if MANNER == "at-end" else content.split(b"\0")[0]
        if wrong("fixed-buffer"):
            content = content[:65536 if KIND == "accio" else 1_000_000]
        if wrong("file-differs"):
            content = content.upper()
        if failed and wrong("error-not-written"):
            return
        if failed and not wrong("half-kept"):
            content = b"ERROR"
        with open(path + ".part", "wb") as file:
            file.write(content)
        os.replace(path + ".part", path)
