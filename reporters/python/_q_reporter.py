"""
pytest: a plugin that records each test's outcome beside the reports of the project.

It takes the variables that brought it in out of the environment, so that what the tests start is as it would be without it.
"""

import json
import os
import time

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "report")
_HERE = os.path.dirname(os.path.abspath(__file__))
_MESSAGE_CHARS = 16000
_SEVERITY = {"passed": 1, "skipped": 2, "failed": 3}


def _clear_traces():
    words = os.environ.get("PYTEST_ADDOPTS", "").replace("-p _q_reporter", "").strip()
    paths = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one and one != _HERE]
    shims = os.path.join(os.path.dirname(_HERE), "bin")
    path = [one for one in os.environ.get("PATH", "").split(os.pathsep) if one != shims]
    options = os.environ.get("NODE_OPTIONS", "").replace("--require " + os.path.join(os.path.dirname(_HERE), "preload.cjs"), "").strip()
    rest = {"PYTEST_ADDOPTS": words, "PYTHONPATH": os.pathsep.join(paths), "PATH": os.pathsep.join(path), "NODE_OPTIONS": options}
    for name, value in rest.items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


_clear_traces()


class _Record:
    def __init__(self, root):
        self.root, self.outcomes, self.count, self.file = root, {}, 0, None
        try:
            name = "pytest-%d-%d.jsonl" % (os.getpid(), time.time_ns())
            self.file = open(os.path.join(_FOLDER, name), "a", encoding="utf-8", errors="backslashreplace")
        except OSError:
            pass
        self.say({"v": 1, "runner": "pytest", "begin": True})

    def say(self, line):
        if self.file is not None:
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()

    def path(self, nodeid):
        return os.path.join(self.root, *nodeid.partition("::")[0].split("/"))

    def pytest_runtest_logreport(self, report):
        outcome = report.outcome
        if outcome not in _SEVERITY:
            return
        # A part of a test that is skipped does not skip the test.
        if outcome == "skipped" and hasattr(report, "context"):
            return
        if report.when == "setup":
            self.outcomes.pop(report.nodeid, None)
        before = self.outcomes.get(report.nodeid)
        if before is None or _SEVERITY[outcome] > _SEVERITY[before["status"]]:
            location = report.location[1]
            said = {"status": outcome, "line": location + 1 if location is not None else None}
            if outcome == "failed":
                said["message"] = _text(report)
            self.outcomes[report.nodeid] = said

    def pytest_runtest_logfinish(self, nodeid):
        said = self.outcomes.pop(nodeid, None)
        if said is not None:
            self.count += 1
            name = nodeid.partition("::")[2] or "(file)"
            self.say({"test": {"file": self.path(nodeid), "name": name, **said}})

    def pytest_collectreport(self, report):
        if report.failed:
            self.say({"suiteError": {"file": self.path(report.nodeid), "message": _text(report)}})

    def pytest_sessionfinish(self):
        for nodeid in list(self.outcomes):
            self.pytest_runtest_logfinish(nodeid)
        self.say({"end": self.count})


def _text(report):
    text = str(report.longreprtext)
    if len(text) <= _MESSAGE_CHARS:
        return text
    return "[cut: %d characters]\n" % (len(text) - _MESSAGE_CHARS) + text[-_MESSAGE_CHARS:]


def pytest_configure(config):
    # The processes of xdist tell the one that started them.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Record(str(config.rootdir)), "_q_record")
