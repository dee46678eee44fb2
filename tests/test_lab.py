"""`make lab` as the README promises it: the server answers with the front page, and a kernel runs a solution."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
import uuid

import nbformat
import pytest
from websocket import create_connection

from lib.course.lessons import ROOT, find_lessons

TOKEN = "a-token-for-this-test"


def ask(url: str, method: str = "GET"):
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = f"--no-browser --port {port} --IdentityProvider.token={TOKEN}"
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}  # this may run under make
    process = subprocess.Popen(
        ["make", "--no-print-directory", "lab", f"ARGS={arguments}"],
        cwd=ROOT,
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            ask(f"{url}/api/status")
            break
        except OSError:
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.25)
    yield url
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=20)


def test_front_page_is_the_rendered_readme(server):
    assert "JupyterLab" in ask(f"{server}/lab/tree/README.md")
    settings = json.loads(ask(f"{server}/lab/api/settings/@jupyterlab/docmanager-extension:plugin"))
    assert settings["schema"]["properties"]["defaultViewers"]["default"]["markdown"] == "Markdown Preview"


def test_no_news_are_fetched(server):
    settings = json.loads(ask(f"{server}/lab/api/settings/@jupyterlab/apputils-extension:notification"))
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"


def run_cell(socket, code: str) -> list[dict]:
    """Execute code in the kernel behind the socket; return the contents of all messages until it is idle again."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": "t",
        "version": "5.4",
    }
    content = {"code": code, "silent": False, "allow_stdin": False, "stop_on_error": True}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    socket.send(json.dumps(message))
    contents = []
    while True:
        answer = json.loads(socket.recv())
        if answer["parent_header"].get("msg_id") == header["msg_id"]:
            contents.append(answer["content"])
            if answer["content"].get("execution_state") == "idle":
                return contents


def test_a_kernel_runs_a_solution_through_the_server(server):
    lesson = find_lessons(["rl/04_dynamic_programming"])[0]
    kernel = json.loads(ask(f"{server}/api/kernels", method="POST"))["id"]
    socket = create_connection(
        f"{server.replace('http', 'ws')}/api/kernels/{kernel}/channels",
        header=[f"Authorization: token {TOKEN}"],
        timeout=120,
    )
    checks = 0
    for cell in nbformat.read(lesson.solution, as_version=4).cells:
        if cell.cell_type == "code":
            contents = run_cell(socket, cell.source)
            assert not [content for content in contents if "ename" in content], cell.source
            checks += any(content.get("text", "").startswith("✓") for content in contents)
    socket.close()
    assert checks >= 3
