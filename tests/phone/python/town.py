"""A server and a desk, the real programs, in a folder that is gone afterwards: what an app's tablets talk to."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

PASSPHRASE = "a passphrase for these tests"


class Town:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="doorstep-phone-")
        self._programs = Path(os.environ["DOORSTEP_PROGRAMS"])
        self._server = None
        self._address = "127.0.0.1:0"

    def __enter__(self):
        self.signal_on()
        self.desk("init", "--server", f"http://{self._address}", "--organisation", "council=Hillford Council",
                  "--organisation", "fire=Hillford Fire and Rescue", "--area", "Mill Ward", "--worker", "Ros Adeyemi",
                  "--kit-file", "kit.txt")
        return self

    def __exit__(self, *_):
        self.signal_off()
        self._folder.cleanup()

    def path(self, name):
        return str(Path(self._folder.name) / name)

    def signal_on(self):
        """Starts the server, the second time at the same address."""
        program = str(self._programs / "doorstep-server")
        with open(self.path("server.log"), "ab") as log:
            self._server = subprocess.Popen([program, "--data", self.path("server"), "--listen", self._address],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        line = self._server.stdout.readline()
        if not line.startswith("listening on http://"):
            raise RuntimeError(Path(self.path("server.log")).read_text())
        self._address = line.strip().removeprefix("listening on http://")

    def signal_off(self):
        """Ends the server: nothing can be reached."""
        if self._server:
            self._server.terminate()
            self._server.wait()
            self._server.stdout.close()
            self._server = None

    def desk(self, *arguments):
        """Runs the command at the desk and returns what it prints."""
        command = [str(self._programs / "doorstep"), "--folder", "desk", *arguments]
        ran = subprocess.run(command, cwd=self._folder.name, env={**os.environ, "DOORSTEP_PASSPHRASE": PASSPHRASE},
                             capture_output=True, text=True, timeout=60, check=False)
        if ran.returncode != 0:
            raise RuntimeError(ran.stdout + ran.stderr)
        return ran.stdout

    def invitation(self):
        """An invitation, as the desk's screen shows it."""
        return json.loads(self.desk("enrol", "invite", "--json"))["invitation"]

    def accept(self, request, name, organisation="Hillford Council"):
        """The desk accepts what a tablet showed."""
        self.desk("enrol", "accept", "--text", request, "--name", name, "--worker", "Ada Mensah",
                  "--organisation", organisation)
