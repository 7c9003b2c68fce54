"""
A pytest plugin that records the outcome of each test, in addition to the reports of the project.

It removes the variables that load it from the environment, so that programs of the tests run as they would without it.
"""

import json
import os
import time

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "report")
_PLUGIN_FOLDER = os.path.dirname(os.path.abspath(__file__))
_MESSAGE_CHARS = 16000
_SEVERITY = {"passed": 1, "skipped": 2, "failed": 3}


def _clear_traces():
    """Removes the reporters from the variables of this process."""
    words = os.environ.get("PYTEST_ADDOPTS", "").replace("-p _q_reporter", "").strip()
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != _PLUGIN_FOLDER]
    shims = os.path.join(os.path.dirname(_PLUGIN_FOLDER), "bin")
    program_paths = [path for path in os.environ.get("PATH", "").split(os.pathsep) if path != shims]
    options = os.environ.get("NODE_OPTIONS", "").replace("--require " + os.path.join(os.path.dirname(_PLUGIN_FOLDER), "preload.cjs"), "").strip()
    rest = {"PYTEST_ADDOPTS": words, "PYTHONPATH": os.pathsep.join(paths), "PATH": os.pathsep.join(program_paths), "NODE_OPTIONS": options}
    for name, value in rest.items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


_clear_traces()


class _Record:
    """Writes the tests of one pytest process into a file; pytest calls its hooks."""

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
        # A skipped subtest does not make its test skipped.
        if outcome == "skipped" and hasattr(report, "context"):
            return
        if report.when == "setup":
            self.outcomes.pop(report.nodeid, None)
        before = self.outcomes.get(report.nodeid)
        if before is None or _SEVERITY[outcome] > _SEVERITY[before["status"]]:
            location = report.location[1]
            result = {"status": outcome, "line": location + 1 if location is not None else None}
            if outcome == "failed":
                result["message"] = _text(report)
            self.outcomes[report.nodeid] = result

    def pytest_runtest_logfinish(self, nodeid):
        result = self.outcomes.pop(nodeid, None)
        if result is not None:
            self.count += 1
            name = nodeid.partition("::")[2] or "(file)"
            self.say({"test": {"file": self.path(nodeid), "name": name, **result}})

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
    # xdist's worker processes send their results to the main process, which records them.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Record(str(config.rootdir)), "_q_record")
