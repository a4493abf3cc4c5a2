"""Uploads of one large file over loopback, by talk and by its peers, interleaved."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens on {port}")


class Peer:
    """Starts a server once for each upload; `knock`: it bears a connection that says nothing."""

    def __init__(self, name, server, client, knock=True, target=lambda desk: desk + "/file"):
        self.name, self.server, self.client = name, server, client
        self.knock, self.target = knock, target

    def available(self):
        return self.server is None or shutil.which(self.server("", 0)[0]) is not None

    def upload(self, source, desk):
        """Returns (seconds, CPU seconds of both ends, KiB of the client, KiB of the server)."""
        port = free_port()
        server = None
        if self.server:
            server = subprocess.Popen(self.server(desk, port), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if self.knock:
                await_port(port)
            else:
                time.sleep(0.2)
        os.sync()  # what others wrote is not to be waited for
        began = time.monotonic()
        client = subprocess.Popen(self.client(source, desk, port), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(client.pid, 0)
        target = self.target(desk)
        size = os.path.getsize(source)
        while self.server and not (os.path.exists(target) and os.path.getsize(target) == size):
            if time.monotonic() - began > 120:
                raise RuntimeError(f"{self.name}: the file did not arrive (status {status})")
            time.sleep(0.001)
        if os.path.exists(target):  # talk alone does so itself
            with open(target, "rb") as file:
                os.fsync(file.fileno())
        took = time.monotonic() - began
        cpu, memory = used.ru_utime + used.ru_stime, 0
        if server:
            os.kill(server.pid, signal.SIGTERM)  # a zombie already, where it serves but once
            _, _, used = os.wait4(server.pid, 0)
            cpu, memory = cpu + used.ru_utime + used.ru_stime, used.ru_maxrss
        return took, cpu, memory


def peers(tools, work):
    with open(work + "/vsftpd.conf", "w") as conf:
        conf.write("\n".join([
            "listen=YES", "background=NO", "anonymous_enable=YES", "no_anon_password=YES",
            "write_enable=YES", "anon_upload_enable=YES", "anon_mkdir_write_enable=YES",
            "anon_umask=022", 
            "seccomp_sandbox=NO", "secure_chroot_dir=" + work + "/empty", "use_localtime=YES",
            ""]))
    os.makedirs(work + "/empty", exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", work + "/key"],
                   check=True, stdin=subprocess.DEVNULL)
    shutil.copy(work + "/key.pub", work + "/authorized")
    os.makedirs("/run/sshd", exist_ok=True)

    def vsftpd(desk, port):
        return ["vsftpd", work + "/vsftpd.conf", f"-olisten_port={port}", f"-oanon_root={desk}"]

    def rsyncd(desk, port):
        path = work + "/rsyncd.conf"
        with open(path, "w") as conf:
            conf.write(f"use chroot = no\nuid = root\ngid = root\n[desk]\npath = {desk}\n"
                       "read only = no\n")
        return ["rsync", "--daemon", "--no-detach", f"--config={path}", f"--port={port}",
                "--address=127.0.0.1"]

    def sshd(desk, port):
        return [shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-p", str(port), "-h",
                work + "/key", "-o", "ListenAddress=127.0.0.1", "-o", "StrictModes=no", "-o",
                "AuthorizedKeysFile=" + work + "/authorized", "-o", "PidFile=none", "-o",
                "UsePAM=no", "-o", "Subsystem=sftp internal-sftp", "-f", "/dev/null"]

    def talk_server(desk, port):
        return [tools["talk_server"], "--terminal", "none", "--bind", "127.0.0.1", str(port), desk]

    here = "127.0.0.1"
    return [
        Peer("talk", talk_server,
             lambda f, d, p: [tools["talk_client"], "--send", f, "--", here, str(p)]),
        Peer("plain framed loop", None, lambda f, d, p: [tools["framed_loop"], f, d + "/file"]),
        Peer("curl -T to vsftpd", vsftpd,
             lambda f, d, p: ["curl", "-sT", f, f"ftp://{here}:{p}/in/file"],
             target=lambda desk: desk + "/in/file"),
        Peer("socat, 256 KiB",
             lambda d, p: ["socat", "-u", "-b", "262144", f"TCP-LISTEN:{p},bind={here},reuseaddr",
                           f"OPEN:{d}/file,creat,trunc"],
             lambda f, d, p: ["socat", "-u", "-b", "262144", f"OPEN:{f},rdonly",
                              f"TCP:{here}:{p}"], knock=False),
        Peer("nc", lambda d, p: ["sh", "-c", f"exec nc -l {here} {p} > {d}/file"],
             lambda f, d, p: ["sh", "-c", f"exec nc -N {here} {p} < {f}"], knock=False),
        Peer("rsync daemon", rsyncd,
             lambda f, d, p: ["rsync", "-W", f, f"rsync://{here}:{p}/desk/file"]),
        Peer("scp", sshd,
             lambda f, d, p: ["scp", "-q", "-P", str(p), "-i", work + "/key", "-o",
                              "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", f,
                              f"{here}:{d}/file"]),
    ]


def compare(tools, source, desk_base, repetitions):
    """Returns {name: [(seconds, CPU, client KiB, server KiB), …]}, the peers taking turns."""
    work = tempfile.mkdtemp(prefix="talk-bench-")
    results = {}
    try:
        contenders = [peer for peer in peers(tools, work) if peer.available()]
        for _ in range(repetitions):
            for peer in contenders:
                desk = tempfile.mkdtemp(prefix="talk-bench-", dir=desk_base)
                if peer.name == "talk":  # keeps the name that it is given
                    peer.target = lambda d: d + "/" + os.path.basename(source)
                try:
                    # vsftpd writes as a user of its own, and not into its root.
                    os.chmod(desk, 0o755)
                    os.mkdir(desk + "/in")
                    os.chmod(desk + "/in", 0o777)
                    results.setdefault(peer.name, []).append(peer.upload(source, desk))
                finally:
                    shutil.rmtree(desk)
    finally:
        shutil.rmtree(work)
    return results
